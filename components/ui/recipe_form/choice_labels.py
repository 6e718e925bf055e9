"""The labels of what a recipe leaves a choice of, by the values that it keeps."""

from components.glossary import explain
from components.models.cells import CELLS

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
FORECAST_STARTS = {
    "none": "Nothing",
    "last": "Last value",
    "season": "Last season",
    "classical": "Averaged smoothing",
    "pretrained": "Pretrained network",
    "combination": "Pretrained networks and Theta",
}
TOKENS = {"word": "Words", "byte_pair": "Subwords", "character": "Characters"}
POOLINGS = {"last": "Last state", "mean_max": "Mean and maximum"}
SIDES = {"left": "Start", "right": "End"}
TEXT_STARTS = {
    "none": "Nothing",
    "tfidf": "TF-IDF model",
    "tfidf_both": "TF-IDF model of words and characters",
}
