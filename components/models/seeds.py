"""The seeds of a model: each weight and each dropout has its own, of the recipe's seed and of its name.

Nothing is drawn from a generator that others draw from too, in whatever thread.
"""

import inspect
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any, TypeVar, cast

import keras

L = TypeVar("L", bound=keras.Layer)

_INITIALIZERS: dict[str, type[keras.initializers.Initializer]] = {
    "glorot_uniform": keras.initializers.GlorotUniform,
    "he_uniform": keras.initializers.HeUniform,
    "orthogonal": keras.initializers.Orthogonal,
    "uniform": keras.initializers.RandomUniform,
}
"""Those that draw; left to themselves, they take a seed from Python's global generator."""


@dataclass(frozen=True)
class Seeds:
    """Derives the seeds of one model.

    Attributes:
        seed: the recipe's.
    """

    seed: int

    def of(self, name: str) -> int:
        """Return the seed that belongs to a name, 31 bits: the same on every machine."""
        return int.from_bytes(blake2b(f"{self.seed}/{name}".encode(), digest_size=4).digest()) >> 1

    def layer(self, kind: type[L], *args: Any, name: str, **config: Any) -> L:
        """Return a Keras layer that draws its weights, and its dropout, from seeds of their own.

        Args:
            kind: the layer's class.
            args: what it is given by place.
            name: the layer's, which no other layer of the model bears.
            config: what it is given by name.
        """
        for argument, value in (_defaults(cast(type, kind)) | config).items():
            if argument == "seed":
                config["seed"] = self.of(f"{name}/seed")
            elif argument.endswith("_initializer") and value in _INITIALIZERS:
                config[argument] = _INITIALIZERS[value](seed=self.of(f"{name}/{argument}"))
        return kind(*args, name=name, **config)


def next_seed(seed: int, more: int) -> int:
    """Return a seed that many higher, within what a recipe allows."""
    return (seed + more) % 2**31


@cache
def _defaults(kind: type[keras.Layer]) -> dict[str, Any]:
    """Return what a layer takes that chance may have a part in, with the defaults of its class.

    Reading that off takes longer than making most layers, and never changes.
    """
    parameters = {
        name: parameter.default
        for base in reversed(kind.__mro__)
        for name, parameter in inspect.signature(vars(base).get("__init__", object)).parameters.items()
    }
    return {
        name: default
        for name, default in parameters.items()
        if name == "seed" or name.endswith("_initializer")
    }
