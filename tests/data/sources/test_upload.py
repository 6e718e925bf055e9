"""What a visitor brings is kept under a random name, and read again as it came."""

import gzip
import io
import json
from unittest.mock import Mock

import pandas as pd
import pytest

from components import data
from components.data.cleaning.doctor import propose
from components.data.isolation import reading
from components.data.isolation.process_pool import BusyError
from components.data.readers import formats
from components.data.sources import upload
from components.errors import DataError
from components.recipe import AsTexts, DropColumns, Preparation, Recipe, Resample, Upload
from components.settings import Settings, settings
from tests.data.readers.file_helpers import upload_bytes
from tests.data.readers.workbooks import Sheet, ods, xlsx, zip_files

CSV = b"month,sales\n2020-02-01,2\n2020-01-01,1\n2020-03-01,4\n"


@pytest.fixture
def limited(monkeypatch, tmp_path):
    """Uploads of at most 100 bytes, in a folder of their own."""
    chosen = Settings(artifacts=str(tmp_path), upload_bytes=100)
    for module in (upload, reading):
        monkeypatch.setattr(module, "settings", lambda: chosen)
    return tmp_path / "uploads"


def test_what_is_kept_is_loaded_again():
    reference = upload_bytes(CSV, "sales.csv")
    dataset = data.load(reference)
    assert dataset.reference == reference and dataset.title == "sales.csv"
    assert dataset.table["sales"].tolist() == [1, 2, 4]
    assert (dataset.frequency, dataset.season) == ("every month", 12)
    assert dataset.notes == ("Time read from “month”.", "Rows sorted by time.")
    assert "sales.csv" in dataset.provenance.source


def test_the_same_file_twice_has_two_ids():
    first, second = upload_bytes(CSV, "sales.csv"), upload_bytes(CSV, "sales.csv")
    assert first.id != second.id


def test_a_reference_survives_in_a_recipe():
    reference = upload_bytes(CSV, "sales.csv")
    recipe = Recipe.model_validate({"dataset": reference, "task": {"target": "sales"}})
    assert data.load(Recipe.from_url(recipe.to_url()).dataset).rows == 3


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "/root/.ssh/x.csv", "a\0b.csv", "x" * 500 + ".CSV", "'; --.csv"]
)
def test_a_name_is_never_a_path(limited, name):
    reference = upload_bytes(CSV, name)
    assert [path.name for path in limited.rglob("*")] == [reference.id]
    assert len(reference.name) <= 200


def test_what_cannot_be_read_is_not_kept(limited):
    with pytest.raises(DataError, match=r"bad\.csv"):
        upload_bytes(b"", "bad.csv")
    with pytest.raises(DataError, match=r"bare\.csv: The table has a header but no rows"):
        upload_bytes(b"x,y\n", "bare.csv")
    assert not list(limited.iterdir())


def test_what_fails_in_any_way_is_not_kept(limited, monkeypatch):
    for error in (RuntimeError, KeyboardInterrupt, BusyError):
        monkeypatch.setattr(reading, "read", Mock(side_effect=error("no")))
        with pytest.raises(error):
            upload_bytes(CSV, "sales.csv")
    assert not list(limited.iterdir())


MESSY = b"when,x\n2020-01-01,1\n2020-01-02,oops\n2020-01-03,3\n2020-01-04,4\n"


def test_what_is_messy_is_kept_and_loaded_with_its_mends_only():
    reference = upload_bytes(MESSY, "messy.csv")
    with pytest.raises(DataError, match=r"messy\.csv.*Fix it on the Data page first"):
        data.load(reference)
    raw = upload.open_upload(reference)
    steps = propose(raw.frame, Preparation())
    dataset = data.load(reference, Preparation(mends=steps))
    assert dataset.table["x"].tolist() == [1, 1, 3, 4]  # filled from its own part of the split
    assert dataset.notes == ()  # the cleaning steps are the recipe's, and stand there


def test_nothing_is_mended_unasked_where_a_person_took_that_back():
    reference = upload_bytes(CSV, "sales.csv")
    alone = Preparation(unasked=False)
    recipe = Recipe.model_validate({"dataset": reference, "preparation": alone, "task": {"target": "sales"}})
    assert Recipe.from_url(recipe.to_url()).preparation == alone
    with pytest.raises(DataError, match="Fix it on the Data page first"):
        data.load(reference, alone)
    numbered = alone.model_copy(update={"mends": (DropColumns(columns=("month",)),)})
    assert data.load(reference, numbered).table["sales"].tolist() == [2, 1, 4]


def test_the_season_is_that_of_the_mended_table():
    hours = "".join(f"{time},{n}\n" for n, time in enumerate(pd.date_range("2020", periods=240, freq="h")))
    reference = upload_bytes(f"t,x\n{hours}".encode(), "hours.csv")
    settled = upload.steps_to_apply(upload.open_upload(reference), Preparation())
    daily = Preparation(mends=(*settled, Resample(unit="day")))
    assert (data.load(reference).season, data.load(reference, daily).season) == (24, 7)


def test_a_sheet_whose_name_is_too_long_for_a_recipe_is_read_unnamed():
    reference = upload_bytes(ods(Sheet(ROWS, "x" * 300), Sheet(ROWS, "b")), "a.ods")
    assert (reference.sheet, upload.sheet_names(reference)) == (None, ("b",))
    assert data.load(reference).rows == 3


def test_the_sheet_is_the_one_that_was_chosen():
    book = xlsx(Sheet(ROWS, "first"), Sheet([ROWS[0], *reversed(ROWS[1:3])], "second"))
    reference = upload_bytes(zip_files({"a.xlsx": book}), "a.zip")
    assert upload.sheet_names(reference) == ("first", "second")
    assert reference.sheet == "first"
    assert data.load(reference).rows == 3
    assert data.load(reference.model_copy(update={"sheet": "second"})).rows == 2
    with pytest.raises(DataError, match="no such sheet"):
        data.load(reference.model_copy(update={"sheet": "third"}))
    assert upload.sheet_names(upload_bytes(CSV, "sales.csv")) == ()


