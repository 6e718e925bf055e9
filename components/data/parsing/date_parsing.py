"""Dates and times as people write them, read at once for a whole column."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from components.data.parsing.regex_columns import AlignedGroups, MatchedGroups, RegexGroups

DateOrder = Literal["day_first", "month_first", "year_first"]

_CHUNK = 1 << 19  # rows that are taken apart at once, for their pieces need ten times the memory
_NO_OFFSET = np.int16(32_000)
_UNREADABLE = np.int16(32_001)
_DAY = 86_400_000_000  # microseconds

# --- What a date looks like ------------------------------------------------------------------------

# Written so that at each letter only one way leads on: such patterns run three times as fast.
# H(our), M(inute), S(econd), f(raction), t(ail: part of the day, zone)
_CLOCK = (
    r"(?P<H>\d{1,2})(?:[:.h](?P<M>\d{2}))?(?:[:.](?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"(?:\s?(?P<t>[A-Ga-gI-Zi-z+−-].{0,20}))?"
)
_TIME = rf"(?:[T,:_\s]\s*{_CLOCK})?"
_YEAR = r"(?P<y>\d{2}(?:\d{2})?)"
_MONTH_NAME = r"(?P<n>[^\d\s.,:;/'-]{3,12})"
_SEPARATOR = r"[\s.,/-]*(?:de )?'?"

# Each names what it finds: y(ear), q(uarter), m(onth) or n(ame of the month), d(ay), w(eek).
# In the second one, the numbers trade places as the order says.
_DATES = (
    r"(?P<y>\d{4})[-/.年\s]\s?(?P<m>\d{1,2})(?:[-/.月\s]\s?(?P<d>\d{1,2}))?[月日.]?",
    rf"(?P<d>\d{{1,2}})[-/.\s]\s?(?P<m>\d{{1,2}})[-/.\s]\s?{_YEAR}\.?",
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|[º°])?[\s./-]*(?:de |of )?{_MONTH_NAME}{_SEPARATOR}{_YEAR}",
    rf"{_MONTH_NAME}[\s./-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s,./-]+{_YEAR}",
    rf"{_MONTH_NAME}{_SEPARATOR}{_YEAR}",
    rf"(?P<y>\d{{4}})[\s.,/-]*{_MONTH_NAME}\.?(?:[\s./-]*(?P<d>\d{{1,2}}))?",
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})?",
    r"(?P<y>\d{4})[\s:/-]*[Qq](?P<q>[1-4])",
    rf"[Qq](?P<q>[1-4])[\s:/-]*'?{_YEAR}",
    r"(?P<y>\d{4})[\s:-]*[Mm](?P<m>\d{1,2})",
    r"(?P<y>\d{4})-?[Ww](?P<w>\d{2})(?:-?(?P<d>[1-7]))?",
    r"(?P<m>\d{1,2})[-/.](?P<y>\d{4})",
    r"(?P<y>\d{4})",
)
_AMBIGUOUS_NOTATION = 1  # which of them
_NOTATIONS = (
    *(rf"^{date}{_TIME}$" for date in _DATES),
    r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})T?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?(?P<t>Z)?$",
)
_DIGIT_GROUPS = "ymdHMSft"  # groups that keep their meaning whatever their digits are
_WEEKDAY = r"^[^\d\s.,]{2,12}[.,]?\s+"
_OFFSET = re.compile(r"(?:utc|gmt)?\s?([+-])(\d{1,2}):?(\d{2})?")
_AM_PM = re.compile(r"([ap])\.?m\b\.?\s*", re.IGNORECASE)

_ZONES = {
    "z": 0,
    "utc": 0,
    "gmt": 0,
    "wet": 0,
    "west": 60,
    "bst": 60,
    "cet": 60,
    "cest": 120,
    "eet": 120,
    "eest": 180,
    "msk": 180,
    "jst": 540,
    "aest": 600,
    "aedt": 660,
    "est": -300,
    "edt": -240,
    "cst": -360,
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
}
_LANGUAGES = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "da", "nb", "sv", "fi", "pl", "cs", "sk"),
    *("hu", "ro", "tr", "id", "ca", "sl", "et", "lv", "lt", "ru", "uk", "el", "bg"),
)


# --- Dates -----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class DateColumn:
    """What stands in a column of dates, one entry a row.

    Attributes:
        year: 0 where nothing could be read.
        month: 1 to 12; where `is_ambiguous`, the second of the three numbers.
        day: likewise the first.
        clock: microseconds since midnight.
        offset: minutes that the clock is ahead of UTC, where `has_offset`.
        is_ambiguous: rows whose three numbers may stand in more than one order.
        short: rows whose year has two digits; they are swappable too, or name their month.
        has_dots: whether dots part the numbers of the swappable rows; then the day stands first.
    """

    year: np.ndarray
    month: np.ndarray
    day: np.ndarray
    clock: np.ndarray
    offset: np.ndarray
    is_ambiguous: np.ndarray
    short: np.ndarray
    has_dots: bool

    @classmethod
    def of(cls, texts: pd.Series) -> Self:
        """Take the texts of a column apart; what is no date is not an error."""
        cells = _cells(texts)
        pieces = [_parse_dates(chunk) for chunk in _chunks(cells)]
        # Taken out of the pieces, so that only one field is in memory twice.
        fields = {name: np.concatenate([piece.pop(name) for piece in pieces]) for name in tuple(pieces[0])}
        swappable = fields["notation"] == _AMBIGUOUS_NOTATION
        dotted = bool(swappable.any()) and bool(
            pc.match_substring(cells.slice(int(np.argmax(swappable)), 1), ".")[0].as_py()
        )
        return cls(
            fields["y"], fields["m"], fields["d"], fields["clock"], fields["z"],
            swappable, fields["short"], dotted,
        )  # fmt: skip

    @cached_property
    def has_offset(self) -> np.ndarray:
        """Whether a row names its offset."""
        return self.offset < _NO_OFFSET

    def times(self, order: DateOrder = "day_first", zone: Literal["utc", "clock"] = "utc") -> np.ndarray:
        """Return datetime64[us] of shape (rows,), NaT where no such date exists."""
        found = np.empty(len(self.year), dtype="datetime64[us]")
        for at in range(0, len(found), _CHUNK):  # for the steps between need ten times the memory
            found[at : at + _CHUNK] = self._part(slice(at, at + _CHUNK))._times(order, zone)
        return found

    def _part(self, rows: slice) -> "DateColumn":
        return DateColumn(
            self.year[rows], self.month[rows], self.day[rows], self.clock[rows], self.offset[rows],
            self.is_ambiguous[rows], self.short[rows], self.has_dots,
        )  # fmt: skip

    def _times(self, order: DateOrder, zone: Literal["utc", "clock"]) -> np.ndarray:
        year, month, day = self.year, self.month, self.day
        if self.is_ambiguous.any() and order != "day_first":
            swapped = self.is_ambiguous & self.short if order == "year_first" else self.is_ambiguous
            if order == "year_first":
                year, day = np.where(swapped, day, year), np.where(swapped, year, day)
            else:
                month, day = np.where(swapped, day, month), np.where(swapped, month, day)
        if self.short.any():
            # As POSIX has it: 69 is 1969, 68 is 2068.
            year = np.where(self.short, year + np.where(year < 69, 2000, 1900), year)
        right = (self.offset != _UNREADABLE) & (self.clock >= 0)
        times = midnights(np.where(right, year, 0), month, day) + self.clock.astype("timedelta64[us]")
        if zone == "utc" and self.has_offset.any():
            minutes = np.where(self.has_offset, self.offset, 0).astype("timedelta64[m]")
            times = times - minutes
        return times

    def orders(self) -> tuple[DateOrder, ...]:
        """Return the orders in which most dates exist, the more usual first.

        Two of them only where each reads every date and they mean different days.
        """
        if not self.is_ambiguous.any():
            return ("day_first",)
        candidates: list[DateOrder] = ["day_first", "month_first"]
        read = {order: self.times(order) for order in candidates}
        counts = {order: int((~np.isnat(times)).sum()) for order, times in read.items()}
        if self.short[self.is_ambiguous].all():
            times = self.times("year_first")
            whole = int((~np.isnat(times)).sum())
            rivals = [order for order in candidates if counts[order] >= whole]
            if whole and (
                not rivals or (_is_monotone(times) and not any(_is_monotone(read[o]) for o in rivals))
            ):
                return ("year_first",)
        if counts["day_first"] != counts["month_first"]:
            return (max(candidates, key=lambda order: counts[order]),)
        if self.has_dots or np.array_equal(read["day_first"], read["month_first"], equal_nan=True):
            return ("day_first",)
        return tuple(sorted(candidates, key=lambda order: not _is_monotone(read[order])))


def _is_monotone(times: np.ndarray) -> bool:
    times = times[~np.isnat(times)]
    return bool((times[1:] >= times[:-1]).all() or (times[1:] <= times[:-1]).all())


def midnights(year: np.ndarray, month: np.ndarray | int, day: np.ndarray | int) -> np.ndarray:
    """Return midnights as datetime64[us], NaT where the calendar of the years 1 to 9999 has no such day."""
    right = (year >= 1) & (year <= 9999) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    month, day = np.where(right, month, 1), np.where(right, day, 1)
    months = ((np.where(right, year, 1970).astype("int64") - 1970) * 12 + month - 1).astype("datetime64[M]")
    found = months.astype("datetime64[D]") + (day - 1)
    right &= found.astype("datetime64[M]") == months
    return np.where(right, found, np.datetime64("NaT")).astype("datetime64[us]")


# --- Times of day ----------------------------------------------------------------------------------


def parse_times_of_day(texts: pd.Series) -> np.ndarray:
    """Read times of day: microseconds since midnight, int64 of shape (rows,), −1 where there is none."""
    found = []
    for chunk in _chunks(_cells(texts)):
        groups = MatchedGroups.from_cells(rf"^T?{_CLOCK}$", chunk)
        micros = np.full(len(chunk), -1)
        micros[groups.is_match] = _clock_microseconds(groups, _is_certain_time(groups))
        found.append(micros)
    return np.concatenate(found)


def parse_month_names(texts: pd.Series) -> np.ndarray:
    """Read the names of months in many languages: 1 to 12, int64 of shape (rows,), 0 where there is none."""
    codes, names = pd.factorize(texts.str.strip())
    return np.array([*map(_month_number, names), 0], dtype=np.int64)[codes]


# --- Taking texts apart ----------------------------------------------------------------------------


def _cells(texts: pd.Series) -> pa.ChunkedArray:
    return pa.chunked_array(pa.array(texts, pa.large_string(), from_pandas=True))


def _chunks(cells: pa.ChunkedArray) -> Iterator[pa.ChunkedArray]:
    for at in range(0, max(1, len(cells)), _CHUNK):
        yield pc.utf8_trim_whitespace(cells.slice(at, _CHUNK))


def _parse_dates(cells: pa.ChunkedArray) -> dict[str, np.ndarray]:
    rows = len(cells)
    whole: dict[str, np.ndarray] = {
        "notation": np.full(rows, -1, dtype=np.int8),
        "y": np.full(rows, -1, dtype=np.int16),
        "m": np.zeros(rows, dtype=np.int8),
        "d": np.zeros(rows, dtype=np.int8),
        "clock": np.zeros(rows, dtype=np.int64),
        "z": np.full(rows, _NO_OFFSET, dtype=np.int16),
        "short": np.zeros(rows, dtype=bool),
    }
    left = np.arange(rows)
    for notation, pattern in enumerate(_NOTATIONS):
        aligned = AlignedGroups.from_cells(pattern, cells, _DIGIT_GROUPS)
        if aligned is not None:
            left = _store_matches(notation, aligned, left, whole)
            break
    left = _match_notations(cells, left, whole)
    left = left[pc.fill_null(pc.match_substring_regex(cells, _WEEKDAY), False).to_numpy()[left]]
    if len(left):
        _match_notations(pc.replace_substring_regex(cells, _WEEKDAY, ""), left, whole)
    return whole


def _match_notations(cells: pa.ChunkedArray, left: np.ndarray, fields: dict[str, np.ndarray]) -> np.ndarray:
    for notation, pattern in enumerate(_NOTATIONS):
        if len(left):
            some = cells if len(left) == len(cells) else cells.take(pa.array(left))
            left = _store_matches(notation, MatchedGroups.from_cells(pattern, some), left, fields)
    return left


def _store_matches(
    notation: int, groups: RegexGroups, left: np.ndarray, fields: dict[str, np.ndarray]
) -> np.ndarray:
    """Enter the dates that were found among the rows left into `whole`; give the rows that are still left."""
    found = left[groups.is_match]
    if len(found):
        fields["notation"][found] = notation
        for name, values in _date_fields(groups).items():
            fields[name][found] = values
    return left[~groups.is_match]


def _date_fields(groups: RegexGroups) -> dict[str, np.ndarray]:
    year, month, day = groups.number("y", -1), groups.number("m", 1), groups.number("d", 1)
    if groups.has("n"):
        month = groups.map_values("n", _month_number, 0)
    if groups.has("q"):
        month = 3 * groups.number("q", 1) - 2
    if groups.has("w"):
        year, month, day = _iso_week_date(year, groups.number("w", 0), day)
    timed = groups.number("H", -1) >= 0
    clear = ~timed | _is_certain_time(groups)
    return {
        "y": np.where(clear, year, -1),
        "m": month,
        "d": day,
        "clock": np.where(timed, _clock_microseconds(groups, timed), 0),
        "z": groups.map_values("t", _utc_offset, int(_NO_OFFSET)).astype(np.int16),
        "short": groups.width("y") == 2,
    }


def _is_certain_time(groups: RegexGroups) -> np.ndarray:
    """Return where a time of day is surely one: an hour alone might as well be a day, as in 2020-01 12."""
    return (groups.number("M", -1) >= 0) | (groups.map_values("t", _am_pm, 0) > 0)


def _clock_microseconds(groups: RegexGroups, is_certain: np.ndarray) -> np.ndarray:
    """Return microseconds since midnight, −1 where the clock shows no such time."""
    hour, minute, second = (groups.number(name, 0) for name in "HMS")
    half = groups.map_values("t", _am_pm, 0)
    right = is_certain & (minute < 60) & (second < 60)
    right &= np.where(half > 0, (hour >= 1) & (hour <= 12), hour <= 24)
    hour = np.where(half > 0, hour % 12 + 12 * (half == 2), hour)
    micros = ((hour.astype(np.int64) * 60 + minute) * 60 + second) * 1_000_000
    if groups.has("f"):
        micros += groups.number("f", 0) * 10**6 // 10 ** groups.width("f").astype(np.int64)
    return np.where(right & (micros <= _DAY), micros, -1)  # 24:00 is the end of the day


def _iso_week_date(year: np.ndarray, week: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return year, month and day of the days of ISO weeks; month 0 where a year has no such week."""
    fourth = (year.astype("int64") - 1970).astype("datetime64[Y]").astype("datetime64[D]") + 3
    monday = fourth - (fourth.astype("int64") + 3) % 7  # of the first week: 1 January 1970 was a Thursday
    days = monday + (7 * (week - 1) + day - 1)
    months = days.astype("datetime64[M]")
    years = months.astype("datetime64[Y]").astype("int64") + 1970
    month = months.astype("int64") % 12 + 1
    right = (week >= 1) & (week <= 53)
    return years, np.where(right, month, 0), (days - months.astype("datetime64[D]")).astype("int64") + 1


