"""The cards on Home keep what they promise, with their own settings: better than doing nothing."""

from pathlib import Path

import numpy as np
import pytest

from components.data import load
from components.engine.train_job import run_job
from components.recipe import Recipe, Sample
from components.runs.artifacts import RunFiles
from components.storage import Folder
from components.tasks.classification.result import ClassesResult
from components.tasks.forecasting.result import ForecastResult
from components.tasks.result_file import unpack
from components.tasks.transcription.result import TranscriptsResult
from components.training.control import CommandQueue
from components.training.limits import Budget, Limits
from components.ui.experiments import CARDS

SEEDS = (0, 1, 2)


@pytest.mark.acceptance
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("key", ["sunspots", "co2", "seattle_weather"])
def test_a_card_beats_repeating_the_last_season(key, seed, tmp_path):
    card = next(card for card in CARDS if card.key == key)
    recipe = Recipe(**dict(card.recipe) | {"seed": seed})
    run_job(
        recipe, lambda message: None, CommandQueue(), Folder(str(tmp_path)), Budget(Limits(600, 2**40, 600))
    )
    scores = {s.name: s for s in unpack(RunFiles(Folder(str(tmp_path))).result(), ForecastResult).scores}
    assert scores["model"].mae < scores["seasonal_naive"].mae
    assert scores["model"].rmse < scores["seasonal_naive"].rmse


@pytest.mark.acceptance
@pytest.mark.parametrize("seed", SEEDS)
def test_a_network_that_has_seen_a_million_series_starts_as_it_is_and_never_ends_worse(seed, tmp_path):
    card = next(card for card in CARDS if card.key == "pretrained")
    recipe = Recipe(**dict(card.recipe) | {"seed": seed})
    told: list = []
    run_job(recipe, told.append, CommandQueue(), Folder(str(tmp_path)), Budget(Limits(600, 2**40, 600)))
    assert next(event for event in told if event.kind == "epoch").epoch == 0
    result = unpack(RunFiles(Folder(str(tmp_path))).result(), ForecastResult)
    scores = {score.name: score.mae for score in result.scores}
    assert {"pretrained", "pretrained_pure", "ets", "arima", "theta", "mean_of_three"} <= scores.keys()
    assert scores["pretrained"] < scores["seasonal_naive"]
    assert scores["model"] < 1.05 * scores["pretrained"]
    assert f"λ = {result.shrinkage.weight:g}" in result.verdict


CLASSICAL = ("ets", "arima", "theta", "mean_of_three", "smoothing")
LARGEST_RATIOS = {
    "sunspots": 0.85,
    "co2": 1.0,
    "us_jobs": 1.06,
    "pretrained": 1.0,
    "share_prices": 1.02,
    "el_nino": 1.15,
    "electrical_equipment": 1.15,
    "seattle_weather": 1.15,
}
"""Times the error of the best classical method that the middle error of three seeds may be, by card."""


def _errors_of_card(key: str, seed: int, place: Path) -> tuple[float, float]:
    """Train a card → the model's error, and that of the best classical method; of a panel, the mean MASE."""
    card = next(card for card in CARDS if card.key == key)
    recipe, folder = Recipe(**dict(card.recipe) | {"seed": seed}), Folder(str(place))
    run_job(recipe, lambda message: None, CommandQueue(), folder, Budget(Limits(600, 2**40, 600)))
    result = unpack(RunFiles(folder).result(), ForecastResult)
    scores = result.scores if result.panel is None else result.panel.scores
    errors = {score.name: score.mae if result.panel is None else score.mase for score in scores}
    return errors["model"], min(errors[name] for name in CLASSICAL if name in errors)


@pytest.mark.acceptance
@pytest.mark.parametrize("key", LARGEST_RATIOS)
def test_a_forecast_card_is_ahead_of_the_best_classical_method_or_near_it(key, tmp_path):
    ratios = []
    for seed in SEEDS:
        model, best = _errors_of_card(key, seed, tmp_path / str(seed))
        ratios.append(model / best)
    assert np.median(ratios) <= LARGEST_RATIOS[key], ratios


