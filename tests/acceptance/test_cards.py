"""The cards on Home keep what they promise, with their own settings: better than doing nothing."""

import pytest

from components.engine.work import RESULT, work
from components.recipe import Recipe
from components.storage import Folder
from components.tasks.packing import unpack
from components.tasks.result import ForecastResult
from components.training.control import Control
from components.training.limits import Limits
from components.ui.gallery import CARDS

SEEDS = (0, 1, 2)


@pytest.mark.acceptance
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("key", ["sunspots", "co2", "seattle_weather"])
def test_a_card_beats_repeating_the_last_season(key, seed, tmp_path):
    card = next(card for card in CARDS if card.key == key)
    recipe = Recipe(**dict(card.recipe) | {"seed": seed})
    work(recipe, lambda message: None, Control(), Folder(str(tmp_path)), Limits(600, 2**40, 600))
    scores = {s.name: s for s in unpack(Folder(str(tmp_path)).read(RESULT), ForecastResult).scores}
    assert scores["model"].mae < scores["seasonal_naive"].mae
    assert scores["model"].rmse < scores["seasonal_naive"].rmse
