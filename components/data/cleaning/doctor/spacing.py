"""Finds whether the rows come evenly, for a model counts rows and not hours."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from components.data.cleaning.doctor.finding import (
    Finding,
    Fix,
    TableCase,
    count_clause,
    count_phrase,
    first_positions,
    format_time,
)
from components.data.cleaning.steps.row_steps import count_units
from components.data.time_axis import frequency
from components.recipe import AddMissingTimes, Resample, RoundTimes
from components.recipe.cleaning import TimeUnit

_UNIT_MICROSECONDS: dict[TimeUnit, int] = {  # in microseconds; of months and years on average
    "week": 604_800_000_000,
    "day": 86_400_000_000,
    "hour": 3_600_000_000,
    "minute": 60_000_000,
    "second": 1_000_000,
    "millisecond": 1_000,
    "month": 2_629_746_000_000,
    "year": 31_556_952_000_000,
}
_ROUND_INTERVALS: tuple[tuple[int, TimeUnit], ...] = (
    *((1, "millisecond"), (10, "millisecond"), (100, "millisecond")),
    *((1, "second"), (5, "second"), (10, "second"), (15, "second"), (30, "second")),
    *((1, "minute"), (5, "minute"), (10, "minute"), (15, "minute"), (30, "minute")),
    *((1, "hour"), (2, "hour"), (3, "hour"), (6, "hour"), (12, "hour")),
    *((1, "day"), (1, "week"), (1, "month"), (3, "month"), (1, "year")),
)
_MIN_FILLED_SHARE = 0.7  # share of stretches that should hold a row
_LEAST_FILLED = 0.5  # share of stretches that hold a row, at least, where they are made unasked
_MOST_INTERVALS = 4
_MOST_COUNT = 10_000  # of units in a step; what the recipe allows


def find_irregular_spacing(case: TableCase) -> Iterator[Finding]:
    """Yield which times are left out, or that there is no rhythm."""
    times = case.frame.index
    if not isinstance(times, pd.DatetimeIndex) or len(times) < 3 or times.hasnans:
        return
    times = times.as_unit("us")
    if not (np.diff(times.asi8) > 0).all() or frequency(times) != "unevenly":
        return
    rhythm = _find_rhythm(times)
    if rhythm is not None:
        yield _gap_finding(case, times, *rhythm)
    else:
        yield _uneven_finding(times)


# --- A rhythm with gaps ----------------------------------------------------------------------------


def _find_rhythm(times: pd.DatetimeIndex) -> tuple[int, TimeUnit] | None:
    """Return the step of which all others are multiples, if there is one."""
    steps = np.diff(times.asi8)
    months = np.diff(count_units(times.to_numpy(), "month"))
    least = int(months.min())
    if least > 0 and (months % least == 0).all() and _share_day_of_month(times):
        return (least // 12, "year") if least % 12 == 0 else (least, "month")
    sizes, often = np.unique(steps, return_counts=True)
    step = int(sizes[np.argmax(often)])
    if (sizes % step != 0).any():
        return None
    if step == _UNIT_MICROSECONDS["day"] and (times.dayofweek < 5).all():
        return 1, "business_day"
    unit = next((unit for unit in _UNIT_MICROSECONDS if step % _UNIT_MICROSECONDS[unit] == 0), None)
    if unit is None or step // _UNIT_MICROSECONDS[unit] > _MOST_COUNT:
        return None
    return step // _UNIT_MICROSECONDS[unit], unit


def _share_day_of_month(times: pd.DatetimeIndex) -> bool:
    """Return whether all rows stand on the same day of their month, at the same time."""
    day = times.day.to_numpy()
    clock = times.asi8 % _UNIT_MICROSECONDS["day"]
    return bool((day == np.minimum(day.max(), times.days_in_month)).all() and (clock == clock[0]).all())


def _gap_finding(case: TableCase, times: pd.DatetimeIndex, step: int, unit: TimeUnit) -> Finding:
    passed = count_units(times.to_numpy(), unit)
    if unit not in {"month", "year", "business_day"}:
        passed = (times.asi8 - times.asi8[0]) // _UNIT_MICROSECONDS[unit]
    leaps = np.diff(passed) // step
    missing = int((leaps - 1).sum())
    first, longest = int(np.argmax(leaps > 1)), int(leaps.max()) - 1
    few = missing <= len(times)
    sentence = (
        f"The rows come {every_phrase(step, unit)}, but {count_clause(missing, 'row', 'is', 'are')} missing, "
        f"the first after {format_time(times[first])}"
    )
    sentence += f"; the longest gap is {longest:,} rows long." if longest > 1 else "."
    if not few:
        sentence += " That is more than the table has, so these are probably pauses that need no filling."
    return Finding(
        key="gaps",
        severity="should" if few else "note",
        sentence=sentence,
        rows=first_positions(np.concatenate([[False], leaps > 1])),
        fixes=(Fix("Add empty rows for them", AddMissingTimes(count=step, unit=unit)),),
    )


# --- No rhythm -------------------------------------------------------------------------------------


def _uneven_finding(times: pd.DatetimeIndex) -> Finding:
    steps = np.diff(times.asi8)
    middle = float(np.median(steps))
    sentence = (
        f"The rows are unevenly spaced, from {_duration_phrase(steps.min())} to "
        f"{_duration_phrase(steps.max())} apart. A model treats every row as one equal step."
    )
    offers = []
    jitter = _find_jittered_rhythm(times, middle)
    if jitter is not None:
        step, unit = jitter
        sentence = f"The rows come about {every_phrase(step, unit)}, but not exactly."
        rounded = RoundTimes(count=step, unit=unit)  # type: ignore[arg-type]
        offers.append(Fix(f"Round the times to {'the ' * (step == 1)}{_unit_phrase(step, unit)}", rounded))
    at = _choose_interval(times, middle)
    step, unit = _ROUND_INTERVALS[at]
    offers.append(Fix(f"Take the mean of {_each_phrase(step, unit)}", Resample(count=step, unit=unit)))
    offers.append(
        Fix(f"Take the sum of {_each_phrase(step, unit)}", Resample(count=step, unit=unit, how="sum"))
    )
    if at + 1 < len(_ROUND_INTERVALS):
        step, unit = _ROUND_INTERVALS[at + 1]
        offers.append(Fix(f"Take the mean of {_each_phrase(step, unit)}", Resample(count=step, unit=unit)))
    filled = len(times) if jitter is not None else _filled_share(times, *_ROUND_INTERVALS[at])
    if filled < _LEAST_FILLED:
        sentence += (
            f" Resampled, {1 - filled:.0%} of the rows would be made up; leave it as it is if each row may "
            "count as one step."
        )
    return Finding(
        key="spacing",
        severity="should",
        sentence=sentence,
        fixes=tuple(offers),
        choice="open" if filled < _LEAST_FILLED else "usual",
    )


def _find_jittered_rhythm(times: pd.DatetimeIndex, middle: float) -> tuple[int, TimeUnit] | None:
    """Return the rhythm that all rows are within a quarter step of, most of them one beat after the other."""
    short = [one for one in _ROUND_INTERVALS if one[1] not in {"week", "month", "year"}]
    step, unit = min(short, key=lambda one: abs(np.log(_microseconds(*one) / middle)))
    beat = np.round(times.asi8 / _microseconds(step, unit))
    near = np.abs(times.asi8 - beat * _microseconds(step, unit)) <= _microseconds(step, unit) / 4
    beats = np.diff(beat)
    return (step, unit) if near.all() and (beats > 0).all() and np.median(beats) == 1 else None


def _choose_interval(times: pd.DatetimeIndex, middle: float) -> int:
    """Choose a round stretch of about the usual step, long enough that most of them hold a row."""
    first = next(
        (at for at, one in enumerate(_ROUND_INTERVALS) if _microseconds(*one) >= 0.75 * middle),
        len(_ROUND_INTERVALS) - 1,
    )
    for at in range(first, min(first + _MOST_INTERVALS, len(_ROUND_INTERVALS))):
        if _filled_share(times, *_ROUND_INTERVALS[at]) >= _MIN_FILLED_SHARE:
            return at
    return first


def _filled_share(times: pd.DatetimeIndex, step: int, unit: TimeUnit) -> float:
    """Return the share of stretches of a length that hold a row."""
    stretches = count_units(times.to_numpy(), unit) // step
    return float((np.count_nonzero(np.diff(stretches)) + 1) / (stretches[-1] - stretches[0] + 1))


# --- Words -----------------------------------------------------------------------------------------


def _microseconds(step: int, unit: TimeUnit) -> int:
    return step * _UNIT_MICROSECONDS[unit]


def every_phrase(step: int, unit: TimeUnit) -> str:
    """Return every hour, every 3 months, every business day."""
    return f"every {_unit_phrase(step, unit)}"


def _each_phrase(step: int, unit: TimeUnit) -> str:
    return f"each {unit}" if step == 1 else f"every {_unit_phrase(step, unit)}"


def _unit_phrase(step: int, unit: TimeUnit) -> str:
    word = unit.replace("_", " ")
    return word if step == 1 else f"{step:,} {word}s"


def _duration_phrase(microseconds: float) -> str:
    """Return a length of time in the largest unit that it holds."""
    sizes = sorted(_UNIT_MICROSECONDS.items(), key=lambda item: -item[1])
    unit, size = next(((unit, size) for unit, size in sizes if microseconds >= size), sizes[-1])
    return count_phrase(round(microseconds / size), unit)
