"""Which rows name the columns: none, one, several; and rows of values are never taken for names or units."""

import pytest

from components.data.tables.header_rows import Header, find_header, header_choice

DAYS = [f"2020-01-{day:02d}" for day in range(1, 10)]
ROWS = [[day, f"{number}.5", f"{number + 7}.25"] for number, day in enumerate(DAYS)]


@pytest.mark.parametrize(
    ("above", "names", "rows", "below"),
    [
        ([["date", "x", "y"]], ("date", "x", "y"), 1, 0),
        ([["date", "x", "y"], ["", "kg", "m"]], ("date", "x", "y"), 1, 1),
        ([["Zeit", "Temperatur", "Druck"], ["", "[°C]", "[hPa]"]], ("Zeit", "Temperatur", "Druck"), 1, 1),
        ([["", "Close", "Close"], ["Date", "AAA", "BBB"]], ("Date", "Close AAA", "Close BBB"), 2, 0),
        ([["Date", "Close", ""], ["", "AAA", "BBB"]], ("Date", "Close AAA", "Close BBB"), 2, 0),
        ([["", "North", ""], ["month", "a", "b"]], ("month", "North a", "North b"), 2, 0),
        ([["Price", "Close", "Close"], ["Ticker", "A", "B"], ["Date", "", ""]],
         ("Date", "Close A", "Close B"), 2, 1),
        ([], ("", "", ""), 0, 0),
    ],
)  # fmt: skip
def test_the_rows_above_the_values_name_the_columns(above, names, rows, below):
    found = find_header([*above, *ROWS])
    assert (found.names, found.rows, found.below) == (names, rows, below)


@pytest.mark.parametrize(
    "header",
    [
        ["geo", "1990", "1991", "1992"],
        ["geo", "2019", "2018", "2017"],
        ["geo", "2020-01", "2020-02", "2020-03"],
        ["geo", "Jan-01", "Feb-01", "Mar-01"],
        ["geo", "20200101", "20200102", "20200103"],
        ["geo", "1/22/20", "1/23/20", "1/24/20"],
    ],
)
@pytest.mark.parametrize("cells", [["1.5", "2.5", "0.5"], ["1,5", "2,5", "0,5"], ["1.5 p", "", "0.5"]])
def test_times_above_numbers_are_names(header, cells):
    found = find_header([header, ["A", *cells], ["B", *cells], ["C", *cells]])
    assert (found.names, found.rows) == (tuple(header), 1)


def test_years_are_names_where_the_column_of_one_is_empty():
    rows = [[name, "1.5", ":", "2.5"] for name in "ABC"]
    assert find_header([["geo", "1990", "1991", "1992"], *rows]).rows == 1


@pytest.mark.parametrize("cell", ["<0.05", "1.5*", "12.0 (p)", "~3", "7 e"])
def test_a_first_row_whose_number_has_a_mark_is_no_row_of_units(cell):
    rows = [["date", "x"], [DAYS[0], cell], *([day, "1.5"] for day in DAYS[1:])]
    assert find_header(rows).below == 0


def test_days_written_as_numbers_below_days_are_values():
    days = [["20200101", "1", "5"], ["20200102", "2", "6"], ["20200103", "3", "7"]]
    assert find_header(days).rows == 0


def test_words_above_numbers_name_them_though_the_first_row_counts_too():
    names = ["Year", "Month", *map(str, range(1, 29))]
    rows = [["2020", str(month), *map(str, range(month, month + 28))] for month in range(1, 7)]
    assert find_header([names, *rows]).names == tuple(names)


def test_what_a_person_chose_is_done():
    rows = [["a", "b"], ["c", "d"], ["1", "2"]]
    assert find_header(rows, 0).names == ("", "")
    assert find_header(rows, 1).names == ("a", "b")
    assert find_header(rows, 2).names == ("c", "b d")


def test_a_header_that_is_plain_is_not_said():
    assert header_choice(Header(("a",), 1), [1, 2], [["a"], ["1"]]) is None
