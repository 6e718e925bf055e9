"""A file's cells as the data doctor wants to see them: nothing left out, nothing guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from components.data.parsing.number_parsing import LONGEST_NUMBER
from components.data.tables.import_choice import ImportChoice
from components.data.tables.record_names import RecordNames
from components.data.tables.staging_table import StagingTable
from components.data.tables.table_bounds import MarginRows
from components.errors import DataError
from components.recipe import LONGEST_NAME

if TYPE_CHECKING:
    import duckdb

ColumnKind = Literal["number", "time"]

_PORTION = 1 << 17  # rows that are taken up at once
_COUNTED = 200  # columns that are looked at together
_NUMBER_EXPRESSION = f"CASE WHEN length({{cell}}) <= {LONGEST_NUMBER} THEN TRY_CAST({{cell}} AS DOUBLE) END"
_TIME_EXPRESSION = "TRY_CAST({cell} AS TIMESTAMP)"
# What can only be read in one way; all other times are the doctor's.
_ISO_PATTERN = r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?"
_ISO_TIME_EXPRESSION = f"CASE WHEN regexp_full_match({{cell}}, '{_ISO_PATTERN}') THEN {_TIME_EXPRESSION} END"
_EARLIEST = np.datetime64("1000-01-01", "us")  # before it, it is a year of two digits
_DECIMAL_COMMA = r"-?\d+,\d{1,2}|-?\d+,\d{4,}"
_MAYBE_THOUSANDS = r"-?[1-9]\d{0,2}(\.\d{3})+"


@dataclass(frozen=True, eq=False)
class RawTable:
    """A table as it came.

    Attributes:
        frame: (records, columns), in the order of the file: float64 where all cells are numbers, datetime64
            where all are dates such as 2020-01-31, else text (dtype str), missing where a cell is empty.
        record_name: gives the words for a record of the file, counted from 0: "row 3".
        notes: plain sentences on what was done to the file until it was a table.
        sheet: which one of several it is.
        margins: rows above and below the table, on which `notes` has a sentence each.
        choices: what else was guessed, likewise.
    """

    frame: pd.DataFrame
    record_name: RecordNames
    notes: tuple[str, ...] = ()
    sheet: str | None = None
    margins: tuple[MarginRows, ...] = ()
    choices: tuple[ImportChoice, ...] = ()


def build_raw_table(
    cells: StagingTable,
    notes: tuple[str, ...] = (),
    margins: tuple[MarginRows, ...] = (),
    sheet: str | None = None,
    choices: tuple[ImportChoice, ...] = (),
) -> RawTable:
    """Take the cells of a file up. The database may be closed afterwards.

    Args:
        cells: of the table.
        notes: on what was done until then, but for the cuts.
        margins: rows above and below it.
        sheet: which one of several it is.
        choices: what was guessed, and how else it may be read.

    Raises:
        DataError: if a column's name is too long for a recipe.
    """
    _check_names(cells.name, cells.names)
    kinds = _column_expressions(cells)
    chosen = ", ".join(f"{_expression_for(kind, f'c{n}')} AS c{n}" for n, kind in enumerate(kinds))
    # Each column of the one table goes as soon as it stands in the other.
    table = cells.database.sql(f"SELECT {chosen} FROM cells").to_arrow_table()
    frame = table.to_pandas(split_blocks=True, self_destruct=True)
    texts = {f"c{n}": "str" for n, kind in enumerate(kinds) if kind == "{cell}"}
    frame = frame.astype(texts).set_axis(_unique_names(cells.names), axis=1)
    notes = (*with_margin_notes(notes, margins), *(choice.sentence for choice in choices))
    return RawTable(frame, cells.record_name, notes, sheet, margins, choices)


def with_margin_notes(notes: tuple[str, ...], margins: tuple[MarginRows, ...]) -> tuple[str, ...]:
    """Return the notes of a table, those on what was cut being the last."""
    return (*notes, *(cut.sentence for cut in margins))


def read_typed_columns(
    name: str,
    names: Sequence[str],
    base: "duckdb.DuckDBPyConnection",
    cells: str,
    parameters: dict[str, Any],
    kinds: Sequence[ColumnKind],
    rows: int,
) -> pd.DataFrame | None:
    """Take cells up in one go, where it is known what stands in them.

    Args:
        name: what to call the file in messages.
        names: of the columns.
        base: any database.
        cells: SQL that gives the cells as what they are, numbers or times; an empty one is NULL.
        parameters: of the SQL.
        kinds: what each column is.
        rows: how many there are.

    Returns:
        What `build_raw_table` would; None where a column is empty, a time can hardly be meant, or there are
        more rows or fewer.

    Raises:
        duckdb.Error: if a cell is something else than its column.
    """
    _check_names(name, names)
    # All numbers in one block: then no step that follows has to put them together, which copies them.
    numbers = np.empty((kinds.count("number"), rows))
    times = np.empty((kinds.count("time"), rows), dtype="datetime64[us]")
    places = [(numbers if kind == "number" else times)[kinds[:n].count(kind)] for n, kind in enumerate(kinds)]
    filled = np.zeros(len(kinds), dtype=np.int64)
    at = 0
    for portion in base.sql(cells, params=parameters).to_arrow_reader(_PORTION):
        if at + len(portion) > rows:
            return None
        for n, column in enumerate(portion.columns):
            places[n][at : at + len(portion)] = column.to_numpy(zero_copy_only=False)
            filled[n] += len(portion) - column.null_count
        at += len(portion)
    if at < rows or not filled.all() or (times < _EARLIEST).any():
        return None
    own = _unique_names(names)
    named = [own[n] for n, kind in enumerate(kinds) if kind == "number"]
    frame = pd.DataFrame(numbers.T, columns=named, copy=False)
    for n, kind in enumerate(kinds):
        if kind == "time":
            frame.insert(n, own[n], pd.Series(places[n], copy=False))
    return frame


def _check_names(name: str, names: Sequence[str]) -> None:
    if max(map(len, names)) > LONGEST_NAME:
        raise DataError(
            f"A column name is longer than {LONGEST_NAME} characters.",
            where=name,
            remedy="Shorten it, then upload the file again.",
        )


def _column_expressions(cells: StagingTable) -> list[str]:
    """Choose for each column the SQL that reads it."""
    columns = [f"c{n}" for n in range(len(cells.names))]
    # A query of very many columns takes longer than several of some.
    counts = np.concatenate(
        [_count_kinds(cells, columns[at : at + _COUNTED]) for at in range(0, len(columns), _COUNTED)]
    )
    # Beside a column with decimal commas, 1.234 may be a thousand and more.
    commas = bool((2 * counts[:, 3] > counts[:, 0]).any())
    kinds = []
    for filled, numbers, times, _, thousands in counts.tolist():
        if filled and filled == times:
            kinds.append(_TIME_EXPRESSION)
        elif filled and filled == numbers and not (commas and thousands == filled):
            kinds.append(_NUMBER_EXPRESSION)
        else:
            kinds.append("{cell}")
    return kinds


def _count_kinds(cells: StagingTable, columns: Sequence[str]) -> np.ndarray:
    """Count in each column what is filled, numbers, times, decimal commas and thousands: (columns, 5)."""
    wanted = [
        expression
        for cell in columns
        for expression in (
            f"count({cell})",
            f"count({_expression_for(_NUMBER_EXPRESSION, cell)})",
            f"count({_expression_for(_ISO_TIME_EXPRESSION, cell)})",
            f"count(CASE WHEN regexp_full_match({cell}, '{_DECIMAL_COMMA}') THEN 1 END)",
            f"count(CASE WHEN regexp_full_match({cell}, '{_MAYBE_THOUSANDS}') THEN 1 END)",
        )
    ]
    counted = cells.database.execute(f"SELECT {', '.join(wanted)} FROM cells").fetchall()[0]
    return np.array(counted).reshape(-1, 5)


def _expression_for(expression: str, cell: str) -> str:
    return expression.replace("{cell}", cell)


def _unique_names(names: Sequence[str]) -> list[str]:
    """Number the names that stand more than once."""
    own: dict[str, None] = {}
    times: dict[str, int] = {}
    for name in names:
        again = times.get(name, 1)
        unique = name
        while unique in own:
            again += 1
            unique = f"{name} {again}".strip()
        times[name] = again
        own[unique] = None
    return [*own]
