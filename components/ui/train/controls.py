"""The controls of a recipe: five that a beginner needs, and everything else folded away."""

from components.data.datasets import Dataset
from components.models.cells import CELLS
from components.ui import tasks
from components.ui.train.draft import Draft, value
from components.ui.train.form_fields import RecipeForm, section_expander

MODELS = {kind: cell.title for kind, cell in CELLS.items()} | {"transformer": "Transformer"}
_ABOUT_MODELS = {kind: cell.about for kind, cell in CELLS.items()} | {
    "transformer": "Looks at all past steps at once and decides which ones matter.",
}
_ATTENTIONS = {"none": "None", "additive": "Additive", "dot": "Dot product"}
_OPTIMIZERS = {"adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "sgd": "SGD"}
SCHEDULES = {"constant": "Constant", "cosine": "Falls as a cosine", "exponential": "Falls to a tenth"}
WEIGHTS = {"best": "Of the best epoch", "last": "Of the last epoch"}
CLIPPINGS = {
    "none": "None",
    "value": "Each number",
    "norm": "Each tensor's norm",
    "global_norm": "The global norm",
}


def essential_controls(draft: Draft, dataset: Dataset) -> None:
    """Draw the five controls of a beginner: the task's own first."""
    panel = RecipeForm(draft, shows_help=True)
    tasks.page_of_kind(value("task.kind")).essential_controls(panel, dataset)
    panel.buttons("model.kind", "Model", MODELS, _ABOUT_MODELS.get(value("model.kind"), ""))
    panel.number(
        "model.units",
        "Units",
        "How many numbers the model can keep in mind. More can learn more, and learn by heart more.",
    )
    panel.number(
        "training.epochs",
        "Epochs",
        "How many times the model goes through all the training data. It may stop earlier, "
        "when it no longer gets better.",
    )


def data_controls(draft: Draft, dataset: Dataset) -> None:
    """Draw what is done to the data before the model sees it."""
    panel, task = RecipeForm(draft), tasks.page_of_kind(value("task.kind"))
    outputs = task.output_controls
    elsewhere = " ".join([*task.essential_fields, *(outputs.fields if outputs else ())])
    with section_expander("Data", ":material/ssid_chart:", draft, "preparation", "task", exclude=elsewhere):
        task.data_controls(panel, dataset)
        panel.share(
            "preparation.validation",
            "Validation part",
            f"The share of the {task.examples_name} that is used to watch the training and to stop it.",
            least=0.05,
            most=0.4,
        )
        panel.share(
            "preparation.test",
            "Test part",
            f"The share of the {task.examples_name}{task.test_set_origin} that nothing looks at before the "
            "results.",
            least=0.05,
            most=0.4,
        )


def output_controls(draft: Draft) -> None:
    """Draw what the model gives out, where the task leaves a choice."""
    outputs = tasks.page_of_kind(value("task.kind")).output_controls
    if outputs:
        with section_expander(outputs.title, outputs.icon, draft, *outputs.fields):
            outputs.draw(RecipeForm(draft))


def model_controls(draft: Draft) -> None:
    """Draw what the model is made of."""
    panel = RecipeForm(draft)
    with section_expander(
        "Model", ":material/account_tree:", draft, "model", exclude="model.kind model.units"
    ):
        panel.number(
            "model.layers",
            "Layers",
            "Stacked one on the other; each reads what the one below it says.",
        )
        if value("model.kind") == "transformer":
            panel.number(
                "model.heads",
                "Heads",
                "How many things it can pay attention to at once. They share the units evenly.",
            )
        else:
            panel.switch(
                "model.bidirectional",
                "Read both ways",
                "**Bidirectional**: a second copy reads the window from its newest step to its oldest.",
            )
            panel.buttons(
                "model.attention",
                "Attention",
                _ATTENTIONS,
                "Lets the model look back at every past step instead of only remembering. "
                "*Additive* is Bahdanau's, *dot product* is Luong's.",
            )
        panel.share(
            "model.dropout",
            "Dropout",
            "Forgets this share of the signals at random while training, "
            "so that the model can't rely on any single one.",
            least=0.0,
            most=0.9,
        )


def learning_controls(draft: Draft) -> None:
    """Draw how the model learns."""
    panel = RecipeForm(draft)
    with section_expander(
        "Learning",
        ":material/trending_down:",
        draft,
        "optimizer",
        "clipping",
        "training",
        "seed",
        exclude="training.epochs",
    ):
        _optimizer_controls(panel)
        _clipping_controls(panel)
        panel.number("training.batch", "Batch", "How many examples are looked at before each update.", step=8)
        panel.switch(
            "training.stops_early",
            "Stop early",
            "Stop when the validation loss no longer falls.",
        )
        if value("training.stops_early"):
            panel.number("training.patience", "Patience, in epochs", "How long to wait for a better one.")
        panel.buttons(
            "training.weights",
            "Keep the weights",
            WEIGHTS,
            "Those of the epoch with the lowest validation loss do best on what they have not seen; "
            "those of the last epoch know most by heart.",
        )
        panel.number(
            "seed",
            "Seed",
            "Where chance begins. The same seed gives the same run; another one shows how much is luck.",
        )


def _optimizer_controls(form: RecipeForm) -> None:
    form.choice(
        "optimizer.kind",
        "Optimiser",
        tuple(_OPTIMIZERS),
        "The rule that turns gradients into updates. Adam rarely goes wrong.",
        _OPTIMIZERS,
    )
    form.rate(
        "optimizer.learning_rate",
        "Learning rate",
        "How big each update is. Too big jumps about, too small crawls.",
    )
    form.choice(
        "optimizer.schedule",
        "Schedule",
        tuple(SCHEDULES),
        "How the learning rate changes over the training.",
        SCHEDULES,
    )
    if value("optimizer.kind") == "sgd":
        form.rate(
            "optimizer.momentum",
            "Momentum",
            "How much of the last update is carried on into the next.",
        )
    if value("optimizer.kind") == "adamw":
        form.rate(
            "optimizer.weight_decay",
            "Weight decay",
            "Pulls every weight a little towards zero.",
        )


def _clipping_controls(form: RecipeForm) -> None:
    form.choice(
        "clipping.mode",
        "Gradient clipping",
        tuple(CLIPPINGS),
        "Cuts gradients that explode. *The global norm* shortens all of them together "
        "and keeps their direction.",
        CLIPPINGS,
    )
    if value("clipping.mode") != "none":
        form.rate("clipping.threshold", "Clipping threshold", "Whatever is longer is cut to this.")
