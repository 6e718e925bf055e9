"""A forecaster that learns one step ahead, and gets to the others by feeding each back."""

from typing import TypeAlias

import keras
from keras import ops

from components.models.head_spec import FORECASTER

Inputs: TypeAlias = keras.KerasTensor | list[keras.KerasTensor] | tuple[keras.KerasTensor, ...]


class Recursive(keras.Model):
    """Learns by the step that follows a window; asked, it forecasts `horizon` of them, one by one.

    Covariates of which nothing is known after the window stay as they were last.

    Args:
        core: (batch, window, features) → (batch, 1), or with (batch, 1, ahead) beside it that is known of
            that step.
        horizon: steps ahead.
    """

    def __init__(self, core: keras.Model, horizon: int):
        super().__init__(name=FORECASTER)
        self.core, self.horizon = core, horizon
        self.built = True

    def call(self, inputs: Inputs, training: bool = False) -> keras.KerasTensor:
        """Return the step that follows while it learns, (batch, 1), and else all of them, (batch,
        horizon)."""
        if not training:
            return self.unroll(inputs)
        return self.core(self._first_step(inputs), training=True)

    def unroll(self, inputs: Inputs, training: bool = False) -> keras.KerasTensor:
        """Go over all steps ahead, (batch, horizon); with dropout if `training`."""
        window, *known = inputs if isinstance(inputs, list | tuple) else [inputs]
        steps = []
        for number in range(self.horizon):
            told = [ahead[:, number : number + 1] for ahead in known]
            step = self.core([window, *told] if told else window, training=training)
            steps.append(step)
            own = window.shape[-1] - sum(ahead.shape[-1] for ahead in told)
            newest = ops.concatenate([step[..., None], window[:, -1:, 1:own], *told], axis=-1)
            window = ops.concatenate([window[:, 1:], newest], axis=1)
        return ops.concatenate(steps, axis=1)

    def to_functional(self) -> keras.Model:
        """Return all of it as a model that needs no code of ours."""
        first, *known = self.core.inputs
        window = keras.Input(first.shape[1:], name="window")
        ahead = [keras.Input((self.horizon, given.shape[-1]), name="ahead") for given in known]
        given = [window, *ahead] if ahead else window
        return keras.Model(given, self.unroll(given), name=FORECASTER)

    @staticmethod
    def _first_step(inputs: Inputs) -> Inputs:
        """Keep of what is known ahead the first step alone."""
        if not isinstance(inputs, list | tuple):
            return inputs
        window, ahead = inputs
        return [window, ahead[:, :1]]
