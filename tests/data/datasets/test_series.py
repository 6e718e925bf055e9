"""A dataset is clean or isn't made, and `load` finds every kind."""

import numpy as np
import pandas as pd
import pytest

from components import data
from components.data.datasets import Provenance, Series
from components.errors import DataError
from components.recipe import Generated, Sample

DAYS = pd.date_range("2020-01-01", periods=3, name="day")


def dataset(table: pd.DataFrame, **others) -> Series:
    return Series(Sample(name="any"), "Anything", Provenance("a source", "a licence"), table, **others)


def test_says_what_it_is():
    table = pd.DataFrame({"sales": [1.0, 2.0, 3.0], "price": [3.0, 2.0, 1.0]}, index=DAYS)
    facts = {fact.label: fact.value for fact in dataset(table, season=7, unit="kg").facts()}
    assert facts == {
        "Rows": "3",
        "Columns": "sales, price",
        "From": "2020-01-01",
        "To": "2020-01-03",
        "Interval": "every day",
        "Season": "7 rows",
        "Unit of sales": "kg",
        "Source": "a source",
        "Licence": "a licence",
    }


def test_numbered_rows_have_no_dates():
    labels = [fact.label for fact in dataset(pd.DataFrame({"x": [1.0, 2.0]})).facts()]
    assert labels == ["Rows", "Columns", "Source", "Licence"]


def test_facts_tell_the_time_of_day_where_there_is_one():
    table = pd.DataFrame({"x": [1.0, 2.0]}, index=pd.date_range("2020-01-01 10:30", periods=2, freq="h"))
    assert "2020-01-01 10:30:00" in [fact.value for fact in dataset(table).facts()]


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame(),
        pd.DataFrame(index=DAYS),
        pd.DataFrame({"x": [1.0, np.nan, 2.0]}, index=DAYS),
        pd.DataFrame({"x": [1.0, np.inf, 2.0]}, index=DAYS),
        pd.DataFrame({"x": [1, 2, 3]}, index=DAYS),
        pd.DataFrame({"x": ["1", "2", "3"]}, index=DAYS),
        pd.DataFrame({"x": [1.0, 2.0, 3.0]}, index=DAYS[::-1]),
        pd.DataFrame({"x": [1.0, 2.0, 3.0]}, index=DAYS[[0, 0, 1]]),
        pd.DataFrame({"x": [1.0, 2.0, 3.0]}, index=DAYS.tz_localize("UTC")),
        pd.DataFrame({"x": [1.0, 2.0, 3.0]}, index=["a", "b", "c"]),
        pd.DataFrame([[1.0, 2.0]], columns=["x", "x"]),
    ],
)
def test_what_is_not_clean_is_refused(table):
    with pytest.raises(DataError, match="Anything"):
        dataset(table)


def test_load_finds_each_source():
    assert data.load(Sample(name="sunspots")).columns == ("sunspots",)
    assert data.load(Generated(name="sine")).columns == ("value",)


def test_the_unit_is_that_of_the_first_column():
    table = pd.DataFrame({"height": [1.0, 2, 3], "width": [4.0, 5, 6]})
    series = Series(Sample(name="toy"), "Toy", Provenance("here", "none"), table=table, unit="m")
    assert (series.column_unit("height"), series.column_unit("width")) == ("m", "")
