"""Pairs of texts made by a rule: dates to write in one way, sums to add up, sentences to translate."""

from calendar import monthrange
from collections.abc import Callable, Hashable
from datetime import date

import numpy as np

from components.data.datasets import Pairs
from components.data.sources.synthetic.french import SentenceGenerator
from components.data.sources.synthetic.generator import Generator, Origin, Parameter
from components.errors import DataError

LANGUAGES = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "tr", "da", "nb", "fi", "cs", "ro", "hu", "ru"),
    *("uk", "el", "ja"),
)
"""Languages that dates are written in, by their codes in Unicode's CLDR."""

_FORMATS = ("medium", "long", "full", "d MMM y", "d MMMM y", "EEEE d MMMM y")
_MOST_DRAWS = 20  # draws for each pair that is wanted, before it's said that there are no more

PairDraw = tuple[Hashable, str, str]


def dates(
    origin: Origin, rng: np.random.Generator, *, languages: float, first_year: float, years: float
) -> Pairs:
    """Return dates as people write them, and the same dates as ISO 8601 has them.

    The names and orders of each language are those of Unicode's CLDR, by way of Babel. Years have four
    digits, and a month is either named or stands where all the languages that give it by its number agree.
    """
    from babel.dates import format_date  # noqa: PLC0415 - takes a while, and few need it

    chosen = LANGUAGES[: int(languages)]

    def draw() -> PairDraw:
        year = int(first_year + rng.integers(int(years)))
        month = int(rng.integers(1, 13))
        day = date(year, month, int(rng.integers(1, monthrange(year, month)[1] + 1)))
        language = chosen[rng.integers(len(chosen))]
        style = _FORMATS[rng.integers(len(_FORMATS))]
        written = " ".join(format_date(day, format=style, locale=language).split())
        return written, written, day.isoformat()

    return _draw_pairs(origin, draw, ("a date in words", "the date in ISO 8601"))


def sums(origin: Origin, rng: np.random.Generator, *, digits: float, backwards: float) -> Pairs:
    """Return sums of two whole numbers, and what they come to, all written in digits.

    No sum stands there twice, the other way round neither. Written backwards, the digits that are added
    first are read and written first: Zaremba and Sutskever, Learning to Execute, arXiv:1410.4615 (2014).
    """

    def number() -> int:
        return int(rng.integers(10 ** int(rng.integers(1, int(digits) + 1))))

    def draw() -> PairDraw:
        one, other = number(), number()
        written, total = f"{one}+{other}", str(one + other)
        if backwards:
            written, total = written[::-1], total[::-1]
        return (min(one, other), max(one, other)), written, total

    return _draw_pairs(origin, draw, ("a sum", "the result"))


def french(
    origin: Origin, rng: np.random.Generator, *, adjectives: float, negated: float, places: float
) -> Pairs:
    """Return English sentences and their French translations, whose adjectives change place."""
    translator = SentenceGenerator(rng, adjectives=adjectives, negated=negated, places=places)

    def draw() -> PairDraw:
        english, translated = translator.sentence()
        return english, english, translated

    return _draw_pairs(origin, draw, ("English", "French"))


def _draw_pairs(origin: Origin, draw: Callable[[], PairDraw], names: tuple[str, str]) -> Pairs:
    """Draw pairs until there are as many different ones as asked for.

    Raises:
        DataError: if there are too few.
    """
    wanted = origin.reference.length
    found: dict[Hashable, tuple[str, str]] = {}
    for _ in range(_MOST_DRAWS * wanted):
        key, *pair = draw()
        found.setdefault(key, (pair[0], pair[1]))
        if len(found) == wanted:
            break
    else:
        raise DataError(
            f"There are only about {len(found):,} different pairs with these settings.",
            where=origin.title,
            remedy="Ask for fewer pairs, or choose settings with more variety.",
        )
    sources, targets = zip(*found.values(), strict=True)
    return Pairs(*origin, sources=sources, targets=targets, names=names)


# --- The registry ----------------------------------------------------------------------------------


def _share_parameter(name: str, label: str, default: float, help: str) -> Parameter:
    return Parameter(name, label, 0, 1, default, 0.05, help)


PAIRS: dict[str, Generator] = {
    "dates": Generator(
        "Dates in many languages",
        "pairs",
        (
            Parameter(
                "languages",
                "Languages",
                1,
                len(LANGUAGES),
                8,
                1,
                "Number of languages: English first, then up to 19 others.",
            ),
            Parameter("first_year", "First year", 1000, 2100, 1950, 1, "Earliest year."),
            Parameter("years", "Years", 1, 500, 100, 1, "Number of years from the first one on."),
        ),
        dates,
    ),
    "sums": Generator(
        "Sums",
        "pairs",
        (
            Parameter("digits", "Digits", 1, 8, 3, 1, "Largest number of digits of each number."),
            Parameter(
                "backwards", "Reversed", 0, 1, 0, 1, "Writes the ones digit first, which is easier to add up."
            ),
        ),
        sums,
    ),
    "french": Generator(
        "English to French",
        "pairs",
        (
            _share_parameter("adjectives", "Adjectives", 0.7, "Share of nouns with one adjective or two."),
            _share_parameter("negated", "Negation", 0.2, "Share of sentences that are negated."),
            _share_parameter("places", "Places", 0.3, "Share of sentences that name a place."),
        ),
        french,
    ),
}
