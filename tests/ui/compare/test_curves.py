"""Losses are ranked only where they are of the same question and data, and every curve can be had as CSV."""

import io
from typing import get_args

import pandas as pd
import pytest

from components.insight.doctor.remedies import modified_recipe
from components.recipe import Generated
from components.recipe.task import Task
from components.tasks import TASKS
from components.training.events import Steps, TrainingStart
from components.ui.compare.curves import _are_comparable, comparison_csv
from components.ui.compare.effect import ComparedRun
from components.ui.experiments import CARDS
from tests.ui.compare.conftest import RECIPE
from tests.ui.conftest import ME


def run(recipe):
    return ComparedRun("A", "Run", recipe, None)


@pytest.mark.parametrize(
    ("parts", "comparable"),
    [
        ({"model": {"units": 64}, "task": {"window": 30}}, True),
        ({"task": {"loss": "mae"}}, False),
        ({"task": {"horizon": 3}}, False),
        ({"task": {"transform": "log"}}, False),
    ],
)
def test_losses_are_ranked_where_they_mean_the_same(parts, comparable):
    assert _are_comparable([run(RECIPE), run(modified_recipe(RECIPE, **parts))]) is comparable


def test_losses_on_different_data_are_not_ranked():
    other = RECIPE.model_copy(update={"dataset": Generated(name="sine", length=300)})
    assert not _are_comparable([run(RECIPE), run(other)])


@pytest.mark.parametrize("key", ["control_charts", "sentiment", "dates"])
def test_a_smoothed_loss_is_not_ranked_against_a_plain_one(key):
    recipe = next(card.recipe for card in CARDS if card.key == key)
    share = 0.0 if recipe.task.label_smoothing else 0.1
    other = modified_recipe(recipe, task={"label_smoothing": share})
    assert not _are_comparable([run(recipe), run(other)])


@pytest.mark.parametrize("part", get_args(get_args(Task)[0]), ids=lambda part: part.__name__)
def test_what_a_loss_is_of_are_settings_of_its_task(part):
    kind = part.model_fields["kind"].default
    assert set(TASKS[kind].loss_settings) <= part.model_fields.keys()


def test_all_curves_are_in_one_table(store, engine):
    runs = []
    for seconds in (2.0, None):
        made = store.add(RECIPE, ME, "*Run*")
        numbers = (4.0, 2.0, 1.0)
        told = Steps(
            first=1,
            losses=numbers,
            before=numbers,
            after=numbers,
            layers=(numbers,),
            learning_rate=0.1,
            seconds=seconds or 1.0,
        )
        start = TrainingStart(parameters=1, layers=("dense",), steps_per_epoch=3, clip=None)
        attempt = store.begin(made.id, "here")
        store.write([(made.id, attempt, event) for event in (start, told)])
        if seconds is None:
            with store._database.writer.begin() as connection:
                connection.exec_driver_sql("UPDATE chunks SET seconds = NULL WHERE run = ?", (made.id,))
        runs.append(store.run(made.id))
    compared = [ComparedRun(letter, "=Run", RECIPE, None) for letter in "AB"]
    table = pd.read_csv(io.BytesIO(comparison_csv(runs, compared)), encoding="utf-8-sig")
    assert list(table["run"]) == ["A · =Run"] * 3 + ["B · =Run"] * 3
    assert list(table["step"]) == [1, 2, 3] * 2
    assert list(table["loss"]) == [4.0, 2.0, 1.0] * 2
    assert table["seconds"][:3].tolist() == pytest.approx([2 / 3, 4 / 3, 2])
    assert table["seconds"][3:].isna().all()
