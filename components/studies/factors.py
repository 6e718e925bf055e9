"""What can be varied in a recipe, with the values that are worth trying."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args, get_origin

from components.errors import RecipeError
from components.recipe import (
    RECURRENT_KINDS,
    ClassifySequences,
    ClassifyTexts,
    Forecast,
    Recipe,
    Transformer,
)
from components.recipe.training import HIGHEST_LEARNING_RATE
from components.studies.study import Choices, NumberRange, SettingValue, value_of, with_settings

_MOST_UNITS, _MOST_BATCH, _MOST_DROPOUT, _MOST_STRIDE = 512, 1024, 0.6, 16


@dataclass(frozen=True)
class Factor:
    """A setting that can be varied.

    Attributes:
        setting: its dotted name.
        values: that a sweep tries unless it is told otherwise, the recipe's own among them.
        choices: all that it may be; () where it is a number.
        range: what a search tries unless it is told otherwise; None where other values change what the
            validation loss means, so that the losses couldn't be held against each other.
        is_usual: whether a search varies it unless it is told otherwise.
    """

    setting: str
    values: tuple[SettingValue, ...]
    choices: tuple[SettingValue, ...] = ()
    range: NumberRange | Choices | None = None
    is_usual: bool = False


def factors(recipe: Recipe) -> tuple[Factor, ...]:
    """Return what can be varied in a recipe, the most useful first."""
    possible = (_possible(recipe, factor) for factor in _factors(recipe))
    return tuple(factor for factor in possible if len(factor.values) > 1)


def _possible(recipe: Recipe, factor: Factor) -> Factor:
    """Return a factor without what this recipe may not have, such as last season's value without a season."""
    fitting = [value for value in factor.values if _may_have(recipe, factor.setting, value)]
    choices = tuple(value for value in factor.choices if value in fitting)
    found = replace(factor, values=tuple(fitting), choices=choices)
    if isinstance(factor.range, Choices) and len(choices) > 1:
        found = replace(found, range=Choices(setting=factor.setting, values=choices))
    return found


def _may_have(recipe: Recipe, setting: str, value: SettingValue) -> bool:
    try:
        with_settings(recipe, {setting: value})
    except RecipeError:
        return False
    return True


def _factors(recipe: Recipe) -> Iterator[Factor]:
    yield _units(recipe)
    yield _rate(recipe)
    yield _whole(
        recipe, "model.layers", (1, 2, 3), NumberRange(setting="model.layers", low=1, high=3, multiple=1)
    )
    yield _dropout(recipe)
    yield _batch(recipe)
    if not isinstance(recipe.model, Transformer):
        yield _choice(recipe, "model.kind", RECURRENT_KINDS)
        yield _choice(recipe, "model.attention")
        if not isinstance(recipe.task, Forecast):
            yield _choice(recipe, "model.bidirectional", (False, True))
    yield _choice(recipe, "optimizer.kind")
    yield _choice(recipe, "optimizer.schedule")
    yield from _clipping(recipe)
    yield from _of_task(recipe)


def _units(recipe: Recipe) -> Factor:
    own = recipe.model.units
    part = recipe.model.heads if isinstance(recipe.model, Transformer) else 1
    values = _around(own, (0.25, 0.5, 1, 2), part, _MOST_UNITS)
    low, high = values[0], max(own, min(_MOST_UNITS, 4 * own))
    return Factor(
        "model.units",
        values,
        range=_number("model.units", low, high, logarithmic=part == 1, multiple=part),
        is_usual=True,
    )


def _rate(recipe: Recipe) -> Factor:
    own = recipe.optimizer.learning_rate
    values = tuple(
        dict.fromkeys(float(f"{min(HIGHEST_LEARNING_RATE, own * times):.2g}") for times in (0.1, 0.3, 1, 3))
    )
    values = tuple(sorted({*values, own} - {float(f"{own:.2g}")} | {own}))
    low, high = float(f"{own / 10:.2g}"), float(f"{min(HIGHEST_LEARNING_RATE, own * 10):.2g}")
    return Factor(
        "optimizer.learning_rate",
        values,
        range=_number("optimizer.learning_rate", min(low, own), max(high, own), logarithmic=True),
        is_usual=True,
    )


def _dropout(recipe: Recipe) -> Factor:
    own = recipe.model.dropout
    high = max(own, _MOST_DROPOUT)
    return Factor(
        "model.dropout",
        tuple(sorted({0.0, 0.2, 0.4, own})),
        range=_number("model.dropout", 0.0, high),
        is_usual=True,
    )


