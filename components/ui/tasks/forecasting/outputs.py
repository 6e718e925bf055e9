"""Controls of what the model's output means, and of how sure it says it is."""

from components.ui.recipe_form.draft import value
from components.ui.recipe_form.form_fields import RecipeForm
from components.ui.tasks.page import OutputControls

_BASES = {"none": "Nothing", "last": "Last value", "season": "Last season"}
_WINDOW_SCALINGS = {
    "none": "As it is",
    "standard": "Mean 0, spread 1",
    "affine": "Mean 0, spread 1, then a learnt factor and shift",
}
_STRATEGIES = {"direct": "All at once", "recursive": "One by one", "decoder": "Decoder"}
_ABOUT_STRATEGIES = {
    "direct": "One layer says all steps ahead together. Quick, and errors don't add up.",
    "recursive": "It learns the next step only; its forecast is then fed back for the one after it. "
    "Errors may add up.",
    "decoder": "A second recurrent layer goes over the steps ahead, beginning with what the first one "
    "remembers: an **encoder–decoder**.",
}
_LOSSES = {
    "mse": "Squared error",
    "mae": "Absolute error",
    "huber": "Huber: squared when small, absolute when large",
    "quantile": "Quantiles",
    "gaussian": "Normal law",
    "student_t": "Student’s law",
    "negative_binomial": "Negative binomial law, for counts",
}
_ABOUT_LOSSES = {
    "mse": "Big misses count most. The forecast is what comes on average.",
    "mae": "All misses count by their size. The forecast has as much above it as below.",
    "huber": "Like the squared error, but a few wild values don't rule it.",
    "quantile": "It learns several values at once, such as one that 10% of what comes lies below "
    "(**pinball loss**): so it learns how sure it may be.",
    "gaussian": "It learns a mean and a spread for each step, as if misses were normal.",
    "student_t": "Like the normal law, but with room for wild values.",
    "negative_binomial": "For counts as 0, 1, 2: it learns their mean, and how much they vary.",
}


def _draw(panel: RecipeForm) -> None:
    """Draw what the output is added to, how it gets to several steps, what is learnt, how sure it is."""
    panel.buttons(
        "task.base",
        "The model's output is added to",
        _BASES,
        "Added to the last value, or to that of the same time last season, the model begins as that simple "
        "rule and only learns what to change: a **residual head**.",
    )
    panel.choice(
        "task.window_scaling",
        "Each window",
        tuple(_WINDOW_SCALINGS),
        "Brings what the model sees at a time to one size, and the forecast back (**RevIN**). It helps where "
        "the level of a series wanders.",
        _WINDOW_SCALINGS,
    )
    panel.buttons(
        "task.strategy",
        "Steps ahead",
        _STRATEGIES,
        _ABOUT_STRATEGIES.get(value("task.strategy"), ""),
    )
    panel.choice(
        "task.loss", "What it learns by", tuple(_LOSSES), _ABOUT_LOSSES.get(value("task.loss"), ""), _LOSSES
    )
    panel.share(
        "task.level",
        "The band shall hold",
        "So much of what comes shall lie in the band round the forecast. It is as wide as earlier misses "
        "say, on data that the model didn't learn from (**conformal**); what it really held is shown.",
        least=0.5,
        most=0.99,
    )
    panel.number(
        "task.passes",
        "Passes with dropout",
        "Forecasts so many times with other units left out each time, and shows how far these lie apart "
        "(**MC dropout**). 0: not at all. The model needs some dropout.",
        step=10,
    )


OUTPUT_CONTROLS = OutputControls(
    title="Forecast",
    icon=":material/conversion_path:",
    fields=(
        "task.base",
        "task.window_scaling",
        "task.strategy",
        "task.loss",
        "task.level",
        "task.passes",
    ),
    draw=_draw,
)
