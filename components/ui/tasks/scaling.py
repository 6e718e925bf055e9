"""The scaling of numbers, as the tasks that take some offer it."""

from components.ui.recipe_form.form_fields import RecipeForm

SCALINGS = {"standard": "Mean 0, spread 1", "minmax": "Between 0 and 1", "none": "As it is"}


def scaling_control(panel: RecipeForm) -> None:
    """Draw what the numbers are brought to."""
    panel.choice(
        "task.scaling",
        "Scaling",
        tuple(SCALINGS),
        "Networks learn best from numbers near zero. The scale is measured on the training part only.",
        SCALINGS,
    )
