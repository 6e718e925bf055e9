"""Trains the pretrained forecaster on series made as it goes, and goes on where it stopped.

    make pretrain ARGS="stack --steps 12000 --minutes 30"

Every step's batch is drawn from the seed and the step's number, so it doesn't matter how often and where a
training was interrupted. Where its state is gone, it goes on from the weights that it left. The learning rate
stays until three quarters of the steps are made and then falls to nothing: with more steps a training that is
not yet so far goes on as if it had been begun with them.
"""

import argparse
import io
import json
import logging
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from components.data.sources.synthetic.corpus import draw_series
from components.models.pretrained.features import LONGEST_HISTORY, Features, Variant, read
from components.models.pretrained.forecaster import (
    EXAMPLE,
    EXAMPLE_HORIZON,
    EXAMPLE_SEASON,
    MEDIAN,
    QUANTILES,
    WEIGHTS,
    apply,
    read_context,
)
from components.models.pretrained.network import build_network, weight_name
from components.training.clipping import clip_gradients
from components.training.loop import assign_values

log = logging.getLogger(__name__)

STATES = Path(".pretraining")
"""Where a training's state is kept, beside the folder of weights that ships."""
BATCH = 256
_RATE, _DECAY, _AVERAGING = 2e-3, 1e-3, 0.998
_WARM_UP = 100
"""Steps over which the learning rate rises, until the optimiser knows how large gradients are."""
_CONSTANT = 0.75
"""Share of the steps after which the learning rate falls."""
_HISTORIES = (8, 16, 32, 48, 64, 96, LONGEST_HISTORY)
"""Rows that the recurrent layer is trained to read: a shape is compiled once, and then used often."""
_REPORT_STEPS, _VALIDATION_BATCHES, _VALIDATION_SEED = 500, 16, 999


@dataclass(frozen=True)
class _Season:
    share: float
    rows: tuple[int, int]
    horizons: tuple[int, ...]


_SEASONS = {
    12: _Season(0.38, (30, 156), (12, 18)),
    4: _Season(0.25, (12, 80), (8,)),
    1: _Season(0.19, (10, 60), (6,)),
    7: _Season(0.05, (21, 156), (12,)),
    24: _Season(0.05, (60, 156), (24, 48)),
    52: _Season(0.03, (110, 156), (12,)),
    0: _Season(0.05, (20, 156), (12, 18)),  # any other
}


@dataclass(frozen=True)
class Report:
    """What a training has come to: scaled absolute errors on made-up series that it never learns from.

    Attributes:
        step: updates made.
        series: series seen.
        training: mean loss since the report before.
        error: of the median forecast.
        baseline: of the averaged smoothing, on the same series.
        coverage: share of the values within the 10 % and 90 % quantiles.
        minutes: spent so far, on one core.
    """

    step: int
    series: int
    training: float
    error: float
    baseline: float
    coverage: float
    minutes: float


@dataclass(frozen=True, eq=False)
class _Batch:
    features: Features
    truth: np.ndarray
    """(B, H) in units of the features"""


def draw_batch(variant: Variant, rng: np.random.Generator, count: int) -> _Batch:
    """Draw `count` series of one season and one length, with what comes after them."""
    season = int(rng.choice(list(_SEASONS), p=[kind.share for kind in _SEASONS.values()]))
    kind = _SEASONS[season]
    season = season or int(rng.integers(2, 61))
    rows = int(rng.integers(max(kind.rows[0], 2 * season + 2), kind.rows[1] + 1))
    horizon = int(rng.choice(kind.horizons))
    parts, missing = [], count
    while missing:
        series = draw_series(rng, missing + 16, season, rows + horizon)
        known = series[:, :rows]
        unit = np.abs(known[:, season:] - known[:, :-season]).mean(1)
        series = series[unit > 1e-4 * np.ptp(known, axis=1)]
        parts.append(series[:missing])
        missing -= len(parts[-1])
    series = np.concatenate(parts)
    known = series[:, :rows]
    if rng.random() < 0.1:
        gaps = rng.random(known.shape) < rng.uniform(0.02, 0.25)
        gaps[:, -1] = gaps[:, 0] = False
        known = np.where(gaps, np.nan, known)
    features = read(known, season, horizon).features(variant)
    return _Batch(features, (series[:, rows:] - features.location) / np.maximum(features.scale, 1e-12))


