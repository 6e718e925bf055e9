"""The scaling of numbers, as the tasks that take some offer it."""

from components.ui.recipe_form.form_fields import RecipeForm


def scaling_control(panel: RecipeForm) -> None:
    """Draw what the numbers are brought to."""
    panel.choice(
        "task.scaling",
        "Networks learn best from numbers near zero. The scale is computed on the training set only.",
    )
