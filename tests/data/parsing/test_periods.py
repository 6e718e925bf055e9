"""What a time in words is a time of."""

import pandas as pd
import pytest

from components.data.parsing.periods import named_periods


@pytest.mark.parametrize(
    ("cells", "periods"),
    [
        (["2020", "FY2020", "CY 2020", "2020 annual", "1999 average"], ["year"] * 5),
        (["2009/10", "2010/11", "2011/12"], ["year"] * 3),
        (["2009-10", "2010-11"], ["year"] * 2),
        (["1999-00", "2000/2001"], ["year"] * 2),
        (["2020-H1", "H2 2020", "2020 S1"], ["half"] * 3),
        (["2020Q1", "2020-Q4", "Q3/2020", "1Q2020", "2020 q2"], ["quarter"] * 5),
        (["2010-10", "2010-11", "2010-12"], [""] * 3),
        (["2001/01", "2001/02"], [""] * 2),
        (["Jan 2020", "2020-01-05", "", "total", "12.5"], [""] * 5),
        (["2020", "2020 Q1", "2020-01", "2020-02"], ["year", "quarter", "", ""]),
    ],
)
def test_years_halves_and_quarters_are_told_from_what_is_shorter(cells, periods):
    assert named_periods(pd.Series(cells, dtype="str")).tolist() == periods


def test_rows_may_be_numbered_in_any_way():
    assert named_periods(pd.Series(["2009/10", "x", "2010/11"], index=[7, 3, 5])).tolist() == [
        "year",
        "",
        "year",
    ]
