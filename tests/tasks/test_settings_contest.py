"""Who wins a contest of settings: a clear lead, else the simplest; a rule that no network beats is named."""

import numpy as np
import pytest

from components.recipe import Forecast, Recipe, Sample
from components.tasks.settings_contest import ContestWords, Entrant, Trial, judge

WORDS = ContestWords("In 60 forecasts of the validation set", "forecasts", "rows")


def contestants(count, rules=()):
    made = (
        Recipe(dataset=Sample(name="toy"), task=Forecast(target="y", window=window))
        for window in range(1, count + 1)
    )
    return [Entrant(f"window {one.task.window}", one, one.task.window in rules) for one in made]


def chance(differences):
    """Return how often chance makes such a mean difference, by the normal distribution."""
    from statistics import NormalDist

    error = differences.std() / len(differences) ** 0.5
    return 2 * NormalDist().cdf(-abs(differences.mean()) / error) if error else 0.0


def held(*errors, rows=60, measure="MASE", can_tell=True, rules=()):
    noise = np.random.default_rng(0).normal(0, 0.2, rows)
    noise -= noise.mean()
    every = [
        Trial(np.full(rows, error) + noise * (1 + number), measure, 1.0)
        for number, error in enumerate(errors)
    ]
    return judge(contestants(len(errors), rules), every, chance if can_tell else None, WORDS)


def test_a_clear_lead_wins():
    found = held(1.0, 0.5, 0.8)
    assert found.winner == "window 2" == found.placings[0].label == found.suggested
    assert Recipe.from_json(found.recipe).task.window == 2
    assert found.placings[-1].p < 0.05 and found.placings[0].p is None
    assert "0.5" in found.sentence and "comes second" in found.sentence


def test_where_the_best_leads_by_chance_alone_the_simplest_wins():
    found = held(1.0, 0.999, 3.0)
    assert (found.winner, found.placings[0].label) == ("window 1", "window 2")
    assert "within a standard error" in found.sentence


def test_where_too_few_forecasts_tell_the_simplest_wins():
    found = held(1.0, 0.2, can_tell=False)
    assert found.winner == "window 1"
    assert [one.p for one in found.placings] == [None, None]
    assert "So few forecasts can't tell it from chance" in found.sentence


def test_equals_are_told_apart_by_their_simplicity():
    same = [Trial(np.ones(60), "MASE", 1.0)] * 2
    found = judge(contestants(2), same, chance, WORDS)
    assert found.winner == "window 1" and "“window 2” does as well, but isn't simpler" in found.sentence


def test_squared_errors_are_shown_as_their_root():
    found = held(4.0, 1.0, measure="RMSSE")
    assert [one.error for one in found.placings] == pytest.approx([1.0, 2.0])
    assert "lowest RMSSE" in found.sentence


def test_accuracy_is_shown_as_a_share_and_the_highest_is_best():
    found = held(0.3, 0.1, measure="Balanced accuracy")
    assert "the highest balanced accuracy, 90.0%" in found.sentence


@pytest.mark.parametrize("errors", [(0.1, 0.4, 0.5), (0.1, 0.0999, 0.5)])
def test_a_rule_that_no_network_beats_is_to_be_taken_and_the_best_network_is_suggested(errors):
    found = held(*errors, rules={1}, measure="Balanced accuracy")
    assert found.winner == "window 1" and found.suggested == "window 2"
    assert Recipe.from_json(found.recipe).task.window == 2
    assert "a rule that needs no network: take that" in found.sentence
    assert "Of the networks, “window 2” is suggested" in found.sentence


def test_a_rule_alone_suggests_nothing():
    found = held(0.2, rules={1})
    assert found.suggested is None and "Nothing else could be tried" in found.sentence
