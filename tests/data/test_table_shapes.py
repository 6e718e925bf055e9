"""A table reads back equal from any of the shapes that people keep tables in, or the doctor asks."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.readers.workbooks import Sheet, xlsx
from tests.data.written_tables import (
    Written,
    assert_reads_back,
    lines,
    long_rows,
    one,
    panel,
    random_walk,
    simple,
)

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SHAPES: dict[str, Callable[[np.ndarray], Written]] = {}


def shape(write: Callable[[np.ndarray], Written]) -> Callable[[np.ndarray], Written]:
    SHAPES[write.__name__] = write
    return write


@shape
def plain(x):
    return Written(lines("date,x", *simple(one(x))), one(x))


@shape
def decimal_commas(x):
    rows = [row.replace(".", ",") for row in simple(one(x), "{t:%Y-%m-%d};{x}")]
    return Written(lines("date;x", *rows), one(x))


@shape
def tabs(x):
    return Written(lines("date\tx", *simple(one(x), "{t:%Y-%m-%d}\t{x}")), one(x), "a.tsv")


@shape
def pipes(x):
    return Written(lines("date|x", *simple(one(x), "{t:%Y-%m-%d}|{x}")), one(x))


@shape
def columns_apart_by_spaces(x):
    rows = simple(one(x), "  {t:%Y}  {t:%m}   {x}")
    return Written(lines("# an invented record", "# year month x", *rows), one(x), "a.txt")


@shape
def newest_first(x):
    return Written(lines("date,x", *reversed(simple(one(x)))), one(x))


@shape
def row_numbers_as_pandas_writes_them(x):
    rows = [f"{number},{row}" for number, row in enumerate(simple(one(x)))]
    return Written(lines(",date,x", *rows), one(x, column0=np.arange(float(len(x))))[["column0", "x"]])


@shape
def row_names_as_r_writes_them(x):
    rows = [f'"{number}",{row}' for number, row in enumerate(simple(one(x)), 1)]
    table = one(x, column0=np.arange(1.0, len(x) + 1))[["column0", "x"]]
    return Written(lines('"date","x"', *rows), table)


@shape
def a_row_of_units(x):
    return Written(lines("date,x", ",degC", *simple(one(x))), one(x))


@shape
def titles_and_totals(x):
    content = lines("An invented record,", "", "date,x", *simple(one(x)), f"Total,{x.sum()}")
    return Written(content, one(x))


@shape
def comments_in_the_middle(x):
    rows = simple(one(x))
    return Written(lines("date,x", *rows[:7], "# the sensor was moved", *rows[7:]), one(x))


@shape
def blank_lines(x):
    rows = simple(one(x))
    return Written(lines("date,x", *rows[:7], "", "", *rows[7:]), one(x))


@shape
def trailing_delimiters(x):
    return Written(lines("date,x", *(f"{row}," for row in simple(one(x)))), one(x))


@shape
def a_long_row(x):
    rows = simple(one(x))
    return Written(lines("date,x", *rows, f"2031-01-01,1,{x[0]}"), one(x))


@shape
def footnotes(x):
    rows = simple(one(x))
    rows[-1] += " (p)"
    rows[-2] += "*"
    return Written(lines("date,x", *rows), one(x))


@shape
def quotation_marks(x):
    return Written(lines('"date","x"', *simple(one(x), '"{t:%Y-%m-%d}","{x}"')), one(x))


@shape
def utf_16(x):
    return Written("\n".join(["date,größe", *simple(one(x))]).encode("utf-16"), one(x))


@shape
def names_of_months(x):
    return Written(lines("month,x", *simple(one(x), "{t:%b %Y},{x}")), one(x))


@shape
def yearly_rows_among_monthly_ones(x):
    table = one(x)
    rows = []
    for year, part in table.groupby(table.index.year):
        rows += [f"{year},{part['x'].sum()}", *simple(part, "{t:%Y %b},{x}")]
    return Written(lines("date,x", *rows), table)


@shape
def yearly_and_quarterly_rows_first(x):
    table = one(x)
    years = [f"{year},{part['x'].mean()}" for year, part in table.groupby(table.index.year)]
    quarters = [f"{time:%Y} Q{time.quarter},{x}" for time, x in table["x"].resample("QS").mean().items()]
    return Written(lines("date,x", *years, *quarters, *simple(table, "{t:%Y %b},{x}")), table)


@shape
def a_year_by_month_square(x):
    whole = x[: len(x) // 12 * 12]
    rows = [f"{2001 + n},{','.join(map(str, whole[12 * n : 12 * n + 12]))}" for n in range(len(whole) // 12)]
    return Written(lines(f"Year,{','.join(MONTHS)}", *rows), one(whole))


@shape
def a_square_with_totals(x):
    whole = x[: len(x) // 12 * 12].reshape(-1, 12)
    rows = [f"{2001 + n},{','.join(map(str, row))},{row.sum()}" for n, row in enumerate(whole)]
    return Written(lines(f"Year,{','.join(MONTHS)},Annual", *rows), one(whole.reshape(-1)))


@shape
def months_as_columns(x):
    table = panel(x, ("North", "South"))
    head = ",".join(f"{time:%Y-%m}" for time in table.index)
    rows = [f"{name},{','.join(map(str, table[name]))}" for name in table]
    return Written(lines(f"region,{head}", *rows), table)


@shape
def years_as_columns(x):
    table = panel(x, ("North", "South")).set_axis(pd.date_range("1960", periods=len(x), freq="YS"))
    head = ",".join(f"{time.year} [YR{time.year}]" for time in table.index)
    rows = [f"{name},{name[0]},{','.join(map(str, table[name]))}" for name in table]
    return Written(lines(f"Country Name,Country Code,{head}", *rows), table)


@shape
def series_below_each_other(x):
    table = panel(x, ("North", "South", "East"))
    return Written(lines("region,date,x", *long_rows(table, lambda s, t, v: f"{s},{t:%Y-%m-%d},{v}")), table)


@shape
def series_told_apart_by_two_columns(x):
    table = panel(x, ("1 · 7", "1 · 8", "2 · 7", "2 · 8"))
    rows = long_rows(table, lambda s, t, v: f"{s[0]},{s[-1]},{t:%Y-%m-%d},{v}")
    return Written(lines("store,dept,date,x", *rows), table)


@shape
def series_with_static_features(x):
    table = panel(x, ("a", "b", "c"))
    rows = long_rows(table, lambda s, t, v: f"{s},{t:%Y-%m-%d},{v},{'north' if s == 'a' else 'south'}")
    return Written(lines("unique_id,ds,y,region", *rows), table)


@shape
def series_of_integer_steps(x):
    table = panel(x, ("a", "b")).reset_index(drop=True)
    return Written(lines("unique_id,ds,y", *long_rows(table, lambda s, t, v: f"{s},{t + 1},{v}")), table)


@shape
def a_name_only_where_its_series_begins(x):
    table = panel(x, ("North", "South"))
    first = table.index[0]
    rows = long_rows(table, lambda s, t, v: f"{s if t == first else ''},{t:%Y-%m-%d},{v}")
    return Written(lines("region,date,x", *rows), table)


@shape
def two_header_rows(x):
    table = pd.concat([panel(x, ("Close AAA", "Close BBB")), -panel(x, ("Open AAA", "Open BBB"))], axis=1)
    rows = [
        f"{t:%Y-%m-%d},{','.join(map(str, row))}"
        for t, row in zip(table.index, table.to_numpy(), strict=True)
    ]
    return Written(lines(",Close,Close,Open,Open", "Date,AAA,BBB,AAA,BBB", *rows), table)


@shape
def three_header_rows(x):
    table = panel(x, ("Close AAA", "Close BBB"))
    rows = [
        f"{t:%Y-%m-%d},{','.join(map(str, row))}"
        for t, row in zip(table.index, table.to_numpy(), strict=True)
    ]
    return Written(lines("Price,Close,Close", "Ticker,AAA,BBB", "Date,,", *rows), table)


@shape
def flags(x):
    promo = np.arange(len(x)) % 3 == 0
    rows = [f"{row},{flag}" for row, flag in zip(simple(one(x)), promo, strict=True)]
    return Written(lines("date,x,promo", *rows), one(x, promo=promo.astype(float)))


@shape
def no_header(x):
    return Written(lines(*simple(one(x))), one(x))


@shape
def a_header_that_counts(x):
    table = pd.DataFrame({"0": x, "1": x**2, "2": -x})
    return Written(lines("0,1,2", *(",".join(map(str, row)) for row in table.to_numpy())), table)


@shape
def a_workbook_of_several_sheets(x):
    rows = [["date", "x"], *([time.date(), value] for time, value in one(x)["x"].items())]
    contents = Sheet([["Sheet", "Pages"], ["Data", 2], ["Notes", 3]], "Contents")
    return Written(xlsx(contents, Sheet(rows, "Data")), one(x), "a.xlsx")


@pytest.mark.parametrize("name", SHAPES)
@settings(max_examples=2, deadline=None)
@given(data=st.data())
def test_a_table_reads_back_equal_from_any_shape(name, data):
    number = data.draw(st.integers(30, 60))
    assert_reads_back(SHAPES[name](random_walk(number, data.draw(st.integers(0, 2**16)))))


def test_there_are_thirty_shapes():
    assert len(SHAPES) >= 30
