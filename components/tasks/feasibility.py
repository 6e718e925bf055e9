"""What a training needs, and what in a recipe makes it more than a run may have: said before any training."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from components.data.datasets import Dataset
from components.models.step_memory import training_bytes
from components.models.step_time import seconds_per_step
from components.recipe import Forecast, Recipe, Transformer
from components.tasks import example_count, plan, recipe_issues
from components.tasks.cost_model import UNFITTED, CostModel, TrainingCost
from components.tasks.issue import Issue
from components.training.limits import Limits
from components.training.training_problem import VALIDATION_BATCH

TIME_MARGIN = 1.5
"""How far a guess of the time may be off: a training is refused only if it can't end in time even so."""
_MOST_NAMED = 2  # settings that a refusal suggests
_NINE_OF_TEN = 1.64  # standard deviations on either side
_LEAST_SHARE = 1 / 16  # of what a person chose; what is left of less is another model


@dataclass(frozen=True)
class TrainingEstimate:
    """What a training is thought to need."""

    steps_per_epoch: int
    epochs: int
    seconds: float
    """of all its epochs, evaluation included"""
    fewest_seconds: float
    """where early stopping ends it as soon as it can"""
    memory: float
    """bytes that the process of the run will hold at most"""
    cost: TrainingCost
    """of which the seconds consist"""

    @property
    def error(self) -> float:
        """By how many seconds the time of all its epochs may be off, one standard deviation."""
        return self.cost.error(self.steps_per_epoch, self.epochs)

    @property
    def training_seconds(self) -> float:
        """Seconds of all its updates."""
        return self.epochs * self.steps_per_epoch * self.cost.step

    @property
    def overhead(self) -> float:
        """Seconds of all else: to prepare, to validate and to measure it."""
        return self.seconds - self.training_seconds

    @property
    def spread(self) -> float:
        """How many times as long or as short it may be: about nine of ten trainings lie between."""
        return 1 + _NINE_OF_TEN * self.error / max(self.seconds, 1e-9)

    @property
    def judged_by(self) -> int:
        """Runs of this server that the time was set right by."""
        return self.cost.runs

    def why_not(self, limits: Limits) -> str:
        """Return what it needs more of than it may have, in a sentence; "" where it fits."""
        needs, may = [], []
        if self.memory > limits.memory:
            needs.append(f"about {_gigabytes(self.memory)} of memory")
            may.append(_gigabytes(limits.memory))
        if self.fewest_seconds > TIME_MARGIN * limits.seconds:
            needs.append(f"about {_time(self.fewest_seconds)}")
            may.append(_time(limits.seconds))
        if not needs:
            return ""
        return f"This training needs {' and '.join(needs)}, and a run may use {' and '.join(may)}."


@dataclass(frozen=True)
class _Setting:
    """A number of the recipe that makes a training smaller."""

    field: str
    words: Callable[[int], str]
    least: int = 1


_BATCH = _Setting("training.batch", "a batch size of {:,}".format)
_WINDOW = _Setting("task.window", "a window of {:,} steps".format, least=2)
_LONGEST = _Setting("task.longest", "at most {:,} steps of each sequence".format, least=2)
_UNITS = _Setting("model.units", "{:,} units".format)
_LAYERS = _Setting("model.layers", lambda layers: f"{layers} layer{'s' if layers > 1 else ''}")
_EPOCHS = _Setting("training.epochs", "{:,} epochs".format)
_PATIENCE = _Setting("training.patience", "a patience of {:,} epochs".format)
_SETTINGS = (_BATCH, _WINDOW, _LONGEST, _UNITS, _LAYERS, _EPOCHS, _PATIENCE)


def estimate(recipe: Recipe, dataset: Dataset, costs: CostModel = UNFITTED) -> TrainingEstimate:
    """Guess what a training needs.

    Args:
        recipe: what is to be trained; `recipe_issues` has nothing to say of it.
        dataset: what it learns from.
        costs: of this machine.
    """
    training, preparation = recipe.training, recipe.preparation
    many, model = example_count(recipe, dataset), plan(recipe, dataset)
    steps = math.ceil(many / training.batch)
    left = 1 - preparation.validation - preparation.test
    validated = min(VALIDATION_BATCH, math.ceil(many * preparation.validation / left))
    cost = costs.cost(recipe, seconds_per_step(model, training.batch))
    fewest = training.epochs if training.patience is None else min(training.epochs, training.patience + 1)
    memory = training_bytes(model, min(training.batch, many), validated, dataset.memory)
    return TrainingEstimate(
        steps,
        training.epochs,
        cost.seconds(steps, training.epochs),
        cost.seconds(steps, fewest),
        memory,
        cost,
    )


