"""The names of months in the languages of the world, read for a whole column at once.

The same letters may be two months: *lip* is June in Croatian and July in Polish. So a column's names are read
in one language that knows them all.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

# The likelier first: where two know every name of a column, the first one is meant.
_LANGUAGES = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "da", "nb", "sv", "fi", "pl", "cs", "sk"),
    *("hu", "ro", "tr", "id", "ca", "sl", "hr", "et", "lv", "lt", "ru", "uk", "el", "bg"),
    *("de_AT", "th", "vi", "ko", "ja", "zh", "he", "ar", "fa", "hi", "sr", "sr_Latn", "mk", "is", "eu", "gl"),
)
# What Babel has not: how Excel and people shorten them.
_MORE_NAMES = {"en": {"sept": 9}, "de": {"mrz": 3, "maerz": 3, "janner": 1, "feber": 2}, "nl": {"mrt": 3}}
_PERSIAN = "persian"  # the months of another calendar


def month_numbers(names: Sequence[str]) -> list[int]:
    """Return the number of each month: 1 to 12, 0 where it is none.

    Args:
        names: of one column, or abbreviations; upper or lower case, with or without accents and dots.
    """
    letters = [_fold(name) for name in names]
    language = _language_of(frozenset(letters))
    months = _month_names(language)
    return [months.get(name, 0) or _number_in_any_language(name) for name in letters]


def is_month_name(name: str) -> bool:
    """Return whether any language knows this month."""
    return month_numbers([name]) != [0]


@lru_cache(maxsize=1024)
def _number_in_any_language(name: str) -> int:
    """Return the number of a month that the others' language lacks, as in a column of several ones."""
    return next((months[name] for months in map(_month_names, (*_LANGUAGES, _PERSIAN)) if name in months), 0)


@lru_cache(maxsize=256)
def _language_of(names: frozenset[str]) -> str:
    """Return the first language that knows all names, else the one that knows most."""
    best, most = "en", 0
    for language in (*_LANGUAGES, _PERSIAN):
        known = len(names & _month_names(language).keys())
        if known == len(names):
            return language
        if known > most:
            best, most = language, known
    # All of Babel's languages take a second: only for as many names as a year may have.
    if 3 <= len(names) <= 36:
        for language in _other_languages():
            known = len(names & _month_names(language).keys())
            if known > most:
                best, most = language, known
            if most == len(names):
                break
    return best


def _other_languages() -> Sequence[str]:
    from babel.localedata import locale_identifiers  # noqa: PLC0415 - most files name no months

    return sorted(name for name in set(locale_identifiers()) - set(_LANGUAGES) if len(name) <= 3)


@lru_cache(maxsize=1024)
def _month_names(language: str) -> dict[str, int]:
    if language == _PERSIAN:
        from persiantools.jdatetime import (  # noqa: PLC0415 - as above
            MONTH_NAMES_EN,
            MONTH_NAMES_FA,
        )

        return {
            _fold(name or ""): number
            for names in (MONTH_NAMES_EN, MONTH_NAMES_FA)
            for number, name in enumerate(names)
            if number
        }
    from babel import Locale, localedata  # noqa: PLC0415

    by_context = Locale.parse(language).months
    # Babel keeps all that it knows of a language, half a megabyte each; the months are enough here.
    getattr(localedata, "_cache", {}).pop(language, None)
    found = {
        _fold(name): number
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in by_context[context][width].items()
    }
    found = {name: number for name, number in found.items() if not name.isascii() or len(name) >= 3}
    return found | _MORE_NAMES.get(language, {})


def _fold(name: str) -> str:
    """Return a name without case, accents and dots."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(
        letter for letter in letters if not unicodedata.combining(letter) and letter not in ". \u200c"
    )
