"""Files that aren't one table: .ts, prose and folders of texts are read, or refused in one clear sentence."""

import gzip
import io
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import data
from components.data.datasets import Classes, Numbers, Provenance, Sequences, Texts
from components.data.readers import plain_text, ts_reader
from components.data.readers.plain_text import is_prose
from components.data.readers.ts_reader import read_ts
from components.errors import DataError
from components.recipe import Upload
from tests.data.readers.file_helpers import reader_of_bytes, upload_bytes

HEAD = "# a comment\n@problemName Toy\n@timeStamps false\n@univariate true\n"
PROSE = "Call me Ishmael. Some years ago, never mind how long,\nI thought I would sail about.\n\nThe end."


def read_ts_body(body: str, head: str = HEAD + "@classLabel true up down\n@data\n") -> Sequences:
    return reader_of_bytes(read_ts)(
        (head + body).encode(), Upload(id="0" * 32, name="toy.ts"), Provenance("here", "none")
    )


def zip_files(files: dict[str, str | bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return kept.getvalue()


def load_file(content: bytes, name: str):
    return data.load(upload_bytes(content, name))


# --- .ts -------------------------------------------------------------------------------------------


def test_sequences_of_unequal_length_with_their_classes():
    found = read_ts_body("1,2,3:up\n\n4.5,-6e1:down\n7:up\n")
    assert found.lengths.tolist() == [3, 2, 1] and found.channels == ("value",)
    assert found.sequence(1)[:, 0].tolist() == [4.5, -60]
    assert isinstance(found.answer, Classes) and found.answer.names == ("down", "up")
    assert found.answer.codes.tolist() == [1, 0, 1]


def test_channels_stand_beside_each_other():
    found = read_ts_body("1,2:10,20:up\n3,4:30,40:down\n")
    assert found.channels == ("channel 1", "channel 2")
    assert found.sequence(0).tolist() == [[1, 10], [2, 20]]


def test_targets_and_nothing_asked():
    found = read_ts_body("1,2:0.5\n3,4:-1\n", HEAD + "@targetlabel true\n@data\n")
    assert isinstance(found.answer, Numbers) and found.answer.values.tolist() == [0.5, -1]
    assert read_ts_body("1,2\n3,4\n", HEAD + "@classLabel false\n@data\n").answer is None


def test_missing_values_are_filled_and_that_is_said():
    found = read_ts_body("1,?,3,?:up\n?,5:down\n")
    assert found.sequence(0)[:, 0].tolist() == [1, 2, 3, 3] and found.sequence(1)[:, 0].tolist() == [5, 5]
    assert found.notes == ("3 missing values are interpolated linearly.",)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("1,2:up\n1,two:down\n", "line 8: “two” isn't a number"),
        ("1,2:up\n1,2:3,4:down\n", "line 8: This line has 2 channels, but earlier lines have 1"),
        ("1,2:3:up\n", "line 7: The channels differ in length"),
        ("?,?:up\n", "line 7: All values of channel 1 are missing"),
        ("1,2:sideways\n", "“@classLabel” doesn't list the class “sideways”"),
        ("1,inf:up\n", "“inf” isn't a number"),
        ("up\n", "line 7: This line has 0 channels"),
        ("\n", "No sequence follows"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(body, said):
    with pytest.raises(DataError, match=said):
        read_ts_body(body)


def test_times_and_other_files_are_refused():
    with pytest.raises(DataError, match="has timestamps, which can't be read here"):
        read_ts_body("(0,1),(1,2):up\n", "@timeStamps true\n@classLabel true up\n@data\n")
    with pytest.raises(DataError, match="no line “@data”"):
        read_ts_body("", "a,b\n1,2\n")


def test_more_than_fits_into_memory_is_refused(monkeypatch):
    monkeypatch.setattr(ts_reader, "_MOST_BYTES", 20)
    with pytest.raises(DataError, match="at most 0 MB are allowed"):
        read_ts_body("1,2:up\n")


@given(
    st.lists(
        st.tuples(
            st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=8), st.sampled_from(["up", "down"])
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_was_written_reads_back(examples):
    body = "".join(f"{','.join(map(repr, values))}:{label}\n" for values, label in examples)
    found = read_ts_body(body)
    for number, (values, label) in enumerate(examples):
        np.testing.assert_array_equal(found.sequence(number)[:, 0], np.array(values, np.float32))
        assert found.answer.names[found.answer.codes[number]] == label


@given(st.text(alphabet="@data\n:,?0123456789.eE-+ upclasLbtrue", max_size=200))
def test_any_text_is_read_or_refused(body):
    try:
        read_ts_body(body)
    except DataError as error:
        assert str(error).startswith(("toy.ts", "classes"))


def test_a_ts_file_can_be_brought_packed_or_not():
    content = (HEAD + "@classLabel true up\n@data\n1,2:up\n").encode()
    for packed, name in ((content, "toy.ts"), (gzip.compress(content), "toy.ts.gz")):
        found = load_file(packed, name)
        assert isinstance(found, Sequences) and found.size == 1 and found.title == name


# --- Prose and tables ------------------------------------------------------------------------------


def test_prose_is_one_long_text():
    found = load_file(PROSE.encode(), "moby.txt")
    assert isinstance(found, Texts) and found.is_corpus and found.texts == (PROSE,)
    assert load_file(gzip.compress(PROSE.encode()), "moby.txt.gz").texts == (PROSE,)
    assert load_file(PROSE.encode("utf-16"), "moby.txt").texts == (PROSE,)


def test_a_table_stays_a_table_whatever_its_name():
    rows = "".join(f"2024-01-{day:02d},{day}\n" for day in range(1, 29))
    assert load_file(b"day,sold\n" + rows.encode(), "shop.txt").kind == "series"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("lines_end", ["\n", "\r\n", "\r"])
def test_a_long_text_is_known_by_its_beginning_and_read_to_its_end(monkeypatch, encoding, lines_end):
    monkeypatch.setattr(plain_text, "_BEGINNING", 1000)
    text = lines_end.join(f"Café number {n} was closed on that day." for n in range(100))
    (found,) = load_file(text.encode(encoding), "long.txt").texts
    assert found == text.replace(lines_end, "\n")


def test_of_a_long_table_only_the_beginning_is_looked_at(tmp_path):
    table = tmp_path / "long.txt"
    table.write_bytes(b"day,sold\n" + b"2024-01-01,5\n" * 1_000_000)
    reference = Upload(id="0" * 32, name="long.txt")
    tracemalloc.start()
    try:
        assert plain_text.read_text(table, reference, Provenance("here", "none")) is None
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < table.stat().st_size


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (PROSE, True),
        ("One line of words only", True),
        ("Roses are red,\nviolets are blue,\nso is the sea\nand so are you", True),
        ("name,town\nAnn,Rome\nBob,Oslo\nCid,Bern", False),
        ("name\ttown\nAnn Lee\tNew York\nBob Ray\tEl Paso", False),
        ("1\n2\n3\n", False),
        ("word\nword\n", False),
        ("", False),
        ("月雪雪影云，酒夜来竹来。\n风去云里声，明影远万明。", True),
        ("灯台守は階段を上る。\n海は静かだ。", True),
        ("ผู้ดูแลประภาคารขึ้นบันได", True),
        ("दीपस्तंभ का रखवाला सीढ़ी चढ़ता है।\nसमुद्र शांत है।", True),
        ("الحارس يصعد الدرج.\nالبحر هادئ.", True),
        ("日期,销量\n一月,三\n二月,五", False),
        ("好\n坏\n", False),
    ],
)
def test_prose_is_told_from_a_table_by_its_lines(text, is_one):
    assert is_prose(text) == is_one


# --- Folders ---------------------------------------------------------------------------------------


def test_the_folders_of_a_zip_are_the_classes():
    files = {"all/good/1.txt": "I like it.", "all/bad/1.txt": "I don't.", "all/bad/2.txt": "Dull"}
    found = load_file(zip_files(files), "reviews.zip")
    assert isinstance(found, Texts) and found.classes.names == ("bad", "good")
    assert found.texts == ("I don't.", "Dull", "I like it.") and found.classes.codes.tolist() == [0, 0, 1]


def test_one_folder_is_no_class_and_litter_is_passed_over():
    found = load_file(
        zip_files({"poems/1.txt": "One two.", "poems/2.txt": "", "__MACOSX/poems/3.txt": "x"}), "poems.zip"
    )
    assert found.classes is None and found.texts == ("One two.", "")


def test_bombs_tricks_and_what_is_no_text_are_refused(monkeypatch):
    monkeypatch.setenv("UNROLL_UPLOAD_BYTES", "2000")
    from components.settings import settings

    settings.cache_clear()
    try:
        with pytest.raises(DataError, match="would exceed"):
            load_file(zip_files({"a/1.txt": "a b" * 500, "a/2.txt": "b c" * 500}), "bomb.zip")
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    with pytest.raises(DataError, match="leads out of the archive"):
        load_file(zip_files({"../a/1.txt": "a", "../a/2.txt": "b"}), "trick.zip")
    with pytest.raises(DataError, match=r"pictures.zip, a/1.txt"):
        load_file(
            zip_files({"a/1.txt": b"\x89PNG\r\n\x1a\n\x00" + bytes(range(256)), "a/2.txt": "b"}),
            "pictures.zip",
        )
