"""What a market's data service answers: what is traded, and the past of its prices."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Listing:
    """Something that is traded."""

    symbol: str
    name: str
    exchange: str
    kind: str


@dataclass(frozen=True, eq=False)
class History:
    """The past of one symbol.

    Attributes:
        table: (rows, columns) of finite float64: close, open, high, low and, where there is any, volume. Its
            index is as `Series` wants it: dates of the exchange, or times in UTC.
        unit: of the prices.
        notes: plain sentences on what was done to it.
    """

    symbol: str
    name: str
    unit: str
    table: pd.DataFrame
    notes: tuple[str, ...]
