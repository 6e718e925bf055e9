import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from components.runs.live_updates import RunUpdate
from components.runs.serialization import FLOAT32, downsample, json_numbers, means_between
from components.training.events import Checkpoint, Mark, Rollback, Status
from tests.runs.sample_events import TRAINING_START, epoch_end, steps


def test_a_run_that_has_not_begun_has_no_points(store, run_id):
    points = store.points(run_id)
    assert (points.status, points.step, points.steps_total, points.steps) == ("waiting", 0, 0, [])
    assert points.epochs_total == 5
    assert points.preview is None


def test_a_first_question_is_told_everything(store, run_id, say):
    say(TRAINING_START, Status(status="running"), steps(1, 10), epoch_end(1), Checkpoint(step=10, epoch=1))
    say(Mark(step=10, what="learning_rate", value=0.25))
    points = store.points(run_id)
    assert points.steps == list(range(1, 11))
    assert points.loss == [pytest.approx(1 / step, rel=1e-6) for step in points.steps]
    assert points.layers == [[step / 4 for step in points.steps], [step / 8 for step in points.steps]]
    assert points.layer_names == ("lstm", "dense")
    assert [(end.epoch, end.validation) for end in points.epochs] == [(1, 0.5)]
    assert points.checkpoints == [Checkpoint(step=10, epoch=1)]
    assert [mark.value for mark in points.marks] == [0.25]
    assert (points.preview.epoch, points.preview.values) == (1, [1.5, 1.0])
    assert points.preview.texts == ["a “word”"]
    assert (points.steps_total, points.seconds_left, points.learning_rate) == (50, 2.0, 0.25)


def test_a_later_question_is_told_what_is_new(store, run_id, say):
    say(TRAINING_START, steps(1, 10))
    before = store.points(run_id)
    again = store.points(run_id, before.since, before.generation)
    assert (again.steps, again.epochs, again.marks, again.checkpoints) == ([], [], [], [])
    assert again.layers == [[], []]
    say(steps(11, 14))
    assert store.points(run_id, before.since, before.generation).steps == [11, 12, 13, 14]


def test_what_comes_after_its_step_is_told_to_who_has_that_step(store, run_id, say):
    """An epoch ends some time after its last step; a mark is made while the run holds."""
    say(TRAINING_START, steps(1, 10))
    had = store.points(run_id)
    say(epoch_end(1))
    new = store.points(run_id, had.since, had.generation)
    assert ([end.epoch for end in new.epochs], new.preview.epoch, new.steps) == ([1], 1, [])
    say(Mark(step=10, what="clip", value=3.0))
    newer = store.points(run_id, new.since, new.generation)
    assert ([mark.value for mark in newer.marks], newer.epochs, newer.preview) == ([3.0], [], None)


def test_who_missed_a_rewind_is_told_everything_anew(store, run_id, say):
    say(TRAINING_START, steps(1, 10))
    had = store.points(run_id)
    say(Rollback(step=4), steps(5, 6))
    new = store.points(run_id, had.since, had.generation)
    assert new.generation != had.generation
    assert new.steps == [1, 2, 3, 4, 5, 6]


def test_a_loss_that_is_no_number_becomes_null(store, run_id, say):
    say(
        TRAINING_START,
        steps(1, 4, losses=(1.0, math.nan, math.inf, 1e300)),
        epoch_end(1, validation=math.nan),
    )
    points = store.points(run_id)
    assert points.loss == [1.0, None, None, None]
    assert points.epochs[0].validation is None
    assert RunUpdate.model_validate_json(points.model_dump_json()) == points


def test_a_long_run_is_thinned_with_its_peak_and_its_end(store, run_id, say):
    losses = [0.5 + 0.001 * (number % 7) for number in range(5000)]
    losses[3210] = 40.0
    say(TRAINING_START)
    for first in range(0, 5000, 500):
        say(steps(first + 1, first + 500, losses=tuple(losses[first : first + 500])))
    points = store.points(run_id, most=100)
    assert len(points.steps) <= 100
    assert points.steps == sorted(set(points.steps))
    assert points.steps[-1] == 5000
    assert 40.0 in points.loss
    assert points.before == [float(step) for step in points.steps]
    assert len(store.points(run_id).steps) == 4000


