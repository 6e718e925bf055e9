"""A recording as an example to look into: what may be asked is each word, where it stands out."""

from typing import TYPE_CHECKING

import numpy as np

from components.insight.example import Example, ExampleView, ModelOutput
from components.models.ctc import BLANK, align, fewest_steps, log_probabilities
from components.tasks.transcription.problem import TranscriptionProblem

if TYPE_CHECKING:
    from components.models.transcriber import Transcriber

_BLANK_NAME = "(blank)"


def heard_example(
    problem: TranscriptionProblem,
    built: "Transcriber",
    given: np.ndarray,
    values: np.ndarray,
    said: np.ndarray | None = None,
) -> Example:
    """Make an example of a recording, by the words that the model hears in it.

    Args:
        problem: the recordings.
        built: what hears.
        given: (S, bands) as the model gets it, whole segments.
        values: (S, bands) in decibels.
        said: the words that were said, where they are known.
    """
    logits = built.model(given[None]).numpy()
    heard = problem.search(logits, np.array([logits.shape[1]]), problem.task.beams)[0][0]
    description = f"The model hears “{problem.transcripts.join(heard)}”"
    description += "." if said is None else f"; the transcript is “{problem.transcripts.join(said)}”."
    logs = log_probabilities(logits[0])
    fits = len(heard) > 0 and len(logs) >= fewest_steps(heard)
    places = align(logs, heard) if fits else np.empty(0, np.int64)
    answers = tuple(
        ModelOutput(problem.names[word], (int(place), int(word) + 1))
        for word, place in zip(heard, places, strict=False)
    )
    middle = ModelOutput(_BLANK_NAME, (len(logs) // 2, BLANK))
    return _example(problem, given, values, answers or (middle,), description)


def ending_example(problem: TranscriptionProblem, number: int) -> Example:
    """Return a recording of the dataset of which is asked what is said at its end: the blank.

    Where its words stand out, only a trained model can tell.
    """
    given = problem.ragged.row(number)
    end = ModelOutput(_BLANK_NAME, (len(given) // problem.segment - 1, BLANK))
    return _example(problem, given, problem.dataset.sequence(number)[: len(given)], (end,), "")


def _example(
    problem: TranscriptionProblem,
    given: np.ndarray,
    values: np.ndarray,
    answers: tuple[ModelOutput, ...],
    description: str,
) -> Example:
    step = problem.dataset.step
    return Example(
        inputs=(given,),
        fills=(problem.empty,),
        first=0,
        missing=0.0,
        score="chance",
        answers=answers,
        shown=ExampleView(
            tuple(f"{place * step:.2f} s" for place in range(len(given))),
            values,
            problem.dataset.channels,
            tuple(answer.name for answer in answers),
            0,
            description,
            len(problem.test),
        ),
        segment=problem.segment,
    )
