"""A workbook gives the right table, or one sentence that names the sheet, the row and the column."""

import io
import zipfile
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.data.readers import excel_reader, workbook_sheets
from components.data.tables import staging_table
from components.errors import DataError
from tests.data.cleaning.loaded_table import LoadedTable, accept_table, first_finding, load_table
from tests.data.readers.file_helpers import reader_of_bytes, upload_bytes
from tests.data.readers.workbooks import KINDS, Row, Sheet, xlsx, xlsx_files, zip_files

read, sheets = reader_of_bytes(excel_reader.read_excel), reader_of_bytes(excel_reader.sheet_names)

DAYS = [date(2020, 1, day) for day in (1, 2, 3)]
TIDY: list[Row] = [
    ["day", "sales", "sky"],
    [DAYS[0], 1, "rain"],
    [DAYS[1], 2.5, "sun"],
    [DAYS[2], -4e2, "sun"],
]


def load_workbook(content: bytes, name: str = "my.xlsx", sheet: str = "") -> LoadedTable:
    return load_table(read(content, name, sheet))


def workbook_error(*tables: Sheet, content: bytes | None = None, sheet: str = "") -> DataError:
    with pytest.raises(DataError) as caught:
        read(xlsx(*tables) if content is None else content, "my.xlsx", sheet)
    assert caught.value.remedy
    return caught.value


# --- What it reads ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("top", "left"), [(0, 0), (3, 2)])
def test_days_and_numbers_in_any_kind_of_workbook(kind, top, left):
    found = load_workbook(KINDS[kind](Sheet(TIDY, top=top, left=left)), f"my{kind}")
    wanted = pd.DataFrame(
        {"sales": [1.0, 2.5, -400.0]}, index=pd.DatetimeIndex(DAYS, name="day").as_unit("us")
    )
    pd.testing.assert_frame_equal(found.table, wanted)
    assert found.notes == ("Time read from “day”", "“sky” left out")


@pytest.mark.parametrize("kind", KINDS)
def test_the_place_of_a_fault_is_that_in_the_sheet(kind):
    rows = [*TIDY[:2], [None], [DAYS[1], "oops", "sun"], TIDY[3]]
    found = read(KINDS[kind](Sheet(rows, top=10, left=1)), "my file")
    assert "“sales”" in first_finding(found) and "“oops” in row 14" in first_finding(found)


@pytest.mark.parametrize("kind", KINDS)
def test_times_of_day_are_read(kind):
    times = [datetime(2020, 1, 1, 10, 30), datetime(2020, 1, 1, 10, 45, 15)]
    rows = [["when", "x"], [times[0], 1], [times[1], 2]]
    assert list(load_workbook(KINDS[kind](Sheet(rows)), "my file").table.index) == times


def test_the_first_sheet_with_numbers_is_read_and_the_others_are_named():
    tables = [
        Sheet([], "Empty"),
        Sheet([["About"], ["this"]], "About"),
        Sheet(TIDY, "Data"),
        Sheet(TIDY, "More"),
    ]
    found = read(xlsx(*tables), "my.xlsx")
    assert len(found.frame) == 3
    assert found.notes[0] == "This is the sheet “Data”. Other sheets: “Empty”, “About”, “More”."


def test_any_sheet_can_be_chosen():
    content = xlsx(Sheet(TIDY, "Jan"), Sheet([["x"], [7]], "Größe & Co"))
    assert sheets(content, "my.xlsx") == ("Jan", "Größe & Co")
    assert read(content, "my.xlsx", "Größe & Co").frame["x"].tolist() == [7]


def test_a_hidden_sheet_is_neither_read_nor_named():
    content = xlsx(Sheet(TIDY, "Secret", hidden=True), Sheet([["x"], [7]], "Open"))
    assert sheets(content, "my.xlsx") == ("Open",)
    found = read(content, "my.xlsx")
    assert found.frame["x"].tolist() == [7] and found.notes == ()


def test_a_text_stays_a_text_whatever_it_begins_with():
    found = read(xlsx(Sheet([["x", "note"], [1, "=1+1"], [2, "@SUM(A1)"], [3, "-2+3"]])), "my.xlsx")
    assert found.frame["note"].tolist() == ["=1+1", "@SUM(A1)", "-2+3"]


