"""Every choice that a recipe offers has its entry in every table that is keyed by it.

A choice is a field of one of a few words: a `Literal`, the kinds of a union, the name of a dataset. A table
is a dict of constant keys anywhere in components/. It belongs to the narrowest choice that has all its keys,
and must have all values of that choice: whoever adds a loss is told which tables lack it.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from components.data.datasets import Kind
from components.data.sources.samples import SAMPLES
from components.data.sources.synthetic import GENERATORS
from components.recipe import Recipe

COMPONENTS = Path(__file__).parent.parent / "components"

Choices = dict[str, frozenset[Any]]
"""The values of each choice, by the model and the field that offer it."""

# Tables that leave values out by design, by the reason.
PARTIAL = {
    "together they are all the names there are": (
        "data/sources/samples.py:SERIES_SAMPLES",
        "data/sources/text_samples.py:TEXT_SAMPLES",
        "data/sources/synthetic/pairs.py:PAIRS",
        "data/sources/synthetic/sequences.py:SEQUENCES",
        "data/sources/synthetic/series.py:SERIES",
    ),
    "an upload is loaded with its preparation, by a function of its own": ("data/__init__.py:SOURCES",),
    "filling is the one step that looks at the borders of the split": (
        "data/cleaning/steps/__init__.py:STEP_FUNCTIONS",
    ),
    "a part of a time is either a whole date or one of its places": (
        "data/cleaning/doctor/time_column_names.py:PART_NAMES",
        "data/cleaning/doctor/time_candidates.py:_RANGES",
        "data/cleaning/doctor/time_candidates.py:_SPELT",
        "data/cleaning/doctor/time_candidates.py:_UNIX",
        "data/cleaning/doctor/time_candidates.py:_CLOCK_COLUMNS",
        "data/cleaning/steps/cell_steps.py:_COUNTED_MINUTES",
        "data/cleaning/steps/cell_steps.py:_TIME_PARSERS",
        "data/parsing/time_parts.py:_WORDS",
        "data/parsing/time_parts.py:_MOST",
        "recipe/cleaning.py:_FINER_PARTS",
    ),
    "a calendar either counts its years from elsewhere, or has days of its own": (
        "data/parsing/calendars.py:_YEARS_AHEAD",
        "data/parsing/calendars.py:_DAYS",
    ),
    "some units of time have no fixed length, or none that NumPy knows": (
        "data/cleaning/doctor/spacing.py:_UNIT_MICROSECONDS",
        "data/cleaning/steps/row_steps.py:_NUMPY_UNITS",
        "data/time_axis.py:_SPANS",
    ),
    "where nothing parts thousands there is nothing to name": (
        "data/cleaning/steps/step_description.py:_MARKS",
    ),
    "without attention there is no layer": (
        "models/keras_layers.py:_ATTENTION",
        "models/summary.py:_ATTENTIONS",
    ),
    "quantiles and counts need more than a function of truth and outputs": ("models/losses.py:_BY_NAME",),
    "of the losses, only laws have parameters": ("models/head_spec.py:_PARAMETER_COUNTS",),
    "of the losses, only some make a band": ("tasks/forecasting/prediction_intervals.py:_LABELS",),
    "a step of a forecast is called by its frequency only where that is a usual one": (
        "ui/tasks/forecasting/page.py:_STEPS",
    ),
    "of the starts, only these are rules of a window": (
        "data/series_traits.py:errors",
        "tasks/forecasting/suggest.py:reasons",
    ),
    "texts are counted by words or characters, as what subwords are pieces of": (
        "tasks/classification/tfidf.py:NGRAMS",
        "tasks/seq2seq/tfidf_neighbours.py:_RUNS",
        "ui/formatting.py:TOKEN_LEVELS",
    ),
    "a series is seen on a page of its own, with its cleaning": ("ui/data/views/__init__.py:VIEWS",),
    "only these two kinds of dataset are sequences": ("ui/tasks/sequence_kinds/__init__.py:_KINDS",),
}
PARTIAL_PLACES = {place for places in PARTIAL.values() for place in places}


@dataclass(frozen=True)
class Table:
    """A dict in the source.

    Attributes:
        place: its file, and the name that it is assigned to, or that of the function around it.
    """

    place: str
    keys: frozenset[Any]


# --- What can be chosen ----------------------------------------------------------------------------


def choices_of(model: type[BaseModel]) -> Choices:
    """Return every choice of a model and of the models in its fields."""
    found: Choices = {}
    for name, field in model.model_fields.items():
        parts = list(_parts(field.annotation))
        models = [part for part in parts if _is_model(part)]
        for inner in models:
            found |= choices_of(inner)
        values = [value for part in parts if not _is_model(part) for value in get_args(part)]
        tag = _tag(models)
        if tag:
            values += [value for one in models for value in get_args(one.model_fields[tag].annotation)]
        if len(values) > 1:
            found[f"{model.__name__}.{name}"] = frozenset(values)
    return found


def _parts(annotation: Any) -> Iterator[Any]:
    """Yield the models and Literals that an annotation is made of."""
    if get_origin(annotation) is Literal or _is_model(annotation):
        yield annotation
        return
    inner = get_args(annotation)
    for part in inner[:1] if get_origin(annotation) is Annotated else inner:
        yield from _parts(part)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _tag(models: list[type[BaseModel]]) -> str | None:
    """Return the field that tells models of a union apart: the first of each, where it is a Literal."""
    firsts = {next(iter(model.model_fields)) for model in models}
    if len(models) < 2 or len(firsts) > 1:
        return None
    (tag,) = firsts
    return tag if all(get_origin(one.model_fields[tag].annotation) is Literal for one in models) else None


CHOICES = choices_of(Recipe) | {
    "kind of a dataset": frozenset(get_args(Kind)),
    "Sample.name": frozenset(SAMPLES),
    "Generated.name": frozenset(GENERATORS),
}

# --- What is keyed by it ---------------------------------------------------------------------------


def tables_of(source: str, file: str) -> Iterator[Table]:
    """Yield the dicts of a source that have several keys, all constants.

    One that is asked by `.get` has an answer for all that it lacks, and is none.
    """
    tree = ast.parse(source)
    names: dict[ast.AST, str] = {}
    defaulted: set[ast.AST] = set()
    for node in ast.walk(tree):  # from the outside in, so that the nearest name is the last
        if isinstance(node, ast.FunctionDef):
            names.update(dict.fromkeys(ast.walk(node), node.name))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            names[node.value] = ast.unparse(target)
        elif isinstance(node, ast.Attribute) and node.attr == "get":
            defaulted.add(node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict) and node not in defaulted and len(node.keys) > 1:
            keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
            if len(keys) == len(node.keys):
                yield Table(f"{file}:{names.get(node, node.lineno)}", frozenset(keys))


def choice_of(table: Table, choices: Choices) -> str | None:
    """Return the narrowest choice that has all keys of a table; None where it isn't keyed by one."""
    fitting = [name for name, values in choices.items() if table.keys <= values]
    return min(fitting, key=lambda name: len(choices[name]), default=None)


