"""The controls of a recipe: five that a beginner needs, and everything else folded away."""

from components.data.datasets import Dataset
from components.glossary import explain
from components.recipe.training import OPTIMIZER_SETTINGS
from components.ui import tasks
from components.ui.recipe_form.draft import Draft, value
from components.ui.recipe_form.form_fields import RecipeForm, section_expander
from components.ui.recipe_form.labels import MODEL_DESCRIPTIONS


def essential_controls(draft: Draft, dataset: Dataset) -> None:
    """Show the five controls of a beginner, the task's own first."""
    panel = RecipeForm(draft, shows_help=True)
    tasks.page_of_kind(value("task.kind")).essential_controls(panel, dataset)
    panel.buttons("model.kind", MODEL_DESCRIPTIONS.get(value("model.kind"), ""))
    panel.number("model.units")
    panel.number("training.epochs")


def data_controls(draft: Draft, dataset: Dataset) -> None:
    """Show the controls of how the data is prepared."""
    panel, task = RecipeForm(draft), tasks.page_of_kind(value("task.kind"))
    outputs = task.output_controls
    elsewhere = " ".join([*task.essential_fields, *(outputs.fields if outputs else ())])
    with section_expander("Data", ":material/ssid_chart:", draft, "preparation", "task", exclude=elsewhere):
        task.data_controls(panel, dataset)
        panel.share(
            "preparation.validation",
            f"{explain('Validation set')} This is its share of the {task.examples_name}.",
            least=0.05,
            most=0.4,
        )
        panel.share(
            "preparation.test",
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
        panel.number("model.layers")
        if value("model.kind") == "transformer":
            panel.number("model.heads")
        else:
            panel.switch("model.bidirectional")
            panel.buttons(
                "model.attention",
                f"{explain('Attention')} *Additive* is Bahdanau's form, *dot product* is Luong's.",
            )
        panel.share("model.dropout", least=0.0, most=0.9)


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
        panel.number("training.batch", step=8)
        panel.switch("training.stops_early")
        if value("training.stops_early"):
            panel.number("training.patience")
        panel.buttons(
            "training.weights",
            "The epoch with the lowest validation loss does best on data that the model hasn't seen; "
            "the last epoch has overfitted most.",
        )
        panel.number("seed")


def _optimizer_controls(form: RecipeForm) -> None:
    form.choice("optimizer.kind")
    form.rate("optimizer.learning_rate")
    form.choice(
        "optimizer.schedule",
        f"{explain('Learning rate schedule')} Cosine decay ends at 0, exponential decay at a tenth.",
    )
    for name in OPTIMIZER_SETTINGS[value("optimizer.kind")]:
        form.rate(f"optimizer.{name}")


def _clipping_controls(form: RecipeForm) -> None:
    form.choice(
        "clipping.mode",
        f"{explain('Gradient clipping')} *Clip by global norm* keeps their direction.",
    )
    if value("clipping.mode") != "none":
        form.rate("clipping.threshold")
