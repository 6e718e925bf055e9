"""Tables as CSV files that a spreadsheet opens, and takes for nothing but a table."""

import pandas as pd

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def sheet(table: pd.DataFrame) -> bytes:
    """Write a table as CSV in UTF-8, with the mark by which spreadsheets tell it.

    What a visitor brought may begin like a formula, which a spreadsheet would calculate: such a text gets
    an apostrophe in front (OWASP, “CSV Injection”). Numbers and moments stay as they are.
    """
    texts = table.select_dtypes(include=["object", "str"]).columns
    harmless = table.assign(**{name: table[name].map(_harmless) for name in texts})
    return harmless.rename(columns=_harmless).to_csv(index=False).encode("utf-8-sig")


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGINS_A_FORMULA) else cell
