"""What a time in words is a time of: a year, half a year, a quarter, or something shorter."""

import numpy as np
import pandas as pd

# The longest first; what a cell is comes from how it is written alone.
_PERIODS = {
    "year": r"(?:FY|CY|Y|YR|year)?\s*\d{4}(?:\s*/\s*\d{4})?(?:\s*(?:A|annual|total|average))?",
    "half": r"\d{4}\W*[HS][12]|[HS][12]\W*\d{4}",
    "quarter": r"\d{4}\W*(?:Q[1-4]|[1-4]Q)|(?:Q[1-4]|[1-4]Q)\W*\d{4}",
}

_TWO_YEARS = r"(\d{2})(\d{2})\s*[-/]\s*(\d{2})"  # 2001-02: a month, or a year that begins in the one before


def named_periods(texts: pd.Series) -> np.ndarray:
    """Return what each cell names, as str (rows,): year, half or quarter; nothing where it is another text.

    Example:
        >>> named_periods(pd.Series(["2020", "2020 Q1", "Q1/2020", "2020-01"])).tolist()
        ['year', 'quarter', 'quarter', '']
        >>> named_periods(pd.Series(["2009/10", "2010/11"])).tolist()
        ['year', 'year']
    """
    cells = texts.astype("str").str.strip()
    found = np.full(len(cells), "", dtype="U7")
    for period, pattern in _PERIODS.items():
        found[cells.str.fullmatch(pattern, case=False).fillna(False).to_numpy(bool)] = period
    parts = cells.str.extract(rf"^{_TWO_YEARS}$").apply(pd.to_numeric).dropna()
    if len(parts) and ((parts[1] + 1) % 100 == parts[2]).all():
        found[cells.index.get_indexer(parts.index)] = "year"
    return found
