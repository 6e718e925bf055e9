"""A recipe's dataset comes with the recipe's mends."""

import pytest

from components.data import load
from components.errors import DataError
from components.recipe import DropColumns, Preparation, Resample, Sample


def test_mends_are_made_whenever_the_dataset_is_loaded():
    whole = load(Sample(name="seattle_weather"))
    mended = load(Sample(name="seattle_weather"), Preparation(mends=(DropColumns(columns=("wind",)),)))
    assert mended.columns == tuple(name for name in whole.columns if name != "wind")
    assert mended.table.equals(whole.table.drop(columns="wind"))


def test_a_new_rhythm_brings_its_own_season():
    daily = load(Sample(name="seattle_weather"))
    monthly = load(Sample(name="seattle_weather"), Preparation(mends=(Resample(unit="month"),)))
    assert (monthly.frequency, monthly.season) == ("every month", 12)
    shorter = load(Sample(name="seattle_weather"), Preparation(mends=(DropColumns(columns=("wind",)),)))
    assert shorter.season == daily.season


def test_a_mend_that_cannot_be_made_says_so():
    with pytest.raises(DataError, match="step 1"):
        load(Sample(name="seattle_weather"), Preparation(mends=(DropColumns(columns=("fog",)),)))
