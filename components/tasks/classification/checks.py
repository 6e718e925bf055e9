"""What can't work in a classification, said before any training."""

from components.data.datasets import Classes
from components.models.reader_spec import ReaderSpec
from components.recipe import ClassifySequences, ClassifyTexts, Recipe
from components.tasks.attention_size import memory_issue
from components.tasks.issue import Issue

MOST_CLASSES = 100
_FEWEST = 10  # examples, so that each part has a few


def issues(recipe: Recipe, classes: Classes, width: int) -> tuple[Issue, ...]:
    """Return what in a recipe can't work.

    Args:
        recipe: to tell classes.
        classes: of the examples.
        width: steps of an example that are read.
    """
    assert isinstance(recipe.task, ClassifySequences | ClassifyTexts)
    steps = ReaderSpec.of(recipe.task).steps(width)
    found = [_classes(classes), _stride(recipe.task, width), memory_issue(recipe, steps)]
    return tuple(issue for issue in found if issue)


def _stride(task: ClassifySequences | ClassifyTexts, width: int) -> Issue | None:
    """Refuse a stride that leaves nothing to read one after the other."""
    if task.stride == 1 or task.stride < width:
        return None
    unit = "tokens" if isinstance(task, ClassifyTexts) else "steps"
    all_of_it = f"all {width:,} {unit} read from an example" if width > 1 else f"all {unit}"
    return Issue(
        "task.stride",
        f"With a stride of {task.stride}, {all_of_it} become a single step, which leaves no sequence to "
        f"read. Choose a stride below {max(2, width)}.",
    )


def _classes(classes: Classes) -> Issue | None:
    there = int((classes.counts > 0).sum())
    if there < 2:
        return Issue("dataset", "All examples have the same class, so there is nothing to classify.")
    if len(classes.names) > MOST_CLASSES:
        return Issue(
            "dataset",
            f"There are {len(classes.names):,} classes, and a model can have at most {MOST_CLASSES} "
            "here. Choose another column for the classes.",
        )
    if len(classes.codes) < _FEWEST:
        return Issue(
            "dataset",
            f"{len(classes.codes)} examples are too few to train and test on. At least {_FEWEST} are needed.",
        )
    return None
