"""A run as the training doctor reads it from the store: since the last change by hand, beside its like."""

import numpy as np

from components.insight.gates import RangeEndShares
from components.runs.doctor_case import read_case
from components.training.events import GradientThroughTime, Mark, Status
from tests.runs.sample_events import RECIPE, TRAINING_START, epoch_end, steps

OWNER = "a" * 32
GRADIENT = GradientThroughTime(
    step=20,
    length=4,
    rows=("input", "lstm"),
    norms=((1.0,) * 4, (1e-6, 1e-4, 1e-2, 1.0)),
    ratios=(1.0, 1e-6),
    pressed=(("lstm", "f", 0.1, 0.25),),
)


def run_with_events(store, *messages, recipe=RECIPE):
    """Put a run into the store that said these messages."""
    run = store.add(recipe, OWNER, "A run")
    attempt = store.begin(run.id, "here")
    store.write([(run.id, attempt, message) for message in (TRAINING_START, *messages)])
    return store.run(run.id)


def test_all_that_a_run_said_is_there(store):
    run = run_with_events(
        store, steps(1, 10), epoch_end(1), steps(11, 20), epoch_end(2, validation=0.4), GRADIENT
    )
    case = read_case(store, run)
    assert case.steps.tolist() == list(range(1, 21))
    np.testing.assert_allclose(case.losses, 1 / case.steps, rtol=1e-6)
    np.testing.assert_allclose(case.after, case.steps / 2, rtol=1e-6)
    assert case.epochs.tolist() == [1, 2] and case.validation.tolist() == [0.5, 0.4]
    assert list(case.through.norms) == ["lstm"]
    assert case.through.ratios["lstm"] == np.float32(1e-6)
    assert case.pressed == (RangeEndShares("lstm", "f", 0.1, 0.25),)
    assert not case.over and case.share_done == 0.4


def test_what_was_before_a_change_by_hand_is_left_out(store):
    mark = Mark(step=13, what="learning_rate", value=0.1)
    run = run_with_events(
        store, steps(1, 10), epoch_end(1), steps(11, 20), mark, epoch_end(2), Status(status="finished")
    )
    case = read_case(store, run)
    assert case.steps.tolist() == list(range(14, 21))
    assert case.epochs.tolist() == [2]
    assert case.rate == 0.1
    assert case.over and case.share_done == 1


def test_a_run_that_has_said_nothing_is_a_case_too(store):
    run = store.add(RECIPE, OWNER, "A run")
    case = read_case(store, run)
    assert not len(case.losses) and not len(case.epochs) and case.through is None


def test_runs_that_differ_in_the_seed_alone_are_compared(store):
    def finished(validation, **changed):
        recipe = RECIPE.model_copy(update=changed)
        ends = (epoch_end(1, validation), epoch_end(2, validation + 1))
        return run_with_events(store, steps(1, 20), *ends, Status(status="finished"), recipe=recipe)

    finished(0.3, seed=1)
    finished(0.1, seed=2)
    finished(0.2, optimizer=RECIPE.optimizer.model_copy(update={"learning_rate": 0.1}))
    run_with_events(store, steps(1, 20), epoch_end(1), recipe=RECIPE.model_copy(update={"seed": 3}))
    run = finished(0.5)
    found = {sibling.seed: sibling.best for sibling in read_case(store, run).siblings}
    assert found == {0: 0.5, 1: 0.3, 2: 0.1}
