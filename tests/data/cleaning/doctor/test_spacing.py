"""Whether the rows come evenly, and what makes them."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.doctor import propose
from components.recipe import (
    AddMissingTimes,
    Resample,
    RoundTimes,
    SetTime,
)
from tests.data.cleaning.doctor.frames import (
    EVEN,
    HOURS,
    NOISE,
    examine_frame,
    raw_frame,
    require_finding,
)

RNG = np.random.default_rng(8)


@pytest.mark.parametrize(
    ("times", "mend"),
    [
        (HOURS.delete([5, 6, 50]), AddMissingTimes(unit="hour")),
        (pd.date_range("2020-01-31", periods=40, freq="ME").delete(7), AddMissingTimes(unit="month")),
        (
            pd.date_range("2020-01-01", periods=40, freq="QS").delete(7),
            AddMissingTimes(count=3, unit="month"),
        ),
        (
            pd.date_range("2020-01-01", periods=40, freq="15min").delete(7),
            AddMissingTimes(count=15, unit="minute"),
        ),
        (pd.date_range("2020-01-01", periods=40, freq="W").delete(7), AddMissingTimes(unit="week")),
        (
            pd.date_range("2020-01-01", periods=60, freq="B").delete(range(0, 50, 5)),
            AddMissingTimes(unit="business_day"),
        ),
        (HOURS + pd.to_timedelta(RNG.integers(-60, 60, 200), unit="s"), RoundTimes(unit="hour")),
        (HOURS + pd.to_timedelta(RNG.integers(0, 3000, 200), unit="s"), Resample(unit="hour")),
        (HOURS[0] + pd.to_timedelta(np.cumsum(RNG.exponential(100, 200)), unit="s"), None),
    ],
)
def test_spacing(times, mend):
    frame = raw_frame(t=times, x=NOISE[: len(times)])
    found = [
        one
        for one in examine_frame(frame, SetTime(columns=("t",))).findings
        if one.key in {"gaps", "spacing"}
    ]
    assert len(found) == 1 and found[0].severity == "should"
    if mend is not None:
        assert found[0].fixes[0].cleaning_step == mend
    else:
        assert {offer.cleaning_step.how for offer in found[0].fixes} == {"mean", "sum"}


def test_nights_without_trade_are_no_gaps_to_be_filled():
    day = pd.date_range("2020-01-06 09:30", periods=20, freq="5min")
    times = pd.DatetimeIndex([time + pd.Timedelta(days=n) for n in range(10) for time in day])
    found = require_finding(examine_frame(raw_frame(t=times, x=NOISE), SetTime(columns=("t",))), "gaps")
    assert found.severity == "note"
    assert propose(raw_frame(t=times, x=NOISE), EVEN) == (SetTime(columns=("t",)),)
