"""What stands at the two ends of a forecaster, whatever the layers between: told without TensorFlow."""

from dataclasses import dataclass
from typing import Literal, Self

from components.recipe import Forecast, Loss, Strategy, WindowScaling

ResidualBase = Literal["none", "last", "season", "still", "season_of_changes", "given"]
"""What the output is added to, in the units that the model sees: nothing; the window's last value; its value
of the same time last season; no change at all; the changes that repeat last season's values; or a
forecast that comes with the window."""

FORECASTER = "forecaster"
"""Name of the models that forecast."""
DECODER = "decoder"
"""Name of the layer that goes over the steps ahead."""
MIN_SPREAD = 0.01
"""Of a normal or a Student's distribution, in the units that the model sees."""
PRETRAINED_UNITS = 64
"""Of each layer of the pretrained network."""
SHARPNESS = 10.0
"""With which the mean of counts bends away from zero."""

_PARAMETER_COUNTS = {"gaussian": 2, "student_t": 3, "negative_binomial": 2}
_INNER_QUANTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class HeadSpec:
    """What a forecaster is given, and what its last layer gives.

    Attributes:
        loss: what its outputs are judged by, and so what they mean.
        numbers: outputs for each step ahead: quantiles, parameters of a distribution, or the value alone.
        middle: which of them is the forecast: the median, the mean or the place of the distribution.
        residual_base: what the output is added to.
        season: steps after which the series repeats.
        zero: what no change at all is in the units that the model sees.
        window_scaling: of each window.
        strategy: how it gets to several steps.
        ahead: of the numbers of each step, how many are known for the steps to come too: the last ones.
        start: numbers of each step ahead that the given forecast consists of: its quantiles, or itself alone;
            0 where none is given.
        states: numbers that the pretrained network made of the series, told at each step ahead; 0: none are.
        segment: steps that are read as one, and that a decoder forecasts at once.
        members: networks that differ only in their seeds, whose median is the forecast.
    """

    loss: Loss = "mse"
    numbers: int = 1
    middle: int = 0
    residual_base: ResidualBase = "none"
    season: int = 1
    zero: float = 0.0
    window_scaling: WindowScaling = "none"
    strategy: Strategy = "direct"
    ahead: int = 0
    start: int = 0
    states: int = 0
    segment: int = 1
    members: int = 1

    @property
    def told(self) -> int:
        """Numbers that the model is told of each step ahead: what is known, the start, the states."""
        return self.ahead + self.start + self.states

    def segments(self, steps: int) -> int:
        """Return how many segments hold so many steps, of which the last may have fewer."""
        return -(-steps // self.segment)

    @classmethod
    def of(cls, task: Forecast, zero: float = 0.0, ahead: int = 0) -> Self:
        """Return the head that a task asks for; `zero` and `ahead` are as above."""
        return cls(
            loss=task.loss,
            numbers=len(predicted_quantiles(task)) or _PARAMETER_COUNTS.get(task.loss, 1),
            middle=len(predicted_quantiles(task)) // 2,
            residual_base=_residual_base(task),
            season=task.season or 1,
            zero=zero,
            window_scaling=task.window_scaling,
            strategy=task.strategy,
            ahead=ahead,
            start=start_width(task),
            states=state_width(task),
            segment=task.segment,
            members=task.members,
        )


def predicted_quantiles(task: Forecast) -> tuple[float, ...]:
    """Return the quantiles that a model learns, the lowest first: the band's ends, the quarters and the
    median.

    None where it learns something else.
    """
    if task.loss != "quantile":
        return ()
    # Rounded, so that 0.5 gives the quarters themselves.
    ends = (round((1 - task.level) / 2, 6), round((1 + task.level) / 2, 6))
    return tuple(sorted({*_INNER_QUANTILES, *ends}))


def start_width(task: Forecast) -> int:
    """Return how many numbers of each step ahead a given forecast has; 0 where none is given."""
    if task.base in ("pretrained", "combination"):
        return len(predicted_quantiles(task)) or 1
    return 1 if task.base == "classical" else 0


def state_width(task: Forecast) -> int:
    """Return how many numbers are told of what the pretrained network read; 0 where none are."""
    return PRETRAINED_UNITS if task.transferred == "states" else 0


def _residual_base(task: Forecast) -> ResidualBase:
    """Return what the output is added to, so that adding nothing repeats the last value or season."""
    if task.base == "none":
        return "none"
    if task.base in ("classical", "pretrained", "combination"):
        return "given"
    if task.transform == "seasonal_difference":
        return "still"  # checks refuse the last value: the model doesn't see it
    if task.transform == "difference":
        return "still" if task.base == "last" else "season_of_changes"
    return "last" if task.base == "last" else "season"
