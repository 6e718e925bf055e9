"""What tells the series of a long table apart is found, in files of many kinds; nothing is averaged."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.doctor.series_keys import find_series_keys, static_features
from tests.data.cleaning.doctor.frames import raw_frame
from tests.data.cleaning.loaded_table import load_lines

DAYS = pd.date_range("2019-01-01", periods=40, freq="D")
WALK = np.round(50 + np.random.default_rng(5).normal(size=40).cumsum(), 2)


def series(*names: str) -> dict[str, np.ndarray]:
    return {name: np.round(WALK + 100 * number, 2) for number, name in enumerate(names)}


def comma(value: float) -> str:
    return str(value).replace(".", ",")


def german(x):
    rows = (f"{s};{day:%d.%m.%Y};{comma(x[s][n])}" for n, day in enumerate(DAYS) for s in x)
    return ["Filiale;Datum;Umsatz", *rows]


def by_ticker(x):
    return ["ts\tticker\tprice", *(f"{d:%Y-%m-%d}\t{s}\t{x[s][n]}" for s in x for n, d in enumerate(DAYS))]


def values_first(x):
    return ["kwh,meter,when", *(f"{x[s][n]},{s},{d:%Y-%m-%d}" for s in x for n, d in enumerate(DAYS))]


def by_numbers(x):
    rows = (f"{d:%d/%m/%Y},{number},{x[s][n]}" for number, s in enumerate(x) for n, d in enumerate(DAYS))
    return ["date,magasin,ventes", *rows]


def steps_after_ids(x):
    return [
        "meter;step;kwh",
        *(f"{number};{n};{v}" for number, s in enumerate(x) for n, v in enumerate(x[s])),
    ]


def steps_before_ids(x):
    return ["t,device,y", *(f"{n},{number},{v}" for number, s in enumerate(x) for n, v in enumerate(x[s]))]


def newest_first(x):
    return [
        "date,site,level",
        *(f"{d:%Y-%m-%d},{s},{x[s][n]}" for s in x for n, d in [*enumerate(DAYS)][::-1]),
    ]


@pytest.mark.parametrize(
    "write", [german, by_ticker, values_first, by_numbers, steps_after_ids, steps_before_ids, newest_first]
)
@pytest.mark.parametrize("names", [("Mitte", "Nord"), ("a", "b", "c", "d", "e")])
def test_series_below_each_other_come_side_by_side(write, names):
    x = series(*names)
    table = load_lines(*write(x))
    np.testing.assert_array_equal(table.sort_index(axis=1).to_numpy(), np.column_stack(list(x.values())))


def test_of_two_columns_that_count_the_one_that_names_things_tells_the_series_apart():
    meters, steps = np.repeat([7.0, 8.0, 9.0], 20), np.tile(np.arange(20.0), 3)
    found = find_series_keys(raw_frame(meter=meters, step=steps, kwh=WALK[:20].repeat(3)), None)
    assert (found.keys, found.steps) == (("meter",), "step")


def test_numbers_that_were_measured_tell_nothing_apart():
    frame = raw_frame(x=WALK, y=WALK[::-1])
    assert find_series_keys(frame, pd.Series(np.arange(40) // 2)) is None


def test_several_columns_tell_series_apart_together_where_none_does_alone():
    frame = raw_frame(store=[1.0, 1.0, 2.0, 2.0] * 10, dept=["a", "b"] * 20, sales=WALK)
    times = pd.Series(np.arange(40) // 4)
    found = find_series_keys(frame, times)
    assert found.keys == ("store", "dept")
    assert found.names == ("1 · a", "1 · b", "2 · a", "2 · b")
    assert found.rows == (10, 10)


def test_the_longest_series_come_first():
    frame = raw_frame(shop=["a"] * 5 + ["b"] * 9 + ["c"] * 9, x=WALK[:23])
    found = find_series_keys(frame, pd.Series([*range(5), *range(9), *range(9)]))
    assert found.names == ("b", "c", "a")
    assert found.rows == (5, 9)


def test_what_never_changes_within_a_series_is_a_static_feature():
    frame = raw_frame(shop=["a"] * 4 + ["b"] * 4, region=["north"] * 4 + ["south"] * 4, x=WALK[:8])
    found = find_series_keys(frame, pd.Series([*range(4), *range(4)]))
    assert static_features(frame, found) == {"region": {"a": "north", "b": "south"}}


def test_series_that_begin_at_different_times_keep_all_of_their_values():
    rows = [f"s{k},{DAYS[n]:%Y-%m-%d},{WALK[n]}" for k in range(3) for n in range(7 * k, 40)]
    table = load_lines("sensor,date,x", *rows)
    assert list(table) == ["s0", "s1", "s2"]
    for k in range(3):
        np.testing.assert_array_equal(table[f"s{k}"].to_numpy()[7 * k :], WALK[7 * k :])
        assert table[f"s{k}"].iloc[: 7 * k].isna().all()
