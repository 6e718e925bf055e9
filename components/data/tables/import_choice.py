"""What was guessed when a file was read, in a sentence, and how else a person may have it read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from components.data.tables.header_rows import HeaderChoice

Uneven = Literal["fill", "drop"]


@dataclass(frozen=True)
class ImportOption:
    """Another way to read a file.

    Attributes:
        label: of the button.
        header: rows that name the columns; None: that stays as it is.
        uneven: what becomes of rows with too few or too many cells; None: likewise.
    """

    label: str
    header: int | None = None
    uneven: Uneven | None = None


@dataclass(frozen=True)
class ImportChoice:
    """One thing that was guessed.

    Attributes:
        sentence: what.
        options: how else it may be read; none where it is only to be known.
    """

    sentence: str
    options: tuple[ImportOption, ...] = ()


def header_import(choice: HeaderChoice) -> ImportChoice:
    """Return what was guessed of a header as a choice."""
    options = (ImportOption(_header_label(rows), header=rows) for rows in choice.others)
    return ImportChoice(choice.sentence, tuple(options))


def uneven_imports(
    short: Sequence[int], long: Sequence[int], uneven: Uneven | None
) -> tuple[ImportChoice, ...]:
    """Return what became of the rows that have too few or too many cells.

    Args:
        short: numbers of the rows with too few.
        long: of those with too many.
        uneven: what a person chose.
    """
    choices = []
    if short:
        what = f"{_which(short)} fewer cells than there are columns"
        if uneven == "drop":
            option = ImportOption("Leave the missing cells empty", uneven="fill")
            choices.append(ImportChoice(f"{what}; {_they(short)} left out.", (option,)))
        else:
            option = ImportOption(f"Leave {_them(short)} out", uneven="drop")
            choices.append(ImportChoice(f"{what}; what is missing is left empty.", (option,)))
    if long:
        what = f"{_which(long)} more cells than there are columns"
        if uneven == "fill":
            option = ImportOption(f"Leave {_them(long)} out", uneven="drop")
            choices.append(ImportChoice(f"{what}; the last ones are cut off.", (option,)))
        else:
            option = ImportOption(f"Keep the first cells of {_them(long)}", uneven="fill")
            choices.append(ImportChoice(f"{what}; {_they(long)} left out.", (option,)))
    return tuple(choices)


def comment_import(numbers: Sequence[int]) -> tuple[ImportChoice, ...]:
    """Return that lines of comments were left out, where there are any."""
    if not numbers:
        return ()
    if len(numbers) == 1:
        return (ImportChoice(f"Row {numbers[0]:,} is a comment and was left out."),)
    count = f"{len(numbers):,} rows, the first of them row {numbers[0]:,}, are comments"
    return (ImportChoice(f"{count} and were left out."),)


def _header_label(rows: int) -> str:
    if rows == 0:
        return "Read it as values"
    if rows == 1:
        return "Take the names from the first row alone"
    return f"Take the names from the first {rows} rows"


def _which(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"Row {numbers[0]:,} has"
    return f"{len(numbers):,} rows, the first of them row {numbers[0]:,}, have"


def _they(numbers: Sequence[int]) -> str:
    return "it is" if len(numbers) == 1 else "they are"


def _them(numbers: Sequence[int]) -> str:
    return "it" if len(numbers) == 1 else "them"
