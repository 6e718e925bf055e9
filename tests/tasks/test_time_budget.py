"""A recipe that is fitted into a time ends in it as far as is known, and uses it."""

import pytest

from components import data
from components.errors import RecipeError
from components.insight.doctor.remedies import modified_recipe
from components.tasks import recipe_issues
from components.tasks.cost_model import UNFITTED, CostModel, TimedRun
from components.tasks.time_budget import FEWEST_EPOCHS, fit_group_to_budget, fit_to_budget
from components.ui.experiments import CARDS

RECIPES = {
    card.key: card.recipe for card in CARDS if card.key in ("sunspots", "control_charts", "first_names")
}


def load(recipe):
    return data.load(recipe.dataset, recipe.preparation)


@pytest.mark.parametrize("seconds", [30, 300])
@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_it_ends_in_time_and_uses_it(recipe, seconds: float) -> None:
    fitted = fit_to_budget(recipe, load(recipe), seconds, UNFITTED)
    assert not recipe_issues(fitted.recipe, load(recipe))
    assert fitted.seconds <= seconds
    assert fitted.seconds > 0.7 * seconds or fitted.recipe.training.epochs < 2 * FEWEST_EPOCHS
    assert fitted.error > 0


def test_the_learning_rate_falls_until_the_end() -> None:
    recipe = RECIPES["sunspots"]
    fitted = fit_to_budget(recipe, load(recipe), 60, UNFITTED).recipe
    assert (fitted.optimizer.schedule, fitted.training.patience) == ("cosine", None)
    steep = modified_recipe(recipe, optimizer={"schedule": "exponential"})
    assert fit_to_budget(steep, load(steep), 60, UNFITTED).recipe.optimizer.schedule == "exponential"


def test_on_a_slow_machine_the_batch_grows_before_the_model_shrinks() -> None:
    recipe = RECIPES["first_names"]
    dataset = load(recipe)

    def fitted(steps_per_second):
        timed = TimedRun(recipe.to_json(), steps_per_second, 200, 5, 1000, None)
        return fit_to_budget(recipe, dataset, 60, CostModel([timed] * 20)).recipe

    quick, slow, slower = fitted(1000.0), fitted(10.0), fitted(2.0)
    assert (quick.training.batch, quick.model.units) == (recipe.training.batch, recipe.model.units)
    assert slow.training.batch > recipe.training.batch
    assert slower.model.units < slow.model.units or slower.training.epochs < slow.training.epochs


def test_what_cannot_end_so_soon_is_said() -> None:
    recipe = RECIPES["sunspots"]
    with pytest.raises(RecipeError, match="ends within 2 seconds"):
        fit_to_budget(recipe, load(recipe), 2, UNFITTED)


def test_several_end_in_time_together_after_the_same_number_of_epochs() -> None:
    recipe = RECIPES["control_charts"]
    group = [modified_recipe(recipe, model={"units": units}) for units in (8, 64)]
    fitted = fit_group_to_budget(group, load(recipe), 60, UNFITTED)
    assert len({one.training.model_dump_json() for one in fitted.recipes}) == 1
    assert [one.model.units for one in fitted.recipes] == [8, 64]
    assert {one.optimizer.schedule for one in fitted.recipes} == {"cosine"}
    assert 0.7 * 60 < fitted.seconds <= 60 and fitted.error > 0
    alone = fit_group_to_budget(group[:1], load(recipe), 60, UNFITTED)
    assert alone.recipes[0].training.epochs > fitted.recipes[0].training.epochs
    with pytest.raises(RecipeError, match="don't end within 9 seconds"):
        fit_group_to_budget(group, load(recipe), 9, UNFITTED)
