"""What a person types to find runs, as `lstm units>32 mae<3 -archived`, as conditions on the table of runs.

Nothing typed is evaluated: names are looked up here, and values travel as parameters.
"""

import json
import math
import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, ColumnElement, Text, and_, case, func, not_, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from components.errors import SearchError
from components.recipe.training import OPTIMIZER_SETTINGS
from components.runs import schema
from components.tasks import TASKS

LONGEST_SEARCH = 500
"""Letters of a search."""

_runs = schema.runs.c


class _JsonDocument(GenericFunction[Any]):
    """A column of JSON kept as text, whose parts can be asked for."""

    name = "json_document"
    type = JSON()
    inherit_cache = True


@compiles(_JsonDocument)
def _cast_to_json(function: Any, compiler: Any, **options: Any) -> str:
    return f"CAST({compiler.process(function.clauses, **options)} AS JSON)"


@compiles(_JsonDocument, "sqlite")
def _keep_as_text(function: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(function.clauses, **options))


def setting(*path: str) -> Any:
    """Return a setting of the recipe, as `setting("model", "kind").as_string()`."""
    return _JsonDocument(_runs.recipe)[path]


def measure(*path: str) -> Any:
    """Return a part of what a run came to on the test set."""
    return _JsonDocument(_runs.evaluation)[path]


MODEL, TASK, DATA = (
    setting(*path).as_string() for path in (("model", "kind"), ("task", "kind"), ("dataset", "name"))
)
"""What runs are grouped by. Share prices have symbols in place of a name."""

SECONDS: ColumnElement[float] = _runs.ended - _runs.started

_SETTINGS = {
    "model": ("units", "layers", "heads", "dropout"),
    "optimizer": ("learning_rate", *(name for own in OPTIMIZER_SETTINGS.values() for name in own)),
    "clipping": ("threshold",),
    "training": ("batch", "epochs", "patience"),
    "task": ("window", "horizon", "season", "longest", "vocabulary", "embedding", "beams"),
}
_NUMBERS: dict[str, ColumnElement[Any]] = {
    **{name: setting(part, name).as_float() for part, names in _SETTINGS.items() for name in names},
    **{
        metric.field: measure("scores", metric.field).as_float()
        for task in TASKS.values()
        for metric in task.metrics
    },
    "seed": setting("seed").as_float(),
    "parameters": _runs.parameters,
    "steps": _runs.step,
    "seconds": SECONDS,
}
_NUMBERS["lr"] = _NUMBERS["learning_rate"]
_WORDS: dict[str, ColumnElement[Any]] = {
    "model": MODEL,
    "task": TASK,
    "data": DATA,
    "optimizer": setting("optimizer", "kind").as_string(),
    "status": _runs.status,
    "title": _runs.title,
}
_OPERATORS: dict[str, Callable[[Any, float], ColumnElement[bool]]] = {
    "<": lambda column, value: column < value,
    "<=": lambda column, value: column <= value,
    ">": lambda column, value: column > value,
    ">=": lambda column, value: column >= value,
    "=": lambda column, value: column == value,
    "!=": lambda column, value: column != value,
}
_TERM = re.compile(r'(-?)(?:([A-Za-z_]+)(<=|>=|!=|[<>=:]))?("[^"]*"|\S+)')

EXAMPLE = "lstm units>32 mae<3"


def search_condition(text: str, owner: str) -> ColumnElement[bool]:
    """Return the condition that a run fits every word and comparison of a search.

    A word is looked for in title, note, tags, model, task and data; `"two words"` as one. `units>32` compares
    a setting or a measure, `status:failed` or `tag:baseline` looks in one place, and `-` before it turns a
    term round.

    Args:
        text: as it was typed.
        owner: who searches: notes and tags are found of their own runs only.

    Raises:
        SearchError: if a comparison isn't one, saying what is.
    """
    if len(text) > LONGEST_SEARCH:
        raise SearchError("This search is too long.", remedy=f"Use at most {LONGEST_SEARCH} characters.")
    conditions = []
    for negated, name, operator, value in _TERM.findall(text):
        condition = _condition(name.lower(), operator, value.strip('"'), owner)
        # A run without the number, or whose number isn't known, isn't one that has it.
        conditions.append(not_(func.coalesce(condition, False)) if negated else condition)
    return and_(True, *conditions)


def _condition(name: str, operator: str, value: str, owner: str) -> ColumnElement[bool]:
    note, tags = (case((_runs.owner == owner, column), else_="") for column in (_runs.note, _runs.tags))
    if not name:
        return or_(*(_contains(column, value) for column in (_runs.title, note, tags, MODEL, TASK, DATA)))
    if name == "tag" and operator in (":", "="):
        # As it stands in the list, where it is between quotes.
        return _contains(tags, json.dumps(value, ensure_ascii=False))
    words = _WORDS | {"note": note}
    if name in words and operator in (":", "=", "!="):
        found = _contains(words[name], value)
        return not_(func.coalesce(found, False)) if operator == "!=" else found
    if name not in _NUMBERS:
        known = ", ".join(sorted({*_NUMBERS, *words, "tag"}))
        raise SearchError(f"Runs have no “{name}”.", where="search", remedy=f"Known names: {known}.")
    wanted = _number(value.removesuffix("%"))
    if wanted is None:
        raise SearchError(
            f"“{value}” isn't a number.", where="search", remedy=f"Compare with one, as in “{EXAMPLE}”."
        )
    if value.endswith("%"):
        wanted /= 100
    return _OPERATORS["=" if operator == ":" else operator](_NUMBERS[name], wanted)


def _number(text: str) -> float | None:
    """Return a finite number that was typed; None where it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _contains(column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    return column.cast(Text).icontains(value, autoescape=True)
