"""Whatever the data, there is a first recipe that works, if any can."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data import load
from components.data.datasets import Provenance, Series
from components.data.sources.samples import SERIES_SAMPLES
from components.recipe import Preparation, Sample, Upload
from components.tasks import recipe_issues, suggest_recipe
from components.tasks.forecasting.suggest import suggestion


@given(rows=st.integers(12, 3000), season=st.one_of(st.none(), st.integers(2, 10_000)))
def test_a_series_of_any_length_gets_a_recipe_that_works(rows, season):
    table = pd.DataFrame({"a": np.sin(np.arange(rows)), "b": 1.0})
    dataset = Series(Upload(id="0" * 32, name="x.csv"), "x.csv", Provenance("", ""), table, season)
    assert recipe_issues(suggest_recipe(dataset), dataset) == ()


@pytest.mark.parametrize("name", SERIES_SAMPLES)
def test_every_sample_gets_a_recipe_that_works(name):
    dataset = load(Sample(name=name))
    recipe = suggest_recipe(dataset)
    assert recipe_issues(recipe, dataset) == ()
    assert recipe.task.target == SERIES_SAMPLES[name].target


@pytest.mark.parametrize("horizon", [1, 24, 100])
def test_a_horizon_that_is_asked_for_is_proposed_with_a_window_that_goes_with_it(horizon):
    dataset = load(Sample(name="el_nino"))
    recipe = suggestion(dataset, Preparation(), horizon=horizon).recipe
    assert recipe.task.horizon == horizon
    assert recipe_issues(recipe, dataset) == ()


def test_without_a_season_it_looks_back_no_further_than_it_can_read_quickly():
    steps = np.random.default_rng(0).normal(size=2000).cumsum()
    dataset = Series(
        Upload(id="0" * 32, name="x.csv"), "x.csv", Provenance("", ""), pd.DataFrame({"a": steps})
    )
    windows = {
        horizon: suggestion(dataset, Preparation(), horizon=horizon).recipe.task.window
        for horizon in (12, 60, 200)
    }
    assert windows == {12: 36, 60: 120, 200: 200}