class Pretraining:
    """Trains one network.

    Args:
        variant: which of them.
        steps: updates to make in all.
        seed: of the weights and of the series.
    """

    def __init__(self, variant: Variant, steps: int, seed: int):
        self.variant, self.steps, self.seed = variant, steps, seed
        self.step, self.seconds, self.reports = 0, 0.0, list[Report]()
        self._warm_from = 0  # the step at which the optimiser knew nothing yet
        self._network = build_network(variant, seed)
        self._weights = self._network.trainable_variables
        self._averages = [tf.Variable(weight, trainable=False) for weight in self._weights]
        self._optimizer = keras.optimizers.AdamW(_RATE, weight_decay=_DECAY)
        self._optimizer.build(self._weights)
        self._update = tf.function(self._update_graph)
        self._losses: list[float] = []

    def train(self, minutes: float, folder: Path) -> None:
        """Train for so long or to the end; keep the state, and report."""
        until = time.monotonic() + 60 * minutes
        while self.step < self.steps and time.monotonic() < until:
            start = time.process_time()
            self._advance()
            self.seconds += time.process_time() - start
            if self.step % _REPORT_STEPS == 0 or self.step == self.steps:
                self.reports.append(self._report())
                log.info("%s %s", self.variant, json.dumps(asdict(self.reports[-1])))
                self.save(folder)
        self.save(folder)

    def _advance(self) -> None:
        batch = draw_batch(self.variant, np.random.default_rng([self.seed, 1, self.step]), BATCH)
        features = batch.features
        length = max(length for length in _HISTORIES if length <= features.history.shape[1])
        easy = np.abs(features.candidates[..., -1] - batch.truth).mean(1)
        weights = 1 / np.maximum(easy / 4, 1)  # nobody can forecast some of them
        warm = (self.step - self._warm_from + 1) / _WARM_UP
        rate = _RATE * min(1.0, warm, (1 - self.step / self.steps) / (1 - _CONSTANT))
        loss = self._update(
            tf.constant(features.history[:, -length:]),
            tf.constant(features.ahead),
            tf.constant(features.candidates),
            tf.constant(batch.truth, tf.float32),
            tf.constant(weights, tf.float32),
            tf.constant(rate, tf.float32),
            tf.constant(min(_AVERAGING, (1 + self.step) / (10 + self.step)), tf.float32),
        )
        self._losses.append(float(loss.numpy()))
        self.step += 1

    def _update_graph(
        self,
        history: tf.Tensor,
        ahead: tf.Tensor,
        candidates: tf.Tensor,
        truth: tf.Tensor,
        weights: tf.Tensor,
        rate: tf.Tensor,
        averaging: tf.Tensor,
    ) -> tf.Tensor:
        with tf.GradientTape() as tape:
            quantiles = self._network([history, ahead, candidates], training=True)
            loss = tf.reduce_mean(weights[:, None] * _loss(truth, quantiles))
        gradients = [tf.convert_to_tensor(found) for found in tape.gradient(loss, self._weights)]
        squares = tf.stack([tf.reduce_sum(tf.square(gradient)) for gradient in gradients])
        gradients, _ = clip_gradients(gradients, squares, "global_norm", tf.constant(1.0))
        self._optimizer.learning_rate.assign(rate)
        self._optimizer.apply(gradients)
        for average, weight in zip(self._averages, self._weights, strict=True):
            average.assign(averaging * average + (1 - averaging) * weight)
        return loss

    def _report(self) -> Report:
        weights, errors, baselines, held = self.weights(), [], [], []
        for number in range(_VALIDATION_BATCHES):
            batch = draw_batch(self.variant, np.random.default_rng([_VALIDATION_SEED, number]), 64)
            found, features = apply(weights, batch.features), batch.features
            quantiles = (found.quantiles - features.location[..., None]) / features.scale[..., None]
            errors.append(np.abs(quantiles[..., MEDIAN] - batch.truth).mean())
            baselines.append(np.abs(features.candidates[..., -1] - batch.truth).mean())
            held.append(((batch.truth >= quantiles[..., 0]) & (batch.truth <= quantiles[..., -1])).mean())
        recent, self._losses = self._losses, []
        return Report(
            step=self.step,
            series=self.step * BATCH,
            training=round(float(np.mean(recent)), 4),
            error=round(float(np.mean(errors)), 4),
            baseline=round(float(np.mean(baselines)), 4),
            coverage=round(float(np.mean(held)), 3),
            minutes=round(self.seconds / 60, 1),
        )

    # --- What is kept -----------------------------------------------------------------------------

    def weights(self) -> dict[str, np.ndarray]:
        """Return the averaged weights, as the forecaster reads them."""
        return {
            weight_name(weight): average.numpy()
            for weight, average in zip(self._weights, self._averages, strict=True)
        }

    def save(self, folder: Path) -> None:
        """Keep all that the next step depends on, and the weights that ship."""
        variables = [*self._weights, *self._averages, *self._optimizer.variables]
        rest = {
            "step": self.step,
            "warm_from": self._warm_from,
            "seconds": self.seconds,
            "reports": [asdict(one) for one in self.reports],
        }
        STATES.mkdir(exist_ok=True)
        arrays = {f"{number:04}": np.array(variable) for number, variable in enumerate(variables)}
        _write(self._state_file, {"rest": np.array(json.dumps(rest)), **arrays})
        folder.mkdir(exist_ok=True)
        _write(folder / f"{self.variant}.npz", self.weights())
        reading = read_context(EXAMPLE[None], EXAMPLE_SEASON, EXAMPLE_HORIZON)
        example = apply(self.weights(), reading.features(self.variant)).quantiles[0]
        came_to = {
            "seed": self.seed,
            "parameters": self._network.count_params(),
            "example": np.round(example, 4).tolist(),
            "reports": rest["reports"],
        }
        (folder / f"{self.variant}.json").write_text(json.dumps(came_to, indent=1) + "\n")

    def resume(self, folder: Path) -> None:
        """Go on from the state that was kept; else from the weights of a folder; else begin."""
        if not self._state_file.exists():
            self._resume_from_weights(folder)
            return
        with np.load(self._state_file, allow_pickle=False) as file:
            rest = json.loads(str(file["rest"]))
            values = [file[name] for name in sorted(file.files) if name != "rest"]
        assign_values([*self._weights, *self._averages, *self._optimizer.variables], values)
        self.step, self.seconds, self._warm_from = rest["step"], rest["seconds"], rest["warm_from"]
        self.reports = [Report(**one) for one in rest["reports"]]

    def _resume_from_weights(self, folder: Path) -> None:
        """Go on from weights that were left, with an optimiser that knows nothing yet."""
        came_to = folder / f"{self.variant}.json"
        if not came_to.exists():
            return
        left = json.loads(came_to.read_text())
        if left["seed"] != self.seed or not left["reports"]:
            return
        with np.load(folder / f"{self.variant}.npz", allow_pickle=False) as file:
            values = [file[weight_name(weight)] for weight in self._weights]
        assign_values([*self._weights, *self._averages], [*values, *values])
        self.reports = [Report(**one) for one in left["reports"]]
        self.step = self._warm_from = self.reports[-1].step
        self.seconds = 60 * self.reports[-1].minutes

    @property
    def _state_file(self) -> Path:
        return STATES / f"{self.variant}-{self.seed}.npz"


def _loss(truth: tf.Tensor, quantiles: tf.Tensor) -> tf.Tensor:
    """Return the absolute error of the median and 0.6 times the quantile losses of the others, (B, H)."""
    total = tf.abs(truth - quantiles[..., MEDIAN])
    for place, share in enumerate(QUANTILES):
        if place != MEDIAN:
            missed = truth - quantiles[..., place]
            total += 0.6 * tf.maximum(share * missed, (share - 1) * missed)
    return total


def _write(path: Path, arrays: dict[str, np.ndarray]) -> None:
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    new = path.with_suffix(".new")
    new.write_bytes(file.getvalue())
    new.replace(path)


def main() -> None:
    """Read the command line, train, and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("variant", choices=("stack", "pure"))
    parser.add_argument("--steps", type=int, default=12_000, help="updates in all")
    parser.add_argument("--minutes", type=float, default=600, help="at most, this time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--to", type=Path, default=WEIGHTS, help="folder of the weights")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    training = Pretraining(asked.variant, asked.steps, asked.seed)
    training.resume(asked.to)
    training.train(asked.minutes, asked.to)


if __name__ == "__main__":
    main()
