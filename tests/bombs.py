"""Small files that unpack to much, or take long to look at."""

import io
import json
import zlib
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq

from tests.data.readers.workbooks import Sheet, xlsx_files, zip_files


def packed(portion: bytes, times: int, start: bytes) -> bytes:
    """Pack a beginning and a portion many times over, without ever holding it whole."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    parts = [packer.compress(start), *(packer.compress(portion) for _ in range(times))]
    return b"".join([*parts, packer.flush()])


def parquet(text: str, rows: int) -> bytes:
    """Write a column of one text, which stands in the file once."""
    content = io.BytesIO()
    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text]))
    pq.write_table(pa.table({"x": column}), content)
    return content.getvalue()


def far_cell(row: int) -> bytes:
    """Write a workbook with a number in a cell far away."""
    cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="XFD{row}"><v>2</v></c></row>'
    text = f"<worksheet><sheetData>{cells}</sheetData></worksheet>"
    return zip_files({**xlsx_files(Sheet([["x"], [1]])), "xl/worksheets/sheet1.xml": text})


BOMBS: dict[str, Callable[[int], bytes]] = {
    "rows{}.csv.gz": lambda size: packed(b"1\n2\n" * (1 << 18), size, b"x\n"),
    "sequence{}.ts.gz": lambda size: packed(b"1," * (1 << 19), size, b"@classLabel false\n@data\n"),
    "line{}.csv": lambda size: b"x" * min(size << 20, 60 << 20),
    "repeated{}.parquet": lambda size: parquet("y" * 300_000, 100 * size),
    "many{}.parquet": lambda size: parquet("y", 1_000_000 * size),
    "zeros{}.zip": lambda size: zip_files({"a.csv": b"1,2\n" * (size << 18)}),
    "deep{}.json": lambda size: b"[" * (1000 * size) + b"]" * (1000 * size),
    "wide{}.json": lambda size: json.dumps([{f"a{n}": 1} for n in range(200 * size)]).encode(),
    "signs{}.csv": lambda size: b"x,y\n1," + b"-" * (1000 * size) + b"\n2,3\n",
    "far{}.xlsx": lambda size: far_cell(size * 4000),
}
"""What makes a bomb of a kind and a size, by the name of its file."""
