"""Numbers as people write them, read at once for a whole column: 1.234,56 € and 1,234.56 and (12 %)."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from components.data.parsing.regex_columns import without_long_cells

Decimal = Literal[".", ","]
Thousands = Literal["", ",", ".", " ", "'"]

_CHUNK = 1 << 20  # rows that are read at once
LONGEST_NUMBER = 100
"""Characters of a cell that may be a number."""
_SPACES = "\u0020\u00a0\u2009\u202f"
_APOSTROPHES = "'’"
_SIGNS = "+\\-−–"
_MAGNITUDES = {"k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "b": 1e9, "bn": 1e9, "mrd": 1e9, "t": 1e12}

# What people write where there is nothing; upper and lower case don't matter.
_MISSING_WORDS = (
    *("na", "n/a", "n.a.", "n.a", "nan", "-nan", "null", "none", "nil", "nd", "n.d.", "n/d", "k.a.", "s/d"),
    *("-", "--", "---", "—", "–", ".", "..", "...", "…", "?", "missing", "unknown", "(null)", "<na>"),
    *(":", ": c", ": u", ": z", ":c", ":u", ":z"),  # of Eurostat, the letters saying why
    *("#n/a", "#na", "#value!", "#ref!", "#div/0!", "#num!", "#name?", "#null!", "no data"),
)


def is_missing(texts: pd.Series) -> np.ndarray:
    """Tell for each cell whether it is empty or says that nothing is there, such as “n/a”: bool (rows,)."""
    words = pc.utf8_lower(pc.utf8_trim_whitespace(pc.fill_null(_cells(texts), "")))
    return pc.is_in(words, pa.array(["", *_MISSING_WORDS], pa.large_string())).to_numpy()


# What stands beside a number to say something of it: < and ~ before, * and (p) and the like after.
_BEFORE = r"^(?:[<>≤≥~≈=*]+|ca?\.|about |approx\.? )\s*"
_FLAGS = "bcdefinprsuz"  # letters that statistical offices put after provisional, estimated and other numbers
_MARKS = "*†‡§#¹²³^!"
_AFTER = rf"(\d[.,]?)(?:\s*(?:[{_MARKS}]+|[(\[][\p{{L}}\d]{{1,3}}[)\]]|[{_FLAGS}]{{1,2}}))+$"

# --- Reading ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NumberFormat:
    """How the numbers of a column are written; the fields are those of `components.recipe.ReadNumbers`."""

    decimal: Decimal = "."
    thousands: Thousands = ""
    units: tuple[str, ...] = ()
    magnitudes: bool = False
    footnotes: bool = False

    def read(self, texts: pd.Series) -> np.ndarray:
        """Return the numbers as float64 of shape (rows,), NaN where a cell is none in this style."""
        cells = _cells(texts)
        starts = range(0, max(1, len(cells)), _CHUNK)
        return np.concatenate([self._read(cells.slice(at, _CHUNK)) for at in starts])

    @cached_property
    def core(self) -> str:
        """The regular expression of a number without its sign and unit."""
        decimal = re.escape(self.decimal)
        digits = r"\d+"
        if self.thousands:
            part = f"[{_equivalent_marks(self.thousands)}]"
            # Groups of three, or as in India: 12,34,567.
            digits = rf"(?:\d{{1,3}}(?:{part}\d{{2,3}})*{part}\d{{3}}|\d+)"
        return rf"(?:{digits}(?:{decimal}\d*)?|{decimal}\d+)(?:[eE][+\-]?\d{{1,3}})?"

    @cached_property
    def _pattern(self) -> str:
        """The regular expression of a whole cell."""
        space, sign = f"[{_SPACES}]*", f"[{_SIGNS}]?"
        unit = f"(?:(?:{_alternatives(self.units)}){space})?" if self.units else ""
        magnitude = rf"(?:(?i:{_alternatives(_MAGNITUDES)})\.?{space})?" if self.magnitudes else ""
        return (
            rf"^\(?{space}{sign}{space}{unit}{sign}{space}{self.core}{space}"
            rf"{magnitude}{unit}[\-−–]?{space}\)?$"
        )

    def _read(self, cells: pa.ChunkedArray) -> np.ndarray:
        cells = without_long_cells(pc.utf8_trim_whitespace(cells), LONGEST_NUMBER)
        if self.footnotes:
            cells = pc.replace_substring_regex(pc.replace_substring_regex(cells, _BEFORE, ""), _AFTER, r"\1")
        plain = _to_mask(pc.match_substring_regex(cells, rf"^-?{self.core}$"))
        if plain.all():
            return self._read_plain(cells)
        values = self._read_plain(pc.if_else(pa.array(plain), cells, None))
        values[~plain] = self._read_decorated(cells.filter(pa.array(~plain)))
        return values

    def _read_decorated(self, cells: pa.ChunkedArray) -> np.ndarray:
        """Read numbers with units, brackets and the like."""
        cells = pc.if_else(pc.match_substring_regex(cells, self._pattern), cells, None)
        for unit in self.units:
            cells = pc.replace_substring(cells, unit, "")
        values = self._read_plain(pc.replace_substring_regex(cells, r"^[^\d.,]+|[^\d.,][^\d]*$", ""))
        negative = _to_mask(pc.match_substring_regex(cells, rf"^[^\d]*[\-−–(]|[\-−–][{_SPACES})]*$"))
        values = np.where(negative, -values, values)
        if self.magnitudes:
            for name, size in _MAGNITUDES.items():
                named = pc.match_substring_regex(cells, rf"(?i)[\d.,{_SPACES}]{name}[^\p{{L}}]*$")
                values = np.where(_to_mask(named), values * size, values)
        return values

    def _read_plain(self, cells: pa.ChunkedArray) -> np.ndarray:
        """Read numbers that have nothing before or after them but a sign."""
        for mark in _equivalent_marks(self.thousands):
            cells = pc.replace_substring(cells, mark, "")
        if self.decimal != ".":
            cells = pc.replace_substring(cells, self.decimal, ".")
        values = pc.fill_null(pc.cast(cells, pa.float64()), np.nan).to_numpy()
        return values if values.flags.writeable else values.copy()


def _cells(texts: pd.Series) -> pa.ChunkedArray:
    return pa.chunked_array(pa.array(texts, pa.large_string(), from_pandas=True))


def _equivalent_marks(mark: str) -> str:
    """Return all the signs that mean the same."""
    return {" ": _SPACES, "'": _APOSTROPHES}.get(mark, mark)


def _alternatives(words: tuple[str, ...] | dict[str, float]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _to_mask(found: pa.ChunkedArray) -> np.ndarray:
    return pc.fill_null(found, False).to_numpy()


# --- Finding the style -----------------------------------------------------------------------------


@dataclass(frozen=True)
class FormatGuess:
    """In which styles the numbers of a column may be written.

    Attributes:
        styles: those that read the most cells, the likelier first; none where nothing is a number. More
            than one only where they differ in what they read and nothing in the column tells which is meant.
        reads: cells that each of them reads.
        others: cells that they don't read and that aren't `is_missing` either.
        units: what else stands beside numbers, in these other cells.
        marked: whether a point or a comma stands in one of the numbers.
        noted: of the `others`, those that the first style reads without a footnote such as * or (p).
    """

    styles: tuple[NumberFormat, ...] = ()
    reads: int = 0
    others: int = 0
    units: tuple[str, ...] = ()
    marked: bool = False
    noted: int = 0


_FORMATS = (
    *(NumberFormat("."), NumberFormat(".", ","), NumberFormat(","), NumberFormat(",", ".")),
    *(NumberFormat(".", " "), NumberFormat(",", " "), NumberFormat(".", "'"), NumberFormat(",", "'")),
)
_SAMPLE = 2000
_WORD = rf"[^\d.,{_SIGNS}{_SPACES}()][^\d{_SIGNS}{_SPACES}()]{{0,11}}"
# Nothing here can be read in two ways, and `++` says so: else a cell of minus signs alone takes minutes.
_CELL = re.compile(
    rf"\A\(?[{_SIGNS}{_SPACES}]*+(?:(?P<before>[^\d.,{_SIGNS}{_SPACES}()]{{1,4}}\.?)[{_SIGNS}{_SPACES}]*+)?"
    rf"(?P<core>[.,]?\d++(?:[.,{_SPACES}{_APOSTROPHES}]++\d++)*+[.,]?(?:[eE][+\-]?\d++)?)"
    rf"[{_SPACES}]*+(?:(?P<scale>(?i:{_alternatives(_MAGNITUDES)})\.?(?![^{_SPACES}]))[{_SPACES}]*+)?"
    rf"(?P<after>{_WORD})?[\-−–]?[{_SPACES}]*+\)?"
)
_PARTS = ("before", "core", "scale", "after")
_PREFIX = re.compile(r"[A-Z]{0,3}[$€£¥₹₽₩₺₴₫฿₪₱¢]|[A-Z]{3}|[Rr]s\.?|[Kk]r\.?|")
_CLEAR_MAGNITUDES = {"K", "M", "B", "bn", "Bn", "BN", "mn", "Mn", "Mio", "Mrd"}


def guess_format(texts: pd.Series) -> FormatGuess:
    """Find out how the numbers of a column are written, if they are a fifth of it or more.

    All cells count, by their shape: 1.234,56 € and 9.876,54 € have the same one.
    """
    filled = texts[~is_missing(texts)]
    sample = filled.iloc[:: max(1, len(filled) // _SAMPLE)]
    if 5 * sum(_count_shapes(sample).values()) < len(sample):
        return FormatGuess(others=len(filled))  # free text: there is no need to look at all of it
    numbers = _count_shapes(filled)
    styles = _plausible_formats(_best_formats(numbers), {number.core for number in numbers}, filled)
    if not styles:
        return FormatGuess(others=len(filled))
    fits = re.compile(styles[0].core)
    numbers = Counter({number: n for number, n in numbers.items() if fits.fullmatch(number.core)})
    magnitudes = _has_magnitudes(numbers)
    units, others = _usual_units(numbers, magnitudes)
    if _are_flags(numbers, units) or _are_names(numbers, units):
        units, others = (), (*units, *others)
    reads = sum(n for number, n in numbers.items() if number.units(magnitudes) <= set(units))
    styles = [replace(style, units=units, magnitudes=magnitudes) for style in styles]
    marked = any({".", ","} & set(number.core) for number in numbers)
    noted = 0
    if reads < len(filled) and not units:
        marks = replace(styles[0], footnotes=True)
        noted = int(np.isfinite(marks.read(filled)).sum()) - reads
    return FormatGuess(tuple(styles), reads, len(filled) - reads, others, marked, noted)


@dataclass(frozen=True)
class _NumberShape:
    """A number's shape, all of its digits 1, and what stands beside it."""

    before: str
    core: str
    scale: str
    after: str

    def units(self, magnitudes: bool) -> set[str]:
        scale = "" if magnitudes else self.scale
        return {self.before, f"{scale} {self.after}".strip()} - {""}


