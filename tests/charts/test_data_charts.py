"""Pictures of a dataset: what they draw and what they say is in its numbers."""

import numpy as np
import pandas as pd

from components.charts.distribution import distribution
from components.charts.seasonality import correlogram, decomposition_chart
from components.charts.series import Marks, series
from components.charts.split import split_chart
from components.data.analysis import autocorrelation, decompose
from components.data.splits.time_split import time_split
from components.recipe import Preparation

MONTHS = pd.date_range("2000-01-01", periods=120, freq="MS", name="month")
SEASONAL = 100 + 0.1 * np.arange(120) + 10 * np.sin(np.arange(120) * 2 * np.pi / 12)
TABLE = pd.DataFrame({"sold": SEASONAL}, index=MONTHS)


def test_the_distribution_counts_every_value_and_says_where_half_of_them_lie():
    chart = distribution(np.array([*range(1, 102), np.nan], dtype="float64"), "x <b>", "kg")
    assert sum(chart.figure.data[0].y) == 101 == chart.table["rows"].sum()
    assert "below 51 kg" in chart.sentence and "between 6 kg and 96 kg" in chart.sentence
    assert (
        "<b>" not in chart.figure.layout.xaxis.title.text and "(kg)" in chart.figure.layout.xaxis.title.text
    )


def test_a_long_tail_is_said():
    values = np.exp(np.random.default_rng(0).normal(size=2000))
    assert "much larger" in distribution(values, "x").sentence
    assert "much smaller" in distribution(-values, "x").sentence


def test_the_season_stands_in_the_correlogram():
    chart = correlogram(autocorrelation(SEASONAL, 36), "sold")
    assert "every 12 rows" in chart.sentence
    assert len(chart.figure.data[0].y) == 36 and chart.table.index[0] == 1
    assert [line.x0 for line in chart.figure.layout.shapes if line.type == "line"] == [12]


def test_noise_is_said_not_to_repeat():
    chart = correlogram(autocorrelation(np.random.default_rng(1).normal(size=500), 48), "noise")
    assert "shows no season" in chart.sentence


def test_the_parts_of_a_series_add_up_and_are_drawn_over_its_times():
    found = decompose(SEASONAL, 12)
    chart = decomposition_chart(found, MONTHS, "sold", "kg", 12)
    np.testing.assert_allclose(chart.table.sum(axis=1), SEASONAL)
    assert list(chart.table.index) == list(MONTHS)
    assert [axis.title.text for axis in chart.figure.select_yaxes()] == [
        "trend (kg)",
        "season (kg)",
        "remainder (kg)",
    ]
    assert "season of 12 rows explains" in chart.sentence and "Only the last" not in chart.sentence


def test_the_sentence_about_the_parts_counts_their_rows():
    chart = split_chart(TABLE, "sold", time_split(120, Preparation(validation=0.2, test=0.1)))
    assert (
        "first 84 rows" in chart.sentence
        and "next 24 the validation set, from 1 January 2007" in chart.sentence
    )
    assert "last 12 the test set, from 1 January 2009" in chart.sentence


def test_a_gap_breaks_the_line_and_is_shaded():
    holed = TABLE.copy()
    holed.iloc[10:13] = np.nan
    chart = series(holed, ["sold"])
    assert np.isnan(np.asarray(chart.figure.data[0].y, dtype="float64")).sum() == 1
    (gap,) = chart.figure.layout.shapes
    assert chart.sentence.endswith("3 values are missing (shaded).")
    assert (pd.Timestamp(gap.x0), pd.Timestamp(gap.x1)) == (MONTHS[9], MONTHS[13])


def test_each_kind_of_mark_is_named_once_wherever_it_is():
    both = TABLE.assign(other=1.0)
    marks = [Marks("filled", {"sold": np.array([3]), "other": np.array([4])})]
    chart = series(both, ["other", "sold"], marks=[*marks, Marks("far out", {"sold": np.array([7])})])
    named = [trace.name for trace in chart.figure.data if trace.showlegend]
    assert named == ["filled", "far out"]


def test_marked_values_are_drawn_where_they_are_and_counted():
    filled = Marks("filled", {"sold": np.array([3, 4])})
    far = Marks("far out", {"sold": np.array([7]), "other": np.array([1])})
    chart = series(TABLE, ["sold"], marks=(filled, far))
    assert list(chart.figure.data[1].y) == SEASONAL[[3, 4]].tolist()
    assert chart.sentence.endswith("Marked: 2 filled, 1 far out.")
    assert chart.figure.layout.showlegend
    assert not series(TABLE, ["sold"]).figure.layout.showlegend
