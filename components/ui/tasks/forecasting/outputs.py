"""Controls of what the model's output means, and of how sure it says it is."""

from components.glossary import explain
from components.ui.recipe_form.draft import value
from components.ui.recipe_form.form_fields import RecipeForm
from components.ui.recipe_form.labels import FORECAST_STARTS
from components.ui.tasks.page import OutputControls

_ABOUT_BASES = {
    "none": "The model forecasts the values themselves.",
    "last": "Untrained, the model repeats the last value.",
    "season": "Untrained, the model repeats the last season.",
    "classical": (
        "Untrained, the model is exponential smoothing, averaged over many of its parameters. In a panel, "
        "each series has its own level and season, and all share one network (**ES-RNN**)."
    ),
    "pretrained": (
        "Untrained, the model is the forecast of a network that was trained on millions of generated series "
        "and never on yours (a **zero-shot forecast**)."
    ),
    "combination": (
        "Untrained, the model is the mean of three forecasts that err differently: of two pretrained "
        "networks, with and without the help of simple forecasts, and of Theta (a **forecast combination**)."
    ),
}
_ABOUT_TRANSFERS = {
    "forecast": "Your model learns what to add to the pretrained network's forecast.",
    "states": (
        "Your model also sees what the network's encoder made of the series: its last **hidden state**, as "
        "features."
    ),
    "weights": (
        "The pretrained network itself keeps learning (**fine-tuning**), at a small learning rate. It reads "
        "only the target; the units, layers and window of your own model don't matter."
    ),
}
_ABOUT_STRATEGIES = {
    "direct": "One layer forecasts all steps at once. Fast, and errors don't accumulate.",
    "recursive": (
        "The model forecasts the next step, and its forecast is fed back in for the one after. "
        "Errors may accumulate."
    ),
    "decoder": (
        "A second recurrent layer writes the forecast step by step, starting from the state of "
        "the first: an **encoder–decoder**."
    ),
}
_ABOUT_LOSSES = {
    "mse": "Large errors count most. The forecast is the mean of what may come.",
    "mae": "Errors count by their size. The forecast is the median of what may come.",
    "huber": explain("Huber loss"),
    "quantile": (
        "Learns several quantiles at once, such as the value that 10% of outcomes lie below "
        "(**pinball loss**), and so learns how uncertain it is."
    ),
    "gaussian": (
        "Learns a mean and a standard deviation for each step, assuming normally distributed errors."
    ),
    "student_t": "Like the normal distribution, but with heavier tails, which allow outliers.",
    "negative_binomial": "For counts such as 0, 1, 2: learns their mean and dispersion.",
}


def _draw(panel: RecipeForm) -> None:
    """Draw what the forecast starts from, how it gets to several steps, what is learnt, how sure it is."""
    panel.choice(
        "task.base",
        "The forecast that the model begins as; it then learns only what to change (a **residual head**). "
        "How much of that is kept is decided on the validation set. "
        f"{_ABOUT_BASES.get(value('task.base'), '')}",
        options=FORECAST_STARTS,
    )
    if value("task.base") == "pretrained":
        panel.buttons(
            "task.transfer",
            f"{explain('Transfer learning')} {_ABOUT_TRANSFERS.get(value('task.transfer'), '')}",
        )
    panel.choice(
        "task.window_scaling",
        "Scales each window by its own mean and spread, and scales the forecast back "
        "(**RevIN**). Helps if the level of the series drifts.",
    )
    panel.buttons("task.strategy", _ABOUT_STRATEGIES.get(value("task.strategy"), ""))
    panel.number(
        "task.members",
        f"{explain('Ensemble')} The forecast is their median. Up to 5 train side by side; the Inside page "
        "shows the first.",
    )
    about = _ABOUT_LOSSES.get(value("task.loss"), "")
    panel.choice("task.loss", f"{explain('Loss')} {about}")
    panel.bound(
        "task.lower_bound",
        "Neither the forecast nor its intervals go below it: 0 for what is counted or sold. Leave it empty "
        "if there is none.",
    )
    panel.bound(
        "task.upper_bound",
        "Neither the forecast nor its intervals go above it: 100 for percentages. Leave it empty if there "
        "is none.",
    )
    panel.share(
        "task.level",
        f"{explain('Prediction interval')} Its width comes from the errors on data that the model "
        "didn't learn from (**conformal prediction**); the results show the actual coverage.",
        least=0.5,
        most=0.99,
    )
    panel.number(
        "task.passes",
        f"{explain('MC samples')} 0 turns this off. The model needs some dropout.",
        step=10,
    )


OUTPUT_CONTROLS = OutputControls(
    title="Forecast",
    icon=":material/conversion_path:",
    fields=(
        "task.base",
        "task.transfer",
        "task.window_scaling",
        "task.strategy",
        "task.members",
        "task.loss",
        "task.lower_bound",
        "task.upper_bound",
        "task.level",
        "task.passes",
    ),
    draw=_draw,
)
