"""Models of different kinds that have about as many parameters, so that a comparison is fair."""

from components.data.datasets import Dataset
from components.recipe import Model, Recipe, Recurrent, Transformer
from components.tasks import plan

MOST_UNITS = 512
"""Widest that a model is made to match another."""
TRANSFORMERS_RATE = 0.001
"""The learning rate at which a Transformer learns without a warm-up."""


def match_parameters(recipe: Recipe, model: Model, dataset: Dataset) -> Recipe:
    """Return a recipe with another model, as wide as brings it nearest to the recipe's own in parameters.

    Args:
        recipe: whose parameters are matched.
        model: of the other kind; its units are chosen anew.
        dataset: the recipe's.
    """
    wanted = plan(recipe, dataset).parameters
    step = model.heads if isinstance(model, Transformer) else 1
    low, high = 1, MOST_UNITS // step
    # Wider models have more parameters: halve what is in question until two widths are left.
    while high - low > 1:
        middle = (low + high) // 2
        if _parameters(recipe, model, middle * step, dataset) <= wanted:
            low = middle
        else:
            high = middle
    near = min((low, high), key=lambda times: abs(_parameters(recipe, model, times * step, dataset) - wanted))
    return _with(recipe, model, near * step)


def other_family(recipe: Recipe, dataset: Dataset) -> Recipe:
    """Return a recipe on pairs with a model of the other family that has about as many parameters.

    A Transformer gets no more than the learning rate at which it learns without a warm-up.
    """
    model, optimizer = recipe.model, recipe.optimizer
    if isinstance(model, Transformer):
        other = Recurrent(bidirectional=True, attention="additive", dropout=model.dropout)
        return match_parameters(recipe, other, dataset)
    rate = min(optimizer.learning_rate, TRANSFORMERS_RATE)
    found = match_parameters(recipe, Transformer(heads=4, dropout=model.dropout), dataset)
    return found.model_copy(update={"optimizer": optimizer.model_copy(update={"learning_rate": rate})})


def _parameters(recipe: Recipe, model: Model, units: int, dataset: Dataset) -> int:
    return plan(_with(recipe, model, units), dataset).parameters


def _with(recipe: Recipe, model: Model, units: int) -> Recipe:
    return recipe.model_copy(update={"model": model.model_copy(update={"units": units})})
