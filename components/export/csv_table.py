"""Tables as CSV files that a spreadsheet opens without running formulas in them."""

import pandas as pd

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def to_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV in UTF-8, with the mark by which spreadsheets recognise it.

    What a visitor brought may begin like a formula, which a spreadsheet would calculate: such a text gets
    an apostrophe in front (OWASP, “CSV Injection”). Numbers and moments stay as they are.
    """
    texts = table.select_dtypes(include=["object", "str"]).columns
    harmless = table.assign(**{name: table[name].map(_escape_formula) for name in texts})
    return harmless.rename(columns=_escape_formula).to_csv(index=False).encode("utf-8-sig")


def _escape_formula(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
