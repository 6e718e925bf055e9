"""What is written as CSV is read again as it was."""

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from components.data.sources.web.csv_file import write_csv

CELLS = st.one_of(st.none(), st.integers(), st.text(st.characters(codec="utf-8", exclude_characters="\r\0")))


@given(st.lists(st.tuples(CELLS, CELLS)))
def test_cells_come_back(tmp_path_factory, rows) -> None:
    path: Path = tmp_path_factory.mktemp("csv") / "table.csv"
    write_csv(path, ("a", "b"), rows)
    with path.open(newline="", encoding="utf-8") as file:
        read = list(csv.reader(file))
    assert read == [["a", "b"], *(["" if cell is None else str(cell) for cell in row] for row in rows)]
