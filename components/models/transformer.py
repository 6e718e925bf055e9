"""The Transformer encoder."""

import keras

from components.models.attention import MultiHeadAttention
from components.models.plan import FEED_FORWARD
from components.models.positional_embedding import add_positional_embedding
from components.models.seeds import Seeds
from components.recipe import Transformer


def encode(
    sequence: keras.KerasTensor,
    model: Transformer,
    seeds: Seeds,
    present: keras.KerasTensor | None = None,
    most: int | None = None,
    causal: bool = False,
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """Turn a sequence of numbers into tokens that know of each other.

    Vaswani et al. (2017), with the normalisation before each block (Xiong et al., 2020), which trains
    without a warm-up.

    Args:
        sequence: (batch, T, features).
        model: units, layers, heads, dropout.
        seeds: of the model.
        present: (batch, T), False for the steps that no token is to know of; None: all are there.
        most: steps that there can be at most; None: T.
        causal: whether no token is to know of those after it.

    Returns:
        The tokens, (batch, T, units), and each layer's attention, (batch, heads, T, T).
    """
    tokens = seeds.layer(keras.layers.Dense, model.units, name="tokens")(sequence)
    tokens = add_positional_embedding(tokens, "positions", seeds, present, most)
    only = {} if present is None else {"attention_mask": present[:, None]}
    weights = []
    for number in range(1, model.layers + 1):
        calm = keras.layers.LayerNormalization(name=f"norm_{number}a")(tokens)
        attention = seeds.layer(
            MultiHeadAttention, model.heads, model.units // model.heads, name=f"attention_{number}"
        )
        seen, scores = attention(calm, calm, return_attention_scores=True, use_causal_mask=causal, **only)
        weights.append(scores)
        tokens = keras.layers.Add(name=f"add_{number}a")(
            [tokens, seeds.dropout(seen, model.dropout, f"dropout_{number}a")]
        )
        calm = keras.layers.LayerNormalization(name=f"norm_{number}b")(tokens)
        wide = seeds.layer(
            keras.layers.Dense, FEED_FORWARD * model.units, activation="gelu", name=f"wide_{number}"
        )(calm)
        narrow = seeds.layer(keras.layers.Dense, model.units, name=f"narrow_{number}")(wide)
        tokens = keras.layers.Add(name=f"add_{number}b")(
            [tokens, seeds.dropout(narrow, model.dropout, f"dropout_{number}b")]
        )
    return keras.layers.LayerNormalization(name="norm")(tokens), weights
