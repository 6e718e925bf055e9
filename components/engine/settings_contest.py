"""The contest among settings, in a worker: the app names `hold_contest` to `Engine.ask`, so this is light."""

import time

import numpy as np

from components.recipe import Forecast, Recipe
from components.tasks.forecasting.settings_contest import (
    SettingsContest,
    contest_stretch,
    entrants,
    judge,
    origin_errors,
    shortened,
)
from components.training.limits import Limits

SECONDS = 40.0
"""After which no further settings are tried."""


def hold_contest(recipe: str, limits: Limits) -> SettingsContest:
    """Train a recipe's rivals on its training set, a little each, and have them forecast its validation set.

    Args:
        recipe: as JSON.
        limits: what each training may use.

    Raises:
        UnrollError: as a run's work does.
    """
    from components import data  # noqa: PLC0415
    from components.data.datasets import require_series  # noqa: PLC0415
    from components.engine.train_job import train_only  # noqa: PLC0415 - brings in TensorFlow
    from components.tasks import examples  # noqa: PLC0415
    from components.tasks.forecasting.shrinkage import shrink  # noqa: PLC0415

    read, began = Recipe.from_json(recipe), time.monotonic()
    dataset = require_series(data.load(read.dataset, read.preparation))
    every = entrants(read, dataset)
    errors: list[np.ndarray] = []
    seconds: list[float] = []
    for entrant in every:
        if errors and time.monotonic() - began > SECONDS:
            break
        start = time.monotonic()
        one, stretch = contest_stretch(entrant.recipe, dataset)
        trained = train_only(shortened(one, examples(one, stretch)), stretch, limits)
        shrink(trained.problem, trained.loop.outputs, trained.built.model)
        errors.append(origin_errors(trained.problem, trained.loop.outputs))
        seconds.append(time.monotonic() - start)
    tried, left = every[: len(errors)], every[len(errors) :]
    horizon = read.require_task(Forecast).horizon
    return judge(tried, errors, seconds, horizon, [one.label for one in left])
