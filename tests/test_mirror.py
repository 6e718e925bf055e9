"""tests/ has the rooms of components/: who knows the module finds its test, and the other way round."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
COMPONENTS = TESTS.parent / "components"

# Tests of more than one module, by the reason. A folder stands for all that is in it.
CROSS_CUTTING = {
    "the whole app, in a browser": ("browser",),
    "the scripts that a browser runs, by Node": ("js",),
    "whole trainings, to the published figures": ("acceptance",),
    "several servers on real parts, which are killed": ("scale",),
    "files, links and databases of every part, as they were once written": ("compatibility",),
    "the source itself, and the README": (
        "test_dialect.py",
        "test_examples.py",
        "test_execution.py",
        "test_mirror.py",
        "test_readme.py",
        "test_patterns.py",
        "test_recipe_tables.py",
        "test_walls.py",
    ),
    "what pages compute of much data": ("test_page_bounds.py",),
    "every sentence of the data doctor": ("data/cleaning/doctor/test_sentences.py",),
    "several charts of one subject": (
        "charts/test_data_charts.py",
        "charts/test_drawings.py",
        "charts/test_inside_charts.py",
        "charts/test_learning_charts.py",
        "charts/test_seq2seq_charts.py",
    ),
    "a panel's way through the steps, the doctor and its dataset": ("data/cleaning/doctor/test_panel.py",),
    "files that aren't one table, read or refused in one sentence": ("data/readers/test_non_tables.py",),
    "a table in many shapes, from its file to the numbers in it": (
        "data/test_table_shapes.py",
        "data/test_kinds_of_files.py",
    ),
    "a cell that only the test knows, in everything that takes cells": ("models/test_new_cell.py",),
    "the benchmarks' own ledger": ("benchmarks",),
    "the engine with all its processes": (
        "engine/test_processes.py",
        "engine/test_real_training.py",
    ),
    "what every task promises": (
        "tasks/test_leaks.py",
        "tasks/test_registry.py",
        "tasks/test_reproducibility.py",
        "tasks/test_suggestion.py",
    ),
    "a kind of forecast, from its dataset to its result": (
        "tasks/forecasting/test_known_ahead.py",
        "tasks/forecasting/test_starts.py",
    ),
    "a classifier of texts that starts from a linear model, from its problem to its download": (
        "tasks/classification/test_text_starts.py",
    ),
    "texts told by subwords, from the vocabulary to the saved model": (
        "tasks/classification/test_subwords.py",
    ),
    "a visitor's way through several pages": (
        "ui/test_address_sync.py",
        "ui/test_compatibility_pages.py",
        "ui/test_forged_addresses.py",
        "ui/tasks/test_extra_trainings.py",
        "ui/tasks/test_recordings.py",
        "ui/tasks/test_share_prices.py",
    ),
}
CROSS_CUTTING_PATHS = [TESTS / place for places in CROSS_CUTTING.values() for place in places]

FILES = sorted(TESTS.rglob("test_*.py"))


def has_counterpart(test: Path, tests: Path, components: Path) -> bool:
    """Return whether a test has a module or a package of its name in the same room.

    A room is tested by its own name too: home/test_home.py, or test_home_page.py where it is a page.
    """
    name = test.stem.removeprefix("test_")
    room = components / test.parent.relative_to(tests)
    is_of_room = room.is_dir() and name.removesuffix("_page") == room.name
    return is_of_room or (room / f"{name}.py").is_file() or (room / name).is_dir()


def is_cross_cutting(test: Path) -> bool:
    return any(path == test or path in test.parents for path in CROSS_CUTTING_PATHS)


@pytest.mark.parametrize(
    "test",
    [test for test in FILES if not is_cross_cutting(test)],
    ids=lambda test: test.relative_to(TESTS).as_posix(),
)
def test_a_test_stands_where_its_module_does(test):
    assert has_counterpart(test, TESTS, COMPONENTS), (
        f"nothing in components/{test.parent.relative_to(TESTS)} is called as {test.name} is: move it to the "
        "room of what it tests, or say in CROSS_CUTTING what it is about"
    )


@pytest.mark.parametrize("path", CROSS_CUTTING_PATHS, ids=lambda path: path.relative_to(TESTS).as_posix())
def test_what_is_named_as_cross_cutting_is_there_and_has_no_room_of_its_own(path):
    assert path.exists()
    assert path.is_dir() or not has_counterpart(path, TESTS, COMPONENTS)


@pytest.mark.parametrize(
    ("test", "has"),
    [
        ("test_storage.py", True),
        ("test_recipe.py", True),
        ("runs/test_store.py", True),
        ("models/test_fused.py", True),
        ("ui/home/test_home_page.py", True),
        ("insight/doctor/test_doctor.py", True),
        ("test_store.py", False),
        ("models/test_store.py", False),
        ("nowhere/test_nowhere.py", False),
    ],
)
def test_what_counts_as_a_counterpart(test, has):
    assert has_counterpart(TESTS / test, TESTS, COMPONENTS) is has
