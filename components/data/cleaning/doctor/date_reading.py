"""How the dates of a table are meant: in which order, calendar and century, and by which clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from components.data.cleaning.doctor.time_candidates import TimeCandidate
from components.data.cleaning.steps import apply_step
from components.data.cleaning.steps.step_description import CALENDARS
from components.data.parsing.date_parsing import POSIX_FIRST_YEAR, DateColumn, DateOrder
from components.data.time_axis import frequency
from components.recipe import SetTime
from components.recipe.cleaning import Calendar

_SOME_ROWS = 2000  # by which calendars are compared
_MOST_YEARS = 20_000  # changes of the year by which a century is found
_FORESEEN = 10  # years that a series may go on beyond today, if it began before
_BUDDHIST_YEARS = (2400, 2700)
_MINGUO_YEARS = (20, 200)
_DAY = np.timedelta64(1, "D")

_NOBODY = np.zeros(0, dtype=bool)


@dataclass(frozen=True, eq=False)
class DateReading:
    """How the dates in some columns are meant, as far as they tell, and what they leave open.

    Attributes:
        step: the likeliest reading.
        orders: of numbers such as 01/02/2020, the likelier first; several where nothing tells.
        calendars: that the dates may belong to, the likelier first.
        may_be_turned: whether a spreadsheet may have exchanged day and month in some rows.
        ambiguous: (rows,) those whose order of numbers is to be found.
        zoned: (rows,) those that name their zone or offset.
        unzoned: (rows,) dates that name none.
        remarks: sentences on what was found and is not plain to see.
        other_steps: labels and steps of other readings that are possible, if less likely.
    """

    step: SetTime
    orders: tuple[DateOrder, ...] = ("day_first",)
    calendars: tuple[Calendar, ...] = ("gregorian",)
    may_be_turned: bool = False
    ambiguous: np.ndarray = field(default_factory=_NOBODY.copy)
    zoned: np.ndarray = field(default_factory=_NOBODY.copy)
    unzoned: np.ndarray = field(default_factory=_NOBODY.copy)
    remarks: tuple[str, ...] = ()
    other_steps: tuple[tuple[str, SetTime], ...] = ()
    first_years: tuple[int, ...] = ()

    @property
    def zones_are_mixed(self) -> bool:
        """Whether only some of the times name their zone."""
        return bool(self.zoned.any() and self.unzoned.any())

    def in_order(self, order: DateOrder) -> SetTime:
        """Return the reading in one of its orders."""
        first_year = dict(zip(self.orders, self.first_years, strict=True)).get(order, self.step.first_year)
        return self.step.model_copy(update={"order": order, "first_year": first_year})


def read_dates(frame: pd.DataFrame, candidate: TimeCandidate) -> DateReading:
    """Find out how the dates of some columns are meant."""
    step = SetTime(columns=candidate.columns, parts=candidate.parts)
    if step.parts[0] == "date" and frame[step.columns[0]].dtype == "str":
        return _read_texts(frame, step)
    if step.parts[0] in {"date", "digits", "year", "year_dot_month", "month_dot_year"}:
        return _in_calendar(frame, step)
    return DateReading(step)


def _read_texts(frame: pd.DataFrame, step: SetTime) -> DateReading:
    dates = DateColumn.of(frame[step.columns[0]])
    dated = dates.year >= 0
    orders = dates.orders()
    if _all_at_one_time(dates, dated):
        step = step.model_copy(update={"zone": "clock"})
    first_years = [_first_year(dates, order) for order in orders]
    first_year, certain = first_years[0]
    reading = _in_calendar(frame, step.model_copy(update={"order": orders[0], "first_year": first_year}))
    step, remarks, others = reading.step, list(reading.remarks), []
    if step.zone == "clock":
        remarks.append("Each day is the one that is written, whatever its time zone.")
    if dates.short.any() and first_year != POSIX_FIRST_YEAR:
        years = dates.dates(step.order, first_year)[0][dates.short & dated]
        remarks.append(f"Its years of two digits are read as {years.min()} to {years.max()}.")
    if not certain:
        another = step.model_copy(update={"first_year": first_year + (100 if first_year < 1950 else -100)})
        others.append((f"Read the years as {another.first_year} and later", another))
    return DateReading(
        step,
        orders,
        reading.calendars,
        _may_be_turned(dates),
        dates.is_ambiguous,
        dates.has_offset & dated,
        ~dates.has_offset & dated,
        tuple(remarks),
        tuple(others),
        tuple(year for year, _ in first_years),
    )


# --- Clocks ----------------------------------------------------------------------------------------


def _all_at_one_time(dates: DateColumn, dated: np.ndarray) -> bool:
    """Return whether all rows name an offset and show the same time of day, such as midnight: then the day
    is meant, and in UTC it could be another one."""
    if not dated.any() or not dates.has_offset[dated].all() or dated.sum() < 2:
        return False
    clock = dates.clock[dated]
    return bool((clock == clock[0]).all() and (dates.offset[dated] != 0).any())


# --- Day and month ---------------------------------------------------------------------------------


def _may_be_turned(dates: DateColumn) -> bool:
    """Return whether a spreadsheet may have taken some dates for others: texts whose day is after the 12th
    stand beside dates that begin with the year, none of which has such a day."""
    written = dates.is_ambiguous & (dates.year > 0)
    if not written.any() or not dates.is_iso.any():
        return False
    late = np.maximum(dates.day[written], dates.month[written]) > 12
    early = (dates.day[dates.is_iso] <= 12).all()
    return bool(late.all() and early and (dates.day != dates.month)[dates.is_iso].any())


def choose_rhythm(times: Sequence[np.ndarray]) -> tuple[int | None, str]:
    """Return which of two readings alone gives an even rhythm, and a sentence on it to be filled in.

    Args:
        times: (rows,) of each reading.

    Returns:
        None where both or none do.
    """
    distinct = [np.unique(one[~np.isnat(one)]) for one in times]
    even = [frequency(pd.DatetimeIndex(one)) != "unevenly" for one in distinct]
    if even.count(True) == 1:
        return even.index(True), "{only} are the rows evenly spaced."
    # Minutes of some days of trade: in the wrong order, these days are months apart.
    within_day = [bool(len(one) > 2 and np.median(np.diff(one)) < _DAY) for one in distinct]
    if all(within_day):
        gaps = [np.diff(one).max() / _DAY for one in distinct]
        near, far = int(np.argmin(gaps)), max(gaps)
        if gaps[near] <= 5 and far >= 14:
            return near, (
                "{way}, no gap is longer than "
                + _days(gaps[near])
                + "; the other way, they are up to "
                + _days(far)
                + "."
            )
    return None, "Which is it?"


def choose_order(times: Sequence[np.ndarray]) -> tuple[int | None, str]:
    """Return which of two readings alone keeps the order of the file, or else an even rhythm.

    Arguments and result are those of `choose_rhythm`.
    """
    kept = [_is_monotone(one) for one in times]
    if kept.count(True) == 1:
        return kept.index(True), "{only} are the rows sorted by time."
    chosen, why = choose_rhythm(times)
    return chosen, "" if chosen is None else why


def _is_monotone(times: np.ndarray) -> bool:
    times = times[~np.isnat(times)]
    return bool((times[1:] >= times[:-1]).all() or (times[1:] <= times[:-1]).all())


def _days(days: float) -> str:
    whole = int(np.ceil(days))
    return "a day" if whole == 1 else f"{whole:,} days"


# --- Years -----------------------------------------------------------------------------------------


def _first_year(dates: DateColumn, order: DateOrder, today: date | None = None) -> tuple[int, bool]:
    """Return the first of the hundred years that two digits mean, and whether no other century is as likely.

    It keeps the order of the file, and then the years together; and the series isn't in the future.
    """
    this_year = (today or date.today()).year
    short = dates.short & (dates.year >= 0)
    if not short.any():
        return POSIX_FIRST_YEAR, True
    years = dates.dates(order, 2000)[0][short].astype(np.int64) % 100
    years = years[np.concatenate([[True], np.diff(years) != 0])][:_MOST_YEARS]

    def disorder(first: int) -> tuple[int, int]:
        steps = np.diff((years - first) % 100)
        return int(min((steps < 0).sum(), (steps > 0).sum())), int(((years - first) % 100).max())

    first = min(np.unique(years).tolist(), key=disorder)
    span = disorder(first)[1]
    start, end = 2000 + first, 2000 + first + span
    is_past = end <= this_year + 1
    if not is_past and not (start <= this_year and end <= this_year + _FORESEEN):
        start -= 100
    same = start >= POSIX_FIRST_YEAR and start + span < POSIX_FIRST_YEAR + 100
    return (POSIX_FIRST_YEAR if same else start), is_past or start < 2000


# --- Calendars -------------------------------------------------------------------------------------


def _in_calendar(frame: pd.DataFrame, step: SetTime) -> DateReading:
    """Return the reading in the likeliest calendar, and those that are as likely."""
    some = frame[list(step.columns)].iloc[:: max(1, len(frame) // _SOME_ROWS)]
    candidates = _possible_calendars(_times(some, step))
    if len(candidates) > 1:
        # Where a calendar lacks some of the days, it is another one.
        counts = {
            calendar: int(_times(some, step.model_copy(update={"calendar": calendar})).dropna().size)
            for calendar in candidates
        }
        candidates = tuple(one for one in candidates if counts[one] == max(counts.values()))
    step = step.model_copy(update={"calendar": candidates[0]})
    remarks: tuple[str, ...] = ()
    if candidates == (step.calendar,) and step.calendar != "gregorian":
        times = _times(some, step).dropna()
        if len(times):
            remarks = (
                f"Its years are those of the {CALENDARS[step.calendar]} calendar; the first row is from "
                f"{times[0]:%B %Y}.",
            )
    return DateReading(step, calendars=candidates, remarks=remarks)


def _times(frame: pd.DataFrame, step: SetTime) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(apply_step(frame, step).index)


def _possible_calendars(times: pd.DatetimeIndex, today: date | None = None) -> tuple[Calendar, ...]:
    """Return the calendars that dates may belong to, as their years and their fineness tell.

    Args:
        times: as they are in the Gregorian calendar.
        today: by default the day that it is.
    """
    times = times.dropna()
    if not len(times):
        return ("gregorian",)
    this_year = (today or date.today()).year
    low, high = int(times.year.min()), int(times.year.max())
    if low >= _BUDDHIST_YEARS[0] and high <= _BUDDHIST_YEARS[1]:
        return ("buddhist",)
    if low >= _MINGUO_YEARS[0] and high <= _MINGUO_YEARS[1]:
        return ("minguo",)
    persian_now, islamic_now = this_year - 621, round((this_year - 622) * 33 / 32) + 1
    if low < 1250 or high > islamic_now + 2:
        return ("gregorian",)
    found: list[Calendar] = []
    if high <= persian_now + 2:
        found.append("persian")
    if low >= 1343:
        found.append("islamic")
    # Of days and months six centuries ago there are hardly any tables; of years there are.
    fine = bool(((times.month != 1) | (times.day != 1)).any())
    return tuple(found) if fine and found else ("gregorian", *found)
