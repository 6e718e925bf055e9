"""What is missing, and columns that say nothing."""

import numpy as np

from components.data.cleaning.doctor import propose
from components.recipe import (
    DropColumns,
    FillMissing,
)
from tests.data.cleaning.doctor.frames import (
    EVEN,
    NOISE,
    examine_frame,
    raw_frame,
    require_finding,
)


def test_missing_values_are_counted_and_filled():
    x = NOISE.copy()
    x[[3, 4, 90]] = np.nan
    found = require_finding(examine_frame(raw_frame(x=x)), "missing")
    assert (
        "3 values are missing" in found.sentence and "row 5" in found.sentence and "2 rows" in found.sentence
    )
    assert [offer.cleaning_step.how for offer in found.fixes] == ["interpolate", "forward", "drop"]
    assert found.rows == (3, 4, 90)


def test_a_column_that_lacks_most_is_left_out_rather_than_made_up():
    gappy = np.where(np.arange(200) % 10 == 0, NOISE, np.nan)
    late = np.where(np.arange(200) > 120, NOISE, np.nan)
    frame = raw_frame(x=NOISE, gappy=gappy, late=late)
    assert propose(frame, EVEN) == (DropColumns(columns=("gappy", "late")),)
    assert propose(frame, EVEN, target="late")[0] == DropColumns(columns=("gappy",))
    assert isinstance(propose(raw_frame(only=gappy), EVEN)[0], FillMissing)


def test_constant_columns():
    frame = raw_frame(x=NOISE, k=[1] * 200)
    assert propose(frame, EVEN) == (DropColumns(columns=("k",)),)
    assert require_finding(examine_frame(frame, target="k"), "constant").severity == "note"
    wakes = raw_frame(x=NOISE, k=[1] * 150 + [2] * 50)
    assert propose(wakes, EVEN) == (DropColumns(columns=("k",)),)
