"""A delimited file gives the right table, or one sentence that names the row and the column."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from components.data.readers import csv_reader
from components.data.tables import staging_table
from components.data.tables.raw_table import build_raw_table
from components.errors import DataError
from tests.data.cleaning.loaded_table import LoadedTable, accept_table, first_finding, load_table
from tests.data.readers.file_helpers import reader_of_bytes

read = reader_of_bytes(csv_reader.read_csv)


def load_csv(text: str | bytes) -> LoadedTable:
    return load_table(read(text if isinstance(text, bytes) else text.encode(), "my.csv"))


def csv_error(text: str | bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        read(text if isinstance(text, bytes) else text.encode(), "my.csv")
    assert caught.value.where.startswith("my.csv") and caught.value.remedy
    return caught.value


# --- What it reads ---------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_dates_and_numbers_in_any_dialect(delimiter, newline):
    rows = [("day", "sales", "price"), ("2020-01-01", "1", "2.5"), ("2020-01-02", "3", "-4e2")]
    table = load_csv(newline.join(delimiter.join(row) for row in rows) + newline).table
    wanted = pd.DataFrame(
        {"sales": [1.0, 3.0], "price": [2.5, -400.0]},
        index=pd.DatetimeIndex(["2020-01-01", "2020-01-02"], name="day"),
    )
    pd.testing.assert_frame_equal(table, wanted)


@pytest.mark.parametrize(
    ("dates", "second"),
    [
        (["2020-01-31", "2020-02-29"], "2020-02-29"),
        (["2020-01-31 10:00", "2020-01-31 11:30"], "2020-01-31 11:30"),
        (["2020-01-31T10:00:00", "2020-01-31T11:30:00"], "2020-01-31 11:30"),
        (["2020-01-31T10:00:00Z", "2020-01-31T11:30:00Z"], "2020-01-31 11:30"),
        (["2020-01-31T10:00:00+02:00", "2020-01-31T11:30:00+02:00"], "2020-01-31 09:30"),
        (["2020-01-31", "2020-01-31 11:30"], "2020-01-31 11:30"),
        (["01.02.2020", "02.02.2020"], "2020-02-02"),
        (["01.02.2020 10:00", "02.02.2020 10:00"], "2020-02-02 10:00"),
        (["01/02/2020", "13/02/2020"], "2020-02-13"),
        (["01/02/2020", "02/13/2020"], "2020-02-13"),
        (["01/02/2020 10:00", "13/02/2020 10:00"], "2020-02-13 10:00"),
        (["1995-01", "1995-02"], "1995-02-01"),
        (["Jan-1-1995", "Feb-1-1995"], "1995-02-01"),
        (["1 January 1995", "1 February 1995"], "1995-02-01"),
        (["0999-12-31", "9999-12-31"], "9999-12-31"),
    ],
)
def test_dates_as_people_write_them(dates, second):
    index = load_csv(f"when,x\n{dates[0]},1\n{dates[1]},2\n").table.index
    assert index.name == "when" and index[1] == pd.Timestamp(second)


@pytest.mark.parametrize("text", ["1.5\n2\n3\n", "1\n2\n3\n"])
def test_a_column_without_a_header_keeps_its_first_number(text):
    assert len(load_csv(text).table) == 3


def test_dates_without_a_header_keep_the_first_day():
    table = load_csv("2020-01-01,1.5\n2020-01-02,2\n").table
    assert list(table.index) == [pd.Timestamp("2020-01-01"), pd.Timestamp("2020-01-02")]


def test_rows_without_dates_are_numbered():
    table = load_csv("x,y\n3,1\n4,2\n").table
    pd.testing.assert_frame_equal(table, pd.DataFrame({"x": [3.0, 4.0], "y": [1.0, 2.0]}))
    assert isinstance(table.index, pd.RangeIndex)


def test_the_newest_first_is_turned_round_and_said():
    found = load_csv("day,x\n2020-01-03,3\n2020-01-02,2\n2020-01-01,1\n")
    assert found.table["x"].tolist() == [1, 2, 3]
    assert found.notes == ("Time read from “day”", "Rows sorted by time")


def test_what_is_no_number_is_left_out_and_said():
    found = load_csv("day,sky,x,\n2020-01-01,rain,1,\n2020-01-02,sun,2,\n")
    assert list(found.table.columns) == ["x"]
    assert "“sky” left out" in found.notes


def test_times_of_another_zone_are_said():
    pass


def test_a_formula_stays_a_text():
    assert read(b"a,x\n=1+1,1\n@SUM(A1),2\n", "my.csv").frame["a"].tolist() == ["=1+1", "@SUM(A1)"]


def test_a_byte_order_mark_is_no_part_of_a_name():
    assert list(load_csv("\ufeffx,y\n1,2\n").table.columns) == ["x", "y"]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16", "utf-8-sig"])
def test_other_encodings_are_read(encoding):
    found = load_csv("größe,jahr\n1,2\n3,4\n".encode(encoding))
    assert list(found.table.columns) == ["größe", "jahr"]
    assert [note for note in found.notes if "Windows-1252" in note] == (
        list(found.notes) if encoding in {"cp1252", "latin-1"} else []
    )


def test_names_and_cells_may_be_quoted():
    found = load_csv('"a, ""b""",note\n"1.5","two\nlines"\n"2","x"\n')
    assert list(found.table.columns) == ['a, "b"'] and found.table.iloc[:, 0].tolist() == [1.5, 2.0]


