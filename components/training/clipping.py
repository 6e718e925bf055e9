"""Limits on gradients that are too large, in each of the ways that a recipe names."""

import tensorflow as tf


@tf.autograph.experimental.do_not_convert  # it doesn't know `match`, and there is nothing to convert
def clip_gradients(
    gradients: list[tf.Tensor], squares: tf.Tensor, mode: str, threshold: tf.Tensor
) -> tuple[list[tf.Tensor], tf.Tensor]:
    """Limit gradients.

    Args:
        gradients: one a variable.
        squares: (variables,), the sum of squares of each gradient.
        mode: as in `components.recipe.Clipping`.
        threshold: a scalar.

    Returns:
        The limited gradients and their global norm, a scalar.
    """
    norm = tf.sqrt(tf.reduce_sum(squares))
    match mode:
        case "value":
            limited = [tf.clip_by_value(gradient, -threshold, threshold) for gradient in gradients]
            return limited, tf.linalg.global_norm(limited)
        case "norm":
            norms = tf.sqrt(squares)
            # Below the threshold the quotient is one, also for a gradient of zero.
            shares = threshold / tf.maximum(norms, threshold)
            limited = [
                gradient * share for gradient, share in zip(gradients, tf.unstack(shares), strict=True)
            ]
            return limited, tf.sqrt(tf.reduce_sum(squares * shares**2))
        case "global_norm":
            share = threshold / tf.maximum(norm, threshold)
            return [gradient * share for gradient in gradients], norm * share
    return gradients, norm
