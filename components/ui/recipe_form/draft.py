"""The recipe in the making: held by the controls, kept in the page's address, checked before training."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

import streamlit as st
from pydantic import ValidationError

from components.recipe import (
    Clipping,
    Optimizer,
    Preparation,
    Recipe,
    RecipePart,
    Recurrent,
    Training,
    Transformer,
)
from components.ui.formatting import escape

TRAIN_KEY = "train"
"""Key of the button that starts a training."""

_ADDRESS = "recipe"
_LAST_TREE = "read"
_SECTIONS: dict[str, type[RecipePart]] = {
    "preparation": Preparation,
    "optimizer": Optimizer,
    "clipping": Clipping,
    "training": Training,
}
_PATIENCE = "training.patience"
_STOPS_EARLY = "training.stops_early"
_DEFAULT_PATIENCE = 10

_TASKS: dict[str, type[RecipePart]] = {
    task.model_fields["kind"].default: task for task in get_args(Recipe.model_fields["task"].annotation)
}


@dataclass(frozen=True)
class Draft:
    """The recipe that the controls hold.

    Attributes:
        recipe: None where the values make none.
        issues: messages by a field's dotted name.
    """

    recipe: Recipe | None
    issues: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Whether it can be trained."""
        return self.recipe is not None and not self.issues


def key(name: str) -> str:
    """Return the key in the session of a field's control."""
    return f"draft.{name}"


def value(name: str) -> Any:
    """Return what the control of a field holds, drawn or not."""
    return st.session_state[key(name)]


def preparation() -> Preparation:
    """Return how the data is prepared; its sliders hold nothing that doesn't work."""
    return Preparation.model_validate(
        {name: value(f"preparation.{name}") for name in Preparation.model_fields}
    )


def fill_controls(recipe: Recipe) -> None:
    """Set every control to a recipe."""
    tree = recipe.model_dump()
    # Controls of the kind of model that isn't chosen keep something sensible to turn to.
    tree["model"] = Transformer().model_dump() | Recurrent().model_dump() | tree["model"]
    for section in (*_SECTIONS, "task", "model"):
        for name, held in tree[section].items():
            st.session_state[key(f"{section}.{name}")] = list(held) if isinstance(held, tuple) else held
    patience = recipe.training.patience
    st.session_state[key(_STOPS_EARLY)] = patience is not None
    st.session_state[key(_PATIENCE)] = patience or _DEFAULT_PATIENCE
    st.session_state[key("seed")] = recipe.seed
    st.session_state[key("dataset")] = recipe.dataset
    st.session_state[key(_ADDRESS)] = recipe.to_url()
    st.session_state[key(_LAST_TREE)] = _recipe_tree()


def load_address(default: Recipe) -> None:
    """Load the recipe that the address holds: a shared link, a reload, a step back in the history.

    Args:
        default: what to begin with where neither the address nor the session holds anything.

    Raises:
        RecipeError: if the address holds a damaged one.
    """
    there = st.query_params.get(_ADDRESS)
    if key(_ADDRESS) not in st.session_state:
        fill_controls(default if there is None else Recipe.from_url(there))
    elif there not in (None, value(_ADDRESS)) and not _is_edited():
        fill_controls(Recipe.from_url(there))


def read_controls(rule_fields: Mapping[str, str]) -> Draft:
    """Return the recipe that the controls make.

    Args:
        rule_fields: where the issues of a rule over several fields of a section are shown: section → field.
    """
    st.session_state[key(_LAST_TREE)] = _recipe_tree()
    try:
        return Draft(Recipe.model_validate(_recipe_tree()))
    except ValidationError as error:
        issues: dict[str, tuple[str, ...]] = {}
        for finding in error.errors(include_url=False):
            field = _field_name(finding["loc"])
            field = rule_fields.get(field, field)
            issues[field] = (*issues.get(field, ()), _readable_message(finding["msg"]))
        return Draft(None, issues)


def update_address(recipe: Recipe) -> None:
    """Write a recipe into the page's address, so that reloading and sharing bring it back."""
    link = recipe.to_url()
    if st.query_params.get(_ADDRESS) != link:
        st.query_params[_ADDRESS] = link
    st.session_state[key(_ADDRESS)] = link


def show_issues(draft: Draft, *names: str) -> None:
    """Show, at a control, what is wrong with its fields."""
    for name in names:
        for issue in draft.issues.get(name, ()):
            st.markdown(f":red[:material/error: {escape(issue)}]")


def _is_edited() -> bool:
    """Return whether it was a control or Train that made this page run.

    The browser's address is then no news: it may lag behind what was typed a moment ago.
    """
    return st.session_state.get(TRAIN_KEY, False) or _recipe_tree() != value(_LAST_TREE)


def _recipe_tree() -> dict[str, Any]:
    model = Transformer if value("model.kind") == "transformer" else Recurrent
    tree: dict[str, Any] = {
        section: {name: value(f"{section}.{name}") for name in part.model_fields}
        for section, part in {**_SECTIONS, "task": _TASKS[value("task.kind")], "model": model}.items()
    }
    if not value(_STOPS_EARLY):
        tree["training"]["patience"] = None
    return {**tree, "dataset": value("dataset"), "seed": value("seed")}


def _field_name(loc: tuple[int | str, ...]) -> str:
    """Return the control's name for pydantic's place, which also names the kind of a task or a model."""
    section, *names = (str(part) for part in loc)
    return ".".join([section, *(names[1:] if section in {"task", "model"} else names)])


def _readable_message(message: str) -> str:
    words = message.removeprefix("Value error, ").replace("Input should be", "This must be")
    return words[:1].upper() + words[1:] + "."
