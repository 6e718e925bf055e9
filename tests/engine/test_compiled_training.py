"""A run that takes over what another one compiled comes to the very bits that it would have come to alone."""

from dataclasses import replace

import numpy as np
import pytest

from components.engine import compiled_training
from components.engine.compiled_training import CompiledTrainings
from components.recipe import Clipping, Optimizer, Recurrent, Training
from tests.tasks.test_reproducibility import RUNS

NAMES = ("forecast-lstm", "classify_texts-gru", "translate-lstm", "measure_sequences-transformer")


def other_numbers(recipe):
    """Differ in everything that a kept training may differ in."""
    return recipe.model_copy(
        update={
            "seed": recipe.seed + 1,
            "optimizer": Optimizer(learning_rate=0.02),
            "clipping": Clipping(threshold=0.3),
            "training": recipe.training.model_copy(update={"epochs": 3, "patience": 2, "weights": "last"}),
        }
    )


def bits(training):
    """Train for an epoch and a bit → the losses, the norms and all variables."""
    loop, found = training.loop, []
    found.append(loop.state().variables)
    while not loop.at_epoch_end:
        steps = loop.run(2)
        found.append([np.array(numbers) for numbers in (steps.losses, steps.before, steps.after)])
    found.append([np.array([loop.end_epoch().validation])])
    found.append([np.array(loop.run(1).losses), *loop.state().variables, *loop.state().slots])
    return [one.tobytes() for part in found for one in part], loop.outputs(loop.problem.test[:2]).tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_it_comes_to_the_same_bits(name):
    recipe, dataset = RUNS[name]
    alone = bits(CompiledTrainings().ready(other_numbers(recipe), dataset))
    shared = CompiledTrainings()
    first = shared.ready(recipe, dataset)
    assert bits(first) != alone
    shared.keep(first)
    second = shared.ready(other_numbers(recipe), dataset)
    assert second.loop is first.loop and second.loop.recipe == other_numbers(recipe)
    assert bits(second) == alone
    # What the results are made of is the model that was trained.
    assert second.built.model is second.loop.model
    held = getattr(second.problem, "built", second.built)
    assert held is second.built


def test_nobody_else_has_it_meanwhile():
    recipe, dataset = RUNS["forecast-transformer"]
    shared = CompiledTrainings()
    shared.keep(shared.ready(recipe, dataset))
    assert shared.ready(recipe, dataset).loop is not shared.ready(recipe, dataset).loop


@pytest.mark.parametrize(
    "changes",
    [
        {"model": Recurrent(kind="gru", units=5)},
        {"optimizer": Optimizer(kind="sgd")},
        {"clipping": Clipping(mode="value")},
        {"training": Training(batch=7)},
        {"optimizer": Optimizer(schedule="cosine")},
    ],
)
def test_whatever_changes_the_graph_is_compiled_anew(changes):
    recipe, dataset = RUNS["forecast-recursive"]
    shared = CompiledTrainings()
    kept = shared.ready(recipe, dataset)
    shared.keep(kept)
    assert shared.ready(recipe.model_copy(update=changes), dataset).loop is not kept.loop


def test_a_schedule_knows_its_length():
    recipe, dataset = RUNS["forecast-recursive"]
    falling = recipe.model_copy(update={"optimizer": Optimizer(schedule="cosine")})
    longer = falling.model_copy(update={"training": falling.training.model_copy(update={"epochs": 99})})
    shared = CompiledTrainings()
    kept = shared.ready(falling, dataset)
    shared.keep(kept)
    assert shared.ready(longer, dataset).loop is not kept.loop


def test_other_data_are_other_data_whatever_they_are_called():
    recipe, dataset = RUNS["forecast-recursive"]
    shared = CompiledTrainings()
    kept = shared.ready(recipe, dataset)
    shared.keep(kept)
    table = dataset.table.copy()
    table.iloc[-1, 0] += 1
    changed = replace(dataset, table=table)
    assert shared.ready(recipe, changed).loop is not kept.loop


def test_few_are_kept_and_no_large_ones(monkeypatch):
    recipe, dataset = RUNS["forecast-recursive"]
    shared = CompiledTrainings()
    for batch in range(5, 9):
        one = recipe.model_copy(update={"training": Training(batch=batch)})
        shared.keep(shared.ready(one, dataset))
    assert len(shared._kept) == compiled_training.MOST_KEPT
    monkeypatch.setattr(compiled_training, "MOST_BYTES", 0)
    kept = shared.ready(recipe, dataset)
    shared.keep(kept)
    assert shared.ready(recipe, dataset).loop is not kept.loop
