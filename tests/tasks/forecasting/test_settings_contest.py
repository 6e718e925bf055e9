"""The contest of settings: one difference each, nothing of the test set, the simplest of those that tie."""

from dataclasses import replace

import numpy as np
import pytest

from components.recipe import Forecast, Recipe, Training
from components.tasks.forecasting.settings_contest import (
    UPDATES,
    Entrant,
    contest_stretch,
    entrants,
    judge,
    shortened,
)
from tests.tasks.forecasting.test_starts import ROWS, dataset, recipe

HORIZON = 4


def test_entrants_differ_in_one_thing_each_and_the_simplest_comes_first():
    wanted = recipe(window=12)
    every = entrants(wanted, dataset())
    assert [one.label for one in every][:3] == [
        "No network: the start alone",
        "2 units",
        "4 units, as proposed",
    ]
    assert len(every) >= 7 and len({one.recipe for one in every}) == len(every)
    for one in every:
        changes = [
            name
            for part in ("task", "model", "training")
            for name, held in getattr(one.recipe, part)
            if held != getattr(getattr(wanted, part), name)
        ]
        assert set(changes) <= {"window", "segment"} or len(changes) <= 1
    assert "Median of 3 seeds" in {one.label for one in every}


def test_from_nothing_the_naive_forecasts_take_part_and_what_can_t_be_trained_does_not():
    labels = [one.label for one in entrants(recipe(base="none", window=12, season=None), dataset())]
    assert labels[0] == "No network: the last value"
    assert "No network: the last season" not in labels
    assert not any("pretrained" in label for label in labels)


def test_where_nothing_was_to_be_trained_networks_compete_all_the_same():
    every = entrants(recipe(epochs=0, window=12), dataset())
    assert [one.recipe.training.epochs > 0 for one in every][:2] == [False, True]


def test_the_test_set_is_not_there():
    data = dataset()
    _, stretch = contest_stretch(recipe(), data)
    assert len(stretch.table) == ROWS - round(0.2 * ROWS)
    spoilt = replace(data, table=data.table.copy())
    spoilt.table.iloc[len(stretch.table) :] = 1e9
    assert contest_stretch(recipe(), spoilt)[1].table.equals(stretch.table)


def test_a_contest_is_short():
    long = recipe().model_copy(update={"training": Training(batch=32, epochs=200)})
    assert shortened(long, 3200).training.epochs == UPDATES // 100
    assert shortened(long, 10**6).training.epochs == 1
    assert shortened(long, 1).training.epochs == 200


# --- Who wins ----------------------------------------------------------------------------------------


def contestants(count):
    made = (
        Recipe(dataset=recipe().dataset, task=Forecast(target="y", window=window))
        for window in range(1, count + 1)
    )
    return [Entrant(f"window {one.task.window}", one) for one in made]


def held(*errors, rows=60):
    noise = np.random.default_rng(0).normal(0, 0.2, rows)
    noise -= noise.mean()
    every = [np.full(rows, error) + noise * (1 + number) for number, error in enumerate(errors)]
    return judge(contestants(len(errors)), every, [1.0] * len(errors), HORIZON)


def test_a_clear_lead_wins():
    found = held(1.0, 0.5, 0.8)
    assert found.winner == "window 2" == found.placings[0].label
    assert Recipe.from_json(found.recipe).task.window == 2
    assert found.placings[-1].p < 0.05 and found.placings[0].p is None
    assert "0.5" in found.sentence


def test_where_the_best_leads_by_chance_alone_the_simplest_wins():
    found = held(1.0, 0.99, 3.0)
    assert (found.winner, found.placings[0].label) == ("window 1", "window 2")
    assert "may differ only by chance" in found.sentence


@pytest.mark.parametrize("rows", [1, 7])
def test_where_too_few_forecasts_tell_the_simplest_wins(rows):
    found = held(1.0, 0.2, rows=rows)
    assert found.winner == "window 1"
    assert [one.p for one in found.placings] == [None, None]


def test_equals_are_told_apart_by_their_simplicity():
    assert judge(contestants(2), [np.ones(50)] * 2, [1.0, 1.0], HORIZON).winner == "window 1"
