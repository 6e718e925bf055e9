"""The report of what was done to a table, as a page that opens in any browser."""

import html

import numpy as np
import pandas as pd

from components.data.cleaning.report import CELL_CHANGES, CleaningReport
from components.data.tables.record_names import RecordNames

_MOST_ROWS = 2000
_MOST_CELLS = 100_000  # of a table: a browser has to draw them all
_MOST_CHARACTERS = 200  # of a cell
_MOST_LEFT_OUT = 200
_MARKS = {"filled": "+", "removed": "−", "changed": "≠"}
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem;
  color: #1b2333; background: #fff; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
th, td { border: 1px solid #ddd8cc; padding: 0.15rem 0.5rem; text-align: left; unicode-bidi: plaintext; }
th { background: #f3f0e9; position: sticky; top: 0; }
.filled { background: #cfe8d8; } .removed { background: #f6d5c8; } .changed { background: #d5e3f5; }
.added td { font-style: italic; }
small { color: #5d6577; }
"""


def to_html(report: CleaningReport, title: str, notes: tuple[str, ...], names: RecordNames) -> bytes:
    """Return the report as one page without anything from elsewhere.

    Args:
        report: what was done.
        title: of the table.
        notes: on how its file was read.
        names: of its records.
    """
    said = "".join(f"<li>{html.escape(note)}</li>" for note in notes) or "<li>As it stands.</li>"
    steps = "".join(
        f"<li>{html.escape(effect.sentence)}"
        + (f"<br><small>{html.escape(effect.summary)}</small>" if effect.summary else "")
        + "</li>"
        for effect in report.effects
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>{html.escape(title)}: what was done</title><style>{_STYLE}</style>"
        f"<h1>What was done to {html.escape(title)}</h1>"
        f"<h2>How the file was read</h2><ul>{said}</ul>"
        f"<h2>Cleaning steps</h2><ol>{steps or '<li>None.</li>'}</ol>"
        f"<h2>Before and after</h2><p>{html.escape(overview(report))} Marks: "
        + ", ".join(f'<span class="{kind}">{mark} {kind}</span>' for kind, mark in _MARKS.items())
        + f".</p>{_sides(report, names)}{_left_out(report, names)}</html>"
    ).encode()


def overview(report: CleaningReport) -> str:
    """Return the whole effect in one sentence or two."""
    filled, removed, changed = (report.count(kind) for kind in CELL_CHANGES)
    sentence = (
        f"Records before: {len(report.before):,}; rows after: {len(report.after):,}. "
        f"Values filled: {filled:,}; removed: {removed:,}; changed: {changed:,}."
    )
    if left := len(report.left_out_records):
        sentence += f" Records without a row of their own: {left:,}."
    return sentence


def _sides(report: CleaningReport, names: RecordNames) -> str:
    columns = list(report.changes)
    shown = report.changed_rows()[: _most_rows(_MOST_ROWS, 2 * len(columns))]
    if not len(shown):
        return "<p>No cell was changed.</p>"
    head = "".join(f'<th colspan="2">{html.escape(column)}</th>' for column in columns)
    under = "<th>before</th><th>after</th>" * len(columns)
    rows = "".join(_row(report, int(at), columns, names) for at in shown)
    more = len(report.changed_rows()) - len(shown)
    note = f"<p><small>{more:,} more rows were changed.</small></p>" if more > 0 else ""
    return (
        f'<div class="wide"><table><tr><th rowspan="2">record</th><th rowspan="2">row</th>{head}</tr>'
        f"<tr>{under}</tr>{rows}</table></div>{note}"
    )


def _row(report: CleaningReport, at: int, columns: list[str], names: RecordNames) -> str:
    origin = int(report.origin[at])
    cells = []
    for column in columns:
        kind = str(report.changes[column][at])
        before = "" if origin < 0 else _text(report.before[column].iloc[origin])
        after = _text(report.after[column].iloc[at])
        mark = f"{_MARKS[kind]} " if kind else ""
        cells.append(f'<td>{html.escape(before)}</td><td class="{kind}">{mark}{html.escape(after)}</td>')
    record = "added" if origin < 0 else names(origin)
    css = ' class="added"' if origin < 0 else ""
    return (
        f"<tr{css}><td>{html.escape(record)}</td><td>{html.escape(_text(report.after.index[at]))}</td>"
        f"{''.join(cells)}</tr>"
    )


def _left_out(report: CleaningReport, names: RecordNames) -> str:
    left = report.left_out_records
    if not len(left):
        return ""
    shown = report.before.iloc[left[: _most_rows(_MOST_LEFT_OUT, report.before.shape[1])]]
    head = "".join(f"<th>{html.escape(str(column))}</th>" for column in shown.columns)
    rows = "".join(
        f"<tr><td>{html.escape(names(int(at)))}</td>"
        + "".join(f"<td>{html.escape(_text(cell))}</td>" for cell in row)
        + "</tr>"
        for at, row in zip(left, shown.itertuples(index=False), strict=False)
    )
    return (
        "<h2>Records without a row of their own</h2><p>They were left out, or share a row with others.</p>"
        f'<div class="wide"><table><tr><th>record</th>{head}</tr>{rows}</table></div>'
    )


def _most_rows(most: int, columns: int) -> int:
    return min(most, max(1, _MOST_CELLS // max(1, columns)))


def _text(value: object) -> str:
    match value:
        case pd.Timestamp():
            return "" if value is pd.NaT else value.isoformat(sep=" ").removesuffix(" 00:00:00")
        case float() | np.floating():
            return "" if np.isnan(value) else f"{value:.10g}"
    text = "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"
