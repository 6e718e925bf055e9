"""JSON gives the right table in every shape that programs write it, or one sentence with the place."""

import io
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from components.data.readers import json_reader
from components.data.tables import staging_table
from components.errors import DataError
from tests.data.cleaning.loaded_table import LoadedTable, accept_table, first_finding, load_table
from tests.data.readers.file_helpers import reader_of_bytes

read, read_lines = reader_of_bytes(json_reader.read_json), reader_of_bytes(json_reader.read_json_lines)

RECORDS = [{"day": "2020-01-01", "x": 1, "y": 2.5}, {"day": "2020-01-02", "x": 3, "y": -4e2}]
WANTED = pd.DataFrame(
    {"x": [1.0, 3.0], "y": [2.5, -400.0]},
    index=pd.DatetimeIndex(["2020-01-01", "2020-01-02"], name="day").as_unit("us"),
)
COLUMNS = {name: [record[name] for record in RECORDS] for name in RECORDS[0]}
ROWS = [list(record.values()) for record in RECORDS]
SHAPES = {
    "records": RECORDS,
    "columns": COLUMNS,
    "columns with keys": {name: {"0": first, "1": second} for name, (first, second) in COLUMNS.items()},
    "rows": [list(COLUMNS), *ROWS],
    "split": {"columns": list(COLUMNS), "index": [0, 1], "data": ROWS},
    "an answer that holds records": {"status": "ok", "count": 2, "result": RECORDS, "links": ["a", "b"]},
    "an answer that holds columns": {"latitude": 52.5, "units": {"x": "°C"}, "daily": COLUMNS},
}


def load_json(value: object) -> LoadedTable:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return load_table(read(content, "my.json"))


def json_error(content: object) -> DataError:
    with pytest.raises(DataError) as caught:
        read(content if isinstance(content, bytes) else json.dumps(content).encode(), "my.json")
    assert caught.value.remedy
    return caught.value


# --- What it reads ---------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_a_table_in_any_shape(shape):
    pd.testing.assert_frame_equal(load_json(SHAPES[shape]).table, WANTED)


@pytest.mark.parametrize("orient", ["records", "columns", "split", "table"])
def test_what_pandas_writes(orient):
    text = io.StringIO()
    WANTED.reset_index().to_json(
        text, orient=orient, date_format="iso", index=orient not in {"records", "table"}
    )
    pd.testing.assert_frame_equal(load_json(text.getvalue().encode()).table, WANTED)


def test_what_pandas_writes_of_an_index():
    text = WANTED.rename_axis(None).to_json(date_format="iso")
    pd.testing.assert_frame_equal(load_json(text.encode()).table, WANTED.rename_axis("index"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_a_record_a_line(end):
    text = end.join(map(json.dumps, RECORDS)) + end
    for reader in (read, read_lines):
        pd.testing.assert_frame_equal(load_table(reader(text.encode(), "my.jsonl")).table, WANTED)


def test_one_line_is_a_table_too():
    assert read_lines(b'{"x": 1, "tags": [1, 2]}', "my.jsonl").frame["x"].tolist() == [1]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings(encoding):
    pd.testing.assert_frame_equal(load_json(json.dumps(RECORDS).encode(encoding)).table, WANTED)


def test_a_list_of_numbers_is_a_column():
    assert load_json([1, 2.5, 3]).table["value"].tolist() == [1, 2.5, 3]


def test_lists_without_names_are_numbered_columns():
    assert load_json([[1, 2], [3, 4]]).table["column 2"].tolist() == [2, 4]


def test_text_is_left_out_and_said():
    found = load_json([{"x": 1, "tags": ["a"], "who": {"n": "b"}, "ok": True, "note": "=1+1\0"}, {"x": 2}])
    assert "x" in found.table and "note" not in found.table
    assert any("left out" in note for note in found.notes)


def test_numbers_may_be_written_as_text():
    assert load_json([{"x": "1.5"}, {"x": "2"}]).table["x"].tolist() == [1.5, 2]


@settings(max_examples=25)
@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=6),
    st.text(min_size=1, max_size=8).filter(str.strip),
    st.booleans(),
)
def test_any_numbers_read_back_equal(values, name, lines):
    records = [{f"v{name}": value} for value in values]
    text = "\n".join(map(json.dumps, records)) if lines else json.dumps(records)
    found = accept_table((read_lines if lines else read)(text.encode(), "my.json"))
    np.testing.assert_array_equal(found.iloc[:, 0], values)


