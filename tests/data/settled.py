"""What becomes of a file when nobody is asked: the table that is loaded, or what the doctor says of it."""

from dataclasses import dataclass

import pandas as pd

from components.data.dataset import check
from components.data.doctor import examine, settle
from components.data.mends import mended
from components.data.mends.words import say
from components.data.raw import Raw
from components.recipe import Preparation

EVEN = Preparation()


@dataclass(frozen=True, eq=False)
class Settled:
    """A table as it is loaded, and what was done to it."""

    table: pd.DataFrame
    notes: tuple[str, ...]


def settled(found: Raw) -> Settled:
    """Make the mends that nobody would question; a DataError where they aren't enough."""
    mends = settle(found.frame, EVEN)
    table = mended(found.frame, mends, EVEN)
    check(table, "my file")
    return Settled(table, (*found.notes, *map(say, mends)))


def complaint(found: Raw) -> str:
    """Give what the doctor says first of what is left to mend."""
    mends = settle(found.frame, EVEN)
    diagnosis = examine(found.frame, mends, EVEN, place=found.place)
    assert not diagnosis.table_is_ready
    return diagnosis.findings[0].sentence