def test_a_very_long_text_does_no_harm():
    long = "a" * 200_000
    assert load_csv(f"note,x\n{long},1\nb,2\n").table["x"].tolist() == [1, 2]


# --- What it says ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "", "empty"),
        (" \n\n", "", "empty"),
        ("x\n1\n2\0\n", "", "isn't a text file"),
        (
            "x,größe\n1,ä\n2,\xff\n".encode().replace("\xff".encode(), b"\xff"),
            "row 3",
            "not all of the file is UTF-8",
        ),
        (b"PK\x03\x04\x14\x00\x08\x08\x99\xff", "", "isn't a text file"),
        (",".join(f"c{n}" for n in range(20_001)) + "\n", "", "20,001 columns"),
        ("x" * 201 + ",y\n1,2\n", "", "longer than 200 characters"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, where, what):
    found = csv_error(text)
    assert what in found.what
    assert found.where == (f"my.csv, {where}" if where else "my.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("day,x\n2020-01-01,1\n2020-01-02,\n", "1 value is missing in “x”, first in row 3"),
        ("x,y\n1,2\n\n\n1,oops\n1,2\n3,4\n", "“oops” in row 5"),
        ('x,y\n1,"a\nb"\nbad,c\n3,d\n4,e\n', "“bad” in row 3"),
        ("x\n1\n\n3\n", "1 value is missing in “x”, first in row 3"),
        ("day,x\n2020-01-01,1\n,2\n2020-01-03,1\n", "row 3"),
        ("day,x\n2020-01-01,1\n2020-13-02,2\n2020-01-03,2\n", "row 3: “2020-13-02”"),
        ("day,x\n2020-01-01,1\n2020-01-02,2\n2020-01-01,3\n", "1 row has the same time as another row"),
        ("day,x\n01/02/2020,1\n02/03/2020,2\n01/03/2020,2\n", "with the day or the month first"),
        ("name,sky\nann,sun\nbob,rain\n", "No column holds numbers"),
        ("Report\nof 2020\n\nx,y\n1,2\n2,bad\n3,4\n5,6\n", "“bad” in row 6"),
        (f"note,x\n{'a' * 200_000},1\nb,2\nc,bad\nd,4\n", "“bad” in row 4"),
    ],
)
def test_what_must_be_mended_is_found_in_its_row(text, said):
    assert said in first_finding(read(text.encode(), "my.csv"))


# --- What stands around the table -------------------------------------------------------------------

MONTHS = "".join(f"2020-{month:02d}-01,{month},{month * 2}\n" for month in range(1, 9))


@pytest.mark.parametrize(
    ("above", "below", "notes"),
    [
        ("Sales\n\n", "", ["Row 1, above the table, was left out: “Sales”."]),
        ("Sales,,\n,,\n", "", ["Row 1, above the table, was left out: “Sales”."]),
        ("# a\n# b\n", "", ["Rows 1 to 2, above the table, were left out: “# a” and so on."]),
        ("", "\nSource: me\n", ["Row 11, below the table, was left out: “Source: me”."]),
        ("", "Total,,\nby me,,\n", ["Rows 10 to 11, below the table, were left out: “Total” and so on."]),
        ("Sales\n", "Source: me\n", ["Row 1, above", "Row 11, below"]),
        ("", "2020-09-01,,\n", []),
    ],
)
def test_what_stands_around_the_table_is_left_out_and_said(above, below, notes):
    found = read(f"{above}day,x,y\n{MONTHS}{below}".encode(), "my.csv")
    assert len(found.notes) == len(notes)
    assert all(note.startswith(begin) for note, begin in zip(found.notes, notes, strict=True))
    assert list(found.frame.columns) == ["day", "x", "y"]
    assert len(found.frame) == 8 + (not notes)
    assert found.record_name(0) == f"row {above.count(chr(10)) + 2}"


