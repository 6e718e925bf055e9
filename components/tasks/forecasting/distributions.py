"""What a forecaster's outputs say of what is to come: the forecast, its quantiles, chance draws."""

from typing import Any

import numpy as np

from components.data.transforms import Scaler
from components.models.head_spec import SHARPNESS, HeadSpec, predicted_quantiles
from components.recipe import Forecast


class OutputDistribution:
    """Reads a model's outputs, in the units that the model sees, and answers in them.

    Outputs are (N, H) values, or (N, H, numbers) quantiles or parameters of a distribution.

    Args:
        task: names the loss, and with it what outputs mean.
        scaler: of the series; counts are counted in their own units.
    """

    def __init__(self, task: Forecast, scaler: Scaler):
        self._task, self._head = task, HeadSpec.of(task)
        self._offset, self._scale = float(scaler.offset[0]), float(scaler.scale[0])

    @property
    def is_probabilistic(self) -> bool:
        """Whether outputs say more than one value of each step."""
        return self._head.numbers > 1

    def forecast(self, outputs: np.ndarray) -> np.ndarray:
        """Return the forecast, (N, H): the value, the median, or the mean of the distribution."""
        if self._task.loss == "negative_binomial":
            return self._scaled(self._mean_count(outputs[..., 0]))
        return outputs[..., self._head.middle] if self.is_probabilistic else outputs

    def quantiles(self, outputs: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Return quantiles of each step, (Q, N, H); of a value they are all that value.

        Args:
            outputs: of the model.
            at: (Q,) between 0 and 1. Between two that were learnt they lie on a line; beyond the outermost
                they are those.
        """
        if not self.is_probabilistic:
            return np.broadcast_to(outputs, (len(at), *outputs.shape))
        if self._task.loss == "quantile":
            place, way = self._learnt(at)
            lower, upper = outputs[..., place], outputs[..., place + 1]
            return np.moveaxis(lower + way * (upper - lower), -1, 0)
        distribution = self._distribution(outputs)
        return np.stack([self._own(distribution.ppf(share)) for share in at])

    def draw(self, outputs: np.ndarray, chance: np.random.Generator) -> np.ndarray:
        """Draw what may come, (N, H), each step for itself; of a value it is that value."""
        if not self.is_probabilistic:
            return outputs
        if self._task.loss == "quantile":
            place, way = self._learnt(chance.random(outputs.shape[:2]))
            lower, upper = (np.take_along_axis(outputs, (place + n)[..., None], -1)[..., 0] for n in (0, 1))
            return lower + way * (upper - lower)
        # Told its shape, for SciPy drops axes of one row.
        drawn = self._distribution(outputs).rvs(size=outputs.shape[:2], random_state=chance)
        return self._own(drawn)

    def _learnt(self, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Find the learnt quantile below each share, and how far it is from there to the next."""
        known = np.array(predicted_quantiles(self._task))
        wanted = np.clip(shares, known[0], known[-1])
        place = np.clip(np.searchsorted(known, wanted, side="right") - 1, 0, len(known) - 2)
        return place, (wanted - known[place]) / (known[place + 1] - known[place])

    def _distribution(self, outputs: np.ndarray) -> Any:
        """Return SciPy's distribution of every step; that of counts is in their own units."""
        from scipy import stats  # noqa: PLC0415 - takes a second

        parameters = np.moveaxis(outputs.astype(np.float64), -1, 0)
        if self._task.loss == "gaussian":
            return stats.norm(*parameters)
        if self._task.loss == "student_t":
            place, spread, freedom = parameters
            return stats.t(freedom, place, spread)
        mean, alpha = self._mean_count(parameters[0]), parameters[1]
        return stats.nbinom(1 / alpha, 1 / (1 + alpha * mean))

    def _mean_count(self, place: np.ndarray) -> np.ndarray:
        """Return the mean of counts that a place stands for, as
        `components.models.window_scaling.count_mean` does."""
        sharp = (place * self._scale + self._offset) * (SHARPNESS / self._scale)
        return np.logaddexp(0, sharp) * (self._scale / SHARPNESS)

    def _own(self, values: np.ndarray) -> np.ndarray:
        return self._scaled(values) if self._task.loss == "negative_binomial" else values

    def _scaled(self, counts: np.ndarray) -> np.ndarray:
        return (counts - self._offset) / self._scale
