"""What the calendar tells is true, the same for times to come, and no more than rows can tell."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data import calendar
from components.errors import DataError


def days(start="2021-01-01", rows=400, freq="D") -> pd.DatetimeIndex:
    return pd.date_range(start, periods=rows, freq=freq)


@pytest.mark.parametrize(
    ("freq", "cycles"),
    [
        ("h", {"hour": 2, "weekday": 3, "year": 2}),
        ("8h", {"hour": 1, "weekday": 3, "year": 2}),
        ("12h", {"weekday": 3, "year": 2}),
        ("D", {"weekday": 3, "year": 2}),
        ("W", {"year": 2}),
        ("MS", {"year": 2}),
        ("QS", {"year": 1}),
        ("YS", {}),
    ],
)
def test_rows_tell_only_what_comes_round_more_slowly_than_they_do(freq, cycles):
    found = {cycle.name: waves for cycle, waves in calendar.cycles(days(freq=freq, rows=50))}
    assert found == cycles


def test_numbered_rows_have_no_calendar():
    index = pd.RangeIndex(10)
    assert calendar.feature_names(index, "DE") == ()
    assert calendar.features(index, 3, "DE").shape == (13, 0)


@given(
    freq=st.sampled_from(["h", "3h", "D", "B", "W", "MS", "ME", "QS", "YS"]),
    rows=st.integers(2, 60),
    ahead=st.integers(0, 30),
    country=st.sampled_from([None, "FR"]),
)
def test_what_is_told_of_times_to_come_is_what_is_told_when_they_have_come(freq, rows, ahead, country):
    whole = days("2019-11-20", rows + ahead, freq)
    before = calendar.features(whole[:rows], ahead, country)
    assert before.shape == (rows + ahead, len(calendar.feature_names(whole[:rows], country)))
    if (
        calendar.feature_names(whole[:rows]) == calendar.feature_names(whole) and rows > 30
    ):  # else the rhythm isn't clear
        np.testing.assert_allclose(before, calendar.features(whole, 0, country), atol=1e-12)
    assert np.abs(before).max(initial=0) <= 1 + 1e-12


def test_every_weekday_is_told_from_the_others_and_weeks_are_alike():
    told = calendar.features(days(rows=28), 0)[:, :6]
    np.testing.assert_allclose(told[:7], told[21:], atol=1e-12)
    assert len(np.unique(told.round(9), axis=0)) == 7


def test_a_year_turns_once_whether_it_has_a_day_more_or_not():
    waves = calendar.features(days("2020-01-01", rows=3 * 366), 0)
    firsts = [(date(year, 1, 1) - date(2020, 1, 1)).days for year in (2020, 2021, 2022)]
    np.testing.assert_allclose(waves[firsts, 6:], [[0, 1, 0, 1]] * 3, atol=1e-12)


def test_holidays_are_those_of_the_country():
    index = days("2023-07-01", rows=20)
    french, american = (calendar.features(index, 0, country)[:, -1] for country in ("FR", "US"))
    assert index[french == 1].strftime("%m-%d").tolist() == ["07-14"]
    assert index[american == 1].strftime("%m-%d").tolist() == ["07-04"]


def test_of_a_long_row_the_share_of_its_days_counts_and_every_hour_of_a_holiday():
    weeks = calendar.features(days("2023-12-18", rows=3, freq="7D"), 0, "DE")[:, -1]
    np.testing.assert_allclose(weeks, [0, 2 / 7, 1 / 7])
    hours = calendar.features(days("2023-12-24", rows=72, freq="h"), 0, "DE")[:, -1]
    assert hours.sum() == 48


def test_of_an_unknown_country_nothing_is_made_up():
    with pytest.raises(DataError, match="“XX”"):
        calendar.features(days(), 0, "XX")
    assert calendar.countries()["DE"] == "Germany"
