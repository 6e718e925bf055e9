"""The table in a value of JSON, in any of the shapes that programs write one."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import Any

from components.data.tables.table_bounds import may_be_header
from components.errors import DataError

REMEDY = "Write a list of records with the same names, such as [{“day”: “2020-12-31”, “price”: 1.5}, …]."

Value = Any
"""Of JSON; numbers are `Number`, as they are written."""
_Row = list[str]

_DEEPEST = 6  # levels in which a table is looked for, and that names are joined of
_MIN_KEYED = 3  # values by their times, at least, that are a table
_TIME_LIKE = re.compile(r"[+-]?\d[\d\s:.,/TZ+-]*")
_NUMBERED = re.compile(r"\A\d+[a-z]?\. (.+)")  # as Alpha Vantage names its columns
_ABOUT = frozenset(
    {"schema", "meta", "metadata", "meta data", "units", "info", "links", "license", "licenses"}
)
# What chat bots and data of conversations call what is said, and what is answered.
_SAID = ("patterns", "utterances", "examples", "questions", "inputs", "phrases", "text")
_ANSWERED = ("responses", "answers", "outputs", "replies")
_TURNS = ("messages", "conversations", "conversation", "dialogue", "dialog", "turns")
_SPEAKERS, _WORDS = ("role", "from", "speaker"), ("content", "value", "text", "utterance")
_ASKING = frozenset({"user", "human", "prompter", "customer"})
_ANSWERING = frozenset({"assistant", "gpt", "bot", "model", "chatgpt", "system_response", "agent"})


class Number(str):
    """A number, as it is written."""

    __slots__ = ()


@dataclass(frozen=True)
class RecordRows:
    """Numbered rows, all as long as the names, and what people call one of them.

    Attributes:
        notes: plain sentences on which table it is of several, and how it was made.
    """

    names: Sequence[str]
    rows: Iterable[tuple[int, _Row]]
    word: str = "record"
    notes: tuple[str, ...] = ()


def find_table(value: Value, name: str) -> RecordRows:
    """Find the table in a value; of several the longest.

    Args:
        value: as `json` reads it, but for the numbers.
        name: what to call the file in messages.

    Raises:
        DataError: if there is none, or its rows aren't alike.
    """
    found = _table_of(value, name)
    if found is not None:
        return found
    tables = list(_tables_within(value, (), _DEEPEST))
    if not tables:
        raise DataError("The file holds no table.", where=name, remedy=REMEDY)
    path, inner = max(tables, key=lambda table: _length(table[1]))
    found = _table_of(inner, name)
    assert found is not None  # as _is_table said
    if len(tables) == 1:
        return found
    note = f"Of {len(tables):,} tables in the file, “{path[-1][:40]}” was read, the longest."
    return replace(found, notes=(*found.notes, note))


def record_rows(
    records: Callable[[], Iterable[tuple[int, Value]]], name: str, word: str = "record"
) -> RecordRows:
    """Make rows of objects; each name that one of them has is a column, dotted where objects are nested.

    Args:
        records: gives them with their numbers, as often as it is asked.
        name: what to call the file in messages.
        word: what people call one.

    Raises:
        DataError: if one is no object.
    """
    names: dict[str, None] = {}
    for number, record in records():
        if not isinstance(record, dict):
            raise DataError(
                "This record isn't an object with names and values.",
                where=f"{name}, {word} {number}",
                remedy=REMEDY,
            )
        names.update(dict.fromkeys(_flat(record)))

    def rows() -> Iterator[tuple[int, _Row]]:
        for number, record in records():
            flat = _flat(record)
            yield number, [cell_text(flat.get(key)) for key in names]

    return RecordRows(list(names), rows(), word)


def cell_text(value: Value) -> str:
    """Return a value as a cell holds it; what is nested as JSON."""
    match value:
        case None:
            return ""
        case str():
            return str(value)
        case bool():
            return str(value).lower()
    return _json_text(value)


# --- Where it is -------------------------------------------------------------------------------------


def _table_of(value: Value, name: str) -> RecordRows | None:
    """Return the table that a value is; None where it isn't one itself."""
    match value:
        case [dict(), list() as rows] if rows and isinstance(rows[0], dict):  # a page's number, and the page
            return _table_of(rows, name)
        case [dict(), *_]:
            return _list_of_records(value, name)
        case [list(), *_]:
            return _list_rows(value, name)
        case [_, *_]:
            return _column_rows({"value": value}, name)
        case dict() if value:
            return _object_table(value, name)
    return None


