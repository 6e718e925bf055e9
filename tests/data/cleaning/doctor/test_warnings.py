"""What makes scores look better or worse than they are."""

import numpy as np
import pytest

from components.data.cleaning.doctor import propose
from components.recipe import (
    DropColumns,
    TreatAsMissing,
)
from tests.data.cleaning.doctor.frames import (
    EVEN,
    NOISE,
    examine_frame,
    raw_frame,
    require_finding,
)


@pytest.mark.parametrize("steps", [1, 3, 24])
def test_a_column_that_shows_the_future_is_found(steps):
    walk = np.cumsum(NOISE)
    frame = raw_frame(y=walk, c=3 - 2 * np.roll(walk, -steps), past=np.roll(walk, steps), other=NOISE[::-1])
    found = require_finding(examine_frame(frame, target="y"), "leak")
    assert found.columns == ("c",) and f"{steps} row" in found.sentence
    assert propose(frame, EVEN, target="y") == (DropColumns(columns=("c",)),)
    assert propose(frame, EVEN) == ()  # without a target nothing can leak


def test_outliers_are_shown_and_never_removed_unasked():
    x = NOISE.copy()
    x[50] = 80
    frame = raw_frame(x=x)
    found = require_finding(examine_frame(frame), "outliers")
    assert found.severity == "note" and found.rows == (50,) and "80 in row 52" in found.sentence
    assert found.fixes[0].cleaning_step == TreatAsMissing(columns=("x",), values=(80.0,))
    assert propose(frame, EVEN) == ()


def test_a_test_part_that_was_seen_in_training_is_told():
    assert "100%" in require_finding(examine_frame(raw_frame(x=np.tile(NOISE[:50], 4))), "copies").sentence
    assert not [finding for finding in examine_frame(raw_frame(x=NOISE)).findings if finding.key == "copies"]


def test_other_notes():
    holiday = (np.arange(200) % 50 == 0).astype(float)
    keys = [
        finding.key
        for finding in examine_frame(raw_frame(x=NOISE, holiday=holiday, No=np.arange(200))).findings
    ]
    assert {"numbered", "rare", "counter"} <= set(keys)
    assert "few rows" in [finding.key for finding in examine_frame(raw_frame(x=[1, 5, 2])).findings]
