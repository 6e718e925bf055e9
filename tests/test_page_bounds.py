"""What a page computes of a visitor's data takes hardly more memory or time where there is more of it.

A table within the limits has hundreds of megabytes, and the server that draws pages is everybody's.
"""

import time
import tracemalloc
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from components.charts.distribution import distribution
from components.charts.examples import sequence_panels
from components.charts.series import downsampled_rows, series
from components.charts.zoom_range import zoom_range
from components.data.analysis import autocorrelation
from components.data.cleaning.doctor.texts import examine_pairs, examine_texts
from components.data.datasets import Classes, Pairs, Provenance, Texts
from components.data.splits.random_split import random_split
from components.data.target_choice import likely_target
from components.data.time_axis import frequency, last_regular_time
from components.data.tokenizers.token_stats import first_texts, token_lengths, token_stats
from components.recipe import Preparation, Sample, Translate
from components.tasks.classification.suggest import suggest_for_texts
from components.tasks.seq2seq.suggest import suggest as suggest_for_pairs

ROWS = 6_000_000
SHARE = 0.6  # of the bytes of a series that a drawing of it may take for a while
VALUES = np.random.default_rng(0).normal(size=ROWS).cumsum()
EVEN = pd.DatetimeIndex(np.datetime64("2000-01-01", "us") + np.arange(ROWS) * np.timedelta64(1, "s"))
UNEVEN = pd.DatetimeIndex(
    np.datetime64("2000-01-01", "us")
    + np.arange(ROWS) * np.timedelta64(7, "s")
    + (np.arange(ROWS) % 5) * np.timedelta64(1, "s")
)
TABLE = pd.DataFrame({"x": VALUES})

SERIES: dict[str, Callable[[], object]] = {
    "drawing": lambda: series(TABLE, ("x",)),
    "zooming": lambda: zoom_range(TABLE, ("x",), 0, ROWS),
    "distribution": lambda: distribution(VALUES, "x"),
    "target": lambda: likely_target(TABLE),
    "times by hand": lambda: last_regular_time(datetime(2000, 1, 1), ROWS, 1, "minute"),
    "rhythm": lambda: (frequency(EVEN), frequency(UNEVEN)),
}


@pytest.mark.parametrize("name", SERIES)
def test_a_long_series_is_drawn_without_a_copy_of_it(name: str) -> None:
    SERIES[name]()
    tracemalloc.start()
    try:
        SERIES[name]()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < SHARE * VALUES.nbytes


def test_how_a_series_repeats_is_told_by_its_last_rows_alone() -> None:
    short = VALUES[-1_000_000:]
    assert np.array_equal(autocorrelation(VALUES, 50).values, autocorrelation(short, 50).values)


def test_peaks_stay_however_long_a_series_is_and_whatever_is_missing() -> None:
    values = np.zeros(3_500_000)
    values[[1_234_567, 3_456_789]] = 5, -5
    values[2_000_000:2_300_000] = np.nan
    kept = downsampled_rows(values)
    assert {0, 1_234_567, 3_456_789, len(values) - 1} <= set(kept.tolist())
    assert len(kept) <= 5000
    assert np.isfinite(values[kept]).all()


def test_sequences_are_drawn_without_a_copy_of_them() -> None:
    values = VALUES[:1_000_000].astype(np.float32)
    tracemalloc.start()
    try:
        sequence_panels([("one", [("x", values[:100_000])])], title="Examples", value="x")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < values.nbytes


# --- Texts -----------------------------------------------------------------------------------------

WORDS = "".join(np.random.default_rng(1).choice(list("abcdefghijklmnopqrstuvwxyz   "), 300_000))
LONG = tuple(f"{number} {WORDS}" for number in range(60))
MANY = tuple(f"text {number}" for number in range(300_000))
SECONDS = 4.0  # of one core, which a dataset of twenty million characters took before
FOUND = Provenance("a source", "a licence")


def classes(count: int, most: int = 2) -> Classes:
    codes = (np.arange(count) % most).astype(np.int32)
    return Classes(codes, tuple(f"c{number}" for number in range(most)))


def texts(given: tuple[str, ...]) -> Texts:
    return Texts(Sample(name="any"), "Anything", FOUND, texts=given, classes=classes(len(given)))


def pairs(given: tuple[str, ...]) -> Pairs:
    return Pairs(Sample(name="any"), "Anything", FOUND, sources=given, targets=given, names=("a", "b"))


TEXTS: dict[str, Callable[[], object]] = {
    "tokens of long texts": lambda: (
        token_stats(first_texts(LONG), texts(LONG), Preparation(), "word", lower=True).frequent
    ),
    "tokens of many texts": lambda: (
        token_stats(first_texts(MANY), texts(MANY), Preparation(), "word", lower=False).frequent
    ),
    "lengths of pairs": lambda: token_lengths(first_texts(LONG), "word"),
    "findings": lambda: examine_texts(texts(LONG), Preparation()),
    "findings of pairs": lambda: examine_pairs(pairs(LONG), Preparation()),
    "first recipe": lambda: suggest_for_texts(texts(LONG), classes(len(LONG)), Preparation()),
    "first recipe of pairs": lambda: suggest_for_pairs(pairs(LONG), Translate, Preparation()),
    "a class for each text": lambda: random_split(
        len(MANY), Preparation(), classes=classes(len(MANY), len(MANY))
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_of_many_or_long_texts_a_page_looks_at_a_part(name: str) -> None:
    began = time.thread_time()
    TEXTS[name]()
    assert time.thread_time() - began < SECONDS