def _count_shapes(texts: pd.Series) -> Counter[_NumberShape]:
    """Count the numbers by their shape, in the order of their first appearance."""
    cells = without_long_cells(_cells(texts), LONGEST_NUMBER).drop_null()
    counts: Counter[_NumberShape] = Counter()
    for at in range(0, len(cells), _CHUNK):
        for entry in pc.value_counts(_digit_shapes(cells.slice(at, _CHUNK))).to_pylist():
            found = _CELL.fullmatch(entry["values"])
            if found and _PREFIX.fullmatch(found["before"] or ""):
                before, core, scale, after = (found[part] or "" for part in _PARTS)
                number = _NumberShape(before, core, scale, after)
                counts[number] += entry["counts"]
    return counts


def _digit_shapes(cells: pa.ChunkedArray) -> pa.Array:
    """Write 1 for each digit: in the bytes themselves, for that is ten times as fast as replacing them."""
    texts = pc.utf8_trim_whitespace(cells).combine_chunks()
    there, ends, data = texts.buffers()
    letters = np.frombuffer(data, np.uint8)
    ones = np.where((letters - np.uint8(ord("0"))) < 10, np.uint8(ord("1")), letters)
    return pa.LargeStringArray.from_buffers(len(texts), ends, pa.py_buffer(ones), there, offset=texts.offset)


