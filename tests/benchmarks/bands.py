"""What conformal bands that shall hold 80 % hold of the test part of every series that ships with a card."""

import tempfile

from components.engine.work import RESULT, work
from components.recipe import Forecast, Recipe
from components.storage import Folder
from components.tasks.forecasting.result import ForecastResult
from components.tasks.packing import unpack
from components.training.control import Control
from components.training.limits import Limits
from components.ui.gallery import CARDS
from tests.benchmarks.measurement import Measurement

LIMITS = Limits(seconds=1200, memory=2**40, pause_seconds=60)
SEEDS = (0, 1, 2)


def measure() -> list[Measurement]:
    """Train every card that forecasts with three seeds."""
    recipes = {card.key: card.recipe for card in CARDS if isinstance(card.recipe.task, Forecast)}
    return [_held(key, recipe) for key, recipe in recipes.items()]


def _held(key: str, recipe: Recipe) -> Measurement:
    found = [100 * _trained(recipe.model_copy(update={"seed": seed})).bands[0].coverage for seed in SEEDS]
    level = 100 * recipe.task_as(Forecast).level
    return Measurement.of(f"held of {key}", found, "%", "its level", level)


def _trained(recipe: Recipe) -> ForecastResult:
    with tempfile.TemporaryDirectory() as place:
        work(recipe, lambda message: None, Control(), Folder(place), LIMITS)
        return unpack(Folder(place).read(RESULT), ForecastResult)
