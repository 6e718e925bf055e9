"""What can't work where a series is to be forecast, said before any training."""

import numpy as np

from components.data.dataset import Series
from components.data.split import Split, split
from components.data.transforms import lag
from components.recipe import Forecast, Recipe, Recurrent
from components.tasks.complaint import Complaint

MOST_ATTENTION = 2 * 2**30
"""Bytes that additive attention may need for one batch."""


def complaints(recipe: Recipe, dataset: Series) -> tuple[Complaint, ...]:
    """Say what in a recipe can't work on a series."""
    task, known = recipe.task_as(Forecast), set(dataset.columns)
    if task.target not in known:
        return (Complaint("task.target", f"There is no column “{task.target}” in {dataset.title}."),)
    unknown = [name for name in task.covariates if name not in known]
    if unknown:
        return (Complaint("task.covariates", f"There is no column “{unknown[0]}” in {dataset.title}."),)
    parts = split(dataset.rows, recipe.preparation)
    return tuple(
        complaint
        for complaint in (
            _transform(recipe, dataset, parts),
            _season(recipe, parts),
            _window(recipe, parts),
            _horizon(recipe, parts),
            _attention(recipe),
        )
        if complaint
    )


def _transform(recipe: Recipe, dataset: Series, parts: Split) -> Complaint | None:
    values = dataset.table[recipe.task_as(Forecast).target].to_numpy(np.float64)[parts.train]
    if recipe.task_as(Forecast).transform == "log" and values.min() <= 0:
        return Complaint(
            "task.transform",
            "The logarithm needs values above zero, but the lowest of the training part is "
            f"{values.min():g}. Choose another transform.",
        )
    return None


def _season(recipe: Recipe, parts: Split) -> Complaint | None:
    season, rows = recipe.task_as(Forecast).season, parts.train.stop
    if season and season >= rows:
        return Complaint(
            "task.season",
            f"A season of {season} steps doesn't fit into the training part, which has {rows}. "
            "Choose a shorter one.",
        )
    return None


def _window(recipe: Recipe, parts: Split) -> Complaint | None:
    task, lost = recipe.task_as(Forecast), lag(recipe.task_as(Forecast))
    room = parts.train.stop - lost - task.horizon
    if task.window > room:
        lost_words = f" ({lost} of its rows go to the difference)" if lost else ""
        advice = f"At most {room} steps fit." if room > 0 else "Choose a shorter horizon first."
        return Complaint(
            "task.window",
            f"A window of {task.window} and a horizon of {task.horizon} steps don't fit into the training "
            f"part, which has {parts.train.stop} rows{lost_words}. {advice}",
        )
    return None


def _horizon(recipe: Recipe, parts: Split) -> Complaint | None:
    named = {"validation": parts.validation, "test": parts.test}
    name, part = min(named.items(), key=lambda item: item[1].stop - item[1].start)
    rows = part.stop - part.start
    horizon = recipe.task_as(Forecast).horizon
    if horizon > rows:
        return Complaint(
            "task.horizon",
            f"{horizon} steps ahead reach beyond the {name} part, which has {rows} rows. "
            f"Forecast at most {rows} steps, or make that part larger.",
        )
    return None


def _attention(recipe: Recipe) -> Complaint | None:
    model, task = recipe.model, recipe.task_as(Forecast)
    if not isinstance(model, Recurrent) or model.attention != "additive":
        return None
    width = model.units * (2 if model.bidirectional else 1)
    need = 4 * recipe.training.batch * task.horizon * task.window * width
    if need > MOST_ATTENTION:
        return Complaint(
            "model.attention",
            f"Additive attention at this size needs {need / 2**30:.0f} GB for each step of training. "
            "Choose dot-product attention, or a shorter window or horizon.",
        )
    return None
