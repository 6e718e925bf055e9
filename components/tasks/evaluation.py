"""What a finished run came to, in a few numbers: what lists of runs show, sort and search by."""

import math
from typing import Any

from components.tasks.task import Result, Task
from components.training.events import Evaluation


def evaluation(task: Task[Any, Any, Any], result: Result) -> Evaluation:
    """Return the measures of a result's model, the one that counts beside that of the best rule.

    Args:
        task: the run's.
        result: what its `evaluate` returned.
    """
    outcome, model = result.outcome, result.scores[0]
    return Evaluation(
        measure=outcome.measure,
        model=_finite(outcome.model),
        rule=_finite(outcome.rule),
        rule_name=outcome.rule_name,
        larger_is_better=outcome.larger_is_better,
        won=outcome.won,
        relative_error=_finite(outcome.relative_error),
        scores={metric.field: _finite(metric.value(model)) for metric in task.metrics},
    )


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
