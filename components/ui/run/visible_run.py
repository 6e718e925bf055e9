"""A run as whoever looks at it may see it: its owner whole, all others without what it didn't use."""

from dataclasses import replace

from components.data.sharing import shared_recipe, without_data
from components.engine.engine import engine
from components.errors import DataError
from components.recipe import Recipe
from components.runs.store import Run
from components.ui.visitor import visitor


def visible_run(run_id: str) -> Run:
    """Return a run; where it is another's, its recipe opens nothing of a file that the run didn't use, or
    nothing at all where its owner shares it without the data.

    Raises:
        RunError: if there is no such run.
    """
    engine().shelf.require(run_id)
    run = engine().store.run(run_id)
    if run.owner == visitor():
        return run
    recipe = without_data(run.recipe) if run.without_data else recipe_to_share(run.recipe)
    return replace(run, recipe=recipe)


def recipe_to_share(recipe: Recipe) -> Recipe:
    """Return a recipe as it may be given away; without its data where that is no longer kept."""
    try:
        return shared_recipe(recipe)
    except DataError:
        return without_data(recipe)