def _object_table(parts: Mapping[str, Value], name: str) -> RecordRows | None:  # noqa: PLR0911
    """Return the table that an object is by itself."""
    match parts:
        case {"columns": [*names], "data": [list(), *_] as rows} | {
            "columns": [*names],
            "values": [list(), *_] as rows,
        }:
            return _split_rows(names, rows, parts.get("index"), name)
        case {"labels": [*labels], "datasets": [dict(), *_] as sets}:
            drawn = {str(one.get("label") or f"series {n}"): one.get("data") for n, one in enumerate(sets, 1)}
            if all(map(_is_column, drawn.values())):
                return _column_rows({"label": labels, **drawn}, name)
    if all(map(_is_column, parts.values())):
        return _column_rows(parts, name)
    if all(map(_is_pair_list, parts.values())):
        return _paired_columns(parts)
    if all(isinstance(part, dict) and part for part in parts.values()) and all(map(_is_flat, parts.values())):
        return _keyed_rows(parts)
    if len(parts) >= _MIN_KEYED and _is_flat(parts) and all(map(_TIME_LIKE.fullmatch, parts)):
        rows = enumerate(([key, cell_text(value)] for key, value in parts.items()), 1)
        return RecordRows(["index", "value"], rows)
    return None


def _tables_within(
    value: Value, path: tuple[str, ...], depth: int
) -> Iterator[tuple[tuple[str, ...], Value]]:
    """Yield the tables inside a value that is none itself, each with the names that lead to it."""
    if not isinstance(value, dict) or not depth:
        return
    for key, part in value.items():
        if key.lower() in _ABOUT:
            continue
        here = (*path, key)
        if _is_table(part):
            yield here, part
            continue
        inner = part[0] if isinstance(part, list) and len(part) == 1 else part
        columns = _columns_within(inner, depth) if isinstance(inner, dict) else {}
        if _is_table(inner):
            yield here, inner
        elif columns:
            yield here, columns
        else:
            yield from _tables_within(inner, here, depth - 1)


def _is_table(value: Value) -> bool:
    match value:
        case [dict(), _, *_] | [list(), _, *_]:
            return True
        case [dict() as only]:  # one record, or what a table is inside of
            return _is_flat(only) or (
                not _is_table(only) and any(special([only]) is not None for special in _SPECIAL)
            )
        case [list()]:
            return True
        case dict() if value:
            return (
                all(map(_is_column, value.values()))
                or (len(value) > 1 and all(map(_is_pair_list, value.values())))
                or {"columns", "data"} <= value.keys()
                or {"columns", "values"} <= value.keys()
                or _are_alike(value.values())
                or (len(value) >= _MIN_KEYED and _is_flat(value) and all(map(_TIME_LIKE.fullmatch, value)))
            )
    return False


def _columns_within(parts: Mapping[str, Value], depth: int) -> dict[str, list[Value]]:
    """Return columns of one length that stand at several levels of an object, as in quotes of prices."""
    found: dict[str, list[Value]] = {}

    def collect(value: Value, left: int) -> None:
        if not left:
            return
        for key, part in value.items():
            inner = part[0] if isinstance(part, list) and len(part) == 1 else part
            if isinstance(part, list) and len(part) > 1 and _is_column(part):
                found.setdefault(key, part)
            elif isinstance(inner, dict) and key.lower() not in _ABOUT:
                collect(inner, left - 1)

    collect(parts, depth)
    lengths = [len(column) for column in found.values()]
    usual = max(set(lengths), key=lengths.count, default=0)
    columns = {key: column for key, column in found.items() if len(column) == usual}
    return columns if len(columns) > 1 and any(map(_is_column, parts.values())) else {}


