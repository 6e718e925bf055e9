"""What can't work where speech is to be transcribed, said before any training."""

from dataclasses import replace

from components.data.datasets import Recordings, Transcripts
from components.models.ctc import fewest_steps_of_all
from components.recipe import Recipe, Recurrent, Transcribe
from components.tasks.attention_size import memory_issue
from components.tasks.issue import Issue
from components.tasks.split_check import split_issue

_FEWEST = 10  # recordings, so that each set has a few
_MOST_WORDS = 1000  # different ones, each of which has an output at every step


def issues(recipe: Recipe, dataset: Recordings, transcripts: Transcripts) -> tuple[Issue, ...]:
    """Return what in a recipe can't work on recordings with transcripts."""
    found = [
        _count_issue(dataset) or split_issue(dataset, recipe.preparation),
        _vocabulary_issue(transcripts),
        _length_issue(recipe, dataset, transcripts),
        _attention_issue(recipe),
        _memory_issue(recipe, dataset),
    ]
    return tuple(issue for issue in found if issue)


def _count_issue(dataset: Recordings) -> Issue | None:
    if dataset.size >= _FEWEST:
        return None
    return Issue(
        "dataset",
        f"{dataset.size} recordings are too few to train and test on. At least {_FEWEST} are needed.",
    )


def _vocabulary_issue(transcripts: Transcripts) -> Issue | None:
    if len(transcripts.names) <= _MOST_WORDS:
        return None
    return Issue(
        "dataset",
        f"The transcripts have {len(transcripts.names):,} different words; at most {_MOST_WORDS:,} are "
        "allowed here. Use recordings of fewer words, such as digits or commands.",
    )


def _length_issue(recipe: Recipe, dataset: Recordings, transcripts: Transcripts) -> Issue | None:
    """Refuse segments of which a recording has too few for its words: no path leads through these."""
    segment = recipe.require_task(Transcribe).segment
    needed = fewest_steps_of_all(transcripts)
    short = dataset.lengths // segment < needed
    if not short.any():
        return None
    number = int(short.argmax())
    remedy = "Read fewer frames as one." if segment > 1 else "Leave it out, or correct its transcript."
    return Issue(
        "task.segment",
        f"Recording {number + 1:,} has {dataset.lengths[number] // segment:,} segments, too few for its "
        f"{transcripts.lengths[number]:,} words. {remedy}",
    )


def _memory_issue(recipe: Recipe, dataset: Recordings) -> Issue | None:
    issue = memory_issue(recipe, int(dataset.lengths.max()) // recipe.require_task(Transcribe).segment)
    return replace(issue, field="task.segment") if issue else None


def _attention_issue(recipe: Recipe) -> Issue | None:
    if isinstance(recipe.model, Recurrent) and recipe.model.attention != "none":
        return Issue(
            "model.attention",
            "Recurrent models that transcribe have no attention here. Choose none, or a Transformer.",
        )
    return None