def test_a_thinned_run_says_what_its_points_stand_for(store, run_id, say):
    say(TRAINING_START)
    for first in range(0, 5000, 500):
        say(steps(first + 1, first + 500, losses=tuple(float(n % 2) for n in range(500))))
    points = store.points(run_id, most=100)
    assert len(points.loss_means) == len(points.before_means) == len(points.steps)
    sizes = np.diff(points.steps, prepend=0)
    assert np.dot(sizes, points.loss_means) == pytest.approx(2500)
    assert np.dot(sizes, points.before_means) == pytest.approx(5000 * 5001 / 2, rel=1e-6)
    assert store.points(run_id, most=5000).loss_means is None


def test_the_clock_of_a_run_goes_with_its_steps(store, run_id, say):
    say(TRAINING_START, steps(1, 10, seconds=2.0), steps(11, 20, seconds=4.0))
    clock = [(point.step, point.seconds) for point in store.points(run_id).clock]
    assert clock == [(10, 2.0), (20, 6.0)] == list(store.clock(run_id))
    had = store.points(run_id)
    say(steps(21, 30, seconds=1.0))
    new = store.points(run_id, had.since, had.generation)
    assert [(point.step, point.seconds) for point in new.clock] == [(30, 7.0)]
    say(Rollback(step=15), steps(16, 20, seconds=3.0))
    assert store.clock(run_id) == ((10, 2.0), (15, 4.0), (20, 7.0))


def test_steps_that_are_said_twice_take_their_time_once(store, run_id, say):
    say(TRAINING_START, steps(1, 10, seconds=2.0))
    say(steps(6, 15, seconds=4.0))
    assert store.clock(run_id) == ((10, 2.0), (15, 4.0))


def test_the_clock_of_a_run_of_before_goes_on_at_its_pace(store, run_id, say):
    say(TRAINING_START, steps(1, 10, seconds=2.0))
    with store._database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE chunks SET seconds = NULL")
    assert store.clock(run_id) == () and store.points(run_id).clock == []
    say(steps(11, 20, seconds=2.0))
    assert store.clock(run_id) == ((20, 4.0),)


@given(st.lists(st.floats(-100, 100, width=32), min_size=1, max_size=60), st.integers(3, 20))
def test_means_between_are_those_of_the_values_that_are_stood_for(values, most):
    numbers = np.array(values, FLOAT32)
    kept = downsample(numbers, most)
    start = 0
    for mean, end in zip(means_between(numbers, kept), kept, strict=True):
        assert mean == pytest.approx(numbers[start : end + 1].astype(float).mean(), rel=1e-5, abs=1e-5)
        start = end + 1


@given(st.lists(st.floats(width=32), max_size=50))
def test_plain_numbers_are_the_very_float32_or_none(numbers):
    exact = np.array(numbers, FLOAT32)
    for before, after in zip(exact, json_numbers(exact), strict=True):
        assert FLOAT32.type(after) == before if np.isfinite(before) else after is None


@given(st.floats(2**-46, 2**99, width=32), st.booleans())
@example(31587894755328.0, False)
def test_a_plain_number_has_nine_digits_at_most(size, negative):
    number = -size if negative else size
    assert json_numbers(np.array([number], FLOAT32)) == [float(f"{number:.9g}")]


@given(st.lists(st.floats(width=32), min_size=1, max_size=300), st.integers(3, 50))
def test_thinning_keeps_order_and_end(losses, most):
    kept = downsample(np.array(losses, FLOAT32), most)
    assert len(kept) == min(len(losses), most)
    assert kept[-1] == len(losses) - 1
    assert (np.diff(kept.astype(int)) > 0).all()
