"""The training doctor: each illness is seen by its signs, and nobody healthy is called sick."""

from dataclasses import replace

import numpy as np
import pytest

from components.insight.doctor import Outcome, examine
from components.insight.doctor.remedies import (
    recipe_differences,
)
from components.recipe import Recipe
from tests.dialect import dialect_words, is_sentence
from tests.insight.doctor.example_cases import (
    BY_HEART,
    FELL,
    LOST,
    SICK,
    STEP,
    example_case,
    pressed,
    rate,
)


def test_a_run_that_learns_is_called_healthy():
    assert examine(example_case()) is None
    assert (
        examine(
            example_case(outcome=Outcome("MAE", 0.5, 1.0, "Last value", larger_is_better=False, won=True))
        )
        is None
    )


@pytest.mark.parametrize("illness", SICK)
def test_each_illness_has_plain_words(illness):
    found = examine(SICK[illness])
    evidence = found.evidence
    labels = [found.title, evidence.title, evidence.x, evidence.y]
    labels += [line.name for line in evidence.lines]
    labels += [mark[1] for mark in (evidence.place, evidence.level) if mark is not None]
    assert is_sentence(found.sentence) and is_sentence(found.advice)
    assert found.title[0].isupper() and not any(label.endswith(".") for label in labels)
    assert not dialect_words(" ".join([*labels, found.sentence, found.advice]))


@pytest.mark.parametrize("illness", SICK)
def test_each_illness_is_seen_with_evidence_and_a_recipe_that_differs(illness):
    found = examine(SICK[illness])
    assert found is not None and found.key == illness
    assert found.evidence.lines and all(len(line.x) == len(line.y) > 0 for line in found.evidence.lines)
    assert found.title and found.advice and any(letter.isdigit() for letter in found.sentence)
    assert found.remedy is not None
    assert recipe_differences(SICK[illness].recipe, found.remedy)
    assert Recipe.from_json(found.remedy.to_json()) == found.remedy


@pytest.mark.parametrize("illness", SICK)
def test_the_first_steps_alone_are_no_evidence(illness):
    """A run that has only begun is called sick for nothing but what can't be anything else."""
    story = SICK[illness]
    some = 5
    begun = replace(
        story,
        losses=story.losses[:some],
        before=story.before[:some],
        after=story.after[:some],
        ends=story.ends[:0],
        training=story.training[:0],
        validation=story.validation[:0],
        over=False,
        outcome=None,
        siblings=(),
    )
    found = examine(begun)
    assert found is None or found.key == "not finite: the data" == illness


def test_where_two_illnesses_show_the_one_that_brings_the_other_about_speaks():
    both = replace(SICK["rate too high"], validation=BY_HEART)
    assert examine(both).key == "rate too high"
    assert examine(replace(both, outcome=LOST)).key == "rate too high"


def test_layers_that_large_steps_pressed_shut_are_the_fault_of_the_rate():
    rises = FELL + np.where(STEP == 3, 0.5, 0.0)
    assert examine(example_case(rises, recipe=rate(0.003), pressed=pressed(0.95))).key == "saturated"
    assert examine(example_case(rises, recipe=rate(0.3), pressed=pressed(0.95))).key == "rate too high"


@pytest.mark.parametrize("illness", SICK)
def test_a_run_of_what_is_prescribed_that_learns_is_healthy(illness):
    remedy = examine(SICK[illness]).remedy
    assert examine(example_case(recipe=remedy)) is None


def test_a_run_that_trains_nothing_has_nothing_wrong():
    lost = example_case(outcome=Outcome("MAE", 2.0, 1.0, "Last value", larger_is_better=False, won=False))
    untrained = lost.recipe.training.model_copy(update={"epochs": 0})
    assert examine(lost) is not None
    assert examine(replace(lost, recipe=lost.recipe.model_copy(update={"training": untrained}))) is None
