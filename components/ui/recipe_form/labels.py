"""What every setting of a recipe is called, and every value of one that is a choice."""

from collections.abc import Mapping
from typing import Any

from components.glossary import explain
from components.models.cells import CELLS
from components.recipe import Recipe
from components.studies import value_of

# --- Settings ----------------------------------------------------------------------------------------

SETTING_LABELS = {
    "dataset": "Data",
    "preparation": "Preparation of the data",
    "preparation.validation": "Validation set",
    "preparation.test": "Test set",
    "task": "Task",
    "task.target": "Target",
    "task.covariates": "Past covariates",
    "task.known": "Future covariates",
    "task.together": "Other series of the panel",
    "task.static": "Static features",
    "task.calendar": "Calendar features",
    "task.holidays": "Public holidays",
    "task.fourier": "Fourier features",
    "task.window": "Window",
    "task.segment": "Segment length",
    "task.horizon": "Horizon",
    "task.transform": "Transform",
    "task.season": "Seasonal period",
    "task.scaling": "Scaling",
    "task.window_scaling": "Window scaling",
    "task.base": "Start from",
    "task.transfer": "Transfer",
    "task.strategy": "Strategy",
    "task.members": "Ensemble members",
    "task.loss": "Loss",
    "task.lower_bound": "Lower bound",
    "task.upper_bound": "Upper bound",
    "task.level": "Interval coverage",
    "task.passes": "MC samples",
    "task.longest": "Maximum length",
    "task.cut": "Truncate at",
    "task.pad": "Pad at",
    "task.balanced": "Balanced classes",
    "task.filters": "Convolution filters",
    "task.kernel": "Convolution in front",
    "task.stride": "Stride",
    "task.pooling": "Pooling",
    "task.word_dropout": "Word dropout",
    "task.answer": "Target scaling",
    "task.lower": "Lower case",
    "task.vocabulary": "Vocabulary",
    "task.embedding": "Embedding size",
    "task.shared": "Shared vocabulary",
    "task.tied": "Tied embeddings",
    "task.input_feeding": "Input feeding",
    "task.copy_unknown": "Copying of unknown words",
    "task.label_smoothing": "Label smoothing",
    "task.beams": "Beams",
    "model.kind": "Model",
    "model.units": "Units",
    "model.layers": "Layers",
    "model.heads": "Heads",
    "model.bidirectional": "Bidirectional",
    "model.attention": "Attention",
    "model.dropout": "Dropout",
    "optimizer.kind": "Optimiser",
    "optimizer.learning_rate": "Learning rate",
    "optimizer.schedule": "Learning rate schedule",
    "optimizer.momentum": "Momentum",
    "optimizer.weight_decay": "Weight decay",
    "clipping.mode": "Gradient clipping",
    "clipping.threshold": "Clipping threshold",
    "training.batch": "Batch size",
    "training.epochs": "Epochs",
    "training.stops_early": "Early stopping",
    "training.patience": "Patience",
    "training.weights": "Weights to keep",
    "seed": "Seed",
}
"""What a setting is called, by its dotted name: in its control, and wherever recipes are compared."""

# --- Values of those that are a choice ----------------------------------------------------------------

MODELS = {kind: cell.title for kind, cell in CELLS.items()} | {"transformer": "Transformer"}
MODEL_DESCRIPTIONS = {kind: cell.about for kind, cell in CELLS.items()} | {
    "transformer": explain("Transformer")
}
ATTENTIONS = {"none": "None", "additive": "Additive", "dot": "Dot product"}
OPTIMIZERS = {"adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "sgd": "SGD"}
SCHEDULES = {"constant": "Constant", "cosine": "Cosine decay", "exponential": "Exponential decay"}
WEIGHTS = {"best": "Best epoch", "last": "Last epoch"}
CLIPPINGS = {
    "none": "None",
    "value": "Clip by value",
    "norm": "Clip by norm",
    "global_norm": "Clip by global norm",
}
SCALINGS = {"standard": "Standardise", "minmax": "Normalise", "none": "None"}
TRANSFORMS = {
    "none": "None",
    "log": "Logarithm",
    "difference": "Differencing",
    "seasonal_difference": "Seasonal differencing",
}
WINDOW_SCALINGS = {
    "none": "None",
    "standard": "Standardise",
    "affine": "Standardise, with a learnt scale and shift",
}
FORECAST_STARTS = {
    "none": "Nothing",
    "last": "Last value",
    "season": "Last season",
    "classical": "Averaged smoothing",
    "pretrained": "Pretrained network",
    "combination": "Pretrained networks and Theta",
}
TRANSFERS = {"forecast": "Its forecast", "states": "Its states too", "weights": "All its weights"}
STRATEGIES = {"direct": "Direct", "recursive": "Recursive", "decoder": "Decoder"}
LOSSES = {
    "mse": "Squared error",
    "mae": "Absolute error",
    "huber": "Huber loss",
    "quantile": "Quantile loss",
    "gaussian": "Normal distribution",
    "student_t": "Student's t distribution",
    "negative_binomial": "Negative binomial (counts)",
}
TOKENS = {"word": "Words", "byte_pair": "Subwords", "character": "Characters"}
POOLINGS = {"last": "Last state", "mean_max": "Mean and maximum"}
SIDES = {"left": "Start", "right": "End"}
TEXT_STARTS = {
    "none": "Nothing",
    "tfidf": "TF-IDF model",
    "tfidf_both": "TF-IDF model of words and characters",
}

CHOICE_LABELS: Mapping[str, Mapping[str, str]] = {
    "model.kind": MODELS,
    "model.attention": ATTENTIONS,
    "optimizer.kind": OPTIMIZERS,
    "optimizer.schedule": SCHEDULES,
    "clipping.mode": CLIPPINGS,
    "training.weights": WEIGHTS,
    "task.scaling": SCALINGS,
    "task.answer": SCALINGS,
    "task.transform": TRANSFORMS,
    "task.window_scaling": WINDOW_SCALINGS,
    "task.base": FORECAST_STARTS | TEXT_STARTS,
    "task.transfer": TRANSFERS,
    "task.strategy": STRATEGIES,
    "task.loss": LOSSES,
    "task.level": TOKENS,
    "task.pooling": POOLINGS,
    "task.cut": SIDES,
    "task.pad": SIDES,
}
"""The labels of every setting that is a choice, by its dotted name."""

# --- In words ----------------------------------------------------------------------------------------


def setting_label(name: str, value: Any = None) -> str:
    """Return what a setting is called, by its dotted name, and where tasks differ by a value of it."""
    if name == "task.level" and value in TOKENS:
        return "Tokens"
    return SETTING_LABELS.get(name, name)


def label_in(recipe: Recipe, name: str) -> str:
    """Return what a setting of a recipe is called, by its dotted name."""
    return setting_label(name, value_of(recipe, name))


def setting_text(name: str, value: Any) -> str:  # noqa: PLR0911 - one answer a type
    """Return a setting as its control shows it."""
    match value:
        case None:
            return "none"
        case bool():
            return "on" if value else "off"
        case float() if name in ("model.dropout", "task.level", "task.word_dropout", "task.label_smoothing"):
            return f"{value:.0%}"
        case float():
            return f"{value:g}"
        case int():
            return f"{value:,}"
        case tuple() | list():
            return ", ".join(map(str, value)) or "none"
    return CHOICE_LABELS.get(name, {}).get(value, str(value).replace("_", " "))
