"""What can't work where answers are to be written, said before any training."""

from components.data.datasets import Pairs
from components.data.splits.example_split import split_examples
from components.recipe import Recipe, Recurrent
from components.tasks.issue import Issue
from components.tasks.seq2seq.sizes import (
    MOST_CHARACTERS,
    PairSizes,
    is_too_long,
    sizes,
    subword_pairs,
    too_long,
)
from components.tasks.seq2seq.vocabularies import PairsOptions
from components.tasks.split_check import split_issue

MOST_ATTENTION = 2 * 2**30
"""Bytes that additive attention may need for one batch."""


def issues(recipe: Recipe, task: PairsOptions, dataset: Pairs) -> tuple[Issue, ...]:
    """Return what in a recipe can't work on pairs of texts."""
    if dataset.size < 3:
        return (
            Issue(
                "dataset",
                f"{dataset.size} pairs are too few: the training, validation and test sets need one each.",
            ),
        )
    if is_too_long(dataset):
        return (
            Issue(
                "dataset",
                f"{dataset.title} has more than {MOST_CHARACTERS:,} characters; no more can be learnt from "
                "here. Use fewer pairs.",
            ),
        )
    if undivided := split_issue(dataset, recipe.preparation):
        return (undivided,)
    if task.level == "byte_pair" and subword_pairs(dataset, task, recipe.preparation) is None:
        return (
            Issue(
                "task.vocabulary",
                f"{task.vocabulary:,} tokens have no room for all the different characters of a side, and "
                "each has to be a token. Choose a larger vocabulary.",
            ),
        )
    counted, split = sizes(dataset, task, recipe.preparation), split_examples(dataset, recipe.preparation)
    if not all(counted.kept[part].any() for part in (split.train, split.validation, split.test)):
        return (Issue("task.longest", f"{too_long(task)} Allow longer texts."),)
    issue = _attention_issue(recipe, counted)
    return (issue,) if issue else ()


def _attention_issue(recipe: Recipe, counted: PairSizes) -> Issue | None:
    model = recipe.model
    if not isinstance(model, Recurrent) or model.attention != "additive":
        return None
    read, written = counted.lengths
    need = 4 * recipe.training.batch * read * written * model.units * (2 if model.bidirectional else 1)
    if need > MOST_ATTENTION:
        return Issue(
            "model.attention",
            f"Additive attention of this size needs {need / 2**30:.0f} GB for each training step. "
            "Choose dot-product attention or a smaller batch size, or leave out longer texts.",
        )
    return None
