"""What a finished run came to, in a few numbers: what lists of runs show, sort and search by."""

from typing import Any

from components.tasks.metrics import finite_or_none
from components.tasks.task import Result, Task
from components.training.events import Evaluation


def evaluation(task: Task[Any, Any, Any], result: Result, loss: float | None = None) -> Evaluation:
    """Return the measures of a result's model, the one that counts beside that of the best rule.

    Args:
        task: the run's.
        result: what its `evaluate` returned.
        loss: of the test set; None where it isn't known.
    """
    outcome, model = result.outcome, result.scores[0]
    return Evaluation(
        measure=outcome.measure,
        model=finite_or_none(outcome.model),
        rule=finite_or_none(outcome.rule),
        rule_name=outcome.rule_name,
        larger_is_better=outcome.larger_is_better,
        won=outcome.won,
        relative_error=finite_or_none(outcome.relative_error),
        scores={metric.field: finite_or_none(metric.value(model)) for metric in task.metrics},
        loss=finite_or_none(loss),
        test_set=result.test_set,
    )
