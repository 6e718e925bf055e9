"""Finds whether the rows come evenly, for a model counts rows and not hours."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from components.data.doctor.finding import Case, Finding, Offer, count, moment, spots, tally
from components.data.mends.rows import ticks
from components.data.time_axis import frequency
from components.recipe import AddMissingTimes, Resample, RoundTimes
from components.recipe.mends import Span

_LENGTHS: dict[Span, int] = {  # in microseconds; of months and years on average
    "week": 604_800_000_000,
    "day": 86_400_000_000,
    "hour": 3_600_000_000,
    "minute": 60_000_000,
    "second": 1_000_000,
    "millisecond": 1_000,
    "month": 2_629_746_000_000,
    "year": 31_556_952_000_000,
}
_ROUND: tuple[tuple[int, Span], ...] = (
    *((1, "millisecond"), (10, "millisecond"), (100, "millisecond")),
    *((1, "second"), (5, "second"), (10, "second"), (15, "second"), (30, "second")),
    *((1, "minute"), (5, "minute"), (10, "minute"), (15, "minute"), (30, "minute")),
    *((1, "hour"), (2, "hour"), (3, "hour"), (6, "hour"), (12, "hour")),
    *((1, "day"), (1, "week"), (1, "month"), (3, "month"), (1, "year")),
)
_HOLDING = 0.7  # share of stretches that should hold a row
_TRIES = 4
_MOST_COUNT = 10_000  # of units in a step; what the recipe allows


def spacing(case: Case) -> Iterator[Finding]:
    """Say which times are left out, or that there is no rhythm."""
    times = case.frame.index
    if not isinstance(times, pd.DatetimeIndex) or len(times) < 3 or times.hasnans:
        return
    times = times.as_unit("us")
    if not (np.diff(times.asi8) > 0).all() or frequency(times) != "unevenly":
        return
    rhythm = _rhythm(times)
    if rhythm is not None:
        yield _gaps(case, times, *rhythm)
    else:
        yield _uneven(times)


# --- A rhythm with gaps ----------------------------------------------------------------------------


def _rhythm(times: pd.DatetimeIndex) -> tuple[int, Span] | None:
    """Give the step of which all others are multiples, if there is one."""
    steps = np.diff(times.asi8)
    months = np.diff(ticks(times.to_numpy(), "month"))
    least = int(months.min())
    if least > 0 and (months % least == 0).all() and _on_one_day(times):
        return (least // 12, "year") if least % 12 == 0 else (least, "month")
    sizes, often = np.unique(steps, return_counts=True)
    step = int(sizes[np.argmax(often)])
    if (sizes % step != 0).any():
        return None
    if step == _LENGTHS["day"] and (times.dayofweek < 5).all():
        return 1, "business_day"
    unit = next((unit for unit in _LENGTHS if step % _LENGTHS[unit] == 0), None)
    if unit is None or step // _LENGTHS[unit] > _MOST_COUNT:
        return None
    return step // _LENGTHS[unit], unit


def _on_one_day(times: pd.DatetimeIndex) -> bool:
    """Tell whether all rows stand on the same day of their month, at the same time."""
    day = times.day.to_numpy()
    clock = times.asi8 % _LENGTHS["day"]
    return bool((day == np.minimum(day.max(), times.days_in_month)).all() and (clock == clock[0]).all())


def _gaps(case: Case, times: pd.DatetimeIndex, step: int, unit: Span) -> Finding:
    passed = ticks(times.to_numpy(), unit)
    if unit not in {"month", "year", "business_day"}:
        passed = (times.asi8 - times.asi8[0]) // _LENGTHS[unit]
    leaps = np.diff(passed) // step
    missing = int((leaps - 1).sum())
    first, longest = int(np.argmax(leaps > 1)), int(leaps.max()) - 1
    few = missing <= len(times)
    sentence = (
        f"A row comes {every(step, unit)}, but {tally(missing, 'time', 'is', 'are')} left out, first after "
        f"{moment(times[first])}"
    )
    sentence += f"; the longest gap is {longest:,} long." if longest > 1 else "."
    if not few:
        sentence += " These are more than there are rows: pauses, it seems, that need no filling."
    return Finding(
        key="gaps",
        severity="should" if few else "note",
        sentence=sentence,
        rows=spots(np.concatenate([[False], leaps > 1])),
        offers=(Offer("Add rows for them, to be filled", AddMissingTimes(count=step, unit=unit)),),
    )


# --- No rhythm -------------------------------------------------------------------------------------


def _uneven(times: pd.DatetimeIndex) -> Finding:
    steps = np.diff(times.asi8)
    middle = float(np.median(steps))
    sentence = (
        f"The rows come unevenly, from {_long(steps.min())} to {_long(steps.max())} apart. A model counts "
        "rows: to it, all steps are alike."
    )
    offers = []
    jitter = _jitter(times, middle)
    if jitter is not None:
        step, unit = jitter
        sentence = f"The rows come {every(step, unit)}, but not to the point."
        rounded = RoundTimes(count=step, unit=unit)  # type: ignore[arg-type]
        offers.append(Offer(f"Round their times to {'the ' * (step == 1)}{_one(step, unit)}", rounded))
    at = _stretch(times, middle)
    step, unit = _ROUND[at]
    offers.append(Offer(f"Take the mean of {_each(step, unit)}", Resample(count=step, unit=unit)))
    offers.append(Offer(f"Add up {_each(step, unit)}", Resample(count=step, unit=unit, how="sum")))
    if at + 1 < len(_ROUND):
        step, unit = _ROUND[at + 1]
        offers.append(Offer(f"Take the mean of {_each(step, unit)}", Resample(count=step, unit=unit)))
    return Finding(key="spacing", severity="should", sentence=sentence, offers=tuple(offers))


def _jitter(times: pd.DatetimeIndex, middle: float) -> tuple[int, Span] | None:
    """Give the rhythm that all rows are within a quarter step of, each at another beat."""
    short = [one for one in _ROUND if one[1] not in {"week", "month", "year"}]
    step, unit = min(short, key=lambda one: abs(np.log(_length(*one) / middle)))
    beat = np.round(times.asi8 / _length(step, unit))
    near = np.abs(times.asi8 - beat * _length(step, unit)) <= _length(step, unit) / 4
    return (step, unit) if near.all() and (np.diff(beat) > 0).all() else None


def _stretch(times: pd.DatetimeIndex, middle: float) -> int:
    """Choose a round stretch of about the usual step, long enough that most of them hold a row."""
    first = next((at for at, one in enumerate(_ROUND) if _length(*one) >= 0.75 * middle), len(_ROUND) - 1)
    for at in range(first, min(first + _TRIES, len(_ROUND))):
        step, unit = _ROUND[at]
        stretches = ticks(times.to_numpy(), unit) // step
        if (np.count_nonzero(np.diff(stretches)) + 1) >= _HOLDING * (stretches[-1] - stretches[0] + 1):
            return at
    return first


# --- Words -----------------------------------------------------------------------------------------


def _length(step: int, unit: Span) -> int:
    return step * _LENGTHS[unit]


def every(step: int, unit: Span) -> str:
    """Write every hour, every 3 months, every business day."""
    return f"every {_one(step, unit)}"


def _each(step: int, unit: Span) -> str:
    return f"each {unit}" if step == 1 else f"every {_one(step, unit)}"


def _one(step: int, unit: Span) -> str:
    word = unit.replace("_", " ")
    return word if step == 1 else f"{step:,} {word}s"


def _long(microseconds: float) -> str:
    """Write a length of time in the largest unit that it holds."""
    sizes = sorted(_LENGTHS.items(), key=lambda item: -item[1])
    unit, size = next(((unit, size) for unit, size in sizes if microseconds >= size), sizes[-1])
    return count(round(microseconds / size), unit)
