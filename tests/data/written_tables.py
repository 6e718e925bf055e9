"""Tables as people write them into files, and what becomes of a file when nobody is asked."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.data.cleaning.doctor import examine, propose
from components.data.cleaning.steps import clean_table
from components.data.datasets import Provenance
from components.data.readers import formats
from components.data.tables.raw_table import RawTable
from components.recipe import Preparation, Upload
from tests.data.readers.file_helpers import reader_of_bytes

EVEN = Preparation()
read_file = reader_of_bytes(formats.read)


@dataclass(frozen=True, eq=False)
class Written:
    """A file, and the table that it has to be read as."""

    content: bytes
    table: pd.DataFrame
    name: str = "a.csv"


def lines(*rows: str) -> bytes:
    return "\n".join([*rows, ""]).encode()


def months(first: int, number: int) -> pd.DatetimeIndex:
    return pd.date_range(f"{first}-01-01", periods=number, freq="MS")


def one(x: np.ndarray, **more: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"x": x, **more}, index=months(2001, len(x)))


def at(times: pd.DatetimeIndex, x: np.ndarray, **more: np.ndarray) -> pd.DataFrame:
    """Return a table of certain times."""
    return pd.DataFrame({"x": x, **more}, index=times)


def panel(x: np.ndarray, names: tuple[str, ...]) -> pd.DataFrame:
    """Return a series for each name, each a little above the one before."""
    values = {name: x + 1000 * number for number, name in enumerate(names)}
    return pd.DataFrame(values, index=months(2001, len(x)))


def long_rows(table: pd.DataFrame, write: Callable[[str, pd.Timestamp, float], str]) -> list[str]:
    return [write(name, time, value) for name in table for time, value in table[name].items()]


def simple(table: pd.DataFrame, form: str = "{t:%Y-%m-%d},{x}") -> list[str]:
    return [form.format(t=time, x=value) for time, value in table["x"].items()]


def side_by_side(table: pd.DataFrame) -> list[str]:
    return [f"{time:%Y-%m-%d},{','.join(map(str, row))}" for time, *row in table.itertuples()]


def random_walk(rows: int, seed: int) -> np.ndarray:
    """Return numbers of two decimals that go on from each other."""
    return np.round(np.round(50 + np.random.default_rng(seed).normal(size=rows).cumsum(), 1) + 0.05, 2)


def read_back(written: Written) -> pd.DataFrame | None:
    """Return what becomes of a file where the first fix of each finding is taken; None where one is open."""
    reference = Upload(id="0" * 32, name=written.name)
    raw = read_file(written.content, reference, Provenance("here", "none"), 1 << 30)
    assert isinstance(raw, RawTable)
    made = propose(raw.frame, EVEN)
    return clean_table(raw.frame, made, EVEN) if examine(raw.frame, made, EVEN).table_is_ready else None


def assert_reads_back(written: Written) -> None:
    table = read_back(written)
    assert table is not None
    np.testing.assert_allclose(table.to_numpy(), written.table.to_numpy(), rtol=1e-12)
    if isinstance(written.table.index, pd.DatetimeIndex):
        assert (table.index == written.table.index).all()