def _length(value: Value) -> int:
    """Return how many rows a table has, roughly."""
    if isinstance(value, list):
        return len(value)
    return max([len(value), *(len(part) for part in value.values() if isinstance(part, list | dict))])


# --- What its rows are -------------------------------------------------------------------------------


def _list_of_records(records: list[Value], name: str) -> RecordRows:
    """Make rows of records: of what is said and answered in them, of series, or of themselves."""
    if all(isinstance(record, dict) for record in records):
        for special in _SPECIAL:
            found = special(records)
            if found is not None:
                return found
    return record_rows(lambda: enumerate(records, 1), name)


def _turn_rows(records: list[dict[str, Value]]) -> RecordRows | None:
    """Pair what was asked with what was answered next, in records of conversations."""
    key = next((key for key in _TURNS if isinstance(records[0].get(key), list)), None)
    if key is None:
        return None
    pairs = []
    for number, record in enumerate(records, 1):
        turns = record.get(key) or []
        said = [_turn(turn) for turn in turns] if isinstance(turns, list) else []
        pairs += [
            (number, [asked[1], answered[1]])
            for asked, answered in pairwise(said)
            if asked[0] in _ASKING and answered[0] in _ANSWERING
        ]
    if not pairs:
        return None
    note = f"{len(pairs):,} questions with their answers were taken from {len(records):,} conversations."
    return RecordRows(["input", "output"], pairs, notes=(note,))


def _turn(turn: Value) -> tuple[str, str]:
    """Return who spoke and what was said."""
    if not isinstance(turn, dict):
        return "", ""
    who = next((str(turn[key]) for key in _SPEAKERS if key in turn), "")
    return who.lower(), next((cell_text(turn[key]) for key in _WORDS if key in turn), "")


def _intent_rows(records: list[dict[str, Value]]) -> RecordRows | None:
    """Pair each thing that may be said with an answer, in records of what chat bots understand."""
    said = next((key for key in _SAID if _is_text_list(records[0].get(key))), None)
    answered = next((key for key in _ANSWERED if any(_is_text_list(one.get(key)) for one in records)), None)
    if said is None or answered is None:
        return None
    others = [key for key in records[0] if key not in (said, answered) and _is_scalar(records[0][key])]

    def rows() -> Iterator[tuple[int, _Row]]:
        for number, record in enumerate(records, 1):
            answers = _texts(record.get(answered)) or [""]
            for at, text in enumerate(_texts(record.get(said))):
                about = [cell_text(record.get(key)) for key in others]
                yield number, [text, answers[at % len(answers)], *about]

    names = [said.removesuffix("s"), answered.removesuffix("s"), *others]
    note = f"Each of the “{said}” is paired with one of the “{answered}” of the same record."
    return RecordRows(names, rows(), notes=(note,))


def _question_rows(records: list[dict[str, Value]]) -> RecordRows | None:
    """Pair questions with their first answers, as in SQuAD: articles, their paragraphs, their questions."""
    if not isinstance(records[0].get("paragraphs"), list):
        return None
    rows = [
        (number, [cell_text(asked.get("question")), cell_text(answer), cell_text(paragraph.get("context"))])
        for number, record in enumerate(records, 1)
        for paragraph in _objects(record.get("paragraphs"))
        for asked in _objects(paragraph.get("qas"))
        if (answer := next((one.get("text") for one in _objects(asked.get("answers"))), None)) is not None
    ]
    note = "Each question is paired with its first answer; those without an answer were left out."
    return RecordRows(["question", "answer", "context"], rows, notes=(note,)) if rows else None


