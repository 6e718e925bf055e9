"""`keras.Model.fit` with Keras' own layers, in whichever of its settings is the quickest."""

import time

import keras
import numpy as np

from tests.benchmarks.rivals.network import Cell, Characters, Dates, Network

LAYERS = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "simple_rnn": keras.layers.SimpleRNN}
TOGETHER = 16
"""Steps of one call, where that takes less than a second."""


class KerasFit:
    """Trains whole epochs: step by step, many steps a call, and these compiled by XLA; the quickest goes on.

    Args:
        network: what to train.
        seconds: that one timing should take.
    """

    name = "best keras.fit"

    def __init__(self, network: Network, seconds: float):
        first = _Fit(network, seconds, by_xla=False, together=1)
        once = first.milliseconds()
        together = max(1, min(TOGETHER, round(1000 / once)))
        tried = {first: once}
        for by_xla in (False, True):
            if by_xla or together > 1:
                fit = _Fit(network, seconds, by_xla, together)
                tried[fit] = fit.milliseconds()
        self._best = min(tried, key=lambda fit: tried[fit])
        self.setting = f"jit_compile={self._best.by_xla}, steps_per_execution={self._best.together}"

    def milliseconds(self) -> float:
        """Time a training step."""
        return self._best.milliseconds()


class _Fit:
    def __init__(self, network: Network, seconds: float, by_xla: bool, together: int):
        self.by_xla, self.together, self._network = by_xla, together, network
        self._model, loss = _built(network)
        self._model.compile(
            keras.optimizers.Adam(global_clipnorm=1.0),
            loss,
            jit_compile=by_xla,
            steps_per_execution=together,
        )
        self._inputs, self._targets = _examples(network, together)
        self.milliseconds()  # compiles
        once = self.milliseconds()
        calls = max(1, round(1000 * seconds / once / together))
        self._inputs, self._targets = _examples(network, together * calls)

    def milliseconds(self) -> float:
        """Time a training step of a whole epoch."""
        batch, start = self._network.batch, time.perf_counter()
        self._model.fit(self._inputs, self._targets, batch_size=batch, epochs=1, verbose=0)
        return 1000 * (time.perf_counter() - start) * batch / len(self._targets)


def _examples(network: Network, batches: int) -> tuple[np.ndarray | list[np.ndarray], np.ndarray]:
    random, count = np.random.default_rng(0), batches * network.batch
    match network:
        case Cell():
            windows = random.standard_normal((count, network.steps, 1), dtype=np.float32)
            return windows, windows[:, -1]
        case Characters():
            tokens = random.integers(network.tokens, size=(count, network.steps + 1), dtype=np.int32)
            return tokens[:, :-1], tokens[:, 1:]
        case Dates():
            dates = random.integers(1, network.sources, size=(count, network.source), dtype=np.int32)
            answers = random.integers(1, network.answers, size=(count, network.answer + 1), dtype=np.int32)
            return [dates, answers[:, :-1]], answers[:, 1:]


def _built(network: Network) -> tuple[keras.Model, str | keras.losses.Loss]:
    by_token = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    match network:
        case Cell():
            return _cell(network), "mse"
        case Characters():
            return _characters(network), by_token
        case Dates():
            return _dates(network), by_token


def _cell(cell: Cell) -> keras.Model:
    layers = [
        LAYERS[cell.kind](cell.units, return_sequences=layer + 1 < cell.layers)
        for layer in range(cell.layers)
    ]
    return keras.Sequential([keras.Input((cell.steps, 1)), *layers, keras.layers.Dense(1)])


def _characters(network: Characters) -> keras.Model:
    # Each batch goes on where the one before it ended, as in the app.
    lstms = [
        keras.layers.LSTM(network.units, return_sequences=True, stateful=True) for _ in range(network.layers)
    ]
    return keras.Sequential(
        [
            keras.Input((network.steps,), batch_size=network.batch, dtype="int32"),
            keras.layers.Embedding(network.tokens, network.embedding),
            *lstms,
            keras.layers.Dense(network.tokens),
        ]
    )


def _dates(network: Dates) -> keras.Model:
    source = keras.Input((network.source,), dtype="int32")
    answer = keras.Input((network.answer,), dtype="int32")
    read = keras.layers.Embedding(network.sources, network.units, mask_zero=True)(source)
    reader = keras.layers.LSTM(network.units, return_sequences=True, return_state=True)
    read, *ends = keras.layers.Bidirectional(reader)(read)
    states = [keras.layers.Concatenate()([ends[of], ends[of + 2]]) for of in (0, 1)]
    written = keras.layers.Embedding(network.answers, 2 * network.units)(answer)
    written = keras.layers.LSTM(2 * network.units, return_sequences=True)(written, initial_state=states)
    asked, offered = (keras.layers.Dense(2 * network.units, use_bias=False) for _ in range(2))
    seen = keras.layers.AdditiveAttention()([asked(written), read, offered(read)])
    both = keras.layers.Concatenate()([written, seen])
    both = keras.layers.Dense(2 * network.units, activation="tanh")(both)
    return keras.Model([source, answer], keras.layers.Dense(network.answers)(both))