def issues(
    recipe: Recipe, dataset: Dataset, limits: Limits, costs: CostModel = UNFITTED
) -> tuple[Issue, ...]:
    """Return why a run can't end within its limits, at a setting that helps, with a value that would fit."""
    why_not = estimate(recipe, dataset, costs).why_not(limits)
    if not why_not:
        return ()

    def fits(changed: Recipe | None) -> bool:
        return (
            changed is not None
            and not recipe_issues(changed, dataset)
            and not estimate(changed, dataset, costs).why_not(limits)
        )

    fitting = list(_single_changes(recipe, fits))[:_MOST_NAMED]
    if fitting:
        words = " or ".join(setting.words(value) for setting, value in fitting)
        return (Issue(fitting[0][0].field, f"{why_not} {_capitalized(words)} would fit."),)
    together = _joint_change(recipe, fits)
    if together:
        *names, last = (setting.words(value) for setting, value in together)
        words = f"{', '.join(names)} and {last} would fit together" if names else f"{last} would fit"
        return (Issue(together[0][0].field, f"{why_not} {_capitalized(words)}."),)
    return (Issue("dataset", f"{why_not} Choose a smaller model or less data."),)


def _single_changes(recipe: Recipe, fits: Callable[[Recipe | None], bool]) -> Iterator[tuple[_Setting, int]]:
    """Yield each setting that is enough by itself, with about the largest value that fits, the gentlest
    change first."""
    found = []
    for setting in _SETTINGS:
        now = _value(recipe, setting)
        if now is None:
            continue
        low = setting.least if setting in (_EPOCHS, _PATIENCE) else math.ceil(_LEAST_SHARE * now)
        low, high = max(setting.least, low), now
        if low >= now or not fits(_changed(recipe, {setting: low})):
            continue
        while high - low > max(1, low // 20):
            middle = (low + high) // 2
            low, high = (middle, high) if fits(_changed(recipe, {setting: middle})) else (low, middle)
        value = _divisible(recipe, setting, _round_down(low))
        if fits(_changed(recipe, {setting: value})):
            found.append((value / now, setting, value))
    for _, setting, value in sorted(found, key=lambda one: -one[0]):
        yield setting, value


def _joint_change(recipe: Recipe, fits: Callable[[Recipe | None], bool]) -> list[tuple[_Setting, int]]:
    """Return values of several settings that fit together; none where there are none."""
    settings = {setting: now for setting in _SETTINGS if (now := _value(recipe, setting)) is not None}
    for halvings in range(1, 13):
        smaller = {
            setting: _divisible(recipe, setting, max(setting.least, now >> halvings))
            for setting, now in settings.items()
            if setting not in (_EPOCHS, _PATIENCE)
        }
        if fits(_changed(recipe, smaller)):
            return [(setting, value) for setting, value in smaller.items() if value < settings[setting]]
    return []


def _value(recipe: Recipe, setting: _Setting) -> int | None:
    """Return what a recipe has of a setting; None where it has none."""
    section, name = setting.field.split(".")
    return getattr(getattr(recipe, section), name, None)


def _changed(recipe: Recipe, values: dict[_Setting, int]) -> Recipe | None:
    """Return a recipe with other values; None where it may not have them."""
    tree = recipe.model_dump()
    for setting, value in values.items():
        section, name = setting.field.split(".")
        tree[section][name] = _divisible(recipe, setting, value)
    try:
        return Recipe.model_validate(tree)
    except ValidationError:
        return None


def _divisible(recipe: Recipe, setting: _Setting, value: int) -> int:
    """Round a number down to what a recipe may have: each head of attention gets as many units, and a window
    is a whole number of segments."""
    part = 1
    if setting is _UNITS and isinstance(recipe.model, Transformer):
        part = recipe.model.heads
    elif setting is _WINDOW and isinstance(recipe.task, Forecast):
        part = recipe.task.segment
    return max(part, value - value % part)


def _round_down(value: int) -> int:
    """Round a number down to two digits."""
    digits = 10 ** max(0, len(str(value)) - 2)
    return value // digits * digits


def _capitalized(words: str) -> str:
    return words[:1].upper() + words[1:]


def _gigabytes(size: float) -> str:
    gigabytes = size / 2**30
    return f"{gigabytes:,.1f} GB" if gigabytes < 100 else f"{gigabytes:,.0f} GB"


def _time(seconds: float) -> str:
    for length, unit in ((365 * 86400, "years"), (86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {unit}"
    return f"{max(1, round(seconds)):,} seconds"
