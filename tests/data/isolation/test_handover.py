"""What one process hands over is what the other takes over: every part, every kind."""

import json
import tracemalloc
from dataclasses import fields, is_dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.datasets import Classes, Numbers, Pairs, Provenance, Recordings, Sequences, Texts
from components.data.isolation.handover import hand_over, held_bytes, take_over
from components.data.tables.raw_table import RawTable
from components.data.tables.record_names import RecordNames
from components.data.tables.table_bounds import MarginRows
from components.recipe import AsTexts, Upload

ORIGIN = (
    Upload(id="0" * 32, name="a.csv", keep=("above",), shape=AsTexts(text="x")),
    "a.csv",
    Provenance("somebody", "none"),
)
VALUES = np.arange(12, dtype=np.float32).reshape(6, 2)
OFFSETS = np.array([0, 2, 6])
CLASSES = Classes.of(["a", "b"])


def assert_same(left: object, right: object) -> None:
    assert type(left) is type(right)
    if isinstance(left, pd.DataFrame):
        pd.testing.assert_frame_equal(left, right)
    elif isinstance(left, np.ndarray):
        assert left.dtype == right.dtype and left.shape == right.shape
        np.testing.assert_array_equal(left, right)
    elif is_dataclass(left):
        for part in fields(left):
            assert_same(getattr(left, part.name), getattr(right, part.name))
    else:
        assert left == right


def handed_over(thing, tmp_path_factory):
    folder = tmp_path_factory.mktemp("handover")
    hand_over(thing, folder)
    return take_over(folder)


@pytest.mark.parametrize(
    "dataset",
    [
        Texts(*ORIGIN, ("a", "", "ö\n"), Classes.of(["1", "2", "1"]), notes=("read so",)),
        Texts(*ORIGIN, tuple(f"text {n}" for n in range(200_000))),
        Pairs(*ORIGIN, ("a", "b"), ("c", "d"), ("English", "French")),
        Sequences(*ORIGIN, VALUES, OFFSETS, ("x", "y"), answer=CLASSES, groups=CLASSES),
        Sequences(*ORIGIN, VALUES, OFFSETS, ("x", "y"), answer=Numbers(np.ones(2, np.float32), "age")),
        Recordings(*ORIGIN, VALUES, OFFSETS, ("x", "y"), CLASSES, step=0.01, files=("a.wav", "b.wav")),
    ],
    ids=lambda dataset: f"{dataset.kind} {dataset.size}",
)
def test_a_dataset_of_any_kind_is_handed_over_whole(dataset, tmp_path_factory):
    assert_same(handed_over(dataset, tmp_path_factory), dataset)


CELLS = st.lists(st.floats(width=64) | st.none(), min_size=2, max_size=2)
WORDS = st.lists(st.text(st.characters(exclude_categories=["Cs"])) | st.none(), min_size=2, max_size=2)
DAYS = st.lists(st.datetimes() | st.none(), min_size=2, max_size=2)


@given(
    columns=st.lists(
        CELLS.map(lambda cells: pd.Series(cells, dtype="float64"))
        | WORDS.map(lambda cells: pd.Series(cells, dtype="str"))
        | DAYS.map(lambda cells: pd.Series(cells, dtype="datetime64[us]")),
        min_size=1,
        max_size=5,
    ),
    numbers=st.lists(st.integers(0, 9), max_size=2),
)
def test_a_table_is_handed_over_whole(columns, numbers, tmp_path_factory):
    frame = pd.concat(dict(enumerate(columns)), axis=1).set_axis(
        [f"c {n}" for n in range(len(columns))], axis=1
    )
    names = RecordNames(3, "line", np.array(numbers, np.int64))
    table = RawTable(
        frame, names, ("a note",), "Sheet", (MarginRows("above", "Row 1 was left out.", 1, False),)
    )
    found = handed_over(table, tmp_path_factory)
    assert_same(found, table)
    assert [found.record_name(n) for n in range(4)] == [names(n) for n in range(4)]


def test_the_numbers_of_a_table_are_one_block(tmp_path_factory):
    frame = pd.DataFrame({"a": [1.0, 2], "t": pd.Series(["x", None], dtype="str"), "b": [3.0, np.nan]})
    found = handed_over(RawTable(frame, RecordNames()), tmp_path_factory).frame
    assert found["a"].to_numpy().base is not None
    assert found["a"].to_numpy().base is found["b"].to_numpy().base


def test_nothing_but_data_is_taken_over(tmp_path):
    (tmp_path / "index.json").write_text(json.dumps({"kind": "Popen", "parts": {"args": "true"}}))
    with pytest.raises(KeyError):
        take_over(tmp_path)


def test_the_size_is_that_of_what_is_large():
    frame = pd.DataFrame({"a": np.zeros(1000), "b": pd.Series(["ten bytes!"] * 1000, dtype="str")})
    size = held_bytes(RawTable(frame, RecordNames(0, "row", np.zeros(500, np.int64))))
    assert 8_000 + 10_000 + 4_000 <= size <= 8_000 + 20_000 + 4_000 + 1000
    assert held_bytes(Texts(*ORIGIN, ("a" * 1000, "b"))) > 1001


def test_a_table_of_texts_is_taken_over_as_it_lies_on_the_disk(tmp_path):
    frame = pd.DataFrame({"x": pd.Series(["y"] * 1_000_000, dtype="str"), "n": np.ones(1_000_000)})
    hand_over(RawTable(frame, RecordNames(1)), tmp_path)
    tracemalloc.start()
    try:
        found = take_over(tmp_path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    pd.testing.assert_frame_equal(found.frame, frame)
    assert peak < 12 << 20, "its numbers, and no object for each text"


def test_long_texts_are_taken_over_a_few_at_a_time(tmp_path):
    texts = tuple(f"{number} {'y' * 300_000}" for number in range(100))
    dataset = Texts(*ORIGIN, texts)
    hand_over(dataset, tmp_path)
    (file,) = tmp_path.glob("*.arrow")
    with pa.OSFile(str(file)) as source, pa.ipc.open_file(source) as content:
        assert max(content.get_batch(at).nbytes for at in range(content.num_record_batches)) < 5 << 20
    assert take_over(tmp_path).texts == texts


@pytest.mark.parametrize("cells", [[], [None], [None, None, "x"]])
def test_columns_with_nothing_in_them_are_taken_over(cells, tmp_path):
    frame = pd.DataFrame({"x": pd.Series(cells, dtype="str"), "n": np.ones(len(cells))})
    hand_over(RawTable(frame, RecordNames(1)), tmp_path)
    pd.testing.assert_frame_equal(take_over(tmp_path).frame, frame)
