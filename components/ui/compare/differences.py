"""What differs between recipes, and only that, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from components.insight.doctor.remedies import recipe_differences
from components.recipe import Recipe
from components.recipe.training import OPTIMIZER_SETTINGS
from components.ui import tasks
from components.ui.formatting import count, joined
from components.ui.recipe_form.labels import setting_label, setting_text
from components.ui.runs.columns import dataset_title

_COUNTED = {
    "model.units": "unit",
    "model.layers": "layer",
    "model.heads": "head",
    "training.epochs": "epoch",
}
_NOTHING = object()
_WHOLE = ("dataset", "preparation")  # what differs within them is for their own page


@dataclass(frozen=True)
class Difference:
    """A setting in which recipes differ.

    Attributes:
        name: its dotted name.
        label: what it is called.
        values: one a recipe, as a control shows it; "–" where a recipe has no such setting.
    """

    name: str
    label: str
    values: tuple[str, ...]


_MOST_TOLD = 6  # differences in a sentence; of runs that have little in common the table tells all
_MOST_LETTERS = 60  # of a setting in a sentence, such as the names of a panel's series


def differences(recipes: Sequence[Recipe]) -> tuple[Difference, ...]:
    """Return the settings in which recipes differ and that mean something in them."""
    first = recipes[0]
    found = {_place(name): None for one in recipes[1:] for name, *_ in recipe_differences(first, one)}
    if "task" in found:  # of different tasks, no other setting of theirs can be compared
        found = {name: None for name in found if not name.startswith("task.")}
    every = [
        Difference(
            name,
            setting_label(name, _value(first, name)),
            tuple(_text(recipe, name) for recipe in recipes),
        )
        for name in found
    ]
    return tuple(
        one
        for one in every
        if any(value != one.values[0] for value in one.values) and _means_something(one.name, recipes)
    )


def difference_sentence(name: str, base: str, found: Sequence[Difference], at: int, base_at: int) -> str:
    """Return how a run, or several of one recipe, differ from another, in words.

    Args:
        name: of the run; "they" of several.
        base: of the one that it is held against.
        found: the settings in which any of the runs differ.
        at, base_at: which of the values are theirs.
    """
    parts = [change_phrase(one, at, base_at) for one in found if one.values[at] != one.values[base_at]]
    has = "have" if name == "they" else "has"
    if not parts:
        return f"{name[0].upper()}{name[1:]} {has} the same recipe as {base}."
    if len(parts) > _MOST_TOLD:
        parts = [*parts[: _MOST_TOLD - 1], f"{len(parts) - _MOST_TOLD + 1} more differences (see the table)"]
    return f"Compared with {base}, {name} {has} {joined(parts)}."


def change_phrase(found: Difference, at: int, base_at: int) -> str:
    """Return a setting of a run beside that of another: `2 layers instead of 1`."""
    new, old = (shorten(found.values[place], _MOST_LETTERS, placeholder=" …") for place in (at, base_at))
    if found.name in _COUNTED and new.replace(",", "").isdigit():
        return f"{count(int(new.replace(',', '')), _COUNTED[found.name])} instead of {old}"
    if found.name == "clipping.mode" and "None" in (new, old):
        return "no gradient clipping" if new == "None" else "gradient clipping"
    if found.name == "model.kind":
        return f"the model {new} instead of {old}"
    if found.name in _WHOLE and new == old:
        return f"another {found.label.lower()}"
    return f"{found.label.lower()} {new} instead of {old}"


def _place(name: str) -> str:
    """Return the setting that a field belongs to: what is told apart is told as one."""
    whole = name.split(".", 1)[0]
    return whole if whole in _WHOLE else "task" if name == "task.kind" else name


def _text(recipe: Recipe, name: str) -> str:
    if name == "dataset":
        title = dataset_title(recipe.dataset)
        own = recipe.dataset.model_dump(exclude={"name", "source"}, exclude_defaults=True)
        return f"{title} ({_facts(own)})" if own and recipe.dataset.source == "generated" else title
    if name == "preparation":
        return _facts(recipe.preparation.model_dump())
    if name == "task":
        return tasks.page_of(recipe).title
    found = _value(recipe, name)
    return "–" if found is _NOTHING else setting_text(name, found)


def _value(recipe: Recipe, name: str) -> Any:
    """Return a setting by its dotted name; `_NOTHING` where a recipe has none of it."""
    tree: Any = recipe.model_dump()
    for part in name.split("."):
        if not isinstance(tree, dict) or part not in tree:
            return _NOTHING
        tree = tree[part]
    return tree


def _facts(tree: dict[str, Any]) -> str:
    steps = tree.pop("mends", ())
    facts = [f"{name.replace('_', ' ')} {value}" for name, value in tree.items()]
    return ", ".join([*([count(len(steps), "cleaning step")] if steps else []), *facts])


def _means_something(name: str, recipes: Sequence[Recipe]) -> bool:
    """Return whether a setting has an effect in any of the recipes."""
    if name == "clipping.threshold":
        return any(recipe.clipping.mode != "none" for recipe in recipes)
    section, _, field = name.partition(".")
    if section == "optimizer" and any(field in own for own in OPTIMIZER_SETTINGS.values()):
        return any(field in OPTIMIZER_SETTINGS[recipe.optimizer.kind] for recipe in recipes)
    return True
