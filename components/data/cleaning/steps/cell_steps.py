"""Mends that say what cells mean: times, numbers, nothing at all."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from components.data import time_axis
from components.data.cleaning.steps import columns
from components.data.parsing import calendars, date_parsing, time_parts
from components.data.parsing.number_parsing import NumberFormat
from components.errors import DataError
from components.recipe import (
    DropColumns,
    KeepColumns,
    ReadFlags,
    ReadNumbers,
    SetRegularTimes,
    SetTime,
    StandardTime,
    TreatAsMissing,
)

_SECOND = 1_000_000  # microseconds
# Parts that say when in a day.
_CLOCK_PARTS = {"time", "hour", "counted_hour", "counted_half_hour", "minute", "second"}
_COUNTED_MINUTES = {"counted_hour": 60, "counted_half_hour": 30}
_NOT_A_TIME = np.datetime64("NaT", "us")

# --- Times -----------------------------------------------------------------------------------------


def set_time(frame: pd.DataFrame, step: SetTime) -> pd.DataFrame:
    """Make columns the index: datetime64[us] in the order of the rows, NaT where nothing could be read."""
    if isinstance(frame.index, pd.DatetimeIndex):
        raise DataError(
            "The time of the rows is already set.", where="time", remedy="Undo one of the two steps."
        )
    columns.check_exist(frame, step.columns)
    held = dict(zip(step.parts, (frame[column] for column in step.columns), strict=True))
    first = step.parts[0]
    times = _date_from_parts(held, step) if first == "year" else _TIME_PARSERS[first](held[first], step)
    if not _CLOCK_PARTS.isdisjoint(held):
        times = times + _time_of_day(held, len(frame))
    for part, minutes in _COUNTED_MINUTES.items():
        if part in held:
            times = _add_counted(times, _parse_integers(held[part]), minutes)
    name = step.columns[0] if first != "year" or len(held) == 1 else "time"
    rest = frame.drop(columns=list(step.columns))
    rest.index = pd.DatetimeIndex(times, name=name, copy=False)
    return rest


def _parse_dates(column: pd.Series, step: SetTime) -> np.ndarray:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)
    if column.dtype.kind == "M":
        times = column.to_numpy().astype("datetime64[us]", copy=False)
        return times if step.calendar == "gregorian" else _from_other_calendar(times, step)
    if column.dtype == np.float64:
        return _parse_digits(column, step)
    return date_parsing.DateColumn.of(column).times(
        step.order, step.zone, calendar=step.calendar, first_year=step.first_year, turned=step.turned
    )


def _from_other_calendar(times: np.ndarray, step: SetTime) -> np.ndarray:
    """Read the year, the month and the day of times in another calendar."""
    index = pd.DatetimeIndex(times)
    year, month, day = (part.fillna(0).to_numpy() for part in (index.year, index.month, index.day))
    days = calendars.midnights(
        year.astype(np.int64), month.astype(np.int64), day.astype(np.int64), step.calendar
    )
    return days + (times - times.astype("datetime64[D]"))


def _parse_digits(column: pd.Series, step: SetTime) -> np.ndarray:
    """Read 202001, 20200131, 2020013115, 202001311530 and 20200131153059, and 2020 alone."""
    digits = _parse_integers(column)
    date, clock = digits.copy(), np.zeros_like(digits)
    for length, places in ((10, 2), (12, 4), (14, 6)):
        fits = (digits >= 10 ** (length - 1)) & (digits < 10**length)
        date = np.where(fits, digits // 10**places, date)
        clock = np.where(fits, digits % 10**places * 10 ** (6 - places), clock)
    date = np.where((date > 0) & (date < 10_000), date * 10_000 + 101, date)
    date = np.where((date >= 100_000) & (date < 1_000_000), date * 100 + 1, date)
    hour, minute, second = clock // 10_000, clock // 100 % 100, clock % 100
    right = (date < 100_000_000) & (hour <= 24) & (minute < 60) & (second < 60)
    days = calendars.midnights(
        np.where(right, date // 10_000, 0), date // 100 % 100, date % 100, step.calendar
    )
    return days + ((hour * 60 + minute) * 60 + second).astype("timedelta64[s]")


def _parse_decimal_year(column: pd.Series, _: SetTime) -> np.ndarray:
    years = _parse_numbers(column)
    start, share = _year_and_fraction(years)
    length = (start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")
    seconds = np.round(share * length.astype("int64") * 86_400)
    return _keep_valid_years(years, start.astype("datetime64[us]") + seconds.astype("timedelta64[s]"))


def _parse_decimal_month(column: pd.Series, _: SetTime) -> np.ndarray:
    years = _parse_numbers(column)
    start, share = _year_and_fraction(years)
    # 1974.083 is meant as 1/12, and 1974.0417 is the middle of January.
    months = start.astype("datetime64[M]") + np.floor(share * 12 + 0.05).astype(np.int64)
    return _keep_valid_years(years, months.astype("datetime64[us]"))


def _parse_year_week(column: pd.Series, _: SetTime) -> np.ndarray:
    digits = _parse_integers(column)
    return date_parsing.iso_week_days(digits // 100, digits % 100).astype("datetime64[us]")


def _parse_year_day(column: pd.Series, _: SetTime) -> np.ndarray:
    digits = _parse_integers(column)
    return calendars.midnights(*date_parsing.day_of_year_date(digits // 1000, digits % 1000))


def _parse_year_dot_month(column: pd.Series, step: SetTime) -> np.ndarray:
    hundredths = np.round(np.nan_to_num(_parse_numbers(column)) * 100).astype(np.int64)
    return calendars.midnights(hundredths // 100, hundredths % 100, 1, step.calendar)


def _parse_month_dot_year(column: pd.Series, step: SetTime) -> np.ndarray:
    digits = np.round(np.nan_to_num(_parse_numbers(column)) * 10_000).astype(np.int64)
    return calendars.midnights(digits % 10_000, digits // 10_000, 1, step.calendar)


def _year_and_fraction(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    years = np.where((numbers >= 1) & (numbers < 10_000), numbers, 1970.0)
    whole = np.floor(years)
    return (whole.astype(np.int64) - 1970).astype("datetime64[Y]"), years - whole


def _keep_valid_years(years: np.ndarray, times: np.ndarray) -> np.ndarray:
    return np.where((years >= 1) & (years < 10_000), times, _NOT_A_TIME)


def _unix_parser(unit: float) -> Callable[[pd.Series, SetTime], np.ndarray]:
    def read(column: pd.Series, _: SetTime) -> np.ndarray:
        return _add_microseconds(np.datetime64(0, "us"), _parse_numbers(column) * unit)

    return read


def _parse_serial_days(column: pd.Series, _: SetTime) -> np.ndarray:
    # A spreadsheet counts a 29 February 1900, which never was; its fractions are true to a millisecond.
    micros = np.round(_parse_numbers(column) * 86_400_000) * 1000
    return _add_microseconds(np.datetime64("1899-12-30", "us"), micros)


def _add_microseconds(start: np.datetime64, micros: np.ndarray) -> np.ndarray:
    """Add microseconds to a time; NaT outside of the years 1 to 9999."""
    fits = np.abs(micros) < 2e17
    times = start + np.round(np.where(fits, micros, 0)).astype("timedelta64[us]")
    return np.where(fits, times, _NOT_A_TIME)


_TIME_PARSERS: dict[str, Callable[[pd.Series, SetTime], np.ndarray]] = {
    "date": _parse_dates,
    "digits": _parse_digits,
    "decimal_year": _parse_decimal_year,
    "decimal_month": _parse_decimal_month,
    "unix_seconds": _unix_parser(1e6),
    "unix_milliseconds": _unix_parser(1e3),
    "unix_microseconds": _unix_parser(1),
    "unix_nanoseconds": _unix_parser(1e-3),
    "serial_days": _parse_serial_days,
    "year_week": _parse_year_week,
    "year_day": _parse_year_day,
    "year_dot_month": _parse_year_dot_month,
    "month_dot_year": _parse_month_dot_year,
}


def _date_from_parts(parts: dict[str, pd.Series], step: SetTime) -> np.ndarray:
    year = _parse_integers(parts["year"])
    if "week" in parts:
        return date_parsing.iso_week_days(year, _parse_part(parts["week"], "week")).astype("datetime64[us]")
    if "day_of_year" in parts:
        return calendars.midnights(
            *date_parsing.day_of_year_date(year, _parse_integers(parts["day_of_year"]))
        )
    month: np.ndarray | int = 1
    if "month" in parts:
        month = _parse_months(parts["month"])
    elif "quarter" in parts:
        month = 3 * _parse_part(parts["quarter"], "quarter") - 2
    elif "half" in parts:
        month = 6 * _parse_part(parts["half"], "half") - 5
    day = _parse_integers(parts["day"]) if "day" in parts else 1
    return calendars.midnights(year, month, day, step.calendar)


def _parse_part(column: pd.Series, part: time_parts.Part) -> np.ndarray:
    return (
        _parse_integers(column)
        if column.dtype == np.float64
        else time_parts.parse_part(column.astype("str"), part)
    )


def _parse_months(column: pd.Series) -> np.ndarray:
    if column.dtype == np.float64:
        return _parse_integers(column)
    numbers = _parse_part(column, "month")
    return numbers if (numbers > 0).any() else date_parsing.parse_month_names(column)


def _add_counted(days: np.ndarray, numbers: np.ndarray, minutes: int) -> np.ndarray:
    """Add the hours of a day, or its halves, counted from 1, as they pass and not as the clock shows them.

    Where a day has 25 hours, the clocks go back. Then all is in standard time: between a Sunday of 23 hours,
    or the first row, and the day of 25, what is counted begins an hour before midnight.
    """
    most = 24 * 60 // minutes
    right = (numbers >= 1) & (numbers <= most + 60 // minutes) & ~np.isnat(days)
    ahead = np.zeros(len(days), dtype=bool)
    codes, each = pd.factorize(days, sort=True)  # NaT is −1
    if (numbers > most).any() and len(each):
        counts = np.bincount(codes[right], minlength=len(each))
        highest = np.zeros(len(each), dtype=np.int64)
        np.maximum.at(highest, codes[right], numbers[right])
        fewest = most - 60 // minutes
        sunday = (np.asarray(each).astype("datetime64[D]").astype(np.int64) + 3) % 7 == 6
        back, forward = highest > most, (highest == fewest) & (counts >= fewest) & sunday
        summer = np.zeros(len(each), dtype=bool)
        is_summer = _begins_in_summer(back, forward)
        for day in range(len(each)):
            summer[day] = is_summer
            is_summer = (is_summer or bool(forward[day])) and not back[day]
        ahead = np.where(codes >= 0, summer[codes], False)
    passed = (numbers - 1 - ahead * (60 // minutes)) * minutes
    return np.where(right, days + passed.astype("timedelta64[m]"), _NOT_A_TIME)


def _begins_in_summer(back: np.ndarray, forward: np.ndarray) -> bool:
    """Return whether the clocks go back before they go forward."""
    first_forward = int(np.argmax(forward)) if forward.any() else len(forward)
    return int(np.argmax(back)) < first_forward


def _time_of_day(parts: dict[str, pd.Series], rows: int) -> np.ndarray:
    """Add up the time of day; NaT where a part of it is impossible."""
    micros, right = np.zeros(rows, dtype=np.int64), np.ones(rows, dtype=bool)
    if "time" in parts:
        clock = _clock_microseconds(parts["time"])
        micros, right = micros + clock, right & (clock >= 0)
    for part, size, most in (("hour", 3600, 24), ("minute", 60, 59), ("second", 1, 60)):
        if part in parts:
            numbers = _parse_numbers(parts[part])
            fits = (numbers >= 0) & (numbers <= most)
            micros = micros + np.round(np.where(fits, numbers, 0) * size * _SECOND).astype(np.int64)
            right &= fits
    return np.where(right, micros.astype("timedelta64[us]"), np.timedelta64("NaT", "us"))


def _clock_microseconds(column: pd.Series) -> np.ndarray:
    """Return microseconds since midnight, −1 where there are none; a number is a share of the day."""
    if column.dtype.kind == "M":
        times = column.to_numpy().astype("datetime64[us]")
        return np.where(np.isnat(times), -1, (times - times.astype("datetime64[D]")).astype(np.int64))
    if column.dtype == np.float64:
        share = column.to_numpy()
        fits = (share >= 0) & (share < 1)
        return np.where(fits, np.round(np.where(fits, share, 0) * 86_400) * _SECOND, -1).astype(np.int64)
    return date_parsing.parse_times_of_day(column)


def _parse_numbers(column: pd.Series) -> np.ndarray:
    """Return plain numbers as float64, NaN where there is none."""
    if column.dtype == np.float64:
        return column.to_numpy()
    return NumberFormat().read(column.astype("str"))


def _parse_integers(column: pd.Series) -> np.ndarray:
    """Return whole numbers from 0 on as int64, −1 where there is none."""
    numbers = _parse_numbers(column)
    fits = (numbers >= 0) & (numbers < 1e15) & (numbers == np.floor(numbers))
    return np.where(fits, numbers, -1).astype(np.int64)


def set_regular_times(frame: pd.DataFrame, step: SetRegularTimes) -> pd.DataFrame:
    """The rows stay in the order that they have."""
    if isinstance(frame.index, pd.DatetimeIndex):
        raise DataError(
            "The time of the rows is already set.", where="time", remedy="Undo one of the two steps."
        )
    return frame.set_axis(time_axis.regular_times(step.start, len(frame), step.count, step.unit), axis=0)


def standard_time(frame: pd.DataFrame, step: StandardTime) -> pd.DataFrame:
    """Of a time that the clock shows twice in autumn, the earlier one is in summer time."""
    clock = columns.row_times(frame)
    try:
        zone = ZoneInfo(step.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise DataError(
            f"The time zone “{step.zone}” is unknown.", where="time", remedy="Undo this step."
        ) from None
    repeated = pd.Series(clock).groupby(clock.to_numpy()).cumcount().to_numpy()
    filled = clock.dropna()
    newest_first = len(filled) > 1 and filled[0] > filled[-1]
    utc = clock.tz_localize(
        zone, ambiguous=(repeated > 0) if newest_first else (repeated == 0), nonexistent="shift_forward"
    ).tz_convert(None)
    year = filled[0].year if len(filled) else 2000
    ahead = min(zone.utcoffset(datetime(year, month, 1)) or timedelta() for month in (1, 7))
    return frame.set_axis((utc + ahead).rename(clock.name), axis=0)


# --- Numbers ---------------------------------------------------------------------------------------


def read_numbers(frame: pd.DataFrame, step: ReadNumbers) -> pd.DataFrame:
    """Cells that are no numbers in this style become NaN; a column that holds numbers stays as it is."""
    columns.check_exist(frame, step.columns)
    style = NumberFormat(step.decimal, step.thousands, step.units, step.magnitudes, step.footnotes)
    texts = [column for column in step.columns if frame[column].dtype != np.float64]
    return columns.replace_columns(
        frame, {column: style.read(frame[column].astype("str")) for column in texts}
    )


def read_flags(frame: pd.DataFrame, step: ReadFlags) -> pd.DataFrame:
    """Cells that say neither yes nor no become NaN."""
    columns.check_exist(frame, step.columns)
    meaning = dict.fromkeys(step.no, 0.0) | dict.fromkeys(step.yes, 1.0)
    texts = [column for column in step.columns if frame[column].dtype != np.float64]
    return columns.replace_columns(
        frame, {column: columns.folded(frame[column]).map(meaning).to_numpy(np.float64) for column in texts}
    )


def treat_as_missing(frame: pd.DataFrame, step: TreatAsMissing) -> pd.DataFrame:
    """Put NaN in the place of the values."""
    columns.check_exist(frame, step.columns)
    columns.check_numbers(frame, step.columns)
    return frame.assign(
        **{column: frame[column].mask(frame[column].isin(step.values)) for column in step.columns}
    )


# --- Columns ---------------------------------------------------------------------------------------


def drop_columns(frame: pd.DataFrame, step: DropColumns) -> pd.DataFrame:
    """The other columns keep their order."""
    columns.check_exist(frame, step.columns)
    return frame.drop(columns=list(step.columns))


def keep_columns(frame: pd.DataFrame, step: KeepColumns) -> pd.DataFrame:
    """The columns that stay keep their order."""
    columns.check_exist(frame, step.columns)
    kept = set(step.columns)
    return frame[[column for column in frame.columns if column in kept]]
