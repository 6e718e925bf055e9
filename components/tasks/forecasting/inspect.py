"""A window of a series as something to look at the model with."""

import numpy as np

from components.data import time_axis
from components.insight.example import Example, ExampleView, ModelOutput
from components.recipe import Transformer
from components.tasks.forecasting.problem import ForecastProblem


def window_example(problem: ForecastProblem, number: int) -> Example:
    """Return the window that starts at a row."""
    if problem.is_fine_tuning:
        return _history_example(problem, number)
    task, rows = problem.task, slice(number, number + problem.task.window)
    table = problem.dataset.table[[task.target, *task.inputs]]
    names = time_axis.time_labels(table.index[rows])
    # A Transformer's newest token looks once, for all steps ahead together.
    row = problem.head.segments(task.window) - 1 if isinstance(problem.model, Transformer) else None
    # A decoder looks once for each segment ahead.
    together = task.segment if task.strategy == "decoder" else 1
    # What feeds its forecast back is looked at as it learnt: one step ahead.
    steps = 1 if task.strategy == "recursive" else task.horizon
    places = [(n,) if problem.head.numbers == 1 else (n, problem.head.middle) for n in range(steps)]
    answers = tuple(
        ModelOutput(
            f"{n} {'step' if n == 1 else 'steps'} ahead",
            place,
            row=(n - 1) // together if row is None else row,
        )
        for n, place in enumerate(places, 1)
    )
    read = "" if task.segment == 1 else f" It reads every {task.segment} steps as one segment."
    inputs = [problem.values[rows]]
    if problem.head.told:
        inputs.append(problem.told_ahead(number, steps))
    return Example(
        inputs=tuple(inputs),
        fills=(0.0,) * len(inputs),
        first=0,
        missing=problem.values[problem.lag : problem.split.train.stop].mean(axis=0),
        score="value",
        answers=answers,
        shown=ExampleView(
            names=names,
            values=table.to_numpy(np.float64)[rows],
            channels=tuple(table.columns),
            answers=tuple(answer.name for answer in answers),
            chosen=0,
            description=f"The model reads {names[0]} to {names[-1]} and forecasts what comes next.{read}",
            example_count=len(problem.test),
        ),
        number=number,
        segment=task.segment,
    )


def _history_example(problem: ForecastProblem, number: int) -> Example:
    """Return what the pretrained network reads of the rows up to a window's last one."""
    task, (history, *rest) = problem.task, [one[number] for one in problem.network_inputs]
    read = history[history.any(axis=1)]
    last = number + task.window
    table = problem.dataset.table[[task.target]].iloc[last - len(read) : last]
    names = time_axis.time_labels(table.index)
    answers = tuple(
        ModelOutput(
            f"{n} {'step' if n == 1 else 'steps'} ahead",
            (n - 1,) if problem.head.numbers == 1 else (n - 1, problem.head.middle),
        )
        for n in range(1, task.horizon + 1)
    )
    inputs = (read, *rest, problem.starts[number])
    return Example(
        inputs=inputs,
        fills=(0.0,) * len(inputs),
        first=0,
        missing=read.mean(axis=0),
        score="value",
        answers=answers,
        shown=ExampleView(
            names=names,
            values=table.to_numpy(np.float64),
            channels=tuple(table.columns),
            answers=tuple(answer.name for answer in answers),
            chosen=0,
            description=f"The network reads {names[0]} to {names[-1]} and forecasts what comes next.",
            example_count=len(problem.test),
        ),
        number=last - len(read),
    )