def _batch(recipe: Recipe) -> Factor:
    own = recipe.training.batch
    values = _around(own, (0.5, 1, 2, 4), 1, _MOST_BATCH)
    # With another batch a language model reads other streams of its validation set.
    same_set = recipe.task.kind != "model_language"
    return Factor(
        "training.batch",
        values,
        range=_number("training.batch", max(1, own // 4), max(own + 1, min(_MOST_BATCH, 4 * own)), True, 1)
        if same_set
        else None,
    )


def _clipping(recipe: Recipe) -> Iterator[Factor]:
    if recipe.clipping.mode == "none":
        return
    own = recipe.clipping.threshold
    values = tuple(sorted({0.1, 1.0, 10.0, own}))
    yield Factor(
        "clipping.threshold",
        values,
        range=_number("clipping.threshold", values[0], values[-1], logarithmic=True),
    )


def _of_task(recipe: Recipe) -> Iterator[Factor]:
    """Yield what can be varied in the task. What changes the scale of the loss is for sweeps only, whose runs
    are held against each other on the test set."""
    task = recipe.task
    if isinstance(task, Forecast):
        yield Factor("task.window", _around(task.window, (0.5, 1, 2), task.segment, 10_000))
        for name in ("transform", "base", "window_scaling", "loss"):
            every = _literals(recipe, f"task.{name}")
            yield Factor(f"task.{name}", every, every)
        yield Factor("task.members", tuple(sorted({1, 3, 5, task.members})))
    if value_of(recipe, "task.embedding") is not None:
        own = int(value_of(recipe, "task.embedding"))
        values = _around(own, (0.5, 1, 2), 1, _MOST_UNITS)
        yield Factor(
            "task.embedding", values, range=_number("task.embedding", values[0], values[-1], True, 1)
        )
    if isinstance(task, ClassifyTexts):
        yield _choice(recipe, "task.level")
        yield _choice(recipe, "task.base")
        yield Factor(
            "task.word_dropout",
            tuple(sorted({0.0, 0.1, 0.3, task.word_dropout})),
            range=_number("task.word_dropout", 0.0, max(0.5, task.word_dropout)),
        )
    if isinstance(task, ClassifySequences | ClassifyTexts):
        yield _choice(recipe, "task.pooling")
        yield _stride(task)
        yield Factor("task.label_smoothing", tuple(sorted({0.0, 0.1, task.label_smoothing})))
    if value_of(recipe, "task.balanced") is not None:
        yield Factor("task.balanced", (False, True), (False, True))


def _stride(task: ClassifySequences | ClassifyTexts) -> Factor:
    """Return the strides that leave something to read, and pass over nothing that the convolution sees."""
    most = min(task.kernel or _MOST_STRIDE, max(1, task.longest // 2))
    values = {stride for stride in (1, 2, 4, 8) if stride <= most} | {task.stride}
    high = max(most, task.stride)
    ranged = _number("task.stride", 1, high, logarithmic=True, multiple=1) if high > 1 else None
    return Factor("task.stride", tuple(sorted(values)), range=ranged)


def _whole(recipe: Recipe, setting: str, values: Sequence[int], proposed: NumberRange) -> Factor:
    own = int(value_of(recipe, setting))
    high = max(proposed.high, own)
    return Factor(
        setting,
        tuple(sorted({*values, own})),
        range=proposed.model_copy(update={"high": high}),
        is_usual=True,
    )


def _choice(recipe: Recipe, setting: str, values: Sequence[SettingValue] = ()) -> Factor:
    every = tuple(values) or _literals(recipe, setting)
    return Factor(setting, every, every, Choices(setting=setting, values=every))


def _literals(recipe: Recipe, setting: str) -> tuple[SettingValue, ...]:
    """Return all that a setting may be, as the recipe's own types say."""
    section, name = setting.split(".")
    annotation = type(getattr(recipe, section)).model_fields[name].annotation
    if get_origin(annotation) is not Literal:
        raise TypeError(f"{setting} has no fixed choices")
    return get_args(annotation)


def _number(
    setting: str, low: float, high: float, logarithmic: bool = False, multiple: int = 0
) -> NumberRange:
    return NumberRange(setting=setting, low=low, high=high, logarithmic=logarithmic, multiple=multiple)


def _around(own: int, times: Sequence[float], part: int, most: int) -> tuple[int, ...]:
    """Return multiples of a number that a recipe may have, itself among them."""
    found = {max(part, min(most, round(own * factor)) // part * part) for factor in times}
    return tuple(sorted(found | {own}))