def test_numbers_written_as_text_are_numbers():
    assert load_workbook(xlsx(Sheet([["x"], ["1.5"], [" 2 "]]))).table["x"].tolist() == [1.5, 2]


def test_a_table_without_names_gets_the_letters_of_its_columns():
    found = load_workbook(xlsx(Sheet([[DAYS[0], 1], [DAYS[1], 2]], left=26))).table
    assert found.index.name == "column AA" and list(found.columns) == ["column AB"]
    assert found["column AB"].tolist() == [1, 2]


def test_an_index_needs_no_name():
    found = load_workbook(xlsx(Sheet([[None, "x"], [DAYS[0], 1], [DAYS[1], 2]]))).table
    assert found.index.name == "column A" and found["x"].tolist() == [1, 2]


def test_years_can_be_names():
    found = read(xlsx(Sheet([["month", 2019, 2020], [1, 5, 6], [2, 7, 8]])), "my.xlsx").frame
    assert list(found.columns) == ["month", "2019", "2020"]


FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=12)
@given(
    values=st.lists(FLOATS | st.integers(-(2**53), 2**53), min_size=1, max_size=8),
    kind=st.sampled_from(sorted(KINDS)),
    name=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8),
)
def test_any_numbers_read_back_equal(values, kind, name):
    days = [datetime(2020, 1, 1) + timedelta(days=n) for n in range(len(values))]
    rows = [["the day", f"v {name}"], *([day, float(value)] for day, value in zip(days, values, strict=True))]
    found = accept_table(read(KINDS[kind](Sheet(rows)), "my file", ""))
    assert list(found.columns) == [f"v {name}"] and list(found.index) == days
    np.testing.assert_array_equal(found.iloc[:, 0], np.array(values, "float64"))


# --- What it says ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "where", "what"),
    [
        ([Sheet([])], "my.xlsx", "no table in it"),
        ([Sheet([["only", "names"]])], "my.xlsx", "no table in it"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tables, where, what):
    found = workbook_error(*tables)
    assert what in found.what and found.where == where


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ([Sheet([["a", "b"], ["x", "y"]])], "No column holds numbers"),
        ([Sheet([["day", "x"], *([day, 1] for day in DAYS), [date(2020, 1, 4), None]])], "first in row 5"),
        ([Sheet([["day", "x"], [DAYS[0], 1], [DAYS[0], 2]])], "1 row has the same time as another row"),
        (
            [
                Sheet([["x"], [1]], "A", hidden=True),
                Sheet([["x"], [1], ["b"], [2], [3]], "B"),
                Sheet([["y"], [1]], "C"),
            ],
            "“b” in row 3",
        ),
    ],
)
def test_what_must_be_mended_is_found_in_its_row(tables, said):
    assert said in first_finding(read(xlsx(*tables), "my.xlsx"))


def test_columns_of_one_name_are_told_apart():
    assert list(read(xlsx(Sheet([["x", "x"], [1, 2]])), "my.xlsx").frame.columns) == ["x", "x 2"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_around_the_table_is_left_out_and_said(kind):
    rows = [["Sales", None], ["of 2020"], [None], *TIDY, [None], ["Source: the till"]]
    found = read(KINDS[kind](Sheet(rows, top=1)), "my file")
    assert found.notes == (
        "Rows 2 to 3, above the table, were left out: “Sales” and so on.",
        "Row 10, below the table, was left out: “Source: the till”.",
    )
    assert load_table(found).table["sales"].tolist() == [1, 2.5, -400]
    assert found.record_name(0) == "row 6"
    again = read(KINDS[kind](Sheet(rows, top=1)), "my file", keep=("below",))
    assert again.notes[0] == found.notes[0]
    assert again.notes[1] == "Row 10, below the table, is kept as part of it: “Source: the till”."
    assert len(again.frame) == len(found.frame) + 1 and again.record_name(3) == "row 10"
    whole = read(KINDS[kind](Sheet(rows, top=1)), "my file", keep=("above",))
    assert list(whole.frame.columns) == ["Sales", "column B", "column C"] and len(whole.frame) == 5
    assert whole.frame["column B"].iloc[1] == "sales" and whole.record_name(0) == "row 3"


def test_a_row_with_gaps_is_no_title():
    rows = [
        ["day", "x", "y", "z"],
        [DAYS[0], None, None, None],
        [DAYS[1], 1, 2, 3],
        [DAYS[2], None, None, None],
    ]
    found = read(xlsx(Sheet(rows)), "my.xlsx")
    assert len(found.frame) == 3 and found.notes == ()


@pytest.mark.parametrize(("sheet", "what"), [("Nope", "no such sheet"), ("Empty", "no table")])
def test_a_sheet_that_cannot_be_had_is_said(sheet, what):
    found = workbook_error(Sheet(TIDY, "Data"), Sheet([], "Empty"), sheet=sheet)
    assert what in found.what and found.where == f"my.xlsx, sheet “{sheet}”"


LOCKED = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"day,x\n2020-01-01,1\n",
        b"<html><table><tr><td>1</td></tr></table></html>",
        LOCKED,
        zip_files({"a": "b"}),
    ],
)
@pytest.mark.parametrize("question", [read, sheets])
def test_what_is_no_workbook_is_said(content, question):
    with pytest.raises(DataError, match="workbook can't be read"):
        question(content, "my.xlsx")


