"""The glossary: one sentence a term, and the same sentence wherever the term is a label."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.glossary import TERMS, explain

ROOT = Path(__file__).parent.parent
FILES = sorted([*(ROOT / "pages").rglob("*.py"), *(ROOT / "components" / "ui").rglob("*.py")])
FORM_METHODS = {"choice", "multichoice", "buttons", "number", "rate", "share", "switch"}


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


def _labelled_helps(file: Path) -> Iterator[tuple[str, int, ast.expr]]:
    """Yield the label, line and help of every control whose label is a term of the glossary."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        at = 1 if node.func.attr in FORM_METHODS and len(node.args) > 1 else 0
        label = node.args[at] if len(node.args) > at else None
        if not isinstance(label, ast.Constant) or str(label.value).casefold() not in TERMS:
            continue
        helps = [keyword.value for keyword in node.keywords if keyword.arg == "help"]
        if at:
            helps.append(ast.Tuple(node.args[2:]))
        yield from ((str(label.value), node.lineno, text) for text in helps)


def test_a_term_as_a_label_has_its_help_from_the_glossary():
    own_words = []
    for file in FILES:
        for label, line, text in _labelled_helps(file):
            if "explain" not in {node.id for node in ast.walk(text) if isinstance(node, ast.Name)}:
                own_words.append(f"{file.relative_to(ROOT)}:{line}: {label}")
    assert own_words == []
