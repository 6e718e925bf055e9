"""Settings are tried for real: the same each time, and whatever the test set holds."""

from dataclasses import replace

import numpy as np
import pytest

from components.engine.settings_contest import try_on, try_settings
from components.recipe import Forecast, Generated, Optimizer, Recipe, Recurrent, Training
from components.tasks import classify_texts
from components.tasks.classification.settings_contest import begin_contest
from components.tasks.forecasting.zero_shot import zero_shot
from components.tasks.settings_contest import hold
from components.training.limits import Limits
from tests.tasks.test_leaks import after, series
from tests.tasks.toys import texts, texts_recipe

LIMITS = Limits(seconds=60, memory=2**40, pause_seconds=60)
NETWORK = Recipe(
    dataset=Generated(name="sine", length=90),
    task=Forecast(target="y", window=8, horizon=4, season=7, base="combination", loss="quantile"),
    model=Recurrent(kind="gru", units=3, dropout=0.3),
    training=Training(batch=16, epochs=3),
)
START = NETWORK.model_copy(update={"training": Training(epochs=0)})


@pytest.fixture
def table(monkeypatch):
    """Let a series be loaded, the test set of which is as given."""

    def load(garbage):
        data = series()
        if garbage is not None:
            data.table.iloc[after(data, "test") :] = garbage
        monkeypatch.setattr("components.data.load", lambda *given: data)
        return data

    return load


@pytest.mark.parametrize("recipe", [START, NETWORK], ids=["start", "network"])
def test_nothing_of_the_test_set_is_seen_and_a_second_try_comes_to_the_same(recipe, table):
    found = []
    for garbage in (None, 1e6, -999.0):
        table(garbage)
        found.append(try_settings(recipe.to_json(), LIMITS))
    for other in found[1:]:
        np.testing.assert_array_equal(other.errors, found[0].errors)
    assert found[0].measure == "MASE" and found[0].seconds > 0


def test_a_start_alone_is_what_is_forecast_without_training(table):
    data = table(None)
    found = try_settings(START.to_json(), LIMITS)
    values = data.table["y"].to_numpy()
    origins = np.arange(after(data, "validation") - 1, after(data, "test") - 4)
    truth = values[origins[:, None] + np.arange(1, 5)]
    said = zero_shot(values, origins, 4, 7).combination
    assert len(found.errors) == len(origins)
    missed = np.abs(said - truth).mean(1)
    np.testing.assert_allclose(found.errors / found.errors[0], missed / missed[0], rtol=1e-6)


def test_counted_demand_is_measured_by_squared_errors(table):
    data = table(None)
    data.table["y"] = np.random.default_rng(0).poisson(0.3, data.rows).astype(float)
    assert try_settings(START.to_json(), LIMITS).measure == "RMSSE"


# --- Classification ----------------------------------------------------------------------------------


@pytest.mark.parametrize("base", ["none", "tfidf"])
def test_texts_of_the_test_set_change_nothing(base, monkeypatch):
    recipe = texts_recipe(base=base, balanced=True).model_copy(
        update={"optimizer": Optimizer(learning_rate=0.03)}
    )
    data = texts(60)
    tested = set(classify_texts.split(recipe, data).test.tolist())
    found = []
    for garbage in (None, "a much longer text than all of the others, in CAPITALS too", "xyzzy"):
        said = tuple(
            text if garbage is None or number not in tested else garbage
            for number, text in enumerate(data.texts)
        )
        monkeypatch.setattr("components.data.load", lambda *given, said=said: replace(data, texts=said))
        monkeypatch.setattr("components.engine.settings_contest._held", {})
        found.append(try_settings(recipe.to_json(), LIMITS))
    for other in found[1:]:
        np.testing.assert_array_equal(other.errors, found[0].errors)
    assert found[0].measure == "Balanced accuracy" and len(found[0].errors) == 60 - len(tested)


def test_a_whole_contest_ends_in_settings_that_can_be_trained(monkeypatch):
    """Small, so that it is a matter of seconds: as many entrants as there is time for."""
    monkeypatch.setattr("components.tasks.classification.settings_contest.SECONDS_OF_FEW", 8.0)
    data = texts(60)
    proposed = texts_recipe(base="tfidf")
    outcome = hold(begin_contest(data, proposed), lambda one: try_on(one, data, LIMITS))
    assert len(outcome.placings) >= 3 and outcome.left_out
    assert {one.label for one in outcome.placings} >= {"No network: TF-IDF of words"}
    assert outcome.placings[0].error < 0.1  # one word tells
    assert classify_texts.issues(Recipe.from_json(outcome.recipe), data) == ()
