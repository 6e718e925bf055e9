"""A large table is examined in a process of its own, and the doctor says what it says of a small one."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning import doctor
from components.data.isolation import examination, reading
from components.data.tables.raw_table import RawTable
from components.data.tables.record_names import RecordNames
from components.recipe import DropColumns, Preparation

ROWS = 300
DAYS = pd.date_range("2020-01-01", periods=ROWS)
TABLE = RawTable(
    pd.DataFrame(
        {
            "day": pd.Series(DAYS.strftime("%d.%m.%Y"), dtype="str"),
            "x": pd.Series([f"{n},5" if n % 50 else "oops" for n in range(ROWS)], dtype="str"),
            "y": np.arange(ROWS, dtype=float),
        }
    ),
    RecordNames(7, "line"),
)


@pytest.fixture
def nothing_is_small(monkeypatch):
    monkeypatch.setattr(reading, "_SMALL_BYTES", 0)


@pytest.mark.usefixtures("nothing_is_small")
def test_the_doctor_says_and_does_the_same(monkeypatch):
    prepared = Preparation()
    wanted = {
        "settle": doctor.settle(TABLE.frame, prepared),
        "propose": doctor.propose(TABLE.frame, prepared, target="y"),
    }
    monkeypatch.setattr(examination, "doctor", None)  # nothing of it happens here
    assert examination.settle(TABLE, prepared) == wanted["settle"]
    assert examination.propose(TABLE, prepared, target="y") == wanted["propose"]


@pytest.mark.usefixtures("nothing_is_small")
@pytest.mark.parametrize("steps", [(), (DropColumns(columns=("x",)),), (DropColumns(columns=("nope",)),)])
def test_the_diagnosis_is_the_same(steps):
    wanted = doctor.examine(TABLE.frame, steps, Preparation(), record_name=TABLE.record_name)
    found = examination.examine(TABLE, steps, Preparation())
    assert (found.findings, found.table_is_ready) == (wanted.findings, wanted.table_is_ready)
    pd.testing.assert_frame_equal(found.cleaned_frame, wanted.cleaned_frame)


def test_a_small_table_needs_no_process(monkeypatch):
    monkeypatch.setattr(examination, "run", None)
    assert examination.examine(TABLE, (), Preparation()).findings
