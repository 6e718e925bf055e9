"""Names of several columns in one, as Eurostat writes them."""

import pandas as pd
import pytest

from components.data.tables.joined_names import split_joined_names
from components.data.tables.raw_table import RawTable
from components.data.tables.record_names import RecordNames


def raw(**columns) -> RawTable:
    return RawTable(pd.DataFrame(columns).astype({next(iter(columns)): "str"}), RecordNames(2))


def test_a_joined_column_is_parted_and_that_is_said():
    found = split_joined_names(raw(**{"freq,geo\\TIME_PERIOD": ["A,AT", "A, BE"], "2020": [1.0, 2.0]}))
    assert list(found.frame.columns) == ["freq", "geo", "2020"]
    assert found.frame["geo"].tolist() == ["AT", "BE"] and found.frame["2020"].tolist() == [1.0, 2.0]
    assert found.notes == ("“freq,geo\\TIME_PERIOD” was split into “freq”, “geo”.",)


def test_one_name_before_the_header_s_own_is_the_column_s():
    found = split_joined_names(raw(**{"geo\\time": ["AT", "BE"], "2020": [1.0, 2.0]}))
    assert list(found.frame.columns) == ["geo", "2020"]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("freq,geo\\TIME_PERIOD", ["A,AT", "A,BE,x"]),  # more parts than names
        ("freq,geo", ["A,AT", "A,BE"]),  # nothing says that names are joined
        ("C:\\data", ["a", "b"]),
        ("geo,geo\\time", ["a,b", "a,c"]),
        ("geo,2020\\time", ["a,b", "a,c"]),  # there is such a column
        ("a\\b", [1.0, 2.0]),
    ],
)
def test_what_only_looks_like_it_stays(name, cells):
    table = RawTable(pd.DataFrame({name: cells, "2020": [1.0, 2.0]}), RecordNames(2))
    if isinstance(cells[0], str):
        table = raw(**{name: cells, "2020": [1.0, 2.0]})
    assert split_joined_names(table) is table
