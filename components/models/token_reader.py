"""A recurrent language model as arrays, which read a token sooner than TensorFlow takes to be called."""

from collections.abc import Sequence

import keras
import numpy as np

from components.models.cells import CELLS
from components.models.cells.arrays import NUMPY
from components.recipe import Recurrent


class TokenReader:
    """Reads one token after the other, with the weights that a model has when this is made.

    Args:
        core: what `components.models.language_model.build_core` gave for a recurrent model.
        model: its recipe.
    """

    def __init__(self, core: keras.Model, model: Recurrent):
        self._cell = CELLS[model.kind]
        (self._embeddings,) = _arrays(core.get_layer("embedding"))
        self._layers = [
            _arrays(core.get_layer(f"{model.kind}_{number}")) for number in range(1, model.layers + 1)
        ]
        # A tied model has no weights there: its embedding gives the logits.
        self._kernel, *self._bias = _arrays(core.get_layer("next")) or [self._embeddings.T]

    def read(self, code: int, memory: Sequence[np.ndarray]) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        """Read one token.

        Args:
            code: the token's.
            memory: the states of all layers before it, (1, units) each.

        Returns:
            Logits of the token that follows, (vocabulary,), and the states after this one.
        """
        x, many, after = self._embeddings[code][None], len(self._cell.states), list[np.ndarray]()
        for number, (kernel, recurrent, biases) in enumerate(self._layers):
            states = memory[number * many : (number + 1) * many]
            outer, *inner = biases.reshape(self._cell.biases, -1)
            y = sum(inner, states[0] @ recurrent)
            states, _ = self._cell.forward(NUMPY, x @ kernel + outer, y, states)
            x = states[0]
            after += states
        return sum(self._bias, x @ self._kernel)[0], tuple(after)


def _arrays(layer: keras.Layer) -> list[np.ndarray]:
    return [variable.numpy() for variable in layer.trainable_variables]
