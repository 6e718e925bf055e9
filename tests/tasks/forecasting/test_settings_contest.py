"""The contest of settings: whoever leads is varied, nothing of the test set is seen, the simplest of equals
wins."""

from dataclasses import replace

import numpy as np
import pytest

from components.data.splits.time_split import time_split
from components.errors import RunError
from components.recipe import Preparation, Recipe, Training
from components.tasks import example_count, recipe_issues
from components.tasks.forecasting import settings_contest as module
from components.tasks.forecasting.settings_contest import ForecastContest, contest_stretch, shortened
from components.tasks.forecasting.suggest import Suggestion, suggestion, without_training
from components.tasks.settings_contest import Trial, hold
from tests.tasks.forecasting.test_starts import ROWS, dataset, recipe

HORIZON = 4


def suggested(wanted=None) -> Suggestion:
    network = wanted or recipe(window=12)
    return Suggestion(without_training(network), network, ())


def trial(error, rows=60, measure="MASE") -> Trial:
    noise = np.random.default_rng(0).normal(0, 0.05, rows)
    return Trial(error + (noise - noise.mean()) * error, measure, 1.0)


def course(errors, wanted=None, rows=60, most=1000.0, monkeypatch=None):
    """Hold a contest in which `errors` tells how a recipe does → its outcome, and all that were tried."""
    tried = []

    def attempt(one):
        tried.append(one)
        return trial(errors(one), rows)

    if monkeypatch is not None:
        monkeypatch.setattr(module, "SECONDS", most)
    return hold(ForecastContest(suggested(wanted), dataset()), attempt), tried


@pytest.fixture(autouse=True)
def endless(monkeypatch):
    monkeypatch.setattr(module, "SECONDS", 1000.0)


def test_the_starts_alone_come_first_then_networks_and_each_can_be_trained():
    outcome, tried = course(lambda one: 1.0)
    starts = [one.task.base for one in tried if not one.training.epochs]
    assert starts[0] == "pretrained" and {"combination", "classical", "last", "season"} < set(starts)
    assert [bool(one.training.epochs) for one in tried] == sorted(bool(one.training.epochs) for one in tried)
    assert len({one.to_json() for one in tried}) == len(tried) == len(outcome.placings)
    assert len({one.label for one in outcome.placings}) == len(tried)
    assert all(recipe_issues(one, dataset()) == () for one in tried)
    found = {(one.task.window, one.task.segment, one.model.units, one.task.members) for one in tried}
    assert {
        (12, 1, 4, 1),
        (24, 2, 4, 1),
        (6, 1, 4, 1),
        (12, 1, 2, 1),
        (12, 1, 8, 1),
        (12, 1, 4, 3),
    } <= found
    assert any(one.task.fourier for one in tried) and any(one.task.transform == "log" for one in tried)


def test_what_helps_only_together_is_found():
    def errors(one):
        if not one.training.epochs:
            return 1.0
        is_long, is_large = one.task.segment > 1, one.model.units > 4
        return 0.9 - 0.2 * is_long - 0.2 * (is_long and is_large) + 0.1 * (one.task.base == "none")

    outcome, _ = course(errors)
    won = Recipe.from_json(outcome.recipe)
    assert won.task.segment > 1 and won.model.units == 8
    assert outcome.winner == "Network: window of 24 in segments of 2, 8 units"
    assert outcome.winner in outcome.sentence and "does as well, but isn't simpler" in outcome.sentence


def test_networks_start_from_what_is_clearly_best_alone():
    outcome, tried = course(lambda one: 0.5 if one.task.base == "classical" else 1.0)
    assert {one.task.base for one in tried if one.training.epochs} == {"classical", "none"}
    assert Recipe.from_json(outcome.recipe).training.epochs == 0
    assert outcome.winner == "No network: averaged smoothing"


def test_where_a_network_adds_nothing_there_is_none_and_the_proposed_start_stays():
    outcome, _ = course(lambda one: 1.0)
    assert outcome.recipe == suggested().recipe.to_json()
    assert outcome.winner == "No network: the pretrained network"


@pytest.mark.parametrize("rows", [1, 11])
def test_where_so_few_forecasts_tell_nothing_is_trained(rows):
    outcome, tried = course(lambda one: 0.2 if one.task.base == "last" else 1.0, rows=rows)
    assert not any(one.training.epochs for one in tried)
    assert outcome.winner == "No network: the pretrained network"
    assert "can't tell it from chance" in outcome.sentence


def test_what_there_is_no_time_for_is_left_out_by_count_and_not_by_the_clock(monkeypatch):
    outcome, tried = course(lambda one: 1.0, most=9.5, monkeypatch=monkeypatch)
    assert sum(one.training.epochs > 0 for one in tried) == 2
    assert outcome.left_out and all(label.startswith("Network: ") for label in outcome.left_out)


def test_settings_that_cannot_be_trained_are_left_out():
    def attempt(one):
        if one.task.segment > 1:
            raise RunError("The loss is no longer a number.", remedy="Lower the learning rate.")
        return trial(1.0)

    outcome = hold(ForecastContest(suggested(), dataset()), attempt)
    assert [label for label in outcome.left_out if "segments" in label]
    assert outcome.winner == "No network: the pretrained network"


def test_from_nothing_the_other_starts_take_part():
    wanted = recipe(base="none", window=12, season=None)
    proposed = Suggestion(wanted, wanted, ())
    tried = []
    hold(ForecastContest(proposed, dataset()), lambda one: tried.append(one) or trial(1.0))
    assert [one.task.base for one in tried[:3]] == ["combination", "pretrained", "classical"]
    assert not any(one.task.base == "season" for one in tried)


def test_of_too_few_rows_there_is_no_contest():
    short = dataset(14)
    found = suggestion(short, Preparation())
    assert hold(ForecastContest(found, short), lambda one: trial(1.0, rows=1)) is None or found.recipe
    contest = ForecastContest(suggested(), dataset(20))
    assert contest.next is None and contest.outcome is None


# --- Where it is held --------------------------------------------------------------------------------


def test_the_test_set_is_not_there():
    data = dataset()
    _, stretch = contest_stretch(recipe(), data)
    assert len(stretch.table) == ROWS - round(0.2 * ROWS)
    spoilt = replace(data, table=data.table.copy())
    spoilt.table.iloc[len(stretch.table) :] = 1e9
    assert contest_stretch(recipe(), spoilt)[1].table.equals(stretch.table)


def test_of_a_long_series_the_newest_rows_are_looked_at_and_all_forecast_the_same_origins():
    data = dataset(20_000)
    counts = set()
    for wanted in (recipe(), recipe(window=600)):
        one, stretch = contest_stretch(wanted, data)
        assert stretch.table.index[-1] == 16_000 - 1
        assert len(stretch.table) <= module.TESTED + max(module.LEARNT, 3 * (600 + 6))
        tested = time_split(stretch.rows, one.preparation).test
        counts.add(tested.stop - tested.start)
    assert counts == {module.TESTED}


def test_a_contest_is_short():
    long = recipe().model_copy(update={"training": Training(batch=32, epochs=200)})
    assert shortened(long, 3200).training.epochs <= 600 // 100
    assert shortened(long, 10**6).training.epochs == 1
    assert shortened(long, 1).training.epochs == 200
    assert example_count(shortened(long, 3200), dataset()) == example_count(long, dataset())
