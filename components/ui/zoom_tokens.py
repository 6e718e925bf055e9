"""Which long series a browser may ask the detail of: each for a while, under a name that nobody guesses."""

import secrets
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from threading import Lock

import pandas as pd

_MAX_TOKENS = 512
_LIFETIME_SECONDS = 12 * 3600  # since it was last drawn or asked for; a tab may well stay open over lunch


@dataclass(frozen=True, eq=False)
class _Entry:
    table: Callable[[], pd.DataFrame | None]
    columns: tuple[str, ...]
    last_used: float


class ZoomTokens:
    """Tables that are on pages now. They are not kept alive here: what the pages' cache lets go is gone."""

    def __init__(
        self,
        most: int = _MAX_TOKENS,
        seconds: float = _LIFETIME_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ):
        """Begin with none.

        Args:
            most: offers to keep; beyond them, what was used longest ago goes first.
            seconds: for which an offer that nobody uses stands.
            clock: gives the time, in seconds.
        """
        self._most, self._seconds, self._clock = most, seconds, clock
        self._offers: OrderedDict[str, _Entry] = OrderedDict()  # what was used last comes last
        self._lock = Lock()  # pages and routes run in threads of their own

    def token_for(self, table: pd.DataFrame, columns: tuple[str, ...]) -> str:
        """Return the token, 32 hexadecimal digits, under which columns of a table may be asked for.

        The same columns of the same table have the same token as long as it stands.
        """
        with self._lock:
            self._drop_expired()
            for token, made in self._offers.items():
                if made.table() is table and made.columns == columns:
                    self._touch(token, made)
                    return token
            token = secrets.token_hex(16)
            self._touch(token, _Entry(weakref.ref(table), columns, 0))
            while len(self._offers) > self._most:
                self._offers.popitem(last=False)
            return token

    def find(self, token: str) -> tuple[pd.DataFrame, tuple[str, ...]] | None:
        """Return the table and the columns of a token; None where it stands for nothing, or no longer."""
        with self._lock:
            self._drop_expired()
            made = self._offers.get(token)
            table = made.table() if made else None
            if made is None or table is None:
                return None
            self._touch(token, made)
            return table, made.columns

    def _touch(self, token: str, made: _Entry) -> None:
        self._offers[token] = _Entry(made.table, made.columns, self._clock())
        self._offers.move_to_end(token)

    def _drop_expired(self) -> None:
        oldest = self._clock() - self._seconds
        over = [
            name for name, made in self._offers.items() if made.last_used < oldest or made.table() is None
        ]
        for token in over:
            del self._offers[token]


@cache
def zoom_tokens() -> ZoomTokens:
    """Return the offers of this process."""
    return ZoomTokens()
