"""Mends that say what cells mean: times, numbers, nothing at all."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from components.data import moments
from components.data.mends import columns
from components.data.numerals import Style
from components.errors import DataError
from components.recipe import (
    LONGEST_NAME,
    DropColumns,
    ReadNumbers,
    SetTime,
    SpreadColumn,
    StandardTime,
    TreatAsMissing,
)

_SECOND = 1_000_000  # microseconds
_CLOCK = {"time", "hour", "minute", "second"}  # parts that say when in a day
_NOT_A_TIME = np.datetime64("NaT", "us")

# --- Times -----------------------------------------------------------------------------------------


def set_time(frame: pd.DataFrame, mend: SetTime) -> pd.DataFrame:
    """Make columns the index: datetime64[us] in the order of the rows, NaT where nothing could be read."""
    if isinstance(frame.index, pd.DatetimeIndex):
        raise DataError("The rows have a time already.", where="time", remedy="Undo one of the two steps.")
    columns.check_there(frame, mend.columns)
    held = dict(zip(mend.parts, (frame[column] for column in mend.columns), strict=True))
    first = mend.parts[0]
    times = _from_year(held) if first == "year" else _WHOLE[first](held[first], mend)
    if not _CLOCK.isdisjoint(held):
        times = times + _since_midnight(held, len(frame))
    name = mend.columns[0] if first != "year" or len(held) == 1 else "time"
    rest = frame.drop(columns=list(mend.columns))
    rest.index = pd.DatetimeIndex(times, name=name, copy=False)
    return rest


def _written(column: pd.Series, mend: SetTime) -> np.ndarray:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)
    if column.dtype.kind == "M":
        return column.to_numpy().astype("datetime64[us]", copy=False)
    if column.dtype == np.float64:
        return _digits(column, mend)
    return moments.Dates.of(column).times(mend.order, mend.zone)


def _digits(column: pd.Series, _: SetTime) -> np.ndarray:
    """Read 202001, 20200131, 2020013115, 202001311530 and 20200131153059, and 2020 alone."""
    digits = _integers(column)
    date, clock = digits.copy(), np.zeros_like(digits)
    for length, places in ((10, 2), (12, 4), (14, 6)):
        fits = (digits >= 10 ** (length - 1)) & (digits < 10**length)
        date = np.where(fits, digits // 10**places, date)
        clock = np.where(fits, digits % 10**places * 10 ** (6 - places), clock)
    date = np.where((date > 0) & (date < 10_000), date * 10_000 + 101, date)
    date = np.where((date >= 100_000) & (date < 1_000_000), date * 100 + 1, date)
    hour, minute, second = clock // 10_000, clock // 100 % 100, clock % 100
    right = (date < 100_000_000) & (hour <= 24) & (minute < 60) & (second < 60)
    days = moments.days(np.where(right, date // 10_000, 0), date // 100 % 100, date % 100)
    return days + ((hour * 60 + minute) * 60 + second).astype("timedelta64[s]")


def _decimal_year(column: pd.Series, _: SetTime) -> np.ndarray:
    years = _numbers(column)
    start, share = _years(years)
    length = (start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")
    seconds = np.round(share * length.astype("int64") * 86_400)
    return _known(years, start.astype("datetime64[us]") + seconds.astype("timedelta64[s]"))


def _decimal_month(column: pd.Series, _: SetTime) -> np.ndarray:
    years = _numbers(column)
    start, share = _years(years)
    # 1974.083 is meant as 1/12, and 1974.0417 is the middle of January.
    months = start.astype("datetime64[M]") + np.floor(share * 12 + 0.05).astype(np.int64)
    return _known(years, months.astype("datetime64[us]"))


def _years(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    years = np.where((numbers >= 1) & (numbers < 10_000), numbers, 1970.0)
    whole = np.floor(years)
    return (whole.astype(np.int64) - 1970).astype("datetime64[Y]"), years - whole


def _known(years: np.ndarray, times: np.ndarray) -> np.ndarray:
    return np.where((years >= 1) & (years < 10_000), times, _NOT_A_TIME)


def _since_1970(unit: float) -> Callable[[pd.Series, SetTime], np.ndarray]:
    def read(column: pd.Series, _: SetTime) -> np.ndarray:
        return _moved(np.datetime64(0, "us"), _numbers(column) * unit)

    return read


def _serial_days(column: pd.Series, _: SetTime) -> np.ndarray:
    # A spreadsheet counts a 29 February 1900, which never was; its fractions are true to a millisecond.
    micros = np.round(_numbers(column) * 86_400_000) * 1000
    return _moved(np.datetime64("1899-12-30", "us"), micros)


def _moved(start: np.datetime64, micros: np.ndarray) -> np.ndarray:
    """Add microseconds to a time; NaT outside of the years 1 to 9999."""
    fits = np.abs(micros) < 2e17
    times = start + np.round(np.where(fits, micros, 0)).astype("timedelta64[us]")
    return np.where(fits, times, _NOT_A_TIME)


_WHOLE: dict[str, Callable[[pd.Series, SetTime], np.ndarray]] = {
    "date": _written,
    "digits": _digits,
    "decimal_year": _decimal_year,
    "decimal_month": _decimal_month,
    "unix_seconds": _since_1970(1e6),
    "unix_milliseconds": _since_1970(1e3),
    "unix_microseconds": _since_1970(1),
    "unix_nanoseconds": _since_1970(1e-3),
    "serial_days": _serial_days,
}


def _from_year(held: dict[str, pd.Series]) -> np.ndarray:
    month: np.ndarray | int = 1
    if "month" in held:
        month = _months(held["month"])
    elif "quarter" in held:
        quarter = _integers(held["quarter"])
        month = np.where((quarter >= 1) & (quarter <= 4), 3 * quarter - 2, 0)
    day = _integers(held["day"]) if "day" in held else 1
    return moments.days(_integers(held["year"]), month, day)


def _months(column: pd.Series) -> np.ndarray:
    numbers = _integers(column)
    return numbers if column.dtype == np.float64 or (numbers > 0).any() else moments.months(column)


def _since_midnight(held: dict[str, pd.Series], rows: int) -> np.ndarray:
    """Add up the time of day; NaT where a part of it is impossible."""
    micros, right = np.zeros(rows, dtype=np.int64), np.ones(rows, dtype=bool)
    if "time" in held:
        clock = _clock(held["time"])
        micros, right = micros + clock, right & (clock >= 0)
    for part, size, most in (("hour", 3600, 24), ("minute", 60, 59), ("second", 1, 60)):
        if part in held:
            numbers = _numbers(held[part])
            fits = (numbers >= 0) & (numbers <= most)
            micros = micros + np.round(np.where(fits, numbers, 0) * size * _SECOND).astype(np.int64)
            right &= fits
    return np.where(right, micros.astype("timedelta64[us]"), np.timedelta64("NaT", "us"))


def _clock(column: pd.Series) -> np.ndarray:
    """Give microseconds since midnight, −1 where there are none; a number is a share of the day."""
    if column.dtype.kind == "M":
        times = column.to_numpy().astype("datetime64[us]")
        return np.where(np.isnat(times), -1, (times - times.astype("datetime64[D]")).astype(np.int64))
    if column.dtype == np.float64:
        share = column.to_numpy()
        fits = (share >= 0) & (share < 1)
        return np.where(fits, np.round(np.where(fits, share, 0) * 86_400) * _SECOND, -1).astype(np.int64)
    return moments.clock(column)


def _numbers(column: pd.Series) -> np.ndarray:
    """Give plain numbers as float64, NaN where there is none."""
    if column.dtype == np.float64:
        return column.to_numpy()
    return Style().read(column.astype("str"))


def _integers(column: pd.Series) -> np.ndarray:
    """Give whole numbers from 0 on as int64, −1 where there is none."""
    numbers = _numbers(column)
    fits = (numbers >= 0) & (numbers < 1e15) & (numbers == np.floor(numbers))
    return np.where(fits, numbers, -1).astype(np.int64)


def standard_time(frame: pd.DataFrame, mend: StandardTime) -> pd.DataFrame:
    """Of a time that the clock shows twice in autumn, the earlier one is in summer time."""
    clock = columns.times(frame)
    try:
        zone = ZoneInfo(mend.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise DataError(f"The zone “{mend.zone}” isn't known here.", where="time") from None
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


def read_numbers(frame: pd.DataFrame, mend: ReadNumbers) -> pd.DataFrame:
    """Cells that are no numbers in this style become NaN; a column that holds numbers stays as it is."""
    columns.check_there(frame, mend.columns)
    style = Style(mend.decimal, mend.thousands, mend.units, mend.magnitudes)
    texts = [column for column in mend.columns if frame[column].dtype != np.float64]
    return columns.with_numbers(frame, {column: style.read(frame[column].astype("str")) for column in texts})


def treat_as_missing(frame: pd.DataFrame, mend: TreatAsMissing) -> pd.DataFrame:
    """Put NaN in the place of the values."""
    columns.check_there(frame, mend.columns)
    columns.check_numbers(frame, mend.columns)
    return frame.assign(
        **{column: frame[column].mask(frame[column].isin(mend.values)) for column in mend.columns}
    )


# --- Columns ---------------------------------------------------------------------------------------


def drop_columns(frame: pd.DataFrame, mend: DropColumns) -> pd.DataFrame:
    """The other columns keep their order."""
    columns.check_there(frame, mend.columns)
    return frame.drop(columns=list(mend.columns))


def spread_column(frame: pd.DataFrame, mend: SpreadColumn) -> pd.DataFrame:
    """Rows of the same time come together; where a series has none of that time, its cells are missing."""
    columns.times(frame)
    gone = [mend.column, *(trait.column for trait in mend.traits)]
    columns.check_there(frame, gone)
    kinds = frame[mend.column]
    rest = frame.drop(columns=gone)
    series = []
    for value in mend.values:
        chosen = rest[kinds == (float(value) if kinds.dtype == np.float64 else value)]
        again = chosen.index.duplicated()
        if again.any():
            raise DataError(
                f"{chosen.index[again][0]} stands twice in the rows of “{value}”.",
                where=f"column “{mend.column}”",
                remedy="Bring a table with one row for each time of a series.",
            )
        names = [value] if len(rest.columns) == 1 else [f"{column} {value}" for column in rest.columns]
        series.append(chosen.set_axis([name[:LONGEST_NAME] for name in names], axis=1))
    spread = pd.concat(series, axis=1, sort=True)
    if not spread.columns.is_unique:
        raise DataError(
            "Side by side, two of these would have the same name.", where=f"column “{mend.column}”"
        )
    return spread.set_axis(spread.index.rename(frame.index.name), axis=0)
