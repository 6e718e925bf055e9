"""Sentences on screen use the field's words and plain English."""

from pathlib import Path

import pytest

from tests.dialect import dialect_words, is_sentence, phrases

ROOT = Path(__file__).parent.parent
ROOMS = (
    "pages",
    *sorted(
        path.relative_to(ROOT).as_posix() for path in (ROOT / "components").glob("[a-z]*") if path.is_dir()
    ),
)
"""Folders whose sentences are read."""
FORMATS = {
    ("components/insight/doctor/finding.py", "seed luck"),  # the key of a finding
    ("components/insight/doctor/outcomes.py", "seed luck"),
}
"""Literals that no one reads on screen: keys and patterns, by their file."""


@pytest.mark.parametrize("room", ROOMS)
def test_no_sentence_is_in_dialect(room):
    found = [
        f"{file}:{line}: {words} in {text!r}"
        for file in (path.relative_to(ROOT).as_posix() for path in sorted((ROOT / room).rglob("*.py")))
        for line, text in phrases(ROOT / file)
        if (words := dialect_words(text)) and (file, text) not in FORMATS
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("First mend it.", ["mend"]),
        ("It learns by heart.", ["by heart"]),
        ("Scores on the test part", ["test part"]),
        ("There is no such column.", []),
        ("This is no table.", ["is no "]),
        ("“mend” holds numbers.", []),
    ],
)
def test_the_dialect_is_recognised(text, words):
    assert dialect_words(text) == words


def test_what_is_read_on_screen_is_found(tmp_path):
    file = tmp_path / "module.py"
    file.write_text('"""A docstring."""\nA = "one two"\n"""What A is."""\nB = {"a key": f"three {A} four"}\n')
    assert list(phrases(file)) == [(2, "one two"), (4, "three … four")]


def test_a_sentence_begins_and_ends():
    assert is_sentence("“x” is empty.") and is_sentence("3 rows are missing.")
    assert not is_sentence("it is empty.") and not is_sentence("It is empty")
