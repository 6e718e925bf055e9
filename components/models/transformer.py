"""The Transformer encoder."""

import keras

from components.models.keras_layers import KerasLayers
from components.models.positional_embedding import add_positional_embedding
from components.recipe import Transformer


def encode(
    sequence: keras.KerasTensor,
    model: Transformer,
    layers: KerasLayers,
    present: keras.KerasTensor | None = None,
    causal: bool = False,
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """Turn a sequence of numbers into tokens that know of each other.

    Vaswani et al. (2017), with the normalisation before each block (Xiong et al., 2020), which trains
    without a warm-up.

    Args:
        sequence: (batch, T, features).
        model: the recipe's.
        layers: of the model.
        present: (batch, T), False for the steps that no token is to know of; None: all are there.
        causal: whether no token is to know of those after it.

    Returns:
        The tokens, (batch, T, units), and each layer's attention, (batch, heads, T, T).
    """
    tokens = add_positional_embedding(layers["tokens"](sequence), "positions", layers, present)
    only = {} if present is None else {"attention_mask": present[:, None]}
    weights = []
    for number in range(1, model.layers + 1):
        calm = layers[f"norm_{number}a"](tokens)
        seen, scores = layers[f"attention_{number}"](
            calm, calm, return_attention_scores=True, use_causal_mask=causal, **only
        )
        weights.append(scores)
        tokens = keras.layers.Add(name=f"add_{number}a")([tokens, layers.dropout(seen, f"dropout_{number}a")])
        wide = layers[f"wide_{number}"](layers[f"norm_{number}b"](tokens))
        narrow = layers[f"narrow_{number}"](wide)
        tokens = keras.layers.Add(name=f"add_{number}b")(
            [tokens, layers.dropout(narrow, f"dropout_{number}b")]
        )
    return layers["norm"](tokens), weights
