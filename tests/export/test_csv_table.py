"""Tables as CSV: nothing lost, and nothing that a spreadsheet would calculate."""

import io

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from components.export.csv_table import to_csv

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
LIKE_FORMULAS = st.sampled_from(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("x")'])
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0")) | LIKE_FORMULAS


def read(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, lineterminator="\n")


@given(st.lists(TEXTS, min_size=1))
def test_texts_come_back_and_none_begins_a_formula(texts):
    content = to_csv(pd.DataFrame({"text": texts, "number": np.arange(len(texts)) - 1.5}))
    cells = read(content)["text"].tolist()
    assert not any(cell.startswith(BEGINS_A_FORMULA) for cell in cells)
    assert cells == [f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text for text in texts]


def test_a_column_may_be_named_like_a_formula():
    assert list(read(to_csv(pd.DataFrame({"=1+1": ["a"], "plain": ["b"]})))) == ["'=1+1", "plain"]


def test_numbers_and_moments_stay_as_they_are():
    table = pd.DataFrame({"number": [-1.25], "moment": [pd.Timestamp("2024-02-03")], "right": [True]})
    assert read(to_csv(table)).iloc[0].tolist() == ["-1.25", "2024-02-03", "True"]


def test_spreadsheets_are_told_that_it_is_utf_8():
    assert to_csv(pd.DataFrame({"été": ["à"]})).decode("utf-8-sig").splitlines() == ["été", "à"]
