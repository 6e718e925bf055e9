"""Where chance begins: Keras draws initial weights and the seeds of dropout from one global generator."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import keras

_drawing = threading.Lock()


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Build a model inside of this, and it begins with the same numbers each time.

    Only one is built at a time: another thread that draws from the generator would change what this
    one gets.
    """
    with _drawing:
        keras.utils.set_random_seed(seed)
        yield
