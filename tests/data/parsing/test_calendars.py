"""Days of other calendars are those of ours that they are known to be."""

import numpy as np
import pytest

from components.data.parsing.calendars import midnights


@pytest.mark.parametrize(
    ("calendar", "day", "wanted"),
    [
        ("gregorian", (2020, 2, 29), "2020-02-29"),
        ("buddhist", (2563, 2, 29), "2020-02-29"),
        ("minguo", (109, 2, 29), "2020-02-29"),
        ("persian", (1399, 1, 1), "2020-03-20"),
        ("persian", (1399, 12, 30), "2021-03-20"),  # a leap year
        ("islamic", (1445, 9, 1), "2024-03-11"),
    ],
)
def test_days_that_are_known(calendar, day, wanted):
    (found,) = midnights(*(np.array([number]) for number in day), calendar)
    assert str(found.astype("datetime64[D]")) == wanted


@pytest.mark.parametrize(
    ("calendar", "day"),
    [
        ("gregorian", (2021, 2, 29)),
        ("gregorian", (0, 1, 1)),
        ("buddhist", (2564, 2, 29)),
        ("persian", (1400, 12, 30)),
        ("persian", (0, 1, 1)),
        ("islamic", (1445, 9, 31)),
        ("islamic", (1200, 1, 1)),  # before the table of new moons
    ],
)
def test_days_that_do_not_exist_stay_open(calendar, day):
    assert np.isnat(midnights(*(np.array([number]) for number in day), calendar)).all()


def test_each_row_has_its_own():
    year, month = np.array([1399, 1399, 0, 1400]), np.array([1, 1, 1, 1])
    found = midnights(year, month, 1, "persian")
    assert found[0] == found[1] < found[3] and np.isnat(found[2])
