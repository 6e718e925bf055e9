"""A table that a source gives in another form, written as the CSV that all tables are read from."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_csv(target: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table.

    Args:
        target: where it goes.
        names: of the columns.
        rows: of cells; None is an empty one.
    """
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
