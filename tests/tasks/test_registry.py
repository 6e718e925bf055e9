"""Every kind of task that a recipe names has its class and its page, and neither can lack a member."""

from dataclasses import fields
from typing import get_args

import pytest

from components.recipe import Recipe
from components.tasks import TASKS
from components.tasks.classification.result import ClassScore
from components.tasks.forecasting.result import Score as ForecastScore
from components.tasks.language_model.result import Score as TextScore
from components.tasks.regression.result import NumberScore
from components.tasks.seq2seq.result import AnswerScore
from components.tasks.task import Task
from components.tasks.transcription.result import TranscriptScore
from components.ui.tasks import page_of_kind
from components.ui.tasks.page import TaskPage

KINDS = {part.model_fields["kind"].default for part in get_args(Recipe.model_fields["task"].annotation)}
SCORES = {
    "forecast": ForecastScore,
    "classify_sequences": ClassScore,
    "measure_sequences": NumberScore,
    "transcribe": TranscriptScore,
    "classify_texts": ClassScore,
    "model_language": TextScore,
    "translate": AnswerScore,
    "chat": AnswerScore,
}


def test_every_kind_of_task_has_its_class_and_its_page():
    assert set(TASKS) == KINDS
    for kind in KINDS:
        page = page_of_kind(kind)
        assert page.task is TASKS[kind]
        assert page.title and page.icon.startswith(":material/") and page.essential_fields


@pytest.mark.parametrize("base", [Task, TaskPage])
def test_what_lacks_a_member_cannot_be_made(base):
    members = dict.fromkeys(base.__abstractmethods__)
    assert type("Whole", (base,), members)()
    for name in members:
        lacking = {other: None for other in members if other != name}
        with pytest.raises(TypeError, match=name):
            type("Lacking", (base,), lacking)()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_score_has_a_field_for_each_metric_and_no_other(kind):
    held = {field.name for field in fields(SCORES[kind])} - {"name", "label"}
    assert held == {metric.field for metric in TASKS[kind].metrics}


def test_results_are_known_by_the_names_of_their_classes():
    """They stand in files that are kept."""
    names = {kind: task.result_class.__name__ for kind, task in TASKS.items()}
    assert names == {
        "forecast": "ForecastResult",
        "classify_sequences": "ClassesResult",
        "measure_sequences": "NumbersResult",
        "transcribe": "TranscriptsResult",
        "classify_texts": "ClassesResult",
        "model_language": "LanguageResult",
        "translate": "AnswersResult",
        "chat": "AnswersResult",
    }
