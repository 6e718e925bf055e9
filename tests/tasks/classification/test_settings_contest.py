"""The contest of settings that classify: what is tried depends on the data, and whoever leads is varied."""

from dataclasses import replace

import numpy as np
import pytest

from components.errors import RunError
from components.recipe import Recipe
from components.tasks import classify_sequences, classify_texts, recipe_issues
from components.tasks.classification import settings_contest as module
from components.tasks.classification.settings_contest import begin_contest
from components.tasks.classification.suggest import at_level
from components.tasks.settings_contest import Trial, hold
from tests.tasks.toys import sequences, texts

TEXTS, SEQUENCES = texts(60), sequences(60)


@pytest.fixture(autouse=True)
def endless(monkeypatch):
    monkeypatch.setattr(module, "SECONDS_OF_FEW", 10_000.0)


def trial(error, many=48) -> Trial:
    """Return a trial in which a share of the examples is taken for another class: the same ones first."""
    wrong = np.arange(many) < round(error * many)
    return Trial(wrong.astype(float), "Balanced accuracy", 1.0)


def course(errors, data=TEXTS, proposed=None):
    """Hold a contest in which `errors` tells how a recipe does → its outcome, and all that were tried."""
    task = classify_texts if data is TEXTS else classify_sequences
    tried = []

    def attempt(one):
        tried.append(one)
        return trial(errors(one))

    return hold(begin_contest(data, proposed or task.suggest(data)), attempt), tried


@pytest.mark.parametrize("data", [TEXTS, SEQUENCES], ids=["texts", "sequences"])
def test_rules_come_first_then_networks_of_every_kind_and_each_can_be_trained(data):
    outcome, tried = course(lambda one: 0.2, data)
    assert [bool(one.training.epochs) for one in tried] == sorted(bool(one.training.epochs) for one in tried)
    assert len({one.to_json() for one in tried}) == len(tried) == len(outcome.placings)
    assert len({one.label for one in outcome.placings}) == len(tried)
    networks = [one for one in tried if one.training.epochs]
    assert all(recipe_issues(one, data) == () for one in networks)
    for found in (
        {one.task.pooling for one in networks},
        {one.model.attention for one in networks},
        {one.model.bidirectional for one in networks},
        {one.task.kernel > 0 for one in networks},
        {one.task.filters > 0 for one in networks},
        {one.task.label_smoothing > 0 for one in networks},
    ):
        assert len(found) == 2
    assert len({one.model.units for one in networks}) == 3
    assert len({one.optimizer.learning_rate for one in networks}) == 3
    assert len({one.model.dropout for one in networks}) >= 2
    if data is TEXTS:
        assert {(one.task.level, one.task.base) for one in tried[:3]} == {
            ("word", "tfidf_both"),
            ("word", "tfidf"),
            ("character", "tfidf"),
        }
        assert {one.task.level for one in networks} == {"word", "byte_pair", "character"}
        assert {one.task.base for one in networks} == {"none", "tfidf", "tfidf_both"}
        assert {one.task.word_dropout > 0 for one in networks} == {True, False}


def test_what_helps_only_together_is_found():
    def errors(one):
        if not one.training.epochs:
            return 0.6
        pools, smooths = one.task.pooling == "mean_max", one.task.label_smoothing > 0
        return 0.5 - 0.15 * pools - 0.2 * (pools and smooths)

    outcome, _ = course(errors)
    won = Recipe.from_json(outcome.recipe)
    assert won.task.pooling == "mean_max" and won.task.label_smoothing
    assert "mean and maximum of the states, label smoothing 10%" in outcome.winner
    assert "has the highest balanced accuracy" in outcome.sentence
    assert "48 texts, each left out of the training once" in outcome.sentence


def test_where_a_network_adds_nothing_the_linear_model_is_suggested_as_it_is():
    outcome, _ = course(lambda one: 0.2)
    won = Recipe.from_json(outcome.recipe)
    assert outcome.winner == outcome.suggested == "No network: TF-IDF of words and characters"
    assert won.training.epochs == 0 and won.task.base == "tfidf_both" and recipe_issues(won, TEXTS) == ()


def test_a_nearest_neighbour_that_no_network_beats_is_to_be_taken():
    outcome, _ = course(lambda one: 0.4 if one.training.epochs else 0.05, SEQUENCES)
    assert outcome.winner == "No network: the nearest neighbour" != outcome.suggested
    assert Recipe.from_json(outcome.recipe).training.epochs > 0
    assert "a rule that needs no network: take that" in outcome.sentence


