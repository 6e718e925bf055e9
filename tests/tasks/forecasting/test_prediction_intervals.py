"""Bands: conformal ones hold what they promise where errors stay alike, and each says what it held."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from components.data.transforms import Scaler
from components.models.forecaster import Forecaster
from components.recipe import Forecast, Recurrent
from components.tasks import forecast
from components.tasks.forecasting import evaluate as evaluating
from components.tasks.forecasting.conformal import margins, nonconformity, widen
from components.tasks.forecasting.distributions import OutputDistribution
from components.tasks.forecasting.prediction_intervals import coverage_sentence
from components.tasks.forecasting.result import ForecastResult
from components.tasks.result_file import pack, unpack
from tests.tasks.forecasting.test_task import BLIND, dataset, recipe
from tests.tasks.outputs import perfect


@pytest.fixture(autouse=True)
def without_classical_forecasts(monkeypatch):
    """Fitting those takes seconds, and bands have nothing to do with them."""
    monkeypatch.setattr(evaluating, "classical", lambda *_: [])


def result_of(wanted, outputs=None, **columns) -> ForecastResult:
    problem = forecast.prepare(wanted, dataset(200, **columns))
    return forecast.evaluate(problem, (outputs or perfect)(problem), BLIND, 1)


def noisy(problem):
    """Give the outputs of a model that is off by chance, as much at one time as at another."""
    chance = np.random.default_rng(0).normal(size=(len(problem.values), problem.task.horizon))
    return lambda examples: perfect(problem)(examples) + 0.3 * chance[examples]


@given(st.integers(5, 300), st.sampled_from([0.5, 0.8, 0.9]), st.integers(0, 99))
def test_the_first_margin_is_the_smallest_that_held_its_share_and_a_bit(many, level, seed):
    before = np.random.default_rng(seed).normal(size=(many, 2))
    margin = margins(before, np.zeros((1, 2)), level)[0][0]
    held = (before <= margin).mean(axis=0)
    assert (held >= min(1, level)).all()
    assert (held <= level + 2 / many + 1e-9).all()


def test_a_band_that_is_too_wide_is_made_narrower():
    truth = np.random.default_rng(0).normal(size=(2000, 1))
    wide = np.full_like(truth, 5.0)
    misses = nonconformity(truth, -wide, wide)
    lower, upper = widen(-wide[:1000], wide[:1000], margins(misses[:1000], misses[1000:], 0.8)[0])
    assert np.mean(upper - lower) == pytest.approx(2 * stats.norm.ppf(0.9), rel=0.1)
    assert ((lower <= truth[1000:]) & (truth[1000:] <= upper)).mean() == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize("growth", [0.3, 3.0])
def test_where_misses_grow_or_shrink_the_bands_follow(growth):
    chance = np.random.default_rng(0)
    before, later = np.abs(chance.normal(size=(60, 3))), growth * np.abs(chance.normal(size=(120, 3)))
    held = (later <= margins(before, later, 0.8)[0]).mean()
    stays = (later <= np.quantile(before, 0.8, axis=0)).mean()
    assert abs(held - 0.8) < 0.06 < abs(stays - 0.8)


@pytest.mark.parametrize(("many", "horizon"), [(18, 24), (60, 3), (200, 12)])
def test_of_overlapping_forecasts_of_a_random_walk_the_bands_hold_what_they_promise(many, horizon):
    chance, held = np.random.default_rng(0), []
    for _ in range(30):
        steps = chance.normal(size=2 * many + horizon)
        ahead = np.lib.stride_tricks.sliding_window_view(steps, horizon)[: 2 * many]
        misses = np.abs(ahead.cumsum(axis=1))
        held.append((misses[many:] <= margins(misses[:many], misses[many:], 0.8)[0]).mean())
    assert np.mean(held) == pytest.approx(0.8, abs=0.05)


def test_a_margin_goes_by_what_was_known_when_the_forecast_was_made():
    chance = np.random.default_rng(0)
    before, later = np.abs(chance.normal(size=(30, 4))), np.abs(chance.normal(size=(40, 4)))
    clean = margins(before, later, 0.8)[0]
    for origin in (0, 7, 25):
        # Made at `origin`, it knows of the one made n steps earlier what that said n steps ahead and nearer.
        spoilt = later.copy()
        made, ahead = np.indices(later.shape)
        spoilt[made + ahead + 1 > origin] = 1e6
        np.testing.assert_array_equal(margins(before, spoilt, 0.8)[0][: origin + 1], clean[: origin + 1])


def test_every_forecast_has_a_band_that_was_measured():
    result = result_of(recipe(), noisy)
    (band,) = result.bands
    assert (band.name, band.level) == ("conformal", 0.8)
    rows = result.origins[:, None] + np.arange(1, 5)
    held = (band.tested.lower <= result.truth[rows]) & (result.truth[rows] <= band.tested.upper)
    assert band.coverage == held.mean()
    assert 0.6 < band.coverage < 0.95
    np.testing.assert_array_equal(band.by_step, held.mean(axis=0))
    assert (band.tested.lower <= band.tested.half_lower).all()
    assert (band.tested.half_upper <= band.tested.upper).all()
    assert band.half_coverage < band.coverage
    assert band.sentence.startswith(
        f"The 80% prediction interval covers {band.coverage:.0%} of the values of the test set"
    )
    assert (band.future.lower < result.future).all()
    assert (result.future < band.future.upper).all()


def test_a_band_knows_nothing_of_what_comes_after_its_forecast():
    wanted, clean, spoilt = recipe(), dataset(200), dataset(200)
    spoilt.table.iloc[180:, 0] = 1e6
    outputs = noisy(forecast.prepare(wanted, clean))
    one, other = (
        forecast.evaluate(forecast.prepare(wanted, data), outputs, BLIND, 1) for data in (clean, spoilt)
    )
    before = one.origins < 180
    assert before.sum() > 5
    for name in ("lower", "half_lower", "half_upper", "upper"):
        ours, theirs = (getattr(result.bands[0].tested, name)[before] for result in (one, other))
        np.testing.assert_array_equal(ours, theirs)


def test_with_the_logarithm_the_band_grows_with_the_values():
    band, forecasts = (result := result_of(recipe(transform="log"), noisy)).bands[0], result.forecasts
    np.testing.assert_allclose(band.tested.upper / forecasts, forecasts / band.tested.lower, rtol=1e-6)
    assert (band.tested.lower > 0).all()


@pytest.mark.parametrize("loss", ["quantile", "gaussian", "student_t", "negative_binomial"])
def test_a_model_that_learns_chance_shows_its_own_band_beside_the_conformal_one(loss):
    wanted = recipe(loss=loss, base="last", model=Recurrent(units=2), level=0.9)
    counts = np.random.default_rng(0).poisson(30, 200).astype(float)
    problem = forecast.prepare(wanted, dataset(200, y=counts))
    built = forecast.build(wanted, problem)
    result = forecast.evaluate(problem, lambda n: built.model(problem.batch(n)[0]).numpy(), built, 1)
    assert [band.name for band in result.bands] == ["conformal", "own"]
    assert result.bands[0].coverage > 0.7
    for band in result.bands:
        assert (band.tested.lower <= band.tested.half_lower).all()
        assert (band.tested.half_lower <= band.tested.half_upper).all()
        assert (band.tested.half_upper <= band.tested.upper).all()
        assert band.winkler >= band.width
    back = unpack(pack(result), ForecastResult)
    np.testing.assert_array_equal(back.bands[1].tested.lower, result.bands[1].tested.lower)
    assert back.bands[0].sentence == result.bands[0].sentence


def test_dropout_makes_a_band_that_is_the_same_each_time():
    wanted = recipe(passes=12, model=Recurrent(units=8, dropout=0.5))
    problem = forecast.prepare(wanted, dataset(200))

    class Doubtful(Forecaster):
        chance = np.random.default_rng(0)

        def dropout_outputs(self, inputs):
            return perfect_inputs(inputs) + self.chance.normal(size=(len(inputs), 4))

    def perfect_inputs(inputs):
        return np.zeros((len(inputs), 4))

    result = forecast.evaluate(problem, perfect(problem), Doubtful(None, None), 1)
    band = result.bands[-1]
    assert band.name == "dropout"
    width = 2 * stats.norm.ppf(0.9) * problem.scaler.scale[0]
    assert band.width == pytest.approx(width, rel=0.2)


def test_a_model_with_dropout_at_work_says_something_else_each_time():
    for strategy in ("direct", "recursive"):
        wanted = recipe(passes=5, strategy=strategy, model=Recurrent(units=8, dropout=0.5))
        problem = forecast.prepare(wanted, dataset())
        built = forecast.build(wanted, problem)
        inputs, _ = problem.batch(problem.test[:2])
        one, other = (np.array(built.dropout_outputs(inputs)) for _ in range(2))
        assert one.shape == (2, 4)
        assert np.abs(one - other).max() > 1e-6


@pytest.mark.parametrize(
    ("coverage", "words"), [(0.81, "well calibrated"), (0.6, "overconfident"), (0.95, "underconfident")]
)
def test_what_a_band_held_is_said_in_plain_words(coverage, words):
    assert words in coverage_sentence(0.8, coverage)
    assert f"covers {coverage:.0%}" in coverage_sentence(0.8, coverage)


# --- Laws ------------------------------------------------------------------------------------------

SCALER = Scaler(np.array([3.0]), np.array([2.0]))


def distribution(loss: str) -> OutputDistribution:
    return OutputDistribution(Forecast(target="y", loss=loss), SCALER)


def test_quantiles_of_a_law_are_scipys():
    outputs, at = np.array([[[1.0, 0.5, 4.0]]]), np.array([0.1, 0.5, 0.9])
    np.testing.assert_allclose(
        distribution("student_t").quantiles(outputs, at)[:, 0, 0], stats.t(4, 1, 0.5).ppf(at), rtol=1e-6
    )
    np.testing.assert_allclose(
        distribution("gaussian").quantiles(outputs[..., :2], at)[:, 0, 0],
        stats.norm(1, 0.5).ppf(at),
        rtol=1e-6,
    )


def test_counts_are_counted_in_their_own_units():
    outputs = np.array([[[6.0, 0.2]]])  # a mean of 6 · 2 + 3
    found = distribution("negative_binomial")
    assert found.forecast(outputs)[0, 0] * 2 + 3 == pytest.approx(15, rel=1e-3)
    quantiles = found.quantiles(outputs, np.array([0.1, 0.9]))[:, 0, 0] * 2 + 3
    np.testing.assert_allclose(quantiles, stats.nbinom(5, 1 / 4).ppf([0.1, 0.9]))


def test_between_learnt_quantiles_the_others_lie_on_a_line():
    outputs, at = np.array([[[0.0, 1.0, 3.0, 5.0, 9.0]]]), np.array([0.05, 0.1, 0.175, 0.5, 0.95])
    np.testing.assert_allclose(distribution("quantile").quantiles(outputs, at)[:, 0, 0], [0, 0, 0.5, 3, 9])


@pytest.mark.parametrize("loss", ["quantile", "gaussian", "student_t", "negative_binomial"])
def test_draws_are_of_the_law(loss):
    numbers = {"quantile": [-2, -1, 0, 1, 2], "student_t": [1, 0.5, 9]}.get(loss, [9, 0.5])
    outputs = np.broadcast_to(np.array(numbers, float), (4000, 2, len(numbers)))
    found = distribution(loss)
    drawn = found.draw(outputs, np.random.default_rng(0))
    assert found.draw(outputs[:1], np.random.default_rng(0)).shape == (1, 2)
    expected = found.quantiles(outputs[:1], np.array([0.25, 0.5, 0.75]))[:, 0, 0]
    np.testing.assert_allclose(np.quantile(drawn, [0.25, 0.5, 0.75]), expected, atol=0.6)
