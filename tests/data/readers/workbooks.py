"""Workbooks of each kind, written by hand: small, and as odd as a test wants them."""

import io
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape, quoteattr

Value = str | float | bool | date | datetime | None
Row = Sequence[Value]

_DAY, _TIME = 14, 22  # numbers of the built-in formats of days and of days with a time
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns"


@dataclass(frozen=True)
class Sheet:
    """A sheet whose rows begin at a cell, counted from 0."""

    rows: Sequence[Row]
    name: str = "Sheet1"
    top: int = 0
    left: int = 0
    hidden: bool = False


def serial(value: date) -> float:
    """Return the number that spreadsheets keep for a day or a time."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return (moment - datetime(1899, 12, 30)).total_seconds() / 86_400


def style(value: Value) -> int:
    """Return the style of a cell: 0 plain, 1 a day, 2 a day with a time."""
    return 2 if isinstance(value, datetime) else 1 if isinstance(value, date) else 0


def zip_files(files: dict[str, str | bytes]) -> bytes:
    """Return a zip of files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def _relationships(kind: str, *targets: str) -> str:
    """Return the file that says which file of a workbook belongs to it."""
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, target in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def column_letters(column: int) -> str:
    """Name a column: A, B, …"""
    first, last = divmod(column, 26)
    return (column_letters(first - 1) if first else "") + chr(65 + last)


# --- .xlsx -----------------------------------------------------------------------------------------


def xlsx(*sheets: Sheet) -> bytes:
    """Write an Excel workbook."""
    return zip_files(xlsx_files(*sheets))


def xlsx_files(*sheets: Sheet) -> dict[str, str | bytes]:
    """Return the files inside an Excel workbook."""
    books = dict(enumerate(sheets, 1))
    listed = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{n}" r:id="rId{n}"'
        f' state="{"hidden" if sheet.hidden else "visible"}"/>'
        for n, sheet in books.items()
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": _relationships("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relationships(
            "worksheet", *(f"worksheets/sheet{n}.xml" for n in books)
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="{_DAY}"/>'
        f'<xf numFmtId="{_TIME}"/></cellXfs></styleSheet>',
        **{f"xl/worksheets/sheet{n}.xml": _xlsx_sheet(sheet) for n, sheet in books.items()},
    }


