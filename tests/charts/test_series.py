"""A dataset's columns over time."""

import numpy as np
import pandas as pd
import pytest

from components.charts.series import MOST_POINTS, downsampled_rows, series
from components.data.splits.time_split import TimeSplit


def table(rows: int, columns: int = 1) -> pd.DataFrame:
    index = pd.date_range("2021-03-01", periods=rows, freq="D", name="day")
    values = {f"c{number}": np.arange(rows, dtype=float) for number in range(columns)}
    return pd.DataFrame(values, index=index)


def test_a_column_is_drawn_whole_and_summed_up() -> None:
    chart = series(table(31), ["c0"], unit="m")
    (line,) = chart.figure.data
    assert list(line.y) == list(range(31))
    assert chart.figure.layout.yaxis.title.text == "c0 (m)"
    assert chart.figure.layout.xaxis.title.text == "day"
    assert chart.sentence == (
        "From 1 March 2021 to 31 March 2021, “c0” ranges between 0 and 30 m; its mean is 15."
    )


def test_several_columns_share_one_axis_of_time() -> None:
    chart = series(table(20, columns=3), ["c0", "c2"], unit="m")
    assert [line.name for line in chart.figure.data] == ["c0", "c2"]
    assert len({line.yaxis for line in chart.figure.data}) == 2
    assert list(chart.table.columns) == ["c0", "c2"]
    assert "(m)" not in chart.figure.layout.yaxis.title.text, "the unit is of the target alone"


def test_a_long_series_keeps_its_one_peak() -> None:
    values = np.zeros(50_000)
    values[12_345] = 1
    kept = downsampled_rows(values)
    assert len(kept) <= MOST_POINTS
    assert 12_345 in kept
    assert {0, 49_999} <= set(kept)


def test_gaps_are_left_out() -> None:
    assert list(downsampled_rows(np.array([1.0, np.nan, 3.0, np.inf]))) == [0, 2]


def test_the_parts_are_shaded_from_their_first_to_their_last_row() -> None:
    data = table(100)
    chart = series(data, ["c0"], split=TimeSplit(slice(0, 70), slice(70, 85), slice(85, 100)))
    shades = {(pd.Timestamp(shape.x0), pd.Timestamp(shape.x1)) for shape in chart.figure.layout.shapes}
    assert shades == {(data.index[70], data.index[84]), (data.index[85], data.index[99])}
    assert {note.text for note in chart.figure.layout.annotations} == {"validation", "test"}


@pytest.mark.parametrize("name", ["<b>bold</b>", '<a href="https://example.com">x</a>', "a & b"])
def test_a_column_name_is_shown_and_never_obeyed(name: str) -> None:
    chart = series(table(10).rename(columns={"c0": name}), [name])
    for text in (
        chart.figure.layout.title.text,
        chart.figure.layout.yaxis.title.text,
        chart.figure.data[0].name,
    ):
        assert "<" not in text


def test_rows_without_dates_are_numbered() -> None:
    chart = series(pd.DataFrame({"c": [1.0, 2.0]}), ["c"])
    assert chart.figure.layout.xaxis.title.text == "row"
    assert chart.sentence.startswith("From row 0 to row 1, ")
