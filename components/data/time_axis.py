"""The time axis of a dataset: how far apart its rows are, in plain words, and how it goes on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
import pandas as pd

from components.errors import DataError
from components.recipe.cleaning import TimeUnit

_DAY = np.timedelta64(1, "D")
_SPANS = {
    "week": 7 * _DAY,
    "day": _DAY,
    "hour": np.timedelta64(1, "h"),
    "minute": np.timedelta64(1, "m"),
    "second": np.timedelta64(1, "s"),
}
_MIN_LENGTHS: dict[TimeUnit, np.timedelta64] = {
    "millisecond": np.timedelta64(1, "ms"),
    "second": np.timedelta64(1, "s"),
    "minute": np.timedelta64(1, "m"),
    "hour": np.timedelta64(1, "h"),
    "day": _DAY,
    "business_day": _DAY,
    "week": 7 * _DAY,
    "month": 28 * _DAY,
    "year": 365 * _DAY,
}
MOST_ROWS = 20_000_000
_MOST_DAYS = 10_000 * 366
_SEASONS = {"every hour": 24, "every day": 7, "every week": 52, "every month": 12, "every quarter": 4}
_PORTION = 1 << 20  # times of a long series that are looked at together, so that it is nowhere copied whole
# Exchanges close on about ten holidays a year, 4 % of its business days.
_MIN_BUSINESS_DAY_SHARE = 0.9


def frequency(index: pd.Index) -> str:
    """Return how far apart the rows are: "every day", "every 2 weeks", "unevenly", "numbered"."""
    return _rhythm(index).words if isinstance(index, pd.DatetimeIndex) else "numbered"


def time_labels(index: pd.Index) -> tuple[str, ...]:
    """Name each place on an index as short as all allow: `1994`, `Jan 1994`, `3 Jan 1994`, `row 12`."""
    if not isinstance(index, pd.DatetimeIndex):
        return tuple(f"row {number}" for number in index)
    if not (index == index.normalize()).all():
        return tuple(f"{time.day} {time:%b %Y, %H:%M}" for time in index)
    if (index.dayofyear == 1).all() and len(index) > 1:
        return tuple(f"{time:%Y}" for time in index)
    if (index.day == 1).all() and len(index) > 1:
        return tuple(f"{time:%b %Y}" for time in index)
    return tuple(f"{time.day} {time:%b %Y}" for time in index)


def future_index(index: pd.Index, n: int) -> pd.Index:
    """Return the next `n` values of the index, in its own rhythm; uneven times go on by their median step."""
    if isinstance(index, pd.DatetimeIndex):
        times = _rhythm(index).after(index.to_numpy()[-1], n)
        return pd.DatetimeIndex(times, name=index.name).as_unit(index.unit)
    if isinstance(index, pd.RangeIndex):
        return pd.RangeIndex(index.stop, index.stop + n * index.step, index.step, name=index.name)
    raise TypeError(f"a dataset has no index of type {type(index).__name__}")


def time_grid(index: pd.DatetimeIndex, count: int, unit: TimeUnit) -> pd.DatetimeIndex:
    """Return the times from the first of increasing ones to the last, one every `count` units.

    Raises:
        DataError: if they are more than fit into memory.
    """
    first, last = index.to_numpy()[0], index.to_numpy()[-1]
    # A month has 28 days or more, a business day is followed by one within three days.
    n = int((last - first) / (count * _MIN_LENGTHS[unit])) + 1
    check_rows(n)
    rhythm: _Rhythm = _FixedStep(count * _MIN_LENGTHS[unit])
    if unit == "business_day":
        rhythm = _BusinessDays()
    elif unit in {"month", "year"}:
        rhythm = _Months(count * (12 if unit == "year" else 1), int(index.day.max()))
    later = rhythm.after(first, n)
    times = np.concatenate([[first], later[later <= last]])
    return pd.DatetimeIndex(times, name=index.name).as_unit(index.unit)


def regular_times(start: datetime, rows: int, count: int, unit: TimeUnit) -> pd.DatetimeIndex:
    """Return as many times, the first one as given, and one every `count` units after it.

    Raises:
        DataError: if they go beyond the year 9999.
    """
    too_far = DataError("These times go beyond the year 9999.", where="time", remedy="Choose a shorter step.")
    if count * max(0, rows - 1) * (_MIN_LENGTHS[unit] / _DAY) > _MOST_DAYS:  # more than numbers hold
        raise too_far
    first = np.datetime64(start.replace(tzinfo=None), "us")
    steps: np.ndarray = count * np.arange(rows)
    if unit == "business_day":
        # On a weekend the first row stays where it is put.
        day = first.astype("datetime64[D]")
        times = np.busday_offset(day, steps, roll="backward") + (first - day)
        times[:1] = first
    elif unit in {"month", "year"}:
        each = _Months(count * (12 if unit == "year" else 1), start.day)
        times = np.concatenate([[first], each.after(first, max(0, rows - 1))])[:rows]
    else:
        times = first + steps * _MIN_LENGTHS[unit].astype("timedelta64[us]")
    if rows and (times[-1] < first or times[-1] >= np.datetime64("10000-01-01")):
        raise too_far
    return pd.DatetimeIndex(times, name="time").as_unit("us")


def last_regular_time(start: datetime, rows: int, count: int, unit: TimeUnit) -> pd.Timestamp:
    """Return the last of the times that `regular_times` gives, without the others: there may be millions.

    Raises:
        DataError: if it goes beyond the year 9999.
    """
    return regular_times(start, min(rows, 2), count * max(1, rows - 1), unit)[-1]


def check_rows(rows: int) -> None:
    """Refuse a table that grows too long.

    Raises:
        DataError: if it has more than `MOST_ROWS`.
    """
    if rows > MOST_ROWS:
        raise DataError(
            f"That makes {rows:,} rows; at most {MOST_ROWS:,} are allowed.",
            where="time",
            remedy="Choose a longer step.",
        )


def usual_season(index: pd.Index) -> int | None:
    """Return the number of rows after which series of this frequency usually repeat, None where they
    don't."""
    return _SEASONS.get(frequency(index))


