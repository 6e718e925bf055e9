"""What all files have in common: how much of them is taken."""

import numpy as np
import pytest

from components.data.readers import formats
from components.data.sources import upload
from components.errors import DataError
from tests.data.readers.file_helpers import upload_bytes


def table(columns: int, rows: int) -> bytes:
    numbers = np.arange(rows * columns).reshape(rows, columns)
    lines = [",".join(f"c{n}" for n in range(columns)), *(",".join(map(str, row)) for row in numbers)]
    return "\n".join(lines).encode()


def test_a_table_that_is_wide_and_long_is_refused_with_both_sizes():
    rows = formats.MOST_WIDE_CELLS // 600 + 1
    cells = (",".join(f"c{n}" for n in range(600)) + "\n" + ("1," * 599 + "1\n") * rows).encode()
    with pytest.raises(DataError, match=rf"600 columns and {rows:,} rows"):
        upload_bytes(cells, "wide.csv")


@pytest.mark.parametrize(("columns", "rows"), [(600, 20), (3, 2000)])
def test_a_table_that_is_either_is_read(columns, rows):
    found = upload.open_upload(upload_bytes(table(columns, rows), "some.csv"))
    assert found.frame.shape == (rows, columns)