def missing_keys(table: Table, choices: Choices) -> frozenset[Any]:
    """Return what a table lacks of the choice that it belongs to."""
    choice = choice_of(table, choices)
    return choices[choice] - table.keys if choice else frozenset()


ALL_TABLES = [
    table
    for file in sorted(COMPONENTS.rglob("*.py"))
    for table in tables_of(file.read_text(encoding="utf-8"), file.relative_to(COMPONENTS).as_posix())
]
KEYED = [(choice, table) for table in ALL_TABLES if (choice := choice_of(table, CHOICES))]
WHOLE = [(choice, table) for choice, table in KEYED if table.place not in PARTIAL_PLACES]


@pytest.mark.parametrize(
    ("choice", "table"), WHOLE, ids=[f"{choice} in {table.place}" for choice, table in WHOLE]
)
def test_a_table_has_every_value_of_its_choice(choice, table):
    assert table.keys == CHOICES[choice], f"{table.place} lacks {sorted(missing_keys(table, CHOICES))}"


def test_tables_that_are_partial_by_design_are_there_and_are_partial():
    partial = {table.place for _, table in KEYED if missing_keys(table, CHOICES)}
    assert partial >= PARTIAL_PLACES, f"no longer partial: {PARTIAL_PLACES - partial}"


@pytest.mark.parametrize("choice", sorted({choice for choice, _ in WHOLE}))
def test_whoever_adds_a_value_is_told_of_every_table_that_lacks_it(choice):
    """Wherever all of its values can be chosen, there is another one now."""
    grown = {
        name: values | {"another"} if values >= CHOICES[choice] else values
        for name, values in CHOICES.items()
    }
    for table in (table for other, table in WHOLE if other == choice):
        assert missing_keys(table, grown) == {"another"}


def test_an_entry_that_is_taken_out_is_missed():
    file = "recipe/training.py"
    source = (COMPONENTS / file).read_text(encoding="utf-8")
    spoilt = source.replace('"rmsprop": 0.001, ', "")
    assert spoilt != source
    (whole,) = (table for table in tables_of(source, file) if table.place.endswith(":USUAL_RATES"))
    (less,) = (table for table in tables_of(spoilt, file) if table.place.endswith(":USUAL_RATES"))
    assert missing_keys(whole, CHOICES) == set() and missing_keys(less, CHOICES) == {"rmsprop"}


def test_choices_are_found_in_fields_unions_tuples_and_options():
    assert CHOICES["Recipe.model"] == {"simple_rnn", "lstm", "gru", "transformer"}
    assert CHOICES["Recurrent.kind"] == {"simple_rnn", "lstm", "gru"}
    assert CHOICES["Recipe.dataset"] == {"sample", "generated", "upload", "yahoo"}
    assert {"set_time", "fill_missing"} <= CHOICES["Preparation.mends"]
    assert {"date", "unix_seconds"} <= CHOICES["SetTime.parts"]
    assert {"mse", "quantile"} <= CHOICES["Forecast.loss"]
    assert CHOICES["Upload.shape"] == {"texts", "pairs", "sequences", "rows"}


@pytest.mark.parametrize(
    ("source", "places"),
    [
        ("X = {'adam': 1, 'sgd': 2}", ["f:X"]),
        ("X: dict[str, int] = {'adam': 1, 'sgd': 2}", ["f:X"]),
        ("def f():\n    return {'adam': 1, 'sgd': 2}[x]", ["f:f"]),
        ("def f():\n    x = {'adam': 1, 'sgd': 2}", ["f:x"]),
        ("def f():\n    return {'adam': 1, 'sgd': 2}.get(x)", []),
        ("X = {'adam': 1}", []),
        ("X = {'adam': 1, **others}", []),
        ("X = {'adam': 1, name: 2}", []),
    ],
)
def test_which_dicts_are_tables(source, places):
    assert [table.place for table in tables_of(source, "f")] == places
