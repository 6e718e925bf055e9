"""What can't work where a language is to be modelled, said before any training."""

from components.data.datasets import Texts
from components.data.splits import stateful_batches
from components.recipe import ModelLanguage, Recipe, Recurrent
from components.tasks.issue import Issue
from components.tasks.language_model.sizes import MOST_CHARACTERS, is_too_long, sizes

MOST_LOGITS = 2**30
"""Bytes that a model's answers to one batch may take."""


def issues(recipe: Recipe, dataset: Texts) -> tuple[Issue, ...]:
    """Return what in a recipe can't work on texts."""
    if is_too_long(dataset):
        return (
            Issue(
                "dataset",
                f"{dataset.title} has {dataset.characters.sum():,} characters; a language model can be "
                f"trained here on at most {MOST_CHARACTERS:,}.",
            ),
        )
    found = (
        _model_issue(recipe),
        _vocabulary_issue(recipe, dataset),
        _length_issue(recipe, dataset),
        _memory_issue(recipe, dataset),
    )
    return tuple(issue for issue in found if issue)


def _model_issue(recipe: Recipe) -> Issue | None:
    if not isinstance(recipe.model, Recurrent):
        return None
    if recipe.model.bidirectional:
        return Issue(
            "model.bidirectional",
            "A bidirectional model would see the tokens that it has to predict. Turn this off.",
        )
    if recipe.model.attention != "none":
        return Issue(
            "model.attention",
            "Recurrent language models have no attention here. Choose none, or a Transformer.",
        )
    return None


def _vocabulary_issue(recipe: Recipe, dataset: Texts) -> Issue | None:
    task, counted = recipe.require_task(ModelLanguage), sizes(recipe, dataset)
    if task.level == "byte_pair" and task.vocabulary < counted.fewest:
        return Issue(
            "task.vocabulary",
            f"This text has {counted.fewest - 1:,} different characters, and each has to be a token. "
            f"Choose a vocabulary of {counted.fewest:,} or more.",
        )
    return None


def _length_issue(recipe: Recipe, dataset: Texts) -> Issue | None:
    task, counted, batch = recipe.require_task(ModelLanguage), sizes(recipe, dataset), recipe.training.batch
    named = dict(zip(("training", "validation", "test"), counted.parts, strict=True))
    name, tokens = min(named.items(), key=lambda item: item[1])
    if stateful_batches.windows_per_stream(tokens, batch, task.window):
        return None
    return Issue(
        "training.batch",
        f"{batch:,} streams of {task.window:,} tokens don't fit into the {name} set, which has "
        f"{tokens:,} tokens. Choose a smaller batch size or a shorter window.",
    )


def _memory_issue(recipe: Recipe, dataset: Texts) -> Issue | None:
    task = recipe.require_task(ModelLanguage)
    need = 4 * recipe.training.batch * task.window * sizes(recipe, dataset).vocabulary
    if need > MOST_LOGITS:
        return Issue(
            "training.batch",
            f"The logits of every token in a batch need {need / 2**30:.1f} GB. Choose a smaller batch "
            "size, a shorter window or a smaller vocabulary.",
        )
    return None