def _xlsx_sheet(sheet: Sheet) -> str:
    rows = "".join(
        f'<row r="{y}">'
        + "".join(_xlsx_cell(f"{column_letters(x)}{y}", value) for x, value in enumerate(row, sheet.left))
        + "</row>"
        for y, row in enumerate(sheet.rows, sheet.top + 1)
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def _xlsx_cell(place: str, value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        case str():
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        case date():
            return f'<c r="{place}" s="{style(value)}"><v>{serial(value)!r}</v></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


# --- .ods ------------------------------------------------------------------------------------------


def ods(*sheets: Sheet) -> bytes:
    """Write a LibreOffice workbook."""
    tables = "".join(
        f"<table:table table:name={quoteattr(sheet.name)}>"
        + "<table:table-row><table:table-cell/></table:table-row>" * sheet.top
        + "".join(f"<table:table-row>{_ods_row(sheet, row)}</table:table-row>" for row in sheet.rows)
        + "</table:table>"
        for sheet in sheets
    )
    spaces = "".join(f' xmlns:{name}="{_OPEN}:{name}:1.0"' for name in ("office", "table", "text"))
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zip_files(
        {
            "mimetype": kind,
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_OPEN}:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
            "content.xml": f"<office:document-content{spaces}><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def _ods_row(sheet: Sheet, row: Row) -> str:
    return "<table:table-cell/>" * sheet.left + "".join(map(_ods_cell, row))


def _ods_cell(value: Value) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case bool():
            kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
        case str():
            kind = 'office:value-type="string"'
        case date():
            kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        case _:
            kind = f'office:value-type="float" office:value="{value!r}"'
    return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"


# --- .xlsb -----------------------------------------------------------------------------------------


def xlsb(*sheets: Sheet) -> bytes:
    """Write a binary Excel workbook."""
    books = dict(enumerate(sheets, 1))
    listed = b"".join(
        _part(
            156, struct.pack("<II", int(sheet.hidden), n) + _wide_string(f"rId{n}") + _wide_string(sheet.name)
        )
        for n, sheet in books.items()
    )
    formats = b"".join(_part(47, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, _DAY, _TIME))
    return zip_files(
        {
            "xl/workbook.bin": _part(131) + _part(143) + listed + _part(144) + _part(132),
            "xl/_rels/workbook.bin.rels": _relationships(
                "worksheet", *(f"worksheets/sheet{n}.bin" for n in books)
            ),
            "xl/styles.bin": _part(617, struct.pack("<I", 3)) + formats + _part(618),
            **{f"xl/worksheets/sheet{n}.bin": _xlsb_sheet(sheet) for n, sheet in books.items()},
        }
    )


def _xlsb_sheet(sheet: Sheet) -> bytes:
    bottom, right = sheet.top + len(sheet.rows) - 1, sheet.left + max(map(len, sheet.rows), default=1) - 1
    parts = [
        _part(129),
        _part(148, struct.pack("<IIII", sheet.top, max(bottom, 0), sheet.left, right)),
        _part(145),
    ]
    for y, row in enumerate(sheet.rows, sheet.top):
        parts.append(_part(0, struct.pack("<I", y) + bytes(13)))
        parts += [_xlsb_cell(x, value) for x, value in enumerate(row, sheet.left) if value is not None]
    return b"".join((*parts, _part(146), _part(130)))


def _xlsb_cell(column: int, value: Value) -> bytes:
    head = struct.pack("<II", column, style(value))
    match value:
        case bool():
            return _part(4, head + bytes([value]))
        case str():
            return _part(6, head + _wide_string(value))
        case date():
            return _part(5, head + struct.pack("<d", serial(value)))
    return _part(5, head + struct.pack("<d", value))


def _part(kind: int, content: bytes = b"") -> bytes:
    """Write a record: its kind and its length in portions of seven bits, then what it holds."""
    head = bytes([kind & 0x7F | 0x80, kind >> 7]) if kind > 127 else bytes([kind])
    length, size = b"", len(content)
    while size > 127:
        length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
    return head + length + bytes([size]) + content


def _wide_string(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


# --- .xls ------------------------------------------------------------------------------------------


def xls(*sheets: Sheet) -> bytes:
    """Write an Excel 97 workbook."""
    bodies = [_xls_sheet(sheet) for sheet in sheets]
    names = [sheet.name.encode("utf-16-le") for sheet in sheets]
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    begin += b"".join(_record(0xE0, struct.pack("<HH", 0, number) + bytes(16)) for number in (0, _DAY, _TIME))
    place = len(begin) + sum(12 + len(name) for name in names) + 4
    for sheet, name, body in zip(sheets, names, bodies, strict=True):
        begin += _record(0x85, struct.pack("<IBBBB", place, int(sheet.hidden), 0, len(name) // 2, 1) + name)
        place += len(body)
    return _compound(begin + _record(0x0A) + b"".join(bodies))


def _xls_sheet(sheet: Sheet) -> bytes:
    cells = [
        _xls_cell(y, x, value)
        for y, row in enumerate(sheet.rows, sheet.top)
        for x, value in enumerate(row, sheet.left)
        if value is not None
    ]
    return _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + b"".join(cells) + _record(0x0A)


def _xls_cell(row: int, column: int, value: Value) -> bytes:
    head = struct.pack("<HHH", row, column, style(value))
    match value:
        case bool():
            return _record(0x205, head + bytes([value, 0]))
        case str():
            text = value.encode("utf-16-le")
            return _record(0x204, head + struct.pack("<HB", len(text) // 2, 1) + text)
        case date():
            return _record(0x203, head + struct.pack("<d", serial(value)))
    return _record(0x203, head + struct.pack("<d", value))


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _compound(stream: bytes) -> bytes:
    """Put a stream named Workbook into the little file system that such files are."""
    stream = stream.ljust(4096, b"\0")
    stream += bytes(-len(stream) % 512)
    end, free, fat_itself, none = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
    sectors = len(stream) // 512
    chain = [*range(3, sectors + 2), end]
    table = [fat_itself, end, *chain]
    fat = struct.pack(f"<{len(table)}I", *table).ljust(512, struct.pack("<I", free)[:1])

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = (name + "\0").encode("utf-16-le")
        links = struct.pack("<III", none, none, child)
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBB", len(text), kind, 1)
            + links
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    folder = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, none, 2, len(stream))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", free) * 108
    return header + fat + folder.ljust(512, b"\0") + stream


KINDS = {".xlsx": xlsx, ".ods": ods, ".xlsb": xlsb, ".xls": xls}
