"""Limits on gradients that are too large, in each of the ways that a recipe names."""

from collections.abc import Sequence

import tensorflow as tf


@tf.autograph.experimental.do_not_convert  # it doesn't know `match`, and there is nothing to convert
def clip_gradients(
    gradients: list[tf.Tensor], squares: tf.Tensor, mode: str, threshold: tf.Tensor
) -> tuple[list[tf.Tensor], tf.Tensor]:
    """Limit gradients.

    Args:
        gradients: one a variable.
        squares: (variables,), the sum of squares of each gradient; of an ensemble, whose members stand in
            front in each gradient, (variables, members): each member is limited by itself.
        mode: as in `components.recipe.Clipping`.
        threshold: a scalar.

    Returns:
        The limited gradients and their global norm, a scalar or (members).
    """
    norm = tf.sqrt(tf.reduce_sum(squares, axis=0))
    match mode:
        case "value":
            limited = [tf.clip_by_value(gradient, -threshold, threshold) for gradient in gradients]
            return limited, tf.sqrt(tf.reduce_sum(squared_sizes(limited, squares.shape[1:]), axis=0))
        case "norm":
            norms = tf.sqrt(squares)
            # Below the threshold the quotient is one, also for a gradient of zero.
            shares = threshold / tf.maximum(norms, threshold)
            limited = [
                _scaled(gradient, share)
                for gradient, share in zip(gradients, tf.unstack(shares), strict=True)
            ]
            return limited, tf.sqrt(tf.reduce_sum(squares * shares**2, axis=0))
        case "global_norm":
            share = threshold / tf.maximum(norm, threshold)
            return [_scaled(gradient, share) for gradient in gradients], norm * share
    return gradients, norm


def squared_sizes(gradients: list[tf.Tensor], members: Sequence[int]) -> tf.Tensor:
    """Return the sum of squares of each gradient, (variables,), or of each member's, (variables, members).

    Args:
        gradients: one a variable.
        members: () of a single network; (members,) of an ensemble, whose members stand in front.
    """
    return tf.stack(
        [tf.reduce_sum(tf.square(one), axis=list(range(len(members), len(one.shape)))) for one in gradients]
    )


def _scaled(gradient: tf.Tensor, share: tf.Tensor) -> tf.Tensor:
    """Multiply a gradient by a scalar, or each member's by its own."""
    return gradient * tf.reshape(share, [*share.shape, *[1] * (len(gradient.shape) - len(share.shape))])
