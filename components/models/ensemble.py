"""Several networks that differ only in their seeds, trained and asked as one model."""

from collections.abc import Callable
from typing import Any, Literal

import keras
import tensorflow as tf
from keras import ops

from components.models.fused.stacked import Hidden, split_members
from components.models.head_spec import FORECASTER
from components.models.recursive import Recursive

Combination = Literal["median", "mean"]


class Ensemble(keras.Model):
    """Networks of one shape side by side: their weights stacked, their products batched.

    Asked, it gives the median of what they say. While it learns it gives what each says, one member's batch
    after the other's, (members · batch, …), and each learns as it would alone.

    Args:
        core: (members · batch, …) → (members · batch, …), with `components.models.fused.stacked` layers.
        members: networks in it.
        single: builds a new network like one of the members, by its place.
        combination: what is given of what they say.
    """

    def __init__(
        self,
        core: keras.Model,
        members: int,
        single: Callable[[int], keras.Model],
        combination: Combination = "median",
    ):
        super().__init__(name=FORECASTER)
        self.core, self.members = core, members
        self._single, self._combination = single, combination
        self._kept = Hidden([])
        self.built = True

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return what each says while it learns, and else the median."""
        said = self.core(self.for_each(inputs), training=training)
        return said if training else self._combine(said)

    def dropout_outputs(self, inputs: Any) -> Any:
        """Return the median with dropout at work in each."""
        given = self.for_each(inputs)
        if isinstance(self.core, Recursive):
            return self._combine(self.core.unroll(given, training=True))
        return self._combine(self.core(given, training=True))

    def for_each(self, tensors: Any) -> Any:
        """Repeat a batch for every member."""
        return keras.tree.map_structure(
            lambda tensor: tf.tile(tensor, [self.members, *[1] * (len(tensor.shape) - 1)]), tensors
        )

    def member(self, place: int) -> keras.Model:
        """Return a member as a network of its own, with the weights that it has now."""
        found = self._single(place)
        self._assign(found, place)
        return found

    @property
    def first(self) -> keras.Model:
        """The first member as a network of its own, with the weights that it has now; always the same one."""
        if not self._kept.layers:
            self._kept.layers = [self._single(0)]
        self._assign(self._kept.layers[0], 0)
        return self._kept.layers[0]

    def to_functional(self) -> keras.Model:
        """Return all of it as a model that needs no code of ours."""
        members = [to_functional(self.member(place)) for place in range(self.members)]
        given = keras.tree.map_structure(
            lambda one: keras.Input(one.shape[1:], name=one.name), members[0].input
        )
        said = []
        for place, member in enumerate(members, 1):
            member.name = f"member_{place}"
            said.append(member(given))
        return keras.Model(given, self._summarize(ops.stack(said)), name=FORECASTER)

    def _combine(self, said: Any) -> Any:
        return self._summarize(split_members(said, self.members))

    def _summarize(self, said: Any) -> Any:
        return ops.median(said, axis=0) if self._combination == "median" else ops.mean(said, axis=0)

    def _assign(self, single: keras.Model, place: int) -> None:
        """Give a single network the weights of a member."""
        stacked = {layer.name: layer for layer in layers_of(self)}
        for layer in layers_of(single):
            if layer.trainable_variables:
                every = stacked[layer.name].trainable_variables
                for own, all_members in zip(layer.trainable_variables, every, strict=True):
                    own.assign(all_members[place])


def layers_of(model: keras.Model) -> list[keras.Layer]:
    """Return the layers of a forecaster, however it gets to several steps and of however many networks."""
    while isinstance(model, Ensemble | Recursive):
        model = model.core
    return model.layers


def to_functional(model: keras.Model) -> keras.Model:
    """Return a forecaster as a model that needs no code of ours."""
    return model.to_functional() if isinstance(model, Ensemble | Recursive) else model
