"""Whatever the data, there is a first recipe that works, if any can."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data import load
from components.data.dataset import Provenance, Series
from components.data.samples import SERIES
from components.recipe import Sample, Upload
from components.tasks import check
from components.ui.suggestion import suggest


@given(rows=st.integers(12, 3000), season=st.one_of(st.none(), st.integers(2, 10_000)))
def test_a_series_of_any_length_gets_a_recipe_that_works(rows, season):
    table = pd.DataFrame({"a": np.sin(np.arange(rows)), "b": 1.0})
    dataset = Series(Upload(id="0" * 32, name="x.csv"), "x.csv", Provenance("", ""), table, season)
    assert check(suggest(dataset), dataset) == ()


@pytest.mark.parametrize("name", SERIES)
def test_every_sample_gets_a_recipe_that_works(name):
    dataset = load(Sample(name=name))
    recipe = suggest(dataset)
    assert check(recipe, dataset) == ()
    assert recipe.task.target == SERIES[name].target
