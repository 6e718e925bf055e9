"""Finds columns that hold no numbers: flags, words that come again and again, text, and other times."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from components.data.cleaning.doctor.finding import (
    Finding,
    Fix,
    TableCase,
    quote_cell,
    quote_names,
    verb_form,
)
from components.data.cleaning.steps.columns import folded, numeric_columns
from components.data.parsing.number_parsing import is_missing
from components.recipe import LONGEST_NAME, MOST_WORDS, DropColumns, OneHot, ReadFlags

_MIN_ROWS = 3.0  # in which a word stands on average, at least, where each becomes a column
# Words that say yes, and those that say no.
_PAIRS = frozenset(
    (
        *(
            ("true", "false"),
            ("yes", "no"),
            ("y", "n"),
            ("t", "f"),
            ("on", "off"),
            ("ja", "nein"),
            ("ja", "nee"),
        ),
        *(("wahr", "falsch"), ("oui", "non"), ("vrai", "faux"), ("sí", "no"), ("si", "no"), ("sim", "não")),
        *(("sim", "nao"), ("verdadero", "falso"), ("vero", "falso"), ("open", "closed")),
    )
)


def find_words(case: TableCase) -> Iterator[Finding]:
    """Yield which columns hold words, or times that aren't the rows' own: no model of numbers takes them."""
    frame = case.frame
    left = [column for column in frame.columns if frame[column].dtype != np.float64]
    flags = {column: pair for column in left if (pair := _flag_words(frame[column])) is not None}
    if not numeric_columns(frame) and not flags:
        yield Finding(
            key="no numbers",
            severity="must",
            sentence=(
                "No column holds numbers, so there is nothing to learn from. Upload a table with one row per "
                "time step and numbers in its columns."
            ),
        )
        return
    yield from _flag_findings(case, flags)
    still: list[str] = []
    coded: list[str] = []
    rest: list[str] = []
    for column in left:
        if column in flags:
            continue
        words = _words(frame[column])
        if len(words) == 1 and not _has_gaps(frame[column]):
            still.append(column)
        else:
            (coded if _may_be_coded(frame[column], words) else rest).append(column)
    if still:
        yield _left_out_finding(case, tuple(still), "the same everywhere")
    for column in coded:
        yield _coding_finding(case, column, _words(frame[column]))
    if rest:
        yield _left_out_finding(case, tuple(rest), "")


# --- Flags -----------------------------------------------------------------------------------------


def _flag_words(column: pd.Series) -> tuple[str, str] | None:
    """Return the words for yes and no that a column consists of; None where it holds others."""
    if column.dtype != "str":
        return None
    filled = column[~is_missing(column)]
    if len(filled) > 100 and filled.iloc[:100].nunique() > 10:
        return None
    words = set(folded(filled))
    pairs = [
        pair
        for pair in _PAIRS
        if words and words <= set(pair) and (len(words) > 1 or max(map(len, words)) > 1)
    ]
    return max(pairs, key=lambda pair: (pair[0] in words, pair[0] == "true"), default=None) if words else None


def _flag_findings(case: TableCase, flags: dict[str, tuple[str, str]]) -> Iterator[Finding]:
    for yes, no in dict.fromkeys(flags.values()):
        columns = tuple(column for column, pair in flags.items() if pair == (yes, no))
        yield Finding(
            key="flags",
            severity="must",
            sentence=(
                f"{quote_names(columns)} {verb_form(columns, 'says', 'say')} {quote_cell(yes)} or "
                f"{quote_cell(no)}. The model can only use numbers."
            ),
            columns=columns,
            fixes=(
                Fix(f"Read {quote_cell(yes)} as 1 and {quote_cell(no)} as 0", _flags(columns, yes, no)),
                _drop(columns),
            ),
            choice="clear",
        )


def _flags(columns: tuple[str, ...], yes: str, no: str) -> ReadFlags:
    return ReadFlags(columns=columns, yes=(yes,), no=(no,))


# --- Words -----------------------------------------------------------------------------------------


def _words(column: pd.Series) -> tuple[str, ...]:
    """Return the words of a column, the most frequent first; none where it holds times."""
    if column.dtype != "str":
        return ()
    if len(column) > 2000 and column.iloc[:2000].nunique() > 1000:
        return tuple(column.dropna().str.strip().unique())
    counts = column[~is_missing(column)].str.strip().value_counts()
    return tuple(counts.index)


def _has_gaps(column: pd.Series) -> bool:
    return bool(is_missing(column).any())


def _may_be_coded(column: pd.Series, words: tuple[str, ...]) -> bool:
    """Return whether words are few and come again: what stands in one row alone is a remark."""
    return (
        1 <= len(words) <= MOST_WORDS
        and int((~is_missing(column)).sum()) >= 2 * len(words)
        and len(column) >= _MIN_ROWS * len(words)
        and max(map(len, words)) + len(str(column.name)) + 2 <= LONGEST_NAME
    )


def _coding_finding(case: TableCase, column: str, words: tuple[str, ...]) -> Finding:
    number = len(words)
    shown = quote_names(words)
    made = f"{number} columns of 0 and 1" if number > 1 else "a column of 0 and 1"
    return Finding(
        key="words",
        severity="must",
        sentence=(
            f"“{column}” holds {'one word' if number == 1 else f'{number} different words'}, {shown}. The "
            "model can only use numbers."
        ),
        columns=(column,),
        fixes=(
            Fix(f"Turn “{column}” into {made}", OneHot(column=column, values=words)),
            _drop((column,)),
        ),
    )


def _left_out_finding(case: TableCase, columns: tuple[str, ...], why: str) -> Finding:
    """Return what is said of columns of text or times; what says the same in each row goes unasked."""
    frame = case.frame
    column = frame[columns[0]]
    holds = "words" if column.dtype == "str" else "times"
    there = column.notna().to_numpy()
    example = f", such as {quote_cell(str(column.iloc[int(np.argmax(there))]))}" if there.any() else ""
    if why:
        example += f", {why}"
    return Finding(
        key="words",
        severity="must",
        sentence=(
            f"{quote_names(columns)} {verb_form(columns, 'holds', 'hold')} {holds}{example}. The model can "
            "only use numbers."
        ),
        columns=columns,
        fixes=(_drop(columns),),
        choice="clear" if why else "usual",
    )


def _drop(columns: tuple[str, ...]) -> Fix:
    return Fix(f"Leave {verb_form(columns, 'it', 'them')} out", DropColumns(columns=columns))
