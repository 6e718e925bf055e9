"""What a study is: a sweep by one factor, or a search for better settings; and what it tries."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from components.errors import RecipeError
from components.recipe import Recipe, RecipePart, recipe_error

MOST_VALUES, MOST_SEEDS, MOST_SWEPT = 12, 10, 60
"""Of a sweep: values of its setting, seeds of each, and runs in all."""
MOST_TRIALS, MOST_RANGES = 300, 24
"""Of a search."""

SettingValue = bool | int | float | str
"""What a setting that is varied may hold."""
_SettingName = Annotated[str, Field(pattern=r"^[a-z_]{1,40}\.[a-z_]{1,40}$")]
TrialStatus = Literal["running", "held", "complete", "pruned", "failed"]
"""`held`: stopped with its study, with which it goes on."""
LIVE: tuple[TrialStatus, ...] = ("running", "held")
"""Of a trial that isn't over."""


class Sweep(RecipePart):
    """The same recipe with several values of one setting, from several seeds each."""

    kind: Literal["sweep"] = "sweep"
    recipe: Recipe
    setting: _SettingName
    """its dotted name"""
    values: Annotated[tuple[SettingValue, ...], Field(min_length=1, max_length=MOST_VALUES)]
    seeds: Annotated[int, Field(ge=1, le=MOST_SEEDS)] = 3
    """of each value, counted up from the recipe's own"""

    @model_validator(mode="after")
    def _can_be_trained(self) -> Self:
        if len(set(self.values)) < len(self.values):
            raise ValueError("the values of a sweep must differ")
        if self.seeds * len(self.values) > MOST_SWEPT:
            raise ValueError(f"a sweep has at most {MOST_SWEPT} runs")
        for value in self.values:
            _changed(self.recipe, {self.setting: value})
        return self

    @property
    def trials(self) -> tuple[tuple[dict[str, SettingValue], Recipe], ...]:
        """What is tried, with its recipe: all values from the first seed, then from the next, so that what is
        there is even when the sweep is stopped."""
        own = self.recipe.seed
        tried: list[dict[str, SettingValue]] = [
            {self.setting: value, "seed": (own + number) % 2**31}
            for number in range(self.seeds)
            for value in self.values
        ]
        return tuple((settings, with_settings(self.recipe, settings)) for settings in tried)


class NumberRange(RecipePart):
    """Numbers that a search may give a setting."""

    kind: Literal["number"] = "number"
    setting: _SettingName
    low: float
    high: float
    logarithmic: bool = False
    """whether twice as much is as far wherever it begins"""
    multiple: Annotated[int, Field(ge=0)] = 0
    """of which a whole number is a multiple; 0: any number, with its digits"""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low < self.high:
            raise ValueError("the lower end of a range must be below its upper end")
        if self.logarithmic and self.low <= 0:
            raise ValueError("a logarithmic range must lie above 0")
        return self


class Choices(RecipePart):
    """Values that a search may give a setting."""

    kind: Literal["choices"] = "choices"
    setting: _SettingName
    values: Annotated[tuple[SettingValue, ...], Field(min_length=2, max_length=MOST_VALUES)]


Range = Annotated[NumberRange | Choices, Field(discriminator="kind")]


class Search(RecipePart):
    """A search for settings with a lower validation loss, within a budget."""

    kind: Literal["search"] = "search"
    recipe: Recipe
    """tried first: what all others are held against"""
    ranges: Annotated[tuple[Range, ...], Field(min_length=1, max_length=MOST_RANGES)]
    trials: Annotated[int, Field(ge=2, le=MOST_TRIALS)] = 40
    seconds: Annotated[float, Field(gt=0, le=7 * 86400)] | None = None
    """after which nothing more is tried"""

    @model_validator(mode="after")
    def _holds_the_recipe(self) -> Self:
        names = [one.setting for one in self.ranges]
        if len(set(names)) < len(names):
            raise ValueError("a setting has one range")
        for one in self.ranges:
            own = value_of(self.recipe, one.setting)
            if not _contains(one, own):
                raise ValueError(f"the range of {one.setting} must hold the recipe's own value, {own}")
        return self

    @property
    def first(self) -> dict[str, SettingValue]:
        """The recipe's own values of what is varied."""
        return {one.setting: value_of(self.recipe, one.setting) for one in self.ranges}


Study = Annotated[Sweep | Search, Field(discriminator="kind")]
_study: TypeAdapter[Sweep | Search] = TypeAdapter(Study)


@dataclass(frozen=True)
class Trial:
    """Something that a study tries.

    Attributes:
        number: from 0, in the order in which they began.
        run: id of its run; None where that was deleted.
        settings: the values of what is varied, by dotted name.
        status: how it stands.
        value: validation loss of the weights that are kept; None where that isn't known.
        losses: validation loss by epoch, where they were asked for; that of epoch 0 is of the start of a
            forecast, where it has one.
        notes: what the pruner noted of it.
    """

    number: int
    run: str | None
    settings: Mapping[str, SettingValue]
    status: TrialStatus
    value: float | None = None
    losses: Mapping[int, float] = field(default_factory=dict)
    notes: Mapping[str, float] = field(default_factory=dict)

    @property
    def lowest(self) -> float | None:
        """The lowest validation loss that is known of it."""
        losses = [loss for loss in self.losses.values() if math.isfinite(loss)]
        return self.value if self.value is not None else min(losses, default=None)


def read_study(text: str | bytes) -> Sweep | Search:
    """Read a study from JSON.

    Raises:
        RecipeError: if it is none.
    """
    try:
        return _study.validate_json(text)
    except ValidationError as error:
        raise _error(error) from None


def make_study(tree: Mapping[str, Any]) -> Sweep | Search:
    """Make a study of what a person chose.

    Raises:
        RecipeError: naming what can't be.
    """
    try:
        return _study.validate_python(tree)
    except ValidationError as error:
        raise _error(error) from None


def _error(error: ValidationError) -> RecipeError:
    """Say in plain words what is wrong with a study."""
    first = error.errors(include_url=False)[0]
    message = first["msg"].removeprefix("Value error, ")
    place = ".".join(str(part) for part in first["loc"][1:])
    return RecipeError(f"{message[:1].upper()}{message[1:]}.", where=place or "study")


def value_of(recipe: Recipe, setting: str) -> Any:
    """Return a recipe's value of a setting, by its dotted name; None where it has none."""
    section, _, name = setting.rpartition(".")
    return getattr(getattr(recipe, section) if section else recipe, name, None)


def with_settings(recipe: Recipe, settings: Mapping[str, SettingValue]) -> Recipe:
    """Return a recipe with other values.

    Args:
        recipe: as it is.
        settings: by dotted name.

    Raises:
        RecipeError: if a recipe may not have them.
    """
    try:
        return _changed(recipe, settings)
    except ValidationError as error:
        raise recipe_error(error) from None
    except ValueError as error:
        raise RecipeError(f"{error}.", where="study") from None


def _changed(recipe: Recipe, settings: Mapping[str, SettingValue]) -> Recipe:
    tree = recipe.model_dump()
    for setting, value in settings.items():
        section, _, name = setting.rpartition(".")
        part = tree.get(section) if section else tree
        if not isinstance(part, dict) or name not in part:
            raise ValueError(f"this recipe has no setting {setting}")
        part[name] = value
    return Recipe.model_validate(tree)


def _contains(one: NumberRange | Choices, value: Any) -> bool:
    if isinstance(one, Choices):
        return value in one.values
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if one.multiple and (value % one.multiple or one.low % one.multiple):
        return False
    return one.low <= value <= one.high and math.isfinite(value)
