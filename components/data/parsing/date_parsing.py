"""Dates and times as people write them, read at once for a whole column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, Self
from zoneinfo import available_timezones

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from components.data.parsing.calendars import midnights
from components.data.parsing.month_names import is_month_name, month_numbers
from components.data.parsing.regex_columns import (
    AlignedGroups,
    MatchedGroups,
    RegexGroups,
    without_long_cells,
)
from components.recipe.cleaning import Calendar

DateOrder = Literal["day_first", "month_first", "year_first"]

POSIX_FIRST_YEAR = 1969
"""the first year that two digits mean, as POSIX has it: 69 is 1969, 68 is 2068"""
LONGEST_TIME = 200
"""Characters of a time with all that may stand around it."""
_NO_TIME = "…"  # stands for what is longer
_CHUNK = 1 << 19  # rows that are taken apart at once, for their pieces need ten times the memory
_SOME = 100  # rows that show how a column is written
_NO_OFFSET = np.int16(32_000)
_UNREADABLE = np.int16(32_001)
_FIRST_ZONE = 20_000  # from here on an offset is the place of a zone in `_zone_names`
_DAY = 86_400_000_000  # microseconds
_FISCAL_START = 4  # month in which a financial year of two calendar years begins, as in India and Japan

# --- What a date looks like ------------------------------------------------------------------------

# Written so that at each letter only one way leads on: such patterns run three times as fast.
# H(our), M(inute), S(econd), f(raction), t(ail: part of the day, zone)
_CLOCK = (
    r"(?P<H>\d{1,2})(?:[:.h](?P<M>\d{2}))?(?:[:.](?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"(?:\s?(?P<t>[A-Ga-gI-Zi-z+−-].{0,60}))?"
)
_TIME = rf"(?:[T,:_\s]\s*{_CLOCK})?"
_SHORT_CLOCK = r"(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.(?P<f>\d{1,9}))?)?"
_YEAR = r"(?P<y>\d{2}(?:\d{2})?)"
_LONG_YEAR = r"(?P<y>\d{4})"
_MONTH_NAME = r"(?P<n>[^\d\s.,:;/'–-]{3,12}|[^\x00-\x7f]{1,4}\.[^\x00-\x7f]{1,4})"
_SEPARATOR = r"[\s.,/-]*(?:de )?'?"
_BETWEEN = r"[\s:/,.-]*"
_FISCAL = r"(?:FY|fy)?\s?'?"
_NEXT_YEAR = r"\s?[/–-]\s?(?P<c>\d{2}(?:\d{2})?)"
_ORDINAL = r"(?:st|nd|rd|th|er|e|[.º°])?"
# Single letters that stand after their number are capitals: 1h20 is a duration.
_QUARTER_WORDS = r"[Qq](?:tr|uarter|uartal)?|QTR|QUARTER|[Kk]v(?:artal)?|[Tt]rim(?:estre)?\.?"
_QUARTER = rf"(?:{_QUARTER_WORDS}|[TtKk])"
_QUARTER_AFTER = rf"(?:{_QUARTER_WORDS}|[TK])"
_HALF_WORDS = r"[Hh]alf|[Hh]albjahr|[Ss]emest(?:er|re)|H[Yy]"
_HALF = rf"(?:{_HALF_WORDS}|[HhSs])"
_HALF_AFTER = rf"(?:{_HALF_WORDS}|[HS])"
_WEEK = r"(?:[Ww](?:k|eek|oche)?|WK|WEEK|[KkCc][Ww]|[Ss]em(?:aine|ana)?|[Uu]ge|[Vv]ecka)"

# Each names what it finds: y(ear), half (h), q(uarter), r(oman quarter), m(onth) or n(ame of the month),
# d(ay), w(eek), j (day of the year), c (the second year of 2015-16), e(ra).
_YEAR_FIRST = r"(?P<y>\d{4})[-/.年년\s]\s?(?P<m>\d{1,2})(?:[-/.月월\s]\s?(?P<d>\d{1,2}))?[月日월일.]?"
_NUMBERS = rf"(?P<d>\d{{1,2}})[-/.\s]\s?(?P<m>\d{{1,2}})[-/.\s]\s?{_YEAR}\.?"
_DATES = (
    rf"{_LONG_YEAR}{_BETWEEN}{_QUARTER}\s?(?P<q>[1-4])",
    rf"{_QUARTER}\s?(?P<q>[1-4]){_BETWEEN}{_FISCAL}{_YEAR}(?:{_NEXT_YEAR})?",
    rf"(?P<q>[1-4]){_ORDINAL}\s?{_QUARTER_AFTER}{_BETWEEN}(?:of )?{_FISCAL}{_YEAR}(?:{_NEXT_YEAR})?",
    rf"{_LONG_YEAR}{_BETWEEN}(?P<q>[1-4]){_ORDINAL}\s?{_QUARTER_AFTER}",
    r"(?P<y>\d{4})年第?(?P<q>[1-4])季度?",
    rf"{_FISCAL}{_YEAR}{_NEXT_YEAR}[\s:,-]*{_QUARTER}\s?(?P<q>[1-4])",
    rf"(?:FY|fy)\s?'?{_YEAR}{_BETWEEN}{_QUARTER}\s?(?P<q>[1-4])",
    rf"{_LONG_YEAR}[\s/:-]+(?P<r>IV|I{{1,3}})",
    rf"(?P<r>IV|I{{1,3}})(?:\s(?:kw|kwartał|trim|trimestre)\.?)?[\s/-]+{_LONG_YEAR}",
    rf"{_LONG_YEAR}{_BETWEEN}{_HALF}\s?(?P<h>[12])",
    rf"{_HALF}\s?(?P<h>[12]){_BETWEEN}{_FISCAL}{_YEAR}",
    rf"(?P<h>[12]){_ORDINAL}\s?{_HALF_AFTER}{_BETWEEN}(?:of )?{_FISCAL}{_YEAR}",
    rf"{_LONG_YEAR}{_BETWEEN}(?P<h>[12]){_ORDINAL}\s?{_HALF_AFTER}",
    r"(?P<y>\d{4})-?[Ww](?P<w>\d{2})(?:-?(?P<d>[1-7]))?",
    rf"{_LONG_YEAR}{_BETWEEN}{_WEEK}[\s.-]*(?P<w>\d{{1,2}})(?:-(?P<d>[1-7]))?",
    rf"{_WEEK}[\s.:-]*(?P<w>\d{{1,2}}){_BETWEEN}(?:of )?'?{_LONG_YEAR}",
    r"(?P<y>\d{4})年第?(?P<w>\d{1,2})[周週]",
    rf"{_MONTH_NAME}[\s,.]*{_LONG_YEAR}{_NEXT_YEAR}",
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|[º°])?[\s./-]*(?:de |of )?{_MONTH_NAME}{_SEPARATOR}{_YEAR}",
    rf"{_MONTH_NAME}[\s./-]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s,./-]+{_YEAR}",
    rf"{_MONTH_NAME}{_SEPARATOR}{_YEAR}",
    rf"{_LONG_YEAR}[\s.,/-]*{_MONTH_NAME}\.?(?:[\s./-]*(?P<d>\d{{1,2}}))?",
    rf"(?P<y>\d{{2}})-{_MONTH_NAME}",
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})?",
    r"(?P<y>\d{4})[\s:-]*[Mm](?P<m>\d{1,2})",
    r"[Mm](?P<m>\d{1,2})[\s:/-]*(?P<y>\d{4})",
    r"(?P<y>\d{4})-(?P<j>\d{3})",
    r"(?P<m>\d{1,2})[-/.](?P<y>\d{4})",
    r"(?P<y>\d{4})\s?[–/-]\s?\d{4}",  # several years: the first one
    rf"(?:FY|MY|AY|SY|GJ|WJ|fy)\s?'?{_YEAR}(?:{_NEXT_YEAR})?",
    r"(?P<y>\d{3})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?",  # of Taiwan
    r"(?P<e>令和|平成|昭和|大正|明治|民國|民国)\s?(?P<y>\d{1,3})年?度?"
    r"(?:(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?)?",
    r"(?P<e>[RHS])(?P<y>\d{1,2})[./](?P<m>\d{1,2})[./](?P<d>\d{1,2})",
    r"(?P<y>\d{4})年?度?",
)
_NOTATIONS = (
    *(rf"^{date}{_TIME}$" for date in (_YEAR_FIRST, _NUMBERS)),
    *(rf"^{_SHORT_CLOCK}(?:\s?(?P<t>[AaPp]\.?[Mm]\.?))?,?\s+{date}$" for date in (_YEAR_FIRST, _NUMBERS)),
    *(  # as C's ctime, `date` and Twitter write them, the year last
        rf"^{day}\s+{_SHORT_CLOCK}(?:\s+(?P<t>[A-Za-z+−-].{{0,40}}))?\s+{_LONG_YEAR}$"
        for day in (rf"{_MONTH_NAME}\s+(?P<d>\d{{1,2}})", rf"(?P<d>\d{{1,2}})\s+{_MONTH_NAME}")
    ),
    *(rf"^{date}{_TIME}$" for date in _DATES),
    r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})[T_-]?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?(?P<t>Z)?$",
    r"^(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})-(?P<H>\d{2})\.(?P<M>\d{2})\.(?P<S>\d{2})(?:\.(?P<f>\d{1,9}))?$",
)
_ISO_NOTATIONS = (0, 2)  # which of them begin with the year, in numbers
_AMBIGUOUS_NOTATIONS = (1, 3)  # in which the numbers trade places as the order says
_DIGIT_GROUPS = "yqhwjmdHMSft"  # groups that may be read by their place in the text
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_ERAS = {  # years that lie before the first one of each
    **{"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867},
    **{"民國": 1911, "民国": 1911, "R": 2018, "H": 1988, "S": 1925},
}

# What stands around a date, taken off where a cell can't be read with it.
_DECORATIONS = (
    (r"^(?i:week|month|quarter|year|period)\s(?i:ending|ended|beginning|commencing|starting|of)\s", ""),
    (r"^[^\d\s.,]{2,12}[.,]?\s+", ""),  # the weekday
    (r"[\s,]+\(?[A-Za-zÀ-ž]{2,10}\)?$", ""),  # the weekday behind the date
    (r"\s*(?:\([^()\d]{1,20}\)|\*{1,3}|[†‡])$", ""),  # a footnote
    (r"(\d)\s?[pref]$", r"\1"),  # preliminary, revised, estimated, forecast
)
# “… - …”: a stretch of time is known by its beginning.
_STRETCH = (
    r"^(.*\d\S*?)(?:\s+[-−]\s+|\s*[–—~～…]\s*|\s+(?:to|until|till|bis|au|al|à|do|tot)\s+)\S*\d.*$"
    r"|^(\d{4}-\d\d-\d\d\S*)/[\dP].*$"
    r"|^(\d{1,2}([./])\d{1,2}[./]\d{4}(?:\s\d{1,2}:\d\d(?::\d\d)?)?)-\d{1,2}[./]\d.*$"
)
_CROP_YEAR = r"^(?P<n>[^\d]{0,20}?)\s?(?P<y>\d{4})\s?[/–-]\s?(?P<c>\d{2}(?:\d{2})?)[^\d]{0,12}$"
_OTHER_DIGITS = r"[٠-٩۰-۹๐-๙०-९০-৯０-９元]"
_OFFSET = re.compile(r"(?:utc|gmt)?\s?([+-])(\d{1,2}):?(\d{2})?")
_AM_PM = re.compile(r"([ap])\.?m\b\.?\s*", re.IGNORECASE)
_REMARK = re.compile(r"\s?(?:\([^()]{0,60}\)|\[[^\[\]]{0,60}\])\s*+$")

_ZONES = {
    **{"z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120},
    **{"mez": 60, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "trt": 180, "ist": 330, "wib": 420},
    **{"hkt": 480, "sgt": 480, "awst": 480, "jst": 540, "kst": 540, "acst": 570, "aest": 600, "aedt": 660},
    **{"nzst": 720, "nzdt": 780, "brt": -180, "art": -180, "ast": -240, "adt": -180, "est": -300},
    **{"edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420},
    **{"akst": -540, "akdt": -480, "hst": -600, "sast": 120},
}


# --- Dates -----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class DateColumn:
    """What stands in a column of dates, one entry a row.

    Attributes:
        year: −1 where nothing could be read.
        month: 1 to 12; where `is_ambiguous`, the second of the three numbers.
        day: likewise the first.
        clock: microseconds since midnight.
        offset: minutes that the clock is ahead of UTC, where `has_offset`.
        is_ambiguous: rows whose three numbers may stand in more than one order.
        is_iso: rows that begin with the year and name the day, all in numbers.
        short: rows whose year has two digits.
        has_dots: whether dots part the numbers of the swappable rows; then the day stands first.
    """

    year: np.ndarray
    month: np.ndarray
    day: np.ndarray
    clock: np.ndarray
    offset: np.ndarray
    is_ambiguous: np.ndarray
    is_iso: np.ndarray
    short: np.ndarray
    has_dots: bool

    @classmethod
    def of(cls, texts: pd.Series) -> Self:
        """Take the texts of a column apart; what is no date is not an error."""
        cells = _first_of_two_years(without_long_cells(_cells(texts), LONGEST_TIME, _NO_TIME))
        pieces = [_parse_dates(chunk) for chunk in _chunks(cells)]
        # Taken out of the pieces, so that only one field is in memory twice.
        fields = {name: np.concatenate([piece.pop(name) for piece in pieces]) for name in tuple(pieces[0])}
        swappable = np.isin(fields["notation"], _AMBIGUOUS_NOTATIONS)
        dotted = bool(swappable.any()) and bool(
            pc.match_substring(cells.slice(int(np.argmax(swappable)), 1), ".")[0].as_py()
        )
        return cls(
            fields["y"], fields["m"], fields["d"], fields["clock"], fields["z"],
            swappable, fields["iso"], fields["short"], dotted,
        )  # fmt: skip

    @cached_property
    def has_offset(self) -> np.ndarray:
        """Whether a row names its offset, or its zone."""
        return self.offset < _NO_OFFSET

    def times(
        self,
        order: DateOrder = "day_first",
        zone: Literal["utc", "clock"] = "utc",
        *,
        calendar: Calendar = "gregorian",
        first_year: int = POSIX_FIRST_YEAR,
        turned: bool = False,
    ) -> np.ndarray:
        """Return datetime64[us] of shape (rows,), NaT where no such date exists.

        Args:
            order: of the numbers of the ambiguous rows.
            zone: whether times with an offset are turned to UTC, or kept as the clock showed them.
            calendar: that the years, months and days belong to.
            first_year: of the hundred years that two digits may mean.
            turned: whether day and month changed places in the rows that begin with the year.
        """
        found = np.empty(len(self.year), dtype="datetime64[us]")
        for at in range(0, len(found), _CHUNK):  # for the steps between need ten times the memory
            part = self._part(slice(at, at + _CHUNK))
            year, month, day = part._dates(order, first_year, turned)
            found[at : at + _CHUNK] = part._times(midnights(year, month, day, calendar), zone)
        return found

    def _part(self, rows: slice) -> "DateColumn":
        return DateColumn(
            self.year[rows], self.month[rows], self.day[rows], self.clock[rows], self.offset[rows],
            self.is_ambiguous[rows], self.is_iso[rows], self.short[rows], self.has_dots,
        )  # fmt: skip

    def dates(
        self, order: DateOrder = "day_first", first_year: int = POSIX_FIRST_YEAR
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return year, month and day as they are written; the year is 0 where nothing could be read."""
        return self._dates(order, first_year, turned=False)

    def _dates(
        self, order: DateOrder, first_year: int, turned: bool
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        year, month, day = self.year, self.month, self.day
        if self.is_ambiguous.any() and order != "day_first":
            swapped = self.is_ambiguous & self.short if order == "year_first" else self.is_ambiguous
            if order == "year_first":
                year, day = np.where(swapped, day, year), np.where(swapped, year, day)
            else:
                month, day = np.where(swapped, day, month), np.where(swapped, month, day)
        if turned:
            swapped = self.is_iso & (day <= 12)
            month, day = np.where(swapped, day, month), np.where(swapped, month, day)
        if self.short.any():
            year = np.where(self.short, first_year + (year - first_year) % 100, year)
        right = (self.offset != _UNREADABLE) & (self.clock >= 0)
        return np.where(right, year, 0), month, day

    def _times(self, days: np.ndarray, zone: Literal["utc", "clock"]) -> np.ndarray:
        times = days + self.clock.astype("timedelta64[us]")
        if zone == "clock" or not self.has_offset.any():
            return times
        offset = np.where(self.has_offset & (self.offset < _FIRST_ZONE), self.offset, 0)
        times = times - offset.astype("timedelta64[m]")
        for place in np.unique(self.offset[self.has_offset & (self.offset >= _FIRST_ZONE)]).tolist():
            rows = self.offset == place
            times[rows] = _to_utc(times[rows], _zone_names()[place - _FIRST_ZONE])
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


def _to_utc(clock: np.ndarray, zone: str) -> np.ndarray:
    """Turn what the clocks of a zone show to UTC; what they show twice is in summer time at first."""
    times = pd.DatetimeIndex(clock)
    first = ~times.duplicated()
    return times.tz_localize(zone, ambiguous=first, nonexistent="shift_forward").tz_convert(None).to_numpy()


@lru_cache
def _zone_names() -> tuple[str, ...]:
    return tuple(sorted(name for name in available_timezones() if "/" in name))


# --- Times of day ----------------------------------------------------------------------------------


def parse_times_of_day(texts: pd.Series) -> np.ndarray:
    """Read times of day: microseconds since midnight, int64 of shape (rows,), −1 where there is none.

    Of a stretch, such as 00:00 - 01:00 or 00 - 01, the beginning counts.
    """
    found = []
    for chunk in _chunks(_cells(texts)):
        cells = pc.replace_substring_regex(chunk, r"\s*(?:[–—~～-]|to|bis)\s*\d{1,2}[:.]\d{2}\D*$", "")
        groups = MatchedGroups.from_cells(rf"^T?{_CLOCK}$", cells)
        micros = np.full(len(chunk), -1)
        micros[groups.is_match] = _clock_microseconds(groups, _is_certain_time(groups))
        hours = MatchedGroups.from_cells(r"^(?P<H>\d{2})\s*[–-]\s*(?P<m>\d{2})(?:\s?[A-Za-z]{1,4})?$", cells)
        first, last = hours.number("H", -1), hours.number("m", -1)
        micros[hours.is_match] = np.where(
            (first < 24) & ((last == first + 1) | (last == 0) & (first == 23)),
            first.astype(np.int64) * 3_600_000_000,
            -1,
        )
        found.append(micros)
    return np.concatenate(found)


def parse_month_names(texts: pd.Series) -> np.ndarray:
    """Read the names of months in many languages: 1 to 12, int64 of shape (rows,), 0 where there is none."""
    codes, names = pd.factorize(texts.str.strip())
    return np.array([*month_numbers(list(names)), 0], dtype=np.int64)[codes]


# --- Taking texts apart ----------------------------------------------------------------------------


def _cells(texts: pd.Series) -> pa.ChunkedArray:
    return pa.chunked_array(pa.array(texts, pa.large_string(), from_pandas=True))


def _chunks(cells: pa.ChunkedArray) -> Iterator[pa.ChunkedArray]:
    for at in range(0, max(1, len(cells)), _CHUNK):
        chunk = pc.utf8_trim_whitespace(cells.slice(at, _CHUNK))
        if pc.any(pc.match_substring_regex(chunk, _OTHER_DIGITS)).as_py():
            texts = [text and _with_plain_digits(text) for text in chunk.to_pylist()]
            chunk = pa.chunked_array(pa.array(texts, pa.large_string()))
        yield chunk


def _with_plain_digits(text: str) -> str:
    """Return a text whose digits are ASCII, be they Persian, Arabic, Thai, Indian or of full width."""
    text = text.replace("元年", "1年")  # the first one of an era
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in text)


