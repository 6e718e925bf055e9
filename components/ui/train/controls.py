"""The controls of a recipe: five that a beginner needs, and everything else folded away."""

from components.data.datasets import Dataset
from components.glossary import explain
from components.ui import tasks
from components.ui.recipe_form.choice_labels import (
    ATTENTIONS,
    CLIPPINGS,
    MODEL_DESCRIPTIONS,
    MODELS,
    OPTIMIZERS,
    SCHEDULES,
    WEIGHTS,
)
from components.ui.recipe_form.draft import Draft, value
from components.ui.recipe_form.form_fields import RecipeForm, section_expander


def essential_controls(draft: Draft, dataset: Dataset) -> None:
    """Show the five controls of a beginner, the task's own first."""
    panel = RecipeForm(draft, shows_help=True)
    tasks.page_of_kind(value("task.kind")).essential_controls(panel, dataset)
    panel.buttons("model.kind", "Model", MODELS, MODEL_DESCRIPTIONS.get(value("model.kind"), ""))
    panel.number("model.units", "Units", explain("Units"))
    panel.number("training.epochs", "Epochs", explain("Epochs"))


def data_controls(draft: Draft, dataset: Dataset) -> None:
    """Show the controls of how the data is prepared."""
    panel, task = RecipeForm(draft), tasks.page_of_kind(value("task.kind"))
    outputs = task.output_controls
    elsewhere = " ".join([*task.essential_fields, *(outputs.fields if outputs else ())])
    with section_expander("Data", ":material/ssid_chart:", draft, "preparation", "task", exclude=elsewhere):
        task.data_controls(panel, dataset)
        panel.share(
            "preparation.validation",
            "Validation set",
            f"{explain('Validation set')} This is its share of the {task.examples_name}.",
            least=0.05,
            most=0.4,
        )
        panel.share(
            "preparation.test",
            "Test set",
            f"{explain('Test set')} This is its share of the {task.examples_name}{task.test_set_origin}.",
            least=0.05,
            most=0.4,
        )


def output_controls(draft: Draft) -> None:
    """Show the controls of the model's output, where the task leaves a choice."""
    outputs = tasks.page_of_kind(value("task.kind")).output_controls
    if outputs:
        with section_expander(outputs.title, outputs.icon, draft, *outputs.fields):
            outputs.draw(RecipeForm(draft))


def model_controls(draft: Draft) -> None:
    """Show the controls of the model's architecture."""
    panel = RecipeForm(draft)
    with section_expander(
        "Model", ":material/account_tree:", draft, "model", exclude="model.kind model.units"
    ):
        panel.number("model.layers", "Layers", explain("Layers"))
        if value("model.kind") == "transformer":
            panel.number("model.heads", "Heads", explain("Heads"))
        else:
            panel.switch("model.bidirectional", "Bidirectional", explain("Bidirectional"))
            panel.buttons(
                "model.attention",
                "Attention",
                ATTENTIONS,
                f"{explain('Attention')} *Additive* is Bahdanau's form, *dot product* is Luong's.",
            )
        panel.share(
            "model.dropout",
            "Dropout",
            explain("Dropout"),
            least=0.0,
            most=0.9,
        )


def learning_controls(draft: Draft) -> None:
    """Show the controls of the training."""
    panel = RecipeForm(draft)
    with section_expander(
        "Training",
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
        panel.number("training.batch", "Batch size", explain("Batch size"), step=8)
        panel.switch("training.stops_early", "Early stopping", explain("Early stopping"))
        if value("training.stops_early"):
            panel.number("training.patience", "Patience", explain("Patience"))
        panel.buttons(
            "training.weights",
            "Weights to keep",
            WEIGHTS,
            "The epoch with the lowest validation loss does best on data that the model hasn't seen; "
            "the last epoch has overfitted most.",
        )
        panel.number("seed", "Seed", explain("Seed"))


def _optimizer_controls(form: RecipeForm) -> None:
    form.choice(
        "optimizer.kind",
        "Optimiser",
        tuple(OPTIMIZERS),
        explain("Optimiser"),
        OPTIMIZERS,
    )
    form.rate("optimizer.learning_rate", "Learning rate", explain("Learning rate"))
    form.choice(
        "optimizer.schedule",
        "Learning rate schedule",
        tuple(SCHEDULES),
        f"{explain('Learning rate schedule')} Cosine decay ends at 0, exponential decay at a tenth.",
        SCHEDULES,
    )
    if value("optimizer.kind") == "sgd":
        form.rate("optimizer.momentum", "Momentum", explain("Momentum"))
    if value("optimizer.kind") == "adamw":
        form.rate("optimizer.weight_decay", "Weight decay", explain("Weight decay"))


def _clipping_controls(form: RecipeForm) -> None:
    form.choice(
        "clipping.mode",
        "Gradient clipping",
        tuple(CLIPPINGS),
        f"{explain('Gradient clipping')} *Clip by global norm* keeps their direction.",
        CLIPPINGS,
    )
    if value("clipping.mode") != "none":
        form.rate("clipping.threshold", "Clipping threshold", explain("Clipping threshold"))
