"""What is new in a file that was fetched again, in one sentence."""

import numpy as np
import pandas as pd
import pytest

from components.data.datasets import Provenance, Texts
from components.data.sources.web.changes import describe_changes
from components.data.tables.raw_table import RawTable
from components.recipe import Upload

DAYS = pd.date_range("2024-01-01", periods=5)
BEFORE = pd.DataFrame({"day": DAYS, "price": [1.0, 2.0, np.nan, 4.0, 5.0]})


def table(frame: pd.DataFrame) -> RawTable:
    return RawTable(frame, lambda record: f"row {record}")  # type: ignore[arg-type]


def with_price(row: int, price: float) -> pd.DataFrame:
    changed = BEFORE.copy()
    changed.loc[row, "price"] = price
    return changed


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (BEFORE, "The file has changed, but its table is the same."),
        (BEFORE[["price", "day"]].iloc[:, ::-1], "The file has changed, but its table is the same."),
        (with_price(1, 9.0), "1 value of an earlier row has changed."),
        (with_price(2, 3.0), "1 value of an earlier row has changed."),
        (BEFORE.iloc[1:], "1 row is gone."),
        (pd.concat([BEFORE, BEFORE.assign(day=DAYS + pd.Timedelta("5D"))]), "5 rows are new."),
        (
            pd.concat([with_price(0, 7.0), BEFORE.assign(day=DAYS + pd.Timedelta("5D"))]),
            "5 rows are new and 1 value of an earlier row has changed.",
        ),
        (
            BEFORE.rename(columns={"price": "cost"}),
            "The table has other columns. New columns: “cost”; columns that are gone: “price”.",
        ),
    ],
)
def test_what_changed_in_a_table_is_counted(after: pd.DataFrame, sentence: str) -> None:
    assert describe_changes(table(BEFORE), table(after)) == sentence


def test_rows_that_nothing_tells_apart_are_compared_by_their_place() -> None:
    before = pd.DataFrame({"level": [1.0, 1.0, 2.0]})
    after = pd.DataFrame({"level": [1.0, 1.0, 2.0, 2.0]})
    assert describe_changes(table(before), table(after)) == "1 row is new."


def texts(text: str) -> Texts:
    return Texts(Upload(id="0" * 32, name="a.txt"), "a.txt", Provenance("", ""), (text,))


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        ("Once upon", "The file has changed, but its text is the same."),
        ("Once upon a time", "The text has changed: it is 7 characters longer."),
        ("Once", "The text has changed: it is 5 characters shorter."),
        ("Never did", "The text has changed, but not its length."),
    ],
)
def test_what_changed_in_a_text_is_said(after: str, sentence: str) -> None:
    assert describe_changes(texts("Once upon"), texts(after)) == sentence


def test_another_kind_of_file_has_changed() -> None:
    assert describe_changes(table(BEFORE), texts("Once")) == "The file has changed."
