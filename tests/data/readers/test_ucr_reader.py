"""Sequences of the UCR archive are read as such, and tables over time are not taken for them."""

import numpy as np
import pytest

from components import data
from components.data.datasets import Classes, Sequences
from components.errors import DataError
from tests.data.readers.file_helpers import upload_bytes

RNG = np.random.default_rng(3)
STEPS = np.linspace(0, 6, 40)


def waves(classes=(1, 2), each=10, scale=1.0, shift=0.0) -> list[list[float]]:
    def wave(number: int) -> np.ndarray:
        return np.sin((number + 1) * STEPS + RNG.normal(0, 0.3)) + RNG.normal(0, 0.1, 40)

    return [[number, *(shift + scale * wave(number))] for _ in range(each) for number in classes]


def written(rows: list[list[float]], delimiter: str = "\t", form: str = "{:.6f}") -> bytes:
    lines = [delimiter.join([f"{int(row[0])}", *(form.format(value) for value in row[1:])]) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def load(content: bytes, name: str = "Waves_TRAIN.tsv") -> Sequences:
    found = data.load(upload_bytes(content, name))
    assert isinstance(found, Sequences)
    return found


@pytest.mark.parametrize(
    ("name", "delimiter"), [("a.tsv", "\t"), ("a.txt", ","), ("a.txt", "  "), ("a.txt", "\t"), ("a.txt", ";")]
)
@pytest.mark.parametrize("form", ["{:.6f}", "{:.7e}"])
def test_a_class_and_its_values_a_line(name, delimiter, form):
    rows = waves()
    found = load(written(rows, delimiter, form), name)
    assert found.size == 20
    assert found.lengths.tolist() == [40] * 20
    assert isinstance(found.answer, Classes) and found.answer.names == ("1", "2")
    np.testing.assert_allclose(found.sequence(3)[:, 0], rows[3][1:], atol=1e-5)
    assert "as in the UCR archive" in found.notes[0]


@pytest.mark.parametrize("classes", [(-1, 1), (0, 1, 2), (3, 4)])
def test_classes_keep_their_numbers(classes):
    assert set(load(written(waves(classes))).answer.names) == {str(number) for number in classes}


def test_classes_may_be_written_as_decimals():
    lines = [f"  {row[0]:.7e}  " + "  ".join(f"{value:.7e}" for value in row[1:]) for row in waves()]
    assert load("\n".join(lines).encode(), "a.txt").answer.names == ("1", "2")


@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (40.0, 300.0)])
def test_values_may_be_of_any_size(scale, shift):
    assert load(written(waves(scale=scale, shift=shift))).size == 20


def test_shorter_sequences_end_in_nan_and_gaps_are_filled():
    rows = waves()
    rows[0][31:] = [np.nan] * 10
    rows[1][5] = np.nan
    found = load(written(rows))
    assert found.lengths.tolist()[:2] == [30, 40]
    assert found.sequence(1)[4, 0] == pytest.approx((rows[1][4] + rows[1][6]) / 2, abs=1e-5)
    assert "1 missing values are interpolated linearly." in found.notes


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda rows: rows.append([1, *([np.nan] * 40)]), "All values of this sequence are missing"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(change, what):
    rows = waves(each=210)
    change(rows)
    with pytest.raises(DataError, match=what) as caught:
        load(written(rows))
    assert caught.value.where == "Waves_TRAIN.tsv, line 421"


def table(first) -> bytes:
    """Write ten quantities of very different sizes, each a random walk down the rows."""
    walks = np.cumsum(RNG.normal(0, 1, (60, 10)), axis=0) + 100 * np.arange(10)
    return written([[first(n), *walk] for n, walk in enumerate(walks)])


@pytest.mark.parametrize(
    "content",
    [
        table(lambda n: n),  # numbered rows
        table(lambda n: 1960 + n),  # years
        table(lambda n: 1990 + n // 12),  # years of months
        table(lambda n: n % 12 + 1),  # months
        table(lambda n: n % 2),  # a switch
        b"day\tprice\n2024-01-01\t1\n2024-01-02\t2\n2024-01-03\t4\n2024-01-04\t2\n",
        written([[1, *range(40)]]),
        written([[n, 1, 2] for n in (0, 1) * 10]),
    ],
    ids=["numbered", "years", "years of months", "months", "a switch", "header", "one line", "narrow"],
)
def test_a_table_over_time_is_none(content):
    from components.data.sources.upload import open_upload
    from components.data.tables.raw_table import RawTable

    try:
        found = open_upload(upload_bytes(content, "a.tsv"))
    except DataError:
        return
    assert isinstance(found, RawTable)