def _am_pm(tail: str) -> int:
    """Return 1 for a.m., 2 for p.m., else 0."""
    half = _AM_PM.match(tail)
    return 0 if half is None else "ap".index(half[1].lower()) + 1


def _utc_offset(tail: str) -> int:
    """Return the minutes of “Z”, “+02:00”, “UTC-3”, “PM CEST”."""
    name = _AM_PM.sub("", tail, count=1).strip().casefold().replace("−", "-")
    if not name:
        return int(_NO_OFFSET)
    if name in _ZONES:
        return _ZONES[name]
    offset = _OFFSET.fullmatch(name)
    if offset is None:
        return int(_UNREADABLE)
    return int(offset[1] + "1") * (60 * int(offset[2]) + int(offset[3] or 0))


@lru_cache(maxsize=1000)
def _month_number(name: str) -> int:
    """Return the number of a month by its name or its abbreviation in many languages, 0 if it is none."""
    wanted = _without_accents(name)
    return next((names[wanted] for names in map(_month_names, _LANGUAGES) if wanted in names), 0)


@lru_cache
def _month_names(language: str) -> dict[str, int]:
    from babel import Locale  # noqa: PLC0415 - most files name no months

    by_context = Locale.parse(language).months
    return {
        _without_accents(name): number
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in by_context[context][width].items()
    } | ({"sept": 9} if language == "en" else {})


def _without_accents(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip(". ")
