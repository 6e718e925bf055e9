"""A forecaster that learns one step ahead, and gets to the others by feeding each back."""

import keras
from keras import ops


class Recursive(keras.Model):
    """Learns by the step that follows a window; asked, it forecasts `horizon` of them, one by one.

    Of the covariates nothing is known after the window: they stay as they were last.

    Args:
        core: (batch, window, features) → (batch, 1).
        horizon: steps ahead.
    """

    def __init__(self, core: keras.Model, horizon: int):
        super().__init__(name="forecaster")
        self.core, self.horizon = core, horizon
        self.built = True

    def call(self, inputs: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Give the step that follows while it learns, (batch, 1), and else all of them, (batch, horizon)."""
        return self.core(inputs, training=True) if training else self.walk(inputs)

    def walk(self, window: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Go over all steps ahead, (batch, horizon); with dropout if `training`."""
        steps = []
        for _ in range(self.horizon):
            step = self.core(window, training=training)
            steps.append(step)
            newest = ops.concatenate([step[..., None], window[:, -1:, 1:]], axis=-1)
            window = ops.concatenate([window[:, 1:], newest], axis=1)
        return ops.concatenate(steps, axis=1)

    def plain(self) -> keras.Model:
        """Give all of it as a model that needs no code of ours."""
        window = keras.Input(self.core.input_shape[1:], name="window")
        return keras.Model(window, self.walk(window), name="forecaster")
