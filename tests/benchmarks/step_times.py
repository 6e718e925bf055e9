"""What the contenders of the benchmark of training took for the same network."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from tests.benchmarks.rivals.network import Cell, Network

ROOFLINE_SIZES = (256, 128)
"""Units and batch of the cells whose share of the hardware's limit is told."""


@dataclass(frozen=True)
class StepTimes:
    """Milliseconds of a training step, a value a round.

    Attributes:
        network: what was trained.
        ours: by the app's loop.
        keras_fit: by `keras.fit` in its quickest setting.
        keras_setting: which one that is.
        pytorch: by a PyTorch loop.
        limit: milliseconds that the matrix products of a cell's step would take at the rate of large ones;
            NaN of other networks.
    """

    network: Network
    ours: tuple[float, ...]
    keras_fit: tuple[float, ...]
    keras_setting: str
    pytorch: tuple[float, ...]
    limit: float

    @property
    def against_keras(self) -> float:
        """How many times as quick as `keras.fit`."""
        return statistics.median(self.keras_fit) / statistics.median(self.ours)

    @property
    def against_pytorch(self) -> float:
        """How many times as quick as PyTorch."""
        return statistics.median(self.pytorch) / statistics.median(self.ours)

    @property
    def share_of_limit(self) -> float:
        """Share of what the hardware allows."""
        return self.limit / statistics.median(self.ours)


@dataclass(frozen=True)
class SpeedRatios:
    """How several races went.

    Attributes:
        name: of what they have in common.
        ratios: against a rival, or shares of the limit.
        wanted: the geometric mean that is aimed at, and the least ratio; None where nothing is.
    """

    name: str
    ratios: tuple[float, ...]
    wanted: tuple[float, float | None]

    @property
    def mean(self) -> float:
        """The geometric mean."""
        return statistics.geometric_mean(self.ratios)


def speed_ratios(races: Sequence[StepTimes]) -> list[SpeedRatios]:
    """Sum races up by what is promised of them."""
    cells = [race for race in races if isinstance(race.network, Cell)]

    def of(kind: str, units: tuple[int, ...] = (32, 64, 128, 256)) -> list[StepTimes]:
        return [race for race in cells if race.network.kind == kind and race.network.units in units]

    chars = [race for race in races if race.network.name == "characters"]
    dates = [race for race in races if race.network.name == "dates"]
    wide = [race for race in of("lstm") if (race.network.units, race.network.batch) == ROOFLINE_SIZES]
    by_keras, by_torch = attrgetter("against_keras"), attrgetter("against_pytorch")
    rows = [
        ("LSTM against keras.fit", of("lstm"), by_keras, (1.7, 1.0)),
        ("LSTM against PyTorch", of("lstm"), by_torch, (1.2, 0.95)),
        ("LSTM of 32 and 64 units against keras.fit", of("lstm", (32, 64)), by_keras, (2.0, None)),
        ("LSTM of 32 and 64 units against PyTorch", of("lstm", (32, 64)), by_torch, (1.3, None)),
        ("GRU against keras.fit", of("gru"), by_keras, (1.8, 1.0)),
        ("GRU against PyTorch", of("gru"), by_torch, (2.0, None)),
        ("SimpleRNN against keras.fit", of("simple_rnn"), by_keras, (1.5, None)),
        ("SimpleRNN against PyTorch", of("simple_rnn"), by_torch, (1.0, None)),
        ("character model against keras.fit", chars, by_keras, (1.8, None)),
        ("character model against PyTorch", chars, by_torch, (1.1, None)),
        ("date translator against keras.fit", dates, by_keras, (1.0, None)),
        ("date translator against PyTorch", dates, by_torch, (1.0, None)),
        (
            "share of the hardware's limit, LSTM of 256 units, batch 128",
            wide,
            attrgetter("share_of_limit"),
            (0.65, None),
        ),
    ]
    return [
        SpeedRatios(name, tuple(map(ratio, found)), wanted) for name, found, ratio, wanted in rows if found
    ]