@pytest.mark.acceptance
@pytest.mark.parametrize("seed", SEEDS)
def test_one_model_of_fifteen_industries_beats_the_simple_rules_over_all_of_them(seed, tmp_path):
    card = next(card for card in CARDS if card.key == "us_jobs")
    recipe = Recipe(**dict(card.recipe) | {"seed": seed})
    run_job(
        recipe, lambda message: None, CommandQueue(), Folder(str(tmp_path)), Budget(Limits(600, 2**40, 600))
    )
    result = unpack(RunFiles(Folder(str(tmp_path))).result(), ForecastResult)
    every = (result, *result.others)
    assert len(every) == 15
    simple = {score.name for score in result.scores if score.name != "model" and score.is_simple}
    for name in simple:
        errors = [next(score.mase for score in one.scores if score.name == name) for one in every]
        assert result.mean_mase < np.mean(errors)


def _told(key: str, seed: int, place: Path) -> ClassesResult:
    """Train a card → its result."""
    card = next(card for card in CARDS if card.key == key)
    recipe, folder = Recipe(**dict(card.recipe) | {"seed": seed}), Folder(str(place))
    run_job(recipe, lambda message: None, CommandQueue(), folder, Budget(Limits(600, 2**40, 600)))
    return unpack(RunFiles(folder).result(), ClassesResult)


@pytest.mark.acceptance
@pytest.mark.parametrize("seed", SEEDS)
def test_control_charts_are_told(seed, tmp_path):
    result = _told("control_charts", seed, tmp_path)
    assert result.scores[0].accuracy >= 0.97


@pytest.mark.acceptance
@pytest.mark.parametrize("seed", SEEDS)
def test_how_a_post_sounds_is_told_better_than_by_logistic_regression_or_said_not_to_be(seed, tmp_path):
    result = _told("sentiment", seed, tmp_path)
    scores = {score.name: score for score in result.scores}
    assert scores["model"].balanced > scores["linear"].balanced
    best = max(scores["linear"].balanced, scores["balanced"].balanced)
    assert result.won == result.verdict.startswith("The model beats the baselines.")
    assert not (result.won and scores["model"].balanced <= best)


@pytest.mark.acceptance
@pytest.mark.parametrize("seed", SEEDS)
def test_digits_are_recognised_in_voices_that_were_never_heard(seed, tmp_path):
    result = _told("spoken_digits", seed, tmp_path)
    digits = load(Sample(name="spoken_digits"))
    learnt = np.delete(digits.groups.codes, result.numbers)
    assert not {*digits.groups.codes[result.numbers]} & {*learnt}
    assert len(result.numbers) > 400
    assert result.scores[0].accuracy >= 0.95
    assert result.won


@pytest.mark.acceptance
@pytest.mark.parametrize("seed", SEEDS)
def test_strings_of_digits_are_transcribed_in_voices_that_were_never_heard(seed, tmp_path):
    card = next(card for card in CARDS if card.key == "digit_strings")
    recipe, folder = Recipe(**dict(card.recipe) | {"seed": seed}), Folder(str(tmp_path))
    run_job(recipe, lambda message: None, CommandQueue(), folder, Budget(Limits(600, 2**40, 600)))
    result = unpack(RunFiles(folder).result(), TranscriptsResult)
    strings = load(card.recipe.dataset)
    learnt = np.delete(strings.groups.codes, result.numbers)
    assert not {*strings.groups.codes[result.numbers]} & {*learnt}
    assert {*strings.answer.lengths[result.numbers]} == {3, 4, 5, 6} and len(result.numbers) > 200
    assert result.scores[0].wer <= 0.05
    assert result.won


@pytest.mark.acceptance
@pytest.mark.parametrize("seed", SEEDS)
def test_labels_drawn_by_a_die_are_not_learnt_and_that_is_said(seed, tmp_path):
    result = _told("random_labels", seed, tmp_path)
    assert not result.won
    assert result.verdict.startswith("The model is no better than a constant baseline")
    assert any("labels are random" in note for note in result.notes)
