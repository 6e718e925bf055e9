"""What was measured is kept at once, beside everything else, and isn't measured twice."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmarks import ledger
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.rivals.network import Cell
from tests.benchmarks.step_times import StepTimes
from tests.own_clock import set_clock


@dataclass(frozen=True)
class Square:
    number: int
    value: float


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / ".bench" / "results.json"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    set_clock(monkeypatch, ledger, monotonic=lambda: now[0])
    return now


def rows(results: Path) -> dict[tuple[str, str], float]:
    measurements = json.loads(results.read_text())["measurements"]
    return {(one["benchmark"], one["name"]): one["value"] for one in measurements}


def test_rows_are_merged(results):
    Ledger("one", 1, results).write(Measurement.of("a", [1.0], "s"))
    Ledger("two", 1, results).write(Measurement.of("a", [2.0], "s"))
    Ledger("one", 1, results).write(Measurement.of("b", [3.0], "s"))
    Ledger("one", 1, results).write(Measurement.of("a", [4.0], "s"))
    assert rows(results) == {("one", "a"): 4, ("two", "a"): 2, ("one", "b"): 3}


def test_a_benchmark_stops_when_its_time_is_up_and_goes_on_where_it_stopped(results, clock):
    measured = []

    def square(number: int) -> Square:
        clock[0] += 25
        measured.append(number)
        return Square(number, number**2)

    first = Ledger("squares", 1, results)
    assert list(first.pieces(Square, range(5), square)) == [Square(0, 0), Square(1, 1)]
    assert first.is_cut_off
    first.close(finished=False)
    second = Ledger("squares", 2, results)
    assert [one.value for one in second.pieces(Square, range(5), square)] == [0, 1, 4, 9, 16]
    assert measured == [0, 1, 2, 3, 4]
    second.close(finished=True)
    third = Ledger("squares", 2, results)
    assert next(third.pieces(Square, range(5), square)) == Square(0, 0) and measured[-1] == 0


def test_even_a_benchmark_that_has_no_time_makes_a_step(results, clock):
    tiny = Ledger("squares", 0, results)
    assert len(list(tiny.pieces(Square, range(5), lambda number: Square(number, 0)))) >= 1
    assert len(list(tiny.rounds(5))) >= 1


def test_a_benchmark_begins_anew_where_the_code_has_changed(results, monkeypatch):
    before = Ledger("squares", 1, results)
    list(before.pieces(Square, [3], lambda number: Square(number, 9)))
    before.close(finished=False)
    monkeypatch.setattr(ledger, "code", lambda: "another")
    after = Ledger("squares", 1, results)
    assert list(after.pieces(Square, [3], lambda number: Square(number, -1))) == [Square(3, -1)]


def test_what_is_killed_in_between_keeps_what_it_had(results):
    def square(number: int) -> Square:
        if number == 2:
            raise KeyboardInterrupt
        return Square(number, number**2)

    with pytest.raises(KeyboardInterrupt):
        list(Ledger("squares", 1, results).pieces(Square, range(4), square))
    again = Ledger("squares", 1, results)
    assert [
        one.number for one in again.pieces(Square, range(2), lambda _: pytest.fail("measured twice"))
    ] == [0, 1]


def test_numbers_that_are_none_and_infinite_come_back(results):
    cell = Cell("gru", 32, 24, 32, 1)
    race = StepTimes(cell, (1.0, math.inf), (2.0,), "plain", (3.0,), math.nan)
    first = Ledger("races", 1, results)
    list(first.pieces(StepTimes, [cell], lambda _: race))
    (back,) = Ledger("races", 1, results).pieces(StepTimes, [cell], lambda _: pytest.fail("measured twice"))
    assert back.network == cell and back.ours == (1.0, math.inf) and math.isnan(back.limit)


def test_the_chosen_networks_stand_for_the_whole_grid(monkeypatch):
    from tests.benchmarks import training

    monkeypatch.delenv("FULL", raising=False)
    chosen = training.networks()
    assert len(set(chosen)) == len(chosen) == 24
    assert set(chosen[2:]) <= set(training.GRID) and len(training.GRID) == 144
    for field, values in (("kind", training.KINDS), ("units", training.UNITS), ("steps", training.STEPS)):
        assert {getattr(cell, field) for cell in chosen[2:]} == set(values)
    monkeypatch.setenv("FULL", "1")
    assert len(training.networks()) == 146
