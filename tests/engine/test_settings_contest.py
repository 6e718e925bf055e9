"""Settings are tried for real: the same each time, and whatever the test set holds."""

import numpy as np
import pytest

from components.engine.settings_contest import try_settings
from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from components.tasks.forecasting.zero_shot import zero_shot
from components.training.limits import Limits
from tests.tasks.test_leaks import after, series

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