def _best_formats(numbers: Counter[_NumberShape]) -> list[NumberFormat]:
    """Return the styles that read the most cells, one of those that read the same out of them."""
    reads: dict[NumberFormat, int] = {}
    for style in _FORMATS:
        fits = re.compile(style.core)
        reads[style] = sum(n for number, n in numbers.items() if fits.fullmatch(number.core))
    most = max(reads.values())
    cores = sorted({number.core for number in numbers})
    by_values = {style.read(pd.Series(cores, dtype="str")).tobytes(): style for style in reversed(_FORMATS)
                 if reads[style] == most > 0}  # fmt: skip
    return [style for style in _FORMATS if style in by_values.values()]


def _plausible_formats(styles: list[NumberFormat], cores: set[str], texts: pd.Series) -> list[NumberFormat]:
    """Leave out the styles whose thousands can't be meant: no one writes a thousand as 0,001."""
    if len(styles) < 2:
        return styles
    cells = _cells(texts)
    return [
        style
        for style in styles
        if not style.thousands
        or not _to_mask(
            pc.match_substring_regex(cells, rf"^\D*0[{_equivalent_marks(style.thousands)}]\d")
        ).any()
    ] or styles


def _are_flags(numbers: Counter[_NumberShape], units: tuple[str, ...]) -> bool:
    """Return whether what looks like units are marks: few numbers have one, or some have others."""
    if not units or not all(len(unit) <= 2 and set(unit) <= set(_FLAGS + _MARKS) for unit in units):
        return False
    bare = sum(n for number, n in numbers.items() if not number.units(magnitudes=False))
    kinds = {number.after for number in numbers if number.after and set(number.after) <= set(_FLAGS)}
    return 2 * bare > numbers.total() or (bare > 0 and len(kinds) > 1)


def _are_names(numbers: Counter[_NumberShape], units: tuple[str, ...]) -> bool:
    """Return whether letters stand before a few numbers, and most have none: ABC123 among 84444 is a name."""
    lettered = sum(n for number, n in numbers.items() if number.before.isalpha() and number.before in units)
    return 0 < 2 * lettered <= numbers.total()


def _has_magnitudes(numbers: Counter[_NumberShape]) -> bool:
    found = {number.scale.rstrip(".") for number in numbers} - {""}
    return bool(found & _CLEAR_MAGNITUDES) or len({name.casefold() for name in found}) > 1


def _usual_units(numbers: Counter[_NumberShape], magnitudes: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the units of most cells, and those of others: 5 kg and 5 g must not become the same."""
    counts: Counter[frozenset[str]] = Counter()
    for number, n in numbers.items():
        counts[frozenset(number.units(magnitudes))] += n
    counts.pop(frozenset(), None)
    if not counts:
        return (), ()
    usual = counts.most_common(1)[0][0]
    return tuple(sorted(usual)), tuple(sorted(set().union(*counts) - usual))