def test_subwords_that_win_are_suggested_and_what_follows_varies_them():
    outcome, tried = course(lambda one: 0.1 if one.task.level == "byte_pair" else 0.4)
    won = Recipe.from_json(outcome.recipe)
    assert won.task.level == "byte_pair" and won.task.base == "tfidf_both"
    assert outcome.winner == outcome.suggested and outcome.winner.startswith("Network: subwords")
    assert len({one.label for one in outcome.placings}) == len(tried), "whatever is varied is named"
    later = tried[[one.task.level for one in tried].index("byte_pair") :]
    assert {one.task.level for one in later} == {"byte_pair", "character"}
    assert recipe_issues(won, TEXTS) == ()


def test_of_seven_thousand_texts_every_level_is_tried_within_the_time(monkeypatch):
    monkeypatch.undo()
    many = texts(7000)
    contest = begin_contest(many, classify_texts.suggest(many))
    tried, guessed = [], 0.0
    while contest.next is not None:
        tried.append(contest.next.recipe)
        guessed += contest.guessed_seconds(contest.next.recipe)
        contest.take(trial(0.2))
    assert {one.task.level for one in tried if one.training.epochs} == {"word", "byte_pair", "character"}
    assert guessed <= module.SECONDS < 30


def test_a_rule_counts_no_subwords():
    proposed = at_level(classify_texts.suggest(TEXTS), TEXTS, "byte_pair")
    _, tried = course(lambda one: 0.2, proposed=proposed)
    rules = [one.task for one in tried if not one.training.epochs]
    assert [(one.level, one.base) for one in rules] == [
        ("word", "tfidf_both"),
        ("word", "tfidf"),
        ("character", "tfidf"),
    ]


def test_texts_that_are_cut_are_read_further():
    short = classify_texts.suggest(TEXTS)
    short = short.model_copy(update={"task": short.task.model_copy(update={"longest": 3})})
    _, tried = course(lambda one: 0.2 if one.task.longest != 6 else 0.1, proposed=short)
    assert 6 in {one.task.longest for one in tried if one.training.epochs}


def test_what_is_long_is_read_by_a_stride_too_and_who_wins_by_it_keeps_it():
    long = replace(
        SEQUENCES,
        values=np.repeat(SEQUENCES.values, 20, axis=0),
        offsets=20 * SEQUENCES.offsets,
    )
    proposed = classify_sequences.suggest(long)
    assert proposed.task.stride == 1 and proposed.task.longest == 180
    contest = begin_contest(long, proposed)
    tried = []

    def attempt(one):
        tried.append(one)
        return trial(0.1 if one.task.stride > 1 else 0.3)

    outcome = hold(contest, attempt)
    networks = [one for one in tried if one.training.epochs]
    assert [one.task.stride for one in networks[:2]] == [1, 4]
    assert {one.task.stride for one in networks[2:]} == {4}, "those after it vary the one that leads"
    assert all(recipe_issues(one, long) == () for one in networks)
    won = Recipe.from_json(outcome.recipe).task
    assert (won.kernel, won.stride) == (8, 4)
    assert "a convolution of 8 steps in front with a stride of 4" in outcome.winner


def test_what_is_short_is_read_step_by_step():
    _, tried = course(lambda one: 0.2, SEQUENCES)
    assert {one.task.stride for one in tried} == {1}


def test_what_there_is_no_time_for_is_left_out_by_count_and_not_by_the_clock(monkeypatch):
    monkeypatch.setattr(module, "SECONDS_OF_FEW", 12.0)
    outcome, tried = course(lambda one: 0.2)
    assert 0 < sum(one.training.epochs > 0 for one in tried) < 6
    assert outcome.left_out and all(label.startswith("Network: ") for label in outcome.left_out)
    again, _ = course(lambda one: 0.2)
    assert again.left_out == outcome.left_out


def test_settings_that_cannot_be_trained_are_left_out():
    def attempt(one):
        if one.task.kernel:
            raise RunError("The loss became infinite or undefined.", remedy="Lower the learning rate.")
        return trial(0.2)

    outcome = hold(begin_contest(TEXTS, classify_texts.suggest(TEXTS)), attempt)
    assert [label for label in outcome.left_out if "convolution" in label]


def test_of_too_few_examples_there_is_no_contest():
    few = texts(10)
    contest = begin_contest(few, classify_texts.suggest(few))
    assert contest.next is None and contest.outcome is None
