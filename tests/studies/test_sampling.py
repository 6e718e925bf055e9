"""Optuna's part: what it suggests lies in the ranges, what is worse is given up, what matters is told."""

import math
from dataclasses import replace

import pytest

from components.recipe import Forecast, Recipe, Sample, Training
from components.studies import Choices, NumberRange, Search, Trial, with_settings
from components.studies.sampling import importances, is_given_up, rung_epochs, suggest, winner

RECIPE = Recipe(
    dataset=Sample(name="sunspots"), task=Forecast(target="sunspots"), training=Training(epochs=18)
)
SEARCH = Search(
    recipe=RECIPE,
    ranges=(
        NumberRange(setting="optimizer.learning_rate", low=3e-4, high=0.03, logarithmic=True),
        NumberRange(setting="model.units", low=8, high=64, logarithmic=True, multiple=1),
        NumberRange(setting="model.dropout", low=0, high=0.6),
        Choices(setting="model.kind", values=("simple_rnn", "lstm", "gru")),
    ),
    trials=30,
)


def loss(settings, epoch: int) -> float:
    """The learning rate alone matters, and 0.01 is best."""
    return (0.1 + abs(math.log10(settings["optimizer.learning_rate"]) + 2)) * (1 + 3 / epoch)


def trial(number: int, settings, status="running", epochs: int = 18) -> Trial:
    losses = {epoch: loss(settings, epoch) for epoch in range(1, epochs + 1)}
    value = min(losses.values()) if status == "complete" else None
    return Trial(number, f"{number:032x}", settings, status, value, losses)


@pytest.fixture(scope="module")
def searched() -> list[Trial]:
    """A search whose every second trial waits for the one before."""
    done: list[Trial] = []
    for number in range(SEARCH.trials):
        one = trial(number, suggest(SEARCH, done), epochs=2)
        for epochs in (2, 6, 18):
            going = replace(trial(number, one.settings, epochs=epochs), notes=one.notes)
            is_over, notes = is_given_up(SEARCH, [*done, going], number)
            one = replace(going, notes=notes, status="pruned" if is_over else "complete")
            if is_over:
                break
        value = min(one.losses.values()) if one.status == "complete" else None
        done.append(replace(one, value=value))
    return done


def test_the_recipe_itself_is_tried_first(searched) -> None:
    assert searched[0].settings == SEARCH.first
    assert searched[0].status == "complete"


def test_everything_that_is_tried_can_be_trained_and_lies_in_its_range(searched) -> None:
    for one in searched:
        recipe = with_settings(RECIPE, one.settings)
        assert 3e-4 <= recipe.optimizer.learning_rate <= 0.03 and 8 <= recipe.model.units <= 64
        assert 0 <= recipe.model.dropout <= 0.6 and isinstance(one.settings["model.units"], int)
        assert float(f"{recipe.optimizer.learning_rate:.3g}") == recipe.optimizer.learning_rate


def test_it_finds_what_is_better_and_gives_up_what_is_worse(searched) -> None:
    best = winner(searched)
    assert best is not None and best.value < 0.75 * searched[0].value
    given_up = [one for one in searched if one.status == "pruned"]
    assert len(given_up) >= 10
    assert all(max(one.losses) in (2, 6) for one in given_up)


def test_what_mattered_is_told(searched) -> None:
    found = importances(SEARCH, searched)
    assert next(iter(found)) == "optimizer.learning_rate" and sum(found.values()) == pytest.approx(1)
    assert importances(SEARCH, searched[:5]) == {}


def test_two_at_a_time_are_not_the_same() -> None:
    done = [trial(0, SEARCH.first, "complete")]
    tried = []
    for number in range(1, 14):
        settings = suggest(SEARCH, [*done, *tried])
        tried.append(trial(number, settings, epochs=1))
    assert len({str(one.settings) for one in tried}) == len(tried)


def test_the_same_trials_lead_to_the_same_suggestion(searched) -> None:
    assert suggest(SEARCH, searched[:9]) == suggest(SEARCH, searched[:9])


def test_a_trial_is_judged_at_each_rung_once_whenever_it_is_looked_at() -> None:
    assert [rung_epochs(SEARCH, rung) for rung in range(3)] == [2, 6, 18]
    best = SEARCH.first | {"optimizer.learning_rate": 0.01}
    others = [trial(0, SEARCH.first, "complete")]
    going = trial(1, best, epochs=1)
    assert is_given_up(SEARCH, [*others, going], 1) == (False, {})
    going = trial(1, best, epochs=17)
    is_over, notes = is_given_up(SEARCH, [*others, going], 1)
    assert not is_over
    assert list(notes.values()) == [pytest.approx(loss(best, 2)), pytest.approx(loss(best, 6))]
    assert is_given_up(SEARCH, [*others, replace(going, notes=notes)], 1) == (False, notes)


@pytest.mark.parametrize("weights", ["best", "last"])
def test_a_trial_is_judged_by_the_weights_that_it_keeps(weights) -> None:
    training = RECIPE.training.model_copy(update={"weights": weights})
    search = SEARCH.model_copy(update={"recipe": RECIPE.model_copy(update={"training": training})})
    noted = {"completed_rung_0": 0.5}
    others = [
        replace(trial(number, SEARCH.first), losses={1: 0.5, 2: 0.5}, notes=noted) for number in range(3)
    ]
    rising = replace(trial(3, SEARCH.first), losses={1: 0.1, 2: 0.9})
    is_over, notes = is_given_up(search, [*others, rising], 3)
    assert is_over == (weights == "last")
    assert list(notes.values()) == [pytest.approx(0.1 if weights == "best" else 0.9)]


def test_a_trial_whose_loss_is_no_number_is_not_judged_by_it() -> None:
    going = replace(trial(1, SEARCH.first), losses={1: math.nan, 2: math.nan})
    assert is_given_up(SEARCH, [trial(0, SEARCH.first, "complete"), going], 1)[1] == {}
    failed = replace(going, status="failed")
    assert suggest(SEARCH, [trial(0, SEARCH.first, "complete"), failed])
    assert winner([failed]) is None
