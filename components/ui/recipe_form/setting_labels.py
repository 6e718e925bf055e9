"""The settings of a recipe in words, wherever two recipes are held against each other."""

from collections.abc import Mapping
from typing import Any

from components.recipe import Recipe
from components.studies import value_of
from components.ui.recipe_form.choice_labels import (
    ATTENTIONS,
    CLIPPINGS,
    FORECAST_STARTS,
    MODELS,
    OPTIMIZERS,
    POOLINGS,
    SCHEDULES,
    SIDES,
    TEXT_STARTS,
    TOKENS,
    WEIGHTS,
)

SETTING_LABELS = {
    "dataset": "Data",
    "preparation": "Preparation of the data",
    "task": "Task",
    "task.target": "Target",
    "task.covariates": "Past covariates",
    "task.known": "Future covariates",
    "task.together": "Series of the panel",
    "task.static": "Static features",
    "task.calendar": "Calendar features",
    "task.holidays": "Holidays",
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
    "task.embedding": "Embedding",
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
    "training.patience": "Patience",
    "training.weights": "Weights to keep",
    "seed": "Seed",
}
_CHOICES: dict[str, Mapping[str, str]] = {
    "model.kind": MODELS,
    "model.attention": ATTENTIONS,
    "optimizer.kind": OPTIMIZERS,
    "optimizer.schedule": SCHEDULES,
    "clipping.mode": CLIPPINGS,
    "training.weights": WEIGHTS,
    "task.base": FORECAST_STARTS | TEXT_STARTS,
    "task.level": TOKENS,
    "task.pooling": POOLINGS,
    "task.cut": SIDES,
    "task.pad": SIDES,
}


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
    return _CHOICES.get(name, {}).get(value, str(value).replace("_", " "))
