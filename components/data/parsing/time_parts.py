"""Parts of a time that stand in columns of their own: Q1, week 5, M12, III."""

import re
from typing import Literal

import numpy as np
import pandas as pd

Part = Literal["half", "quarter", "month", "week"]

_WORDS: dict[Part, str] = {
    "half": r"h|s|hy|half|halbjahr|semester|semestre",
    "quarter": r"q|t|k|qtr|quarter|quartal|kvartal|kwartaal|trimestre|trim",
    "month": r"m|mo|month|monat|mois|mes",
    "week": r"w|wk|week|kw|cw|woche|semaine|sem|semana|uge|vecka|v",
}
_MOST: dict[Part, int] = {"half": 2, "quarter": 4, "month": 12, "week": 53}
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}


def parse_part(texts: pd.Series, part: Part) -> np.ndarray:
    """Read which half, quarter, month or week is meant: int64 of shape (rows,), −1 where nothing is.

    Args:
        texts: such as Q1, 1st quarter, III, W05, week 5, M12 or 3.
        part: what they name.
    """
    codes, found = pd.factorize(texts.str.strip())
    pattern = re.compile(
        rf"(?:{_WORDS[part]})?[\s.:-]*0?(\d{{1,2}})(?:\.0*)?(?:st|nd|rd|th|er|e|[.º°])?\s*(?:{_WORDS[part]})?\.?",
        re.IGNORECASE,
    )
    return np.array([*(_number(text, pattern, part) for text in found), -1], dtype=np.int64)[codes]


def _number(text: str, pattern: re.Pattern[str], part: Part) -> int:
    match = pattern.fullmatch(text)
    number = int(match[1]) if match else _ROMAN.get(text, -1) if part in {"half", "quarter"} else -1
    return number if 1 <= number <= _MOST[part] else -1