def test_a_damaged_zip_is_said():
    assert "damaged" in workbook_error(content=xlsx(Sheet(TIDY))[:-200]).what


@pytest.mark.parametrize("question", [read, sheets])
def test_a_workbook_whose_sheets_stand_nowhere_is_said(question):
    """calamine panics there, which isn't even an Exception."""
    content = KINDS[".xlsb"](Sheet(TIDY))
    lost = content.replace(b"xl/_rels/workbook.bin.rels", b"xl/_lost/workbook.bin.rels")
    assert lost != content
    with pytest.raises(DataError, match="workbook can't be read"):
        question(lost, "my.xlsb")


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=20), st.sampled_from(sorted(KINDS)))
@settings(max_examples=10)
def test_damage_gives_a_clean_table_or_a_data_error(at, damage, kind):
    content = bytearray(KINDS[kind](Sheet(TIDY)))
    at %= len(content)
    content[at : at + len(damage)] = damage
    try:
        table = load_workbook(bytes(content), "my file").table
    except DataError:
        return
    assert len(table) and np.isfinite(table.to_numpy()).all()


# --- What means harm -------------------------------------------------------------------------------


def workbook_with_sheet(text: str) -> bytes:
    """Return a workbook with that XML for a sheet."""
    return zip_files({**xlsx_files(Sheet(TIDY)), "xl/worksheets/sheet1.xml": text})


def test_a_cell_at_the_end_of_the_world_takes_nothing_down():
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    far = f"<worksheet><sheetData>{cells}</sheetData></worksheet>"
    with pytest.raises(DataError, match="too large"):
        upload_bytes(workbook_with_sheet(far), "my.xlsx")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != ".xls"])  # which has no such cells
def test_a_long_cell_is_read_and_one_that_is_too_long_is_said(kind, monkeypatch):
    rows = [*TIDY[:2], [DAYS[1], 2, "x" * 140_000]]
    assert len(read(KINDS[kind](Sheet(rows)), "my file").frame["sky"].iloc[1]) == 140_000
    monkeypatch.setattr(staging_table, "LONGEST_CELL", 100_000)
    with pytest.raises(DataError, match=r"my file, row 3: A cell has too many characters; at most 100,000"):
        read(KINDS[kind](Sheet(rows)), "my file")


def test_entities_are_not_unfolded():
    names = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
    text = (
        f'<!DOCTYPE x [<!ENTITY a0 "ha">{names}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
        '<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c></row></sheetData></worksheet>'
    )
    for entity in ("&a12;", "&file;"):
        found = workbook_error(content=workbook_with_sheet(text % entity))
        assert "can't be read" in found.what and "root" not in str(found) and "haha" not in str(found)


def test_what_unpacks_to_too_much_is_refused_unread(monkeypatch):
    monkeypatch.setattr(excel_reader, "_MOST_UNPACKED", 1 << 20)
    monkeypatch.setattr(workbook_sheets, "write_sheet", None)
    assert "Unpacked, it takes 2 MB" in workbook_error(content=workbook_with_sheet(" " * (2 << 20))).what


def test_what_lies_about_its_size_is_refused():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 10_000))
    content = workbook_with_sheet(f"<worksheet><sheetData>{rows}</sheetData></worksheet>")
    size = len(zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml"))
    lying = content.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != content
    workbook_error(content=lying)
