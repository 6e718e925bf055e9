"""What the data doctor finds, and what it looks at."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from components.data.splits.time_split import time_split
from components.recipe import CleaningStep, Preparation

MOST_ROWS = 1000  # that a finding names: enough to mark in a chart
_MAX_NAMES = 3  # columns that a sentence names

Severity = Literal["must", "should", "note"]
Choice = Literal["clear", "usual", "open"]


@dataclass(frozen=True)
class Fix:
    """One way to fix what was found.

    Attributes:
        label: of the button.
    """

    label: str
    cleaning_step: CleaningStep


@dataclass(frozen=True)
class Finding:
    """One thing that the doctor finds about a table.

    Attributes:
        key: what it is about, one word or two; the same for the same kind of finding.
        severity: must: no model can take the table before; should: it can, and will learn something wrong;
            note: good to know.
        sentence: what is the matter, where, with an example.
        columns: that it is about; none where it is about the rows.
        rows: positions in `Diagnosis.cleaned_frame`, the first `MOST_ROWS` of them.
        fixes: the best first.
        choice: clear: the first offer loses nothing and nothing else can be meant; usual: it is what most
            people would do; open: only who knows the data can tell which of the offers is right, or none.
    """

    key: str
    severity: Severity
    sentence: str
    columns: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    fixes: tuple[Fix, ...] = ()
    choice: Choice = "usual"


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """The state of a table after its cleaning steps.

    Attributes:
        cleaned_frame: the table as it came where a step couldn't be applied.
        findings: the worst first; those of a later kind wait until all that must be fixed before is.
        table_is_ready: whether `components.data.datasets.Series` would take it.
    """

    cleaned_frame: pd.DataFrame
    findings: tuple[Finding, ...]
    table_is_ready: bool


@dataclass(frozen=True, eq=False)
class TableCase:
    """A table on its way, and what the examiners need to know of it.

    Attributes:
        frame: as `components.data.cleaning.steps` has it.
        target: the column to forecast, where it is chosen.
        record_name: returns the words for the record of a number: "row 3".
        numbered: whether the rows are still those that came, in their order.
        is_panel: whether the columns are series of one kind, which may begin at times of their own.
    """

    frame: pd.DataFrame
    preparation: Preparation
    target: str | None
    record_name: Callable[[int], str]
    numbered: bool
    is_panel: bool = False

    @property
    def has_times(self) -> bool:
        """Whether the rows have times."""
        return isinstance(self.frame.index, pd.DatetimeIndex)

    @property
    def train(self) -> slice:
        """The rows of the training set; all where there are too few to divide."""
        rows = len(self.frame)
        return time_split(rows, self.preparation).train if rows >= 3 else slice(0, rows)

    def describe_row(self, position: int) -> str:
        """Return which row it is: by its number in the file while that holds, and by its time."""
        label = self.frame.index[position]
        if not self.has_times:
            return self.record_name(int(label))
        time = "without a time" if pd.isna(label) else format_time(label)
        return f"{self.record_name(position)} ({time})" if self.numbered else time


def first_positions(mask: np.ndarray) -> tuple[int, ...]:
    """Return the first `MOST_ROWS` positions where a mask is true."""
    return tuple(np.flatnonzero(mask)[:MOST_ROWS].tolist())


# --- Words -----------------------------------------------------------------------------------------


def format_time(time: pd.Timestamp) -> str:
    """Return a time without what is zero in it."""
    return time.isoformat(sep=" ").removesuffix(" 00:00:00").removesuffix(":00")


def quote_names(columns: Sequence[str]) -> str:
    """Return “a”, “b” and 3 more."""
    quoted = [f"“{column}”" for column in columns]
    if len(quoted) > _MAX_NAMES + 1:
        quoted = [*quoted[:_MAX_NAMES], f"{len(quoted) - _MAX_NAMES} more"]
    return join_words(quoted)


def join_words(words: Iterable[str]) -> str:
    """Return a, b and c."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def count_phrase(number: int, word: str) -> str:
    """Return 1 row, or 1,000 rows."""
    return f"{number:,} {word}{'s' * (number != 1)}"


def format_number(value: float) -> str:
    """Return a number with a true minus sign."""
    return f"{value:.10g}".replace("-", "−")


def quote_cell(text: str) -> str:
    """Return a cell's text, shortened, in quotation marks."""
    shown = " ".join(str(text).split())
    return f"“{shown[:40]}…”" if len(shown) > 40 else f"“{shown}”"


def count_clause(number: int, word: str, one: str, several: str) -> str:
    """Return 1 row has, or 1,000 rows have."""
    return f"{count_phrase(number, word)} {one if number == 1 else several}"


def verb_form(columns: Sequence[str], one: str, several: str) -> str:
    """Return holds, or hold."""
    return one if len(columns) == 1 else several