def _series_rows(records: list[dict[str, Value]]) -> RecordRows | None:
    """Make a row of each value where each record is a series: its name, and a list of times and values."""
    keys = [key for key, part in records[0].items() if _is_pair_list(part) or _is_record_list(part)]
    if len(keys) != 1 or not all(isinstance(record.get(keys[0]), list) for record in records):
        return None
    (key,) = keys
    about: dict[str, None] = {}
    for record in records:
        about.update(dict.fromkeys(_flat({name: part for name, part in record.items() if name != key})))
    inner: dict[str, None] = {}
    for record in records:
        for step in record[key]:
            inner.update(dict.fromkeys(_step(step)))

    def rows() -> Iterator[tuple[int, _Row]]:
        for number, record in enumerate(records, 1):
            flat = _flat(record)
            start = [cell_text(flat.get(name)) for name in about]
            for step in record[key]:
                cells = _step(step)
                yield number, [*start, *(cell_text(cells.get(name)) for name in inner)]

    named = [name if name not in about else f"{key}.{name}" for name in inner]
    note = f"Each of the “{key}” is a row, with what its record says of it."
    return RecordRows([*about, *named], rows(), notes=(note,))


# What records may hold beside a row each.
_SPECIAL = (_turn_rows, _intent_rows, _question_rows, _series_rows)


def _step(step: Value) -> dict[str, Value]:
    match step:
        case [time, value]:
            return {"time": time, "value": value}
        case dict():
            return _flat(step)
    return {}


def _split_rows(names: list[Value], rows: list[list[Value]], index: Value, name: str) -> RecordRows:
    """Make rows of lists whose names stand apart, and perhaps the names of the rows too."""
    header = [" ".join(map(cell_text, one)) if isinstance(one, list) else cell_text(one) for one in names]
    numbered = [str(number) for number in range(len(rows))]
    if isinstance(index, list) and len(index) == len(rows) and [cell_text(key) for key in index] != numbered:
        keys = [key if isinstance(key, list) else [key] for key in index]
        levels = [f"index {n}" if n > 1 else "index" for n in range(1, len(keys[0]) + 1)]
        header = [*levels, *header]
        rows = [[*key, *row] for key, row in zip(keys, rows, strict=True)]
    _check_widths(rows, len(header), name)
    return RecordRows(header, ((number, list(map(cell_text, row))) for number, row in enumerate(rows, 1)))


def _list_rows(lists: list[Value], name: str) -> RecordRows:
    """Make rows of lists; the first may hold the names."""
    width = len(lists[0])
    _check_widths(lists, width, name)
    first = [cell_text(cell) for cell in lists[0]]
    rows = ((number, [cell_text(cell) for cell in row]) for number, row in enumerate(lists, 1))
    if not may_be_header(first):
        return RecordRows([f"column {number}" for number in range(1, width + 1)], rows)
    return RecordRows(first, islice(rows, 1, None))


def _check_widths(lists: list[Value], width: int, name: str) -> None:
    for number, row in enumerate(lists, 1):
        if not isinstance(row, list) or len(row) != width:
            raise DataError(
                f"This isn't a list of {width} values like the first one.",
                where=f"{name}, record {number}",
                remedy=REMEDY,
            )


def _column_rows(columns: Mapping[str, list[Value]], name: str) -> RecordRows:
    first, length = next((key, len(column)) for key, column in columns.items())
    for key, column in columns.items():
        if len(column) != length:
            raise DataError(
                f"“{key[:40]}” has {len(column):,} values, but “{first[:40]}” has {length:,}.",
                where=name,
                remedy=REMEDY,
            )
    rows = enumerate(zip(*columns.values(), strict=True), 1)
    return RecordRows(list(columns), ((number, [cell_text(cell) for cell in row]) for number, row in rows))