# --- What it says ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        ([{"x": 1}, 5], ", record 2", "isn't an object"),
        ([[1, 2], [3]], ", record 2", "isn't a list of 2 values"),
        ({"a": [1, 2], "b": [1]}, "", "“b” has 1 values, but “a” has 2"),
        ({"a": 1}, "", "holds no table"),
        ([], "", "holds no table"),
        ({}, "", "holds no table"),
        (5, "", "holds no table"),
        ("text", "", "holds no table"),
        ([{}], "", "no columns"),
        ([[]], "", "no columns"),
        ([{f"c{n}": 1 for n in range(20_001)}], "", "20,001 columns"),
        (b'[{"x": 1},\n{"x": 2', ", line 2", "isn't valid JSON"),
        (b'{"x": 1}\n\n{"x": 2}\n{"x": }', ", line 4", "isn't valid JSON"),
        (b'{"x": 1}\n[2]', ", line 2", "isn't an object"),
        (b"[" * 200_000, "", "nested too deep"),
        (b'{"a":' * 200_000, "", "nested too deep"),
        (b"", "", "is empty"),
        (b"x,y\n1,2\n", ", line 1", "isn't valid JSON"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(content, where, what):
    found = json_error(content)
    assert what in found.what and found.where == f"my.json{where}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([{"x": 1}, {"x": "oops"}, {"x": 3}], "“oops” in record 2"),
        ([{"x": 1}, {"y": 1}, {"x": 2}], "is missing 67% of its values"),
        ([{"x": 1}, {"x": None}, {"x": 2}], "first in record 2"),
        ([{"a": "x"}], "No column holds numbers"),
        (b'{"x": 1}\n\n{"x": "no"}\n{"x": 3}\n{"x": 4}', "“no” in line 3"),
    ],
)
def test_what_must_be_mended_is_found_in_its_record(content, said):
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    assert said in first_finding(read(content, "my.json"))


def test_more_than_fits_is_refused_unread(monkeypatch):
    monkeypatch.setattr("components.data.readers.json_reader._MOST_BYTES", 100)
    assert "may have at most" in json_error([{"x": n} for n in range(100)]).what


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=60)
@example(b'{"": {"\\r": null}}')  # line ends are no cells' ends
@given(JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60))
def test_any_json_gives_a_clean_table_or_a_data_error(content):
    try:
        table = load_json(content).table
    except DataError:
        return
    assert len(table) and np.isfinite(table.to_numpy()).all()


@pytest.mark.parametrize(
    ("content", "where", "shown"),
    [
        (b'[\n{"a\\ud800": 1}]', "my.json, line 2", "\\ud800"),
        (b'{"a": 1}\n{"a": "x\\uDC00"}', "my.json, line 2", "\\uDC00"),
    ],
)
def test_half_a_character_is_named(content, where, shown):
    found = json_error(content)
    assert found.where == where and f"“{shown}” is a lone surrogate" in found.what


def test_whole_characters_and_backslashes_are_read():
    content = b'[{"a": "\\ud83d\\ude00", "x": 1}, {"a": "\\\\ud800", "x": 2}]'
    assert read(content, "my.json").frame["a"].tolist() == ["\U0001f600", "\\ud800"]


@pytest.mark.parametrize("bound", ["MOST_CELLS", "MOST_CHARACTERS", "LONGEST_CELL", "LONGEST_ROW"])
def test_what_is_too_much_is_refused(bound, monkeypatch):
    monkeypatch.setattr(staging_table, bound, 3)
    assert "at most" in json_error([{"a": "four", "b": "more"}, {"a": "sixsix", "b": ""}]).what