def test_a_reference_says_which_rows_are_kept():
    content = b"Sales\n" + CSV + b"Total,7\n"
    cut = upload_bytes(content, "sales.csv")
    whole = cut.model_copy(update={"keep": ("below",)})
    recipe = Recipe.model_validate({"dataset": whole, "task": {"target": "sales"}})
    assert Recipe.from_url(recipe.to_url()).dataset == whole
    assert len(upload.open_upload(cut).frame) == 3
    assert upload.open_upload(whole).frame["month"].tolist()[-1] == "Total"
    assert [note.split(",")[0] for note in data.load(cut).notes] == [
        "Row 1", "Row 6", "Time read from “month”.", "Rows sorted by time."
    ]  # fmt: skip
    texts = whole.model_copy(update={"shape": AsTexts(text="month")})
    assert data.load(texts).texts[-1] == "Total" and len(data.load(texts).notes) == 2


def test_what_is_too_large_is_not_kept(limited):
    with pytest.raises(DataError, match=r"big\.csv.*at most") as caught:
        upload_bytes(b"x\n" + 50 * b"1\n", "big.csv")
    assert caught.value.remedy
    assert not limited.exists()


def test_a_file_is_streamed_to_its_place(limited):
    class Streamed(io.BytesIO):
        """Gives no more than a portion at once."""

        def read(self, size=-1):
            assert 0 <= size <= 1 << 20
            return super().read(size)

        getvalue = getbuffer = None

    file = Streamed(CSV)
    file.seek(7)  # whoever looked at it before
    reference = upload.store(file, "sales.csv")
    assert (limited / reference.id).read_bytes() == CSV
    assert upload.accept(reference)[1].frame.shape == (3, 2)


def test_what_is_too_large_is_refused_before_anything_is_written(limited):
    class Huge(io.BytesIO):
        def read(self, size=-1):
            raise AssertionError("it should not be read")

    with pytest.raises(DataError, match=r"big\.csv.*at most"):
        upload.store(Huge(bytes(101)), "big.csv")
    with pytest.raises(DataError, match="can't be read"):
        upload.store(Huge(b"x"), "film.mp4")
    assert not limited.exists()


def test_an_upload_in_an_object_store_is_read_from_a_copy(monkeypatch):
    chosen = Settings(artifacts="memory://uploads-of-a-test")
    for module in (upload, reading):
        monkeypatch.setattr(module, "settings", lambda: chosen)
    reference = upload_bytes(gzip.compress(CSV), "sales.csv.gz")
    assert data.load(reference).table["sales"].tolist() == [1, 2, 4]


def parquet() -> bytes:
    content = io.BytesIO()
    pd.read_csv(io.BytesIO(CSV)).to_parquet(content)
    return content.getvalue()


ROWS = [line.split(",") for line in CSV.decode().split()]
RECORDS = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]
FILES = {
    "a.csv": CSV,
    "a.TSV": CSV.replace(b",", b"\t"),
    "a.txt": CSV,
    "a.xlsx": xlsx(Sheet(ROWS)),
    "a.parquet": parquet(),
    "a.json": json.dumps(RECORDS).encode(),
    "a.jsonl": "\n".join(map(json.dumps, RECORDS)).encode(),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("packing", ["", ".gz", ".zip"])
def test_the_same_table_in_any_kind_of_file(name, packing):
    content = FILES[name]
    if packing:
        content = gzip.compress(content) if packing == ".gz" else zip_files({name: content})
    reference = upload_bytes(content, f"{name}{packing}")
    dataset = data.load(reference)
    assert dataset.table["sales"].tolist() == [1, 2, 4] and dataset.frequency == "every month"
    assert dataset.title == f"{name}{packing}"


def test_every_ending_that_is_offered_is_read():
    assert {".csv", ".xlsx", ".xls", ".xlsb", ".ods", ".parquet", ".json", ".gz", ".zip"} < set(
        formats.ENDINGS
    )


def test_what_is_packed_twice_is_refused():
    twice = zip_files({"inner.zip": zip_files({"a.csv": CSV})})
    with pytest.raises(DataError, match=r"inner\.zip: Files of this kind"):
        upload_bytes(twice, "outer.zip")


def test_what_is_packed_may_be_no_larger_than_any_other_file(limited):
    with pytest.raises(DataError, match="would exceed"):
        upload_bytes(gzip.compress(bytes(101)), "a.csv.gz")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", xlsx(Sheet(ROWS)), "a workbook or a zip"),
        ("a.txt", gzip.compress(CSV, mtime=0), "compressed with gzip"),
        ("a.json", parquet(), "Parquet"),
        ("a.csv", b"%PDF-1.7", "a PDF"),
    ],
)
def test_a_file_with_the_wrong_ending_is_told_what_it_is(name, content, kind):
    with pytest.raises(DataError, match=kind):
        upload_bytes(content, name)


@pytest.mark.parametrize("name", ["table.docx", "table", "", "csv"])
def test_other_kinds_of_files_are_refused_with_what_works(name):
    with pytest.raises(DataError, match=r"\.csv, \.tsv, \.txt"):
        upload_bytes(CSV, name)


def test_a_file_that_is_gone_is_said():
    with pytest.raises(DataError, match="no longer stored") as caught:
        data.load(Upload(id="0" * 32, name="old.csv"))
    assert caught.value.where == "old.csv"


def test_the_default_limit_is_the_servers():
    assert settings().upload_bytes == 500 * 2**20