@pytest.mark.parametrize(
    ("title", "rows"), [("Sales\n", 1), ("Sales\n\n", 2), ('"Sales,\nof 2020"\n', 1), ("Sales,,\n,,\n", 2)]
)
def test_what_stands_around_the_table_is_kept_where_a_person_says_so(title, rows):
    lost = ("Row 1, above the table, was left out: “Sales", "Row {}, below the table, was left out: “Total")
    kept = ("Row 1, above the table, is kept as part of it", "Row {}, below the table, is kept as part")
    last = rows + 10
    content = f"{title}day,x,y\n{MONTHS}Total,36,a,b\n".encode()
    for keep in ((), ("above",), ("below",), ("above", "below"), ("below", "above")):
        found = read(content, "my.csv", keep)
        ends = [(kept if end in keep else lost)[at] for at, end in enumerate(("above", "below"))]
        assert [
            note.startswith(begin.format(last)) for note, begin in zip(found.notes, ends, strict=True)
        ] == [True, True]
        assert [(cut.end, cut.rows, cut.kept) for cut in found.margins] == [
            (end, 1, end in keep) for end in ("above", "below")
        ]
        frame = found.frame
        assert len(frame) == 8 + ("above" in keep) + ("below" in keep)
        first = frame.columns[0]
        assert first.startswith("Sales") if "above" in keep else list(frame.columns) == ["day", "x", "y"]
        if "above" in keep:
            assert frame.iloc[0].tolist() == ["day", "x", "y"]
        if "below" in keep:
            assert frame.iloc[-1].astype(str).str.removesuffix(".0").tolist() == ["Total", "36", "a,b"]
            assert found.record_name(len(frame) - 1) == f"row {last}"


@pytest.mark.parametrize(
    "text",
    [
        "Datum;Wert\n01.02.2020;1,5\n02.02.2020;2,5\n",
        "01.02.2020;1,5\n02.02.2020;2,5\n",
        "Bericht\n\nDatum;Wert\n01.02.2020;1,5\n02.02.2020;2,5\n",
    ],
)
def test_decimal_commas_do_not_part_cells(text):
    assert read(text.encode(), "my.csv").frame.iloc[:, 1].tolist() == ["1,5", "2,5"]


# --- What holds for any file -----------------------------------------------------------------------

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8).filter(
    lambda name: not name.isdecimal()
)


@settings(max_examples=30)
@given(
    names=st.lists(NAMES, min_size=1, max_size=4, unique_by=str.casefold),
    rows=st.integers(2, 12),
    delimiter=st.sampled_from(",;\t|"),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    mark=st.sampled_from(["", "\ufeff"]),
    data=st.data(),
)
def test_any_table_reads_back_equal(names, rows, delimiter, newline, mark, data):
    table = {name: data.draw(st.lists(NUMBERS, min_size=rows, max_size=rows)) for name in names}
    days = pd.date_range("2020-01-30", periods=rows)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    writer.writerow(["the day", *names])
    writer.writerows(
        [str(day.date()), *map(repr, row)] for day, *row in zip(days, *table.values(), strict=True)
    )
    found = accept_table(read((mark + text.getvalue()).encode(), "my.csv"))
    assert list(found.index) == list(days)
    assert list(found.columns) == names
    for name in names:
        np.testing.assert_array_equal(found[name].to_numpy(), table[name])


@pytest.mark.parametrize("name", ["HH", "hour", "settlement_period"])
def test_the_only_numbers_are_the_series_whatever_it_is_called(name):
    found = load_csv(f"the day,{name}\n2020-01-30,1\n2020-01-31,2\n2020-02-01,3\n").table
    assert found[name].tolist() == [1.0, 2.0, 3.0]
    assert list(found.index) == list(pd.date_range("2020-01-30", periods=3))


