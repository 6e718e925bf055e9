"""The pretrained network as it is described, without TensorFlow."""

from components.models.head_spec import DECODER
from components.models.layer_summary import Dense, LayerSummary, RecurrentLayer
from components.models.pretrained.features import AHEAD_WIDTH, CANDIDATES, HISTORY_WIDTH, LONGEST_HISTORY
from components.models.pretrained.forecaster import QUANTILES, UNITS
from components.models.summary import ModelSummary


def summarize_pretrained(horizon: int) -> ModelSummary:
    """Describe what `components.models.pretrained.fine_tuning.build_fine_tuned` builds."""
    history, ahead, count = HISTORY_WIDTH["stack"], AHEAD_WIDTH["stack"], CANDIDATES["stack"]
    by_step = (horizon, UNITS)
    return ModelSummary(
        (
            LayerSummary("history", "History", (LONGEST_HISTORY, history), "the newest rows"),
            _gru("encoder", "Encoder, a GRU", (UNITS,), history, LONGEST_HISTORY),
            Dense(
                "bridge", "Dense, tanh", (UNITS,), "where the decoder begins", inputs=UNITS, activation="tanh"
            ),
            LayerSummary("ahead", "Steps ahead", (horizon, ahead), "each with what the baselines say of it"),
            Dense("steps", "Dense, ReLU", by_step, inputs=ahead, activation="relu"),
            _gru(DECODER, "Decoder, a GRU", by_step, UNITS, horizon),
            Dense("joint", "Dense, ReLU", by_step, "combines both", inputs=2 * UNITS, activation="relu"),
            Dense(
                "head",
                "Weights, correction, quantiles",
                (horizon, count + len(QUANTILES)),
                f"weighs {count} baselines and corrects them",
                inputs=UNITS,
            ),
        )
    )


def _gru(name: str, title: str, shape: tuple[int, ...], inputs: int, steps: int) -> RecurrentLayer:
    return RecurrentLayer(name, title, shape, kind="gru", units=UNITS, inputs=inputs, steps=steps)
