"""Parquet gives the right table, or one sentence that names the row and the column."""

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.data.readers import parquet_reader as reader
from components.data.tables import staging_table
from components.errors import DataError
from tests.data.cleaning.loaded_table import LoadedTable, accept_table, first_finding, load_table
from tests.data.readers.file_helpers import reader_of_bytes

read = reader_of_bytes(reader.read_parquet)

DAYS = pd.DatetimeIndex(["2020-01-01", "2020-01-02"], name="day").as_unit("us")


def parquet(**columns: object) -> bytes:
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


def parquet_bytes(table: pd.DataFrame) -> bytes:
    content = io.BytesIO()
    table.to_parquet(content)
    return content.getvalue()


def load_parquet(content: bytes) -> LoadedTable:
    return load_table(read(content, "my.parquet"))


def parquet_error(content: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        read(content, "my.parquet")
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("name", ["day", None])
def test_what_pandas_writes_of_an_index(name):
    table = pd.DataFrame({"x": [1.5, -2.0], "n": [1.0, 2.0]}, index=DAYS.rename(name))
    pd.testing.assert_frame_equal(
        load_parquet(parquet_bytes(table)).table, table.rename_axis(name or "index")
    )


@pytest.mark.parametrize(
    "days",
    [
        DAYS.date,
        pa.array(DAYS, pa.timestamp("ns")),
        pa.array(DAYS, pa.timestamp("ms")),
        DAYS.strftime("%Y-%m-%d"),
        DAYS.strftime("%d.%m.%Y"),
    ],
)
def test_days_of_any_type(days):
    assert list(load_parquet(parquet(day=days, x=[1, 2])).table.index) == list(DAYS)


def test_times_of_a_zone_are_shown_in_utc():
    hours = pd.date_range("2020-01-01", periods=2, freq="h")
    berlin = hours.tz_localize("Europe/Berlin")
    found = load_parquet(parquet_bytes(pd.DataFrame({"x": [1.0, 2.0]}, index=berlin)))
    assert list(found.table.index) == list(hours - pd.Timedelta(hours=1))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "+05:30", "-03:30"])
def test_days_of_a_zone_stay_days(zone):
    found = load_parquet(parquet_bytes(pd.DataFrame({"x": [1.0, 2.0]}, index=DAYS.tz_localize(zone))))
    assert list(found.table.index) == list(DAYS)


def test_numbers_of_any_type():
    content = parquet(
        a=pa.array([1, 2], pa.int8()),
        b=pa.array([1, 2], pa.uint64()),
        c=pa.array([1.5, 2.5], pa.float32()),
        d=pa.array([150, 250], pa.int64()).cast(pa.decimal128(30, 2)),
        e=["1", "2"],
    )
    assert load_parquet(content).table.iloc[1].tolist() == [2, 2, 2.5, 250, 2]


def test_what_is_no_number_is_left_out_and_said():
    found = load_parquet(parquet(x=[1, 2], note=["=1+1", "b"], parts=[[1], [2]], ok=[True, False]))
    assert list(found.table.columns) == ["x", "ok"] and "“note”" in " ".join(found.notes)


def test_odd_names_are_only_names():
    found = read(parquet(**{'a"; DROP TABLE cells; --': [1, 2], "b c": [3, 4]}), "my.parquet").frame
    assert list(found.columns) == ['a"; DROP TABLE cells; --', "b c"]


@settings(max_examples=25)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=8))
def test_any_numbers_read_back_equal(values):
    np.testing.assert_array_equal(accept_table(read(parquet(x=values), "my.parquet"))["x"], values)


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        (parquet(**{f"c{n}": [1] for n in range(20_001)}), "", "20,001 columns"),
        (parquet(x=[1, 2])[:-30], "", "isn't a complete Parquet file"),
        (b"PAR1PAR1", "", "isn't a complete Parquet file"),
        (b"", "", "isn't a complete Parquet file"),
        (b"x,y\n1,2\n", "", "isn't a complete Parquet file"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(content, where, what):
    found = parquet_error(content)
    assert what in found.what and found.where == f"my.parquet{where}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (parquet(x=[1, None, 3]), "1 value is missing in “x”, first in row 2"),
        (parquet(x=[1.0, 2.0, float("nan")]), "1 value is missing in “x”, first in row 3"),
        (parquet(day=["2020-01-01"] * 2, x=[1, 2]), "1 row has the same time as another row"),
        (parquet(a=["x", "y"]), "No column holds numbers"),
    ],
)
def test_what_must_be_mended_is_found_in_its_row(content, said):
    assert said in first_finding(read(content, "my.parquet"))


def test_a_small_file_of_many_rows_is_refused_unread():
    content = parquet(x=pa.array(np.zeros(60_000_000, "int8")))
    assert len(content) < 1_000_000
    assert "too many cells" in parquet_error(content).what


@settings(max_examples=30)
@given(st.integers(0, 2000), st.binary(min_size=1, max_size=20))
def test_damage_gives_a_clean_table_or_a_data_error(at, damage):
    content = bytearray(parquet(x=[1.5, 2.5], day=["2020-01-01", "2020-01-02"]))
    at %= len(content)
    content[at : at + len(damage)] = damage
    try:
        table = load_parquet(bytes(content)).table
    except DataError:
        return
    assert np.isfinite(table.to_numpy()).all()


@pytest.mark.parametrize(
    ("bound", "what"),
    [("MOST_CELLS", "too many cells"), ("MOST_CHARACTERS", "too much text"), ("LONGEST_CELL", "A cell has")],
)
def test_what_would_blow_up_is_refused_unread(bound, what, monkeypatch):
    monkeypatch.setattr(staging_table, bound, 5)
    content = parquet(x=pa.array(["four", "sixsix", "four"]).dictionary_encode(), y=[1, 2, 3])
    assert what in parquet_error(content).what