def test_a_quote_and_a_bar_in_a_name_part_no_cells():
    found = load_csv('the day,"""|"\n2020-01-30,0.0\n2020-01-31,0.5\n').table
    assert list(found.columns) == ['"|']
    assert found['"|'].tolist() == [0.0, 0.5]


PLAIN = st.sampled_from(["1", "-2.5", "1e3", "0", " 7 ", "", "2020-01-31", "1.234", "inf", "nan"])
TIMES = st.sampled_from(
    ["2020-01-31", "2020-01-31 10:30", "2020-01-31T10:30:15", "2020-01-31 10:30:15.25", ""]
)
ODD = st.sampled_from(
    ["1,5", "x", "2020-02-30", '"2"', '"a;b"', "'3'", "31.01.2020", "12:30", "true", "NA", "€"]
)


@st.composite
def nearly_tidy_files(draw):
    """Write a table of numbers and ISO times in which a few cells, lines or names may be something else."""
    width, rows = draw(st.integers(1, 4)), draw(st.integers(1, 8))
    columns = [draw(st.lists(draw(st.sampled_from([PLAIN, TIMES])), min_size=rows, max_size=rows))
               for _ in range(width)]  # fmt: skip
    table = [list(row) for row in zip(*columns, strict=True)]
    names = draw(
        st.lists(st.sampled_from(["day", "x", "a b", "x", "", "1", '"q"']), min_size=width, max_size=width)
    )
    if draw(st.booleans()):
        table.insert(0, names)
    for _ in range(draw(st.integers(0, 2))):
        table[draw(st.integers(0, len(table) - 1))][draw(st.integers(0, width - 1))] = draw(ODD)
    delimiter = draw(st.sampled_from(";,\t|"))
    lines = [delimiter.join(row) for row in table]
    for _ in range(draw(st.integers(0, 1))):
        lines.insert(
            draw(st.integers(0, len(lines))), draw(st.sampled_from(["", "Sales of 2020", delimiter]))
        )
    return "\n".join(lines).encode()


def everything_read(content: bytes) -> object:
    try:
        found = read(content, "my.csv")
    except DataError as error:
        return str(error)
    places = [found.record_name(record) for record in range(len(found.frame))]
    return found.frame.dtypes.to_dict(), found.frame.to_csv(), places, found.notes


@pytest.mark.timeout(600)  # it opens a database for each reading
@settings(max_examples=40)
@example(b"1;1;;\n1;1;1;inf\n1;1;1;1")
@given(nearly_tidy_files())
def test_reading_at_once_gives_what_reading_with_patience_gives(content):
    quick = everything_read(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_reader, "_read_typed", lambda *_: None)
        assert everything_read(content) == quick


TIDY = "day,x,y\n" + "".join(
    f"{day:%Y-%m-%d},{n}.5,\n" for n, day in enumerate(pd.date_range("2020", periods=40))
)


@pytest.mark.parametrize(
    ("text", "at_once"),
    [
        (TIDY.replace("5,\n", "5,1\n"), True),
        (TIDY.replace("5,\n", "5,1\n").replace("39.5", ""), True),
        (TIDY, False),  # an empty column
        (TIDY.replace("5,\n", "5,1\n").replace("39.5", "oops"), False),
        (TIDY.replace("5,\n", "5,1\n").replace("2020-02-01", "2020-02-31"), False),
        (TIDY.replace("5,\n", "5,1\n") + "\n2020-03-01,1,1\n", False),  # a row is empty
    ],
)
def test_only_what_is_tidy_to_the_end_is_read_at_once(monkeypatch, text, at_once):
    monkeypatch.setattr(csv_reader, "_SAMPLE", 10)
    patient = []
    monkeypatch.setattr(
        csv_reader,
        "build_raw_table",
        lambda *args, **kw: patient.append(args) or build_raw_table(*args, **kw),
    )
    read(text.encode(), "my.csv")
    assert bool(patient) != at_once


def test_the_ends_of_a_text_are_found_across_portions(monkeypatch, tmp_path):
    text = "a;b\n" + "1;2\n" * 200 + "\n" * 50
    path = tmp_path / "text"
    for portion in (1, 7, 64, 1 << 20):
        monkeypatch.setattr(csv_reader, "CHUNK", portion)
        monkeypatch.setattr(csv_reader, "_TAIL", 10)
        path.write_text(text)
        found = csv_reader._TextFile.of(path)
        assert (found.count, found.tail[-1], found.first_line) == (201, "1;2", "a;b")
        assert path.read_text() == text.rstrip("\n") and set(found.tail) == {"1;2"}


