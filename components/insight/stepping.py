"""Recurrent layers gone through step by step in NumPy, forward and back: nothing to trace or to compile.

For the few examples that a person looks at this is over before a compiler has begun.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import tensorflow as tf

from components.insight.cells import kind_of, weights_of
from components.insight.gates import Trace, trace
from components.insight.layer_pass import LayerPass
from components.insight.through_time import shows, through_time
from components.models.fused.layer import Fused


def step(
    layer: Fused, sequences: tf.Tensor, initial: Sequence[tf.Tensor], present: tf.Tensor | None
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Go through a layer of one direction; a `Stepper` of `components.models.fused.layer`.

    Gradients are those by what it reads and by its first states, and none by its weights.
    """
    strand = LayerPass(
        layer=layer.name,
        kind=kind_of(layer),
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
            found = through_time(asked, traced)
            return (tf.constant(found.grad_x), *map(tf.constant, found.grad_initial_states))

        return (tf.constant(_outputs(strand, traced)), *map(tf.constant, _ends(strand, traced))), gradient

    outputs, *ends = run(sequences, *initial)
    return outputs, ends


def _outputs(strand: LayerPass, traced: Trace) -> np.ndarray:
    """Return what comes out of every step, in the order of reading."""
    return _turned(np.where(shows(strand)[..., None], traced.h, 0).astype(traced.h.dtype), strand)


def _ends(strand: LayerPass, traced: Trace) -> list[np.ndarray]:
    paths = [path for path in (traced.h, traced.c) if path is not None]
    return [path[:, strand.places[-1]] for path in paths]


def _turned(values: np.ndarray, strand: LayerPass) -> np.ndarray:
    """Turn what is in the order of time into the order of reading, or back."""
    return np.ascontiguousarray(values[:, ::-1]) if strand.backward else values