def _paired_columns(parts: Mapping[str, list[list[Value]]]) -> RecordRows:
    """Make rows of lists of times and values, one list a column, joined by their times."""
    values: dict[str, dict[str, Value]] = {}
    for name, pairs in parts.items():
        for time, value in pairs:
            values.setdefault(cell_text(time), {})[name] = value
    rows = ([time, *(cell_text(row.get(name)) for name in parts)] for time, row in values.items())
    return RecordRows(["time", *parts], enumerate(rows, 1))


def _keyed_rows(parts: Mapping[str, Mapping[str, Value]]) -> RecordRows:
    """Make rows of objects in an object, whose names are those of the rows, or those of the columns."""
    inner = list(dict.fromkeys(key for part in parts.values() for key in part))
    outer = list(parts)
    if _names_rows(outer, inner):
        names = [key if not (found := _NUMBERED.fullmatch(key)) else found.group(1) for key in inner]
        if len(set(names)) < len(names):
            names = inner
        rows = ([cell_text(part.get(key)) for key in inner] for part in parts.values())
        keys = outer
    else:
        names = outer
        rows = ([cell_text(part.get(key)) for part in parts.values()] for key in inner)
        keys = inner
    if keys == [str(number) for number in range(len(keys))]:
        return RecordRows(names, enumerate(rows, 1))
    return RecordRows(
        ["index", *names], enumerate(([key, *row] for key, row in zip(keys, rows, strict=True)), 1)
    )


def _names_rows(outer: list[str], inner: list[str]) -> bool:
    """Tell whether the outer names are those of rows: times or numbers, or the more of two kinds of words."""
    timed = [all(map(_TIME_LIKE.fullmatch, keys)) for keys in (outer, inner)]
    return timed[0] if timed[0] != timed[1] else len(outer) > len(inner)


# --- What its parts are ------------------------------------------------------------------------------


def _flat(record: Mapping[str, Value], above: str = "", left: int = _DEEPEST) -> dict[str, Value]:
    """Return a record without objects inside, what was in them by dotted names."""
    cells: dict[str, Value] = {}
    for key, value in record.items():
        name = f"{above}{key}"
        inner = value[0] if isinstance(value, list) and len(value) == 1 else value
        if isinstance(inner, dict) and inner and left:
            cells |= _flat(inner, f"{name}.", left - 1)
        else:
            cells[name] = value
    return cells


def _is_scalar(value: Value) -> bool:
    return not isinstance(value, dict | list)


def _is_flat(value: Value) -> bool:
    return isinstance(value, dict) and all(map(_is_scalar, value.values()))


def _is_column(value: Value) -> bool:
    return isinstance(value, list) and all(map(_is_scalar, value))


def _is_pair_list(value: Value) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(pair, list) and len(pair) == 2 and all(map(_is_scalar, pair)) for pair in value)
        and all(_TIME_LIKE.fullmatch(cell_text(pair[0])) for pair in value)
    )


def _is_record_list(value: Value) -> bool:
    return isinstance(value, list) and len(value) > 1 and all(map(_is_flat, value))


def _are_alike(parts: Iterable[Value]) -> bool:
    """Return whether several flat objects have the same names."""
    first, *others = [frozenset(part) if _is_flat(part) and part else None for part in parts]
    return first is not None and bool(others) and all(other == first for other in others)


def _is_text_list(value: Value) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, str) and not isinstance(one, Number) for one in value)
    )


def _texts(value: Value) -> list[str]:
    return (
        [cell_text(one) for one in value] if isinstance(value, list) else [cell_text(value)] if value else []
    )


def _objects(value: Value) -> list[dict[str, Value]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _json_text(value: Value) -> str:
    match value:
        case Number():
            return str(value)
        case list():
            return f"[{', '.join(map(_json_text, value))}]"
        case dict():
            return f"{{{', '.join(f'{_json_text(key)}: {_json_text(part)}' for key, part in value.items())}}}"
    return json.dumps(value, ensure_ascii=False)