@example(b"\x01;\r\t")  # the last line is empty but for a tab
@given(st.binary(max_size=200) | st.text("0123456789.,;\t|\n\r\"'-/: aT\0é", max_size=120).map(str.encode))
def test_any_bytes_give_a_clean_table_or_a_data_error(content):
    try:
        table = load_csv(content).table
    except DataError:
        return
    assert len(table) and np.isfinite(table.to_numpy()).all() and table.index.is_monotonic_increasing


@pytest.mark.parametrize(
    "text",
    [
        TIDY,
        "Sales of a shop\n\n" + TIDY + "\nSource: the shop\n",
        TIDY.rstrip("\n"),
        TIDY + "\n\n",
        TIDY.replace("\n", "\r\n"),
    ],
)
def test_the_file_that_was_brought_stays_as_it_was(tmp_path, text):
    path = tmp_path / "brought"
    path.write_bytes(text.encode())
    csv_reader.read_csv(path, "my.csv")
    assert path.read_bytes() == text.encode()


@pytest.mark.parametrize("content", [b"x" * (3 << 20), b"a,b\n1," + b"x" * 2_100_000 + b"\n2,3\n"])
def test_a_line_without_an_end_is_said(content):
    assert "A line has more than 2,000,000 bytes" in csv_error(content).what


@pytest.mark.parametrize(
    "text", ["x\n1\n2\n3\n", 'x\n"1"\n"2"\n"3"\n', "x,y\n1,2\n3,4\n", 'x,y\n1,"2"\n3,4\n']
)
def test_more_cells_than_there_may_be_are_refused_before_they_are_read(monkeypatch, text):
    monkeypatch.setattr(staging_table, "MOST_CELLS", 3)
    monkeypatch.setattr(csv_reader, "_text_query", None)
    monkeypatch.setattr(csv_reader, "_typed_query", None)
    assert "too many cells" in csv_error(text).what


def test_a_row_that_takes_many_lines_counts_as_one(monkeypatch, tmp_path):
    path = tmp_path / "text"
    path.write_text('x,y\n1,"a\nb\n""c"\n2,""\n')
    for portion in (1, 5, 1 << 20):
        monkeypatch.setattr(csv_reader, "CHUNK", portion)
        assert csv_reader._TextFile.of(path).rows == 3


@pytest.mark.parametrize("zeros", [90, 98, 99, 150, 3000])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_over_100_characters_is_no_number_however_it_is_read(zeros, quote):
    cell = f"{quote}1.{'0' * zeros}{quote}"
    raw = read(f"day,x\n2020-01-01,1\n2020-01-02,{cell}\n2020-01-03,3\n".encode(), "my.csv")
    assert (raw.frame["x"].dtype == "float64") == (zeros + 2 <= 100)


# --- Rows that aren't all alike --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "uneven", "rows", "said"),
    [
        ("a,b\n1,2\n3\n6,7\n", None, [[1, 2], [3, np.nan], [6, 7]], "Row 3 has fewer cells"),
        ("a,b\n1,2\n3\n6,7\n", "drop", [[1, 2], [6, 7]], "Row 3 has fewer cells"),
        ("a,b\n1,2\n3,4,5\n6,7\n", None, [[1, 2], [6, 7]], "Row 3 has more cells"),
        ("a,b\n1,2\n3,4,5\n6,7\n", "fill", [[1, 2], [3, 4], [6, 7]], "Row 3 has more cells"),
        ("a,b\n1,2\n# moved\n6,7\n", None, [[1, 2], [6, 7]], "Row 3 is a comment"),
    ],
)
def test_rows_that_are_not_as_long_as_the_others_are_said(text, uneven, rows, said):
    found = read(text.encode(), "my.csv", (), None, uneven)
    np.testing.assert_array_equal(found.frame, rows)
    (choice,) = found.choices
    assert choice.sentence.startswith(said) and choice.sentence in found.notes


def test_the_header_is_read_as_values_where_a_person_says_so():
    text = b"Country,1990,1991,1992\nNorth,1,2,3\nSouth,4,5,6\n"
    assert list(read(text, "my.csv").frame.columns) == ["Country", "1990", "1991", "1992"]
    assert len(read(text, "my.csv", (), 0).frame) == 3
