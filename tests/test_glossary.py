"""The glossary: one sentence a term, and the same sentence wherever the term is a label."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.glossary import TERMS, explain
from components.recipe.training import OPTIMIZER_SETTINGS
from components.tasks import TASKS
from components.ui.recipe_form.labels import SETTING_LABELS, setting_label

ROOT = Path(__file__).parent.parent
FILES = sorted([*(ROOT / "pages").rglob("*.py"), *(ROOT / "components" / "ui").rglob("*.py")])
METRICS = sorted({(metric.title, metric.description) for task in TASKS.values() for metric in task.metrics})
FORM_METHODS = {"choice", "multichoice", "buttons", "number", "rate", "bound", "share", "switch"}
OTHER_MEANING = {
    "components/ui/tasks/language_model/page.py: Window": "the tokens between two updates, not what is seen"
}


def test_names_are_unique():
    from components import glossary

    assert len(TERMS) == len(glossary._TERMS) >= 60


@pytest.mark.parametrize("term", TERMS.values(), ids=lambda term: term.name)
def test_an_explanation_is_one_plain_sentence(term):
    text = term.explanation
    assert len(text) <= 200
    assert text[0].isupper()
    assert text.endswith(".")
    assert not any(mark in text for mark in (". ", "? ", "! "))
    new = set(text.casefold().rstrip(".").split()) - set(term.name.casefold().split())
    assert len(new) >= 3, "it repeats the term instead of explaining it"


def test_a_term_is_found_in_any_case():
    assert explain("OVERFITTING") == explain("Overfitting") == TERMS["overfitting"].explanation


def test_an_unknown_term_is_an_error():
    with pytest.raises(KeyError):
        explain("flux capacitor")


def _calls(file: Path) -> Iterator[tuple[ast.Call, str]]:
    """Yield every call of a method, with its name."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func.attr


def _constant(arguments: list[ast.expr]) -> str:
    """Return the first argument of a call, where it is a text."""
    return str(arguments[0].value) if arguments and isinstance(arguments[0], ast.Constant) else ""


def _fields(file: Path) -> Iterator[tuple[str, list[ast.expr]]]:
    """Yield the label of every field of the recipe's form, with what is said of it beside the glossary."""
    for call, method in _calls(file):
        label = SETTING_LABELS.get(_constant(call.args))
        if method in FORM_METHODS and label:
            about = [keyword.value for keyword in call.keywords if keyword.arg == "about"]
            yield label, [*call.args[2 if method == "multichoice" else 1 :], *about]


def _helps(file: Path) -> Iterator[tuple[str, list[ast.expr]]]:
    """Yield the label of every control that is no field of the form, with its help."""
    for call, _ in _calls(file):
        helps = [keyword.value for keyword in call.keywords if keyword.arg == "help"]
        if helps:
            yield _constant(call.args), helps


def _explains(text: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "explain" for node in ast.walk(text))


def test_a_term_as_a_label_has_its_help_from_the_glossary():
    own_words = [
        f"{file.relative_to(ROOT)}: {label}"
        for file in FILES
        for label, texts in (*_fields(file), *_helps(file))
        if label.casefold() in TERMS and texts and not any(map(_explains, texts))
    ]
    assert set(own_words) == set(OTHER_MEANING)


def test_a_field_without_a_help_of_its_own_is_a_term_of_the_glossary():
    alone = {label for file in FILES for label, texts in _fields(file) if not texts}
    own = {setting_label(f"optimizer.{name}") for names in OPTIMIZER_SETTINGS.values() for name in names}
    assert len(alone) > 15 and {label.casefold() for label in alone | own} <= TERMS.keys()


@pytest.mark.parametrize(("title", "description"), METRICS)
def test_a_metric_is_explained_by_the_glossary(title, description):
    assert description.startswith(explain(title.removesuffix(" %")))