def likely_seasons(index: pd.Index) -> tuple[int, ...]:
    """Return the rows of a day, a week and a year, shortest first, where rows come evenly; none below 2."""
    if not isinstance(index, pd.DatetimeIndex):
        return ()
    rhythm = _rhythm(index)
    if isinstance(rhythm, _BusinessDays):
        return 5, 261
    if isinstance(rhythm, _Months):
        return (12 // rhythm.count,) if rhythm.count in {1, 2, 3, 4, 6} else ()
    if not isinstance(rhythm, _FixedStep):
        return ()
    day = _DAY / rhythm.step
    rows = (day, 7 * day, 365.25 * day)
    return tuple(round(count) for count in rows if count >= 2 and (count > 50 or count == round(count)))


class _Rhythm(Protocol):
    @property
    def words(self) -> str: ...

    def after(self, last: np.datetime64, n: int) -> np.ndarray: ...


@dataclass(frozen=True)
class _Months:
    """One row every `count` calendar months, on `day` or the month's last day where that comes first."""

    count: int
    day: int

    @property
    def words(self) -> str:
        if self.count == 3:
            return "every quarter"
        return (
            _every_phrase(self.count // 12, "year")
            if self.count % 12 == 0
            else _every_phrase(self.count, "month")
        )

    def after(self, last: np.datetime64, n: int) -> np.ndarray:
        months = last.astype("datetime64[M]") + self.count * np.arange(1, n + 1)
        firsts = months.astype("datetime64[D]")
        lengths = (months + 1).astype("datetime64[D]") - firsts
        days = firsts + np.minimum(self.day * _DAY, lengths) - _DAY
        return days + (last - last.astype("datetime64[D]"))


@dataclass(frozen=True)
class _FixedStep:
    """One row after every `step`, to the microsecond."""

    step: np.timedelta64

    @property
    def words(self) -> str:
        for word, span in _SPANS.items():
            if self.step % span == np.timedelta64(0):
                return _every_phrase(int(self.step // span), word)
        return f"every {self.step / np.timedelta64(1, 's'):g} seconds"

    def after(self, last: np.datetime64, n: int) -> np.ndarray:
        return last + self.step * np.arange(1, n + 1)


@dataclass(frozen=True)
class _BusinessDays:
    """One row every Monday to Friday, holidays left out."""

    words: str = "every business day"

    def after(self, last: np.datetime64, n: int) -> np.ndarray:
        day = last.astype("datetime64[D]")
        return np.busday_offset(day, np.arange(1, n + 1)) + (last - day)


@dataclass(frozen=True)
class _Irregular:
    """No rhythm; `step` is the median."""

    step: np.timedelta64
    words: str = "unevenly"

    def after(self, last: np.datetime64, n: int) -> np.ndarray:
        return last + self.step * np.arange(1, n + 1)


def _every_phrase(count: int, word: str) -> str:
    return f"every {word}" if count == 1 else f"every {count} {word}s"


def _rhythm(index: pd.DatetimeIndex) -> _Rhythm:
    """Find the rhythm of strictly increasing times."""
    times = index.to_numpy()
    if len(times) < 2:
        return _Irregular(_DAY)
    # Before even spans: 1 July, 1 August and 1 September are months, not 31 days.
    months = _month_step(times)
    day = index.day.to_numpy() if months else None
    if day is not None and (day == np.minimum(day.max(), index.days_in_month)).all():
        return _Months(months, int(day.max()))
    if _are_even(times):
        return _FixedStep(times[1] - times[0])
    if day is not None and np.ptp(day) <= 7:  # such as each month's last day of trade
        return _Months(months, int(day.max()))
    if _are_business_days(times):
        return _BusinessDays()
    every = -(-len(times) // _PORTION)
    steps = times[1::every] - times[:-1:every]
    return _Irregular(np.median(steps.astype("int64")).astype("int64").astype(steps.dtype))


def _are_even(times: np.ndarray) -> bool:
    """Return whether all times lie equally far apart."""
    step = times[1] - times[0]
    portions = (times[at : at + _PORTION + 1] for at in range(0, len(times) - 1, _PORTION))
    return all(bool((np.diff(portion) == step).all()) for portion in portions)


def _month_step(times: np.ndarray) -> int:
    """Return how many months lie between any two of the times, where it is always as many; else 0."""
    first = int(np.diff(times[:2].astype("datetime64[M]"))[0].astype(int))
    # As many months as that can't be shorter: the whole of a long series need not be looked at.
    if not first or (times[-1] - times[0]) / (28 * _DAY) < (len(times) - 2) * first:
        return 0
    months = np.diff(times.astype("datetime64[M]")).astype(int)
    return first if (months == first).all() else 0


def _are_business_days(times: np.ndarray) -> bool:
    ends = times[[0, -1]].astype("datetime64[D]")
    possible = np.busday_count(ends[0], ends[1]) + 1
    if len(times) > possible:
        return False
    days = times.astype("datetime64[D]")
    return bool(
        np.is_busday(days).all()
        and len(np.unique(times - days)) == 1
        and _MIN_BUSINESS_DAY_SHARE * possible <= len(days)
    )