def _first_of_two_years(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return cells in which 2001/02 and 2010-11 are 2001 and 2010.

    So it is where all of them name two years that follow each other: 2010-11 alone may be a November.
    """
    some = [text.strip() for text in cells[:200].to_pylist() if text]
    found = [match for match in (re.match(_CROP_YEAR, text) for text in some) if match]
    if 2 * len(found) < max(1, len(some)) or any(is_month_name(match["n"]) for match in found if match["n"]):
        return cells
    trimmed = pc.utf8_trim_whitespace(cells)
    groups = MatchedGroups.from_cells(_CROP_YEAR, trimmed)
    year, other = groups.number("y", -1), groups.number("c", -1)
    if not _follow_each_other(year, other).all():
        return cells
    if len(np.unique(year)) < 2 and not (other % 100 > 12).any():
        return cells
    first = pc.replace_substring_regex(trimmed, _CROP_YEAR, r"\2")
    return pc.if_else(pa.array(groups.is_match), first, cells)


def _follow_each_other(year: np.ndarray, other: np.ndarray) -> np.ndarray:
    return (other == year + 1) | ((other < 100) & (other == (year + 1) % 100))


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
        "iso": np.zeros(rows, dtype=bool),
    }
    if pc.any(pc.match_substring_regex(cells[:1000], _STRETCH)).as_py():
        cells = pc.replace_substring_regex(cells, _STRETCH, r"\1\2\3")
    left = np.arange(rows)
    for notation, pattern in enumerate(_NOTATIONS):
        aligned = AlignedGroups.from_cells(pattern, cells, _DIGIT_GROUPS)
        if aligned is not None:
            left = _store_matches(notation, aligned, left, whole)
            break
    for decoration, instead in _usual_decorations(cells):
        left = _match_undecorated(cells, decoration, instead, left, whole)
    left = _match_notations(cells, left, whole)
    for decoration, instead in _DECORATIONS:
        left = _match_undecorated(cells, decoration, instead, left, whole)
        cells = pc.replace_substring_regex(cells, decoration, instead) if len(left) else cells
    return whole


def _usual_decorations(cells: pa.ChunkedArray) -> list[tuple[str, str]]:
    """Return what has to be taken off the first cells, as none of them is a date with it; else nothing."""
    some = [text for text in cells[:_SOME].to_pylist() if text]
    if any(pattern.match(text) for text in some for pattern in _compiled()):
        return []
    for decoration, instead in _DECORATIONS:
        bare = [re.sub(decoration, instead, text) for text in some]
        if any(pattern.match(text) for text in bare for pattern in _compiled()):
            return [(decoration, instead)]
    return []


def _match_undecorated(
    cells: pa.ChunkedArray, decoration: str, instead: str, left: np.ndarray, fields: dict[str, np.ndarray]
) -> np.ndarray:
    """Read those of the rows left that are decorated, without it; return the rows that are still left."""
    if not len(left):
        return left
    decorated = pc.fill_null(pc.match_substring_regex(cells, decoration), False).to_numpy()[left]
    if not decorated.any():
        return left
    bare = pc.replace_substring_regex(cells, decoration, instead)
    return np.concatenate([left[~decorated], _match_notations(bare, left[decorated], fields)])


def _match_notations(cells: pa.ChunkedArray, left: np.ndarray, fields: dict[str, np.ndarray]) -> np.ndarray:
    # Those first that some of the rows are written in, for a pass over all rows takes its time.
    some = [text for text in cells.take(pa.array(left[:_SOME])).to_pylist() if text]
    usual = [any(pattern.match(text) for text in some) for pattern in _compiled()]
    possible = [notation for notation, fits in enumerate(usual) if fits or len(left) > _SOME]
    for notation in sorted(possible, key=lambda notation: not usual[notation]):
        if len(left):
            rest = cells if len(left) == len(cells) else cells.take(pa.array(left))
            groups = MatchedGroups.from_cells(_NOTATIONS[notation], rest)
            left = _store_matches(notation, groups, left, fields)
    return left


@lru_cache
def _compiled() -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, _NOTATIONS))


def _store_matches(
    notation: int, groups: RegexGroups, left: np.ndarray, fields: dict[str, np.ndarray]
) -> np.ndarray:
    """Enter the dates that were found among the rows left into `fields`; return the rows still left."""
    found = left[groups.is_match]
    if len(found):
        fields["notation"][found] = notation
        for name, values in _date_fields(groups).items():
            fields[name][found] = values
        if notation in _ISO_NOTATIONS:
            fields["iso"][found] = groups.number("d", 0) > 0
    return left[~groups.is_match]


def _date_fields(groups: RegexGroups) -> dict[str, np.ndarray]:
    year, month, day = groups.number("y", -1), groups.number("m", 1), groups.number("d", 1)
    short = groups.width("y") == 2
    if groups.has("n"):
        names = groups.texts("n")
        numbers = dict(zip(names, month_numbers(names), strict=True))
        month = groups.map_values("n", numbers.__getitem__, 0)
    if groups.has("q"):
        month = 3 * groups.number("q", 1) - 2
    if groups.has("r"):
        month = 3 * groups.map_values("r", _ROMAN.__getitem__, 1) - 2
    if groups.has("h"):
        month = 6 * groups.number("h", 1) - 5
    if groups.has("c"):
        year, month = _fiscal_month(groups, year, month)
    if groups.has("w"):
        year, month, day = _iso_week_date(year, groups.number("w", 0), day)
    if groups.has("j"):
        year, month, day = day_of_year_date(year, groups.number("j", 0))
    if groups.has("e"):
        year, short = year + groups.map_values("e", _ERAS.__getitem__, 0), np.zeros(len(year), dtype=bool)
    timed = groups.number("H", -1) >= 0
    clear = ~timed | _is_certain_time(groups)
    return {
        "y": np.where(clear, year, -1),
        "m": month,
        "d": day,
        "clock": np.where(timed, _clock_microseconds(groups, timed), 0),
        "z": groups.map_values("t", _utc_offset, int(_NO_OFFSET)).astype(np.int16),
        "short": short,
    }


def _fiscal_month(groups: RegexGroups, year: np.ndarray, month: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return year and month where 2015-16 may stand for the year: its first quarter begins in April, and its
    March is that of 2016. Month 0 where the two years don't follow each other."""
    other = groups.number("c", -1)
    two, right = other >= 0, _follow_each_other(year, other)
    if groups.has("q"):
        month = np.where(two, month + _FISCAL_START - 1, month)
        year, month = np.where(month > 12, year + 1, year), np.where(month > 12, month - 12, month)
    elif groups.has("n"):
        year = np.where(two & (month < _FISCAL_START), year + 1, year)
    return year, np.where(~two | right, month, 0)


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
        micros += groups.number("f", 0).astype(np.int64) * 10**6 // 10 ** groups.width("f").astype(np.int64)
    return np.where(right & (micros <= _DAY), micros, -1)  # 24:00 is the end of the day


def iso_week_days(year: np.ndarray, week: np.ndarray, day: np.ndarray | int = 1) -> np.ndarray:
    """Return the days of ISO weeks as datetime64[D], NaT where a year has no such week."""
    fourth = _first_days(year) + 3
    monday = fourth - (fourth.astype("int64") + 3) % 7  # of the first week: 1 January 1970 was a Thursday
    days = monday + (7 * (week - 1) + day - 1)
    # A week belongs to the year of its Thursday.
    thursday = monday + (7 * (week - 1) + 3)
    right = (week >= 1) & (week <= 53) & (_years(thursday) == year)
    return np.where(right, days, np.datetime64("NaT"))


def _iso_week_date(
    year: np.ndarray, week: np.ndarray, day: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return year, month and day of the days of ISO weeks; month 0 where a year has no such week."""
    return _split_days(iso_week_days(year, week, day))


def day_of_year_date(year: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return year, month and day of days counted from 1 January, which is 1; month 0 where there is none."""
    days = _first_days(year) + (day - 1)
    right = (day >= 1) & (_years(days) == year)
    return _split_days(np.where(right, days, np.datetime64("NaT")))


def _first_days(year: np.ndarray) -> np.ndarray:
    return (np.clip(year, 1, 9999).astype("int64") - 1970).astype("datetime64[Y]").astype("datetime64[D]")


def _years(days: np.ndarray) -> np.ndarray:
    return days.astype("datetime64[Y]").astype("int64") + 1970


def _split_days(days: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    there = ~np.isnat(days)
    days = np.where(there, days, np.datetime64("1970-01-01"))
    months = days.astype("datetime64[M]")
    month = months.astype("int64") % 12 + 1
    return (
        _years(days),
        np.where(there, month, 0),
        (days - months.astype("datetime64[D]")).astype("int64") + 1,
    )


def _am_pm(tail: str) -> int:
    """Return 1 for a.m., 2 for p.m., else 0."""
    half = _AM_PM.match(tail)
    return 0 if half is None else "ap".index(half[1].lower()) + 1


def _utc_offset(tail: str) -> int:
    """Return the minutes of “Z”, “+02:00”, “UTC-3”, “PM CEST”, “GMT+0100 (Central European Time)”.

    Of “Europe/Berlin”, return its place in `_zone_names`, from `_FIRST_ZONE` on.
    """
    words = _REMARK.sub("", _AM_PM.sub("", tail, count=1)).strip()
    name = words.casefold().replace("−", "-")
    if name in {"", "uhr", "hrs"}:
        return int(_NO_OFFSET)
    if name in _ZONES:
        return _ZONES[name]
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        return int(offset[1] + "1") * (60 * int(offset[2]) + int(offset[3] or 0))
    if words in _zone_names():
        return _FIRST_ZONE + _zone_names().index(words)
    return int(_UNREADABLE)
