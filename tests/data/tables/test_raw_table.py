"""The cells of a file reach the doctor whole: only what can be read in one way is read already."""

import numpy as np
import pandas as pd

from components.data.cleaning.doctor import propose
from components.data.cleaning.steps import clean_table
from components.data.tables.raw_table import RawTable, build_raw_table
from components.data.tables.staging_table import load_staging_table, staging_database, write_numbered_rows
from components.recipe import Preparation

EVEN = Preparation()


def table(names: list[str], *rows: list[str], places: list[int] | None = None) -> RawTable:
    with staging_database("my.csv") as (folder, base):
        write_numbered_rows(
            folder / "rows.csv", zip(places or range(2, 2 + len(rows)), rows, strict=True), "test"
        )
        return build_raw_table(load_staging_table("my.csv", names, base, folder / "rows.csv"))


def test_only_what_can_be_read_in_one_way_is_read():
    found = table(
        ["iso", "time", "other", "number", "gappy", "word", "empty"],
        ["2020-01-31", "2020-01-31 10:30", "31/01/2020", "1e3", "1.5", "1.5", ""],
        ["2020-02-29", "2020-01-31T10:30:05.25", "01/02/2020", "-2", "", "n/a", ""],
    ).frame
    assert [dtype.kind for dtype in found.dtypes[:5]] == ["M", "M", "O", "f", "f"]
    assert found["iso"].tolist() == [pd.Timestamp("2020-01-31"), pd.Timestamp("2020-02-29")]
    assert found["other"].dtype == found["word"].dtype == found["empty"].dtype == "str"
    np.testing.assert_array_equal(found["gappy"], [1.5, np.nan])
    assert found["word"].tolist() == ["1.5", "n/a"] and found["empty"].isna().all()
    assert isinstance(found.index, pd.RangeIndex)


def test_what_may_be_thousands_stays_text_beside_decimal_commas():
    assert table(["a"], ["1.234"], ["5.678"]).frame["a"].dtype == "float64"
    found = table(["a", "b"], ["1.234", "0,5"], ["5.678", "7,25"]).frame
    assert found["a"].dtype == "str"
    assert clean_table(found, propose(found, EVEN), EVEN).to_numpy().tolist() == [[1234, 0.5], [5678, 7.25]]


def test_records_are_named_as_the_file_counts_them():
    assert table(["a"], ["1"], ["2"], places=[5, 6]).record_name(1) == "row 6"
    assert table(["a"], ["1"], ["2"], ["3"], places=[5, 8, 9]).record_name(1) == "row 8"


def test_columns_of_one_name_are_told_apart():
    assert list(table(["a", "a", "", ""], ["1", "2", "3", "4"]).frame.columns) == ["a", "a 2", "", "2"]
