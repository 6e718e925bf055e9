"""Recurrent layers gone through step by step in NumPy, forward and back: nothing to trace or to compile.

For the few examples that a person looks at this is over before a compiler has begun.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import tensorflow as tf

from components.insight.bptt import backpropagate, output_is_state
from components.insight.gates import Trace, trace
from components.insight.layer_pass import CellWeights, LayerPass
from components.models.fused.base import Fused


def weights_of(layer: Fused) -> CellWeights:
    """Return a copy of the weights of a recurrent layer's cell."""
    kernel, recurrent, biases = layer.cell_weights()
    return CellWeights(kernel.numpy(), recurrent.numpy(), tuple(bias.numpy() for bias in biases))


def step(
    layer: Fused, sequences: tf.Tensor, initial: Sequence[tf.Tensor], present: tf.Tensor | None
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Go through a layer of one direction; a `Stepper` of `components.models.fused.base`.

    Gradients are those by what it reads and by its first states, and none by its weights.
    """
    strand = LayerPass(
        layer=layer.name,
        cell=layer.description,
        backward=bool(layer.go_backwards),
        weights=weights_of(layer),
        sequence=sequences.numpy(),
        present=None if present is None else present.numpy().astype(bool),
        initial=tuple(state.numpy() for state in initial),
        zeroes_masked_output=bool(layer.zero_output_for_mask),
    )

    @tf.custom_gradient
    def run(sequences, *initial):
        traced = trace(strand)

        def gradient(by_outputs, *by_ends):
            asked = replace(
                strand,
                grad_outputs=_turned(by_outputs.numpy(), strand),
                grad_final_states=tuple(by.numpy() for by in by_ends),
            )
            found = backpropagate(asked, traced)
            return (tf.constant(found.grad_x), *map(tf.constant, found.grad_initial_states))

        return (tf.constant(_outputs(strand, traced)), *map(tf.constant, _ends(strand, traced))), gradient

    outputs, *ends = run(sequences, *initial)
    return outputs, ends


def _outputs(strand: LayerPass, traced: Trace) -> np.ndarray:
    """Return what comes out of every step, in the order of reading."""
    return _turned(np.where(output_is_state(strand)[..., None], traced.h, 0).astype(traced.h.dtype), strand)


def _ends(strand: LayerPass, traced: Trace) -> list[np.ndarray]:
    return [path[:, strand.places[-1]] for path in traced.states]


def _turned(values: np.ndarray, strand: LayerPass) -> np.ndarray:
    """Turn what is in the order of time into the order of reading, or back."""
    return np.ascontiguousarray(values[:, ::-1]) if strand.backward else values
