"""What several seeds cost that are trained as one model, against one of them alone.

The networks are of the sizes that the product suggests, and one size above. Steps of each kind are timed in
turns, so that whatever else the machine does slows them all alike; of each the quickest turn counts.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.data.datasets import Provenance, Series
from components.recipe import Forecast, Recipe, Recurrent, Sample, Training
from components.tasks import forecast
from components.training.loop import Loop
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement

MEMBERS = (1, 3, 5)
MOST = 1.6
"""Times the seconds of one network that several may take."""
_ROWS, _HORIZON = 2500, 12
_TURNS, _STEPS = 12, 20


@dataclass(frozen=True)
class Size:
    """A network, and what it reads."""

    kind: str
    units: int
    window: int
    batch: int

    def __str__(self) -> str:
        return f"{self.kind} U{self.units} T{self.window} B{self.batch}"


SIZES = (
    Size("gru", 16, 24, 16),
    Size("gru", 16, 24, 32),
    Size("gru", 32, 36, 32),
    Size("gru", 32, 36, 64),
    Size("lstm", 32, 36, 32),
    Size("gru", 64, 36, 32),
)


@dataclass(frozen=True)
class Costs:
    """Milliseconds of a step of each number of members, every turn."""

    turns: dict[str, list[float]]


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Time all sizes."""
    found = dict(zip(SIZES, ledger.pieces(Costs, SIZES, _time_steps), strict=False))
    for size, costs in found.items():
        alone = min(costs.turns["1"])
        for members in MEMBERS[1:]:
            ratios = [
                turn / one for turn, one in zip(costs.turns[str(members)], costs.turns["1"], strict=True)
            ]
            yield Measurement.of(
                f"{members} seeds of {size} as one model: steps of one network",
                ratios,
                "times",
                "at most",
                MOST,
            )
        yield Measurement.of(f"a step of {size} alone", [alone], "ms")


def _time_steps(size: Size) -> Costs:
    loops = {members: _loop(size, members) for members in MEMBERS}
    for loop in loops.values():
        loop.run(2)
        loop.run(_STEPS)
    turns: dict[str, list[float]] = {str(members): [] for members in MEMBERS}
    for _ in range(_TURNS):
        for members, loop in loops.items():
            if loop.steps_per_epoch - loop.progress.step_in_epoch < _STEPS:
                loop.run(_STEPS)
                loop.end_epoch()
            began = time.perf_counter()
            loop.run(_STEPS)
            turns[str(members)].append(1e3 * (time.perf_counter() - began) / _STEPS)
    return Costs(turns)


def _loop(size: Size, members: int) -> Loop:
    values = np.sin(np.arange(_ROWS) / 2) + np.random.default_rng(0).normal(0, 0.2, _ROWS)
    series = Series(
        Sample(name="waves"), "Waves", Provenance("a benchmark", "none"), pd.DataFrame({"y": 5 + values})
    )
    recipe = Recipe(
        dataset=series.reference,
        task=Forecast(
            target="y",
            window=size.window,
            horizon=_HORIZON,
            base="last",
            window_scaling="standard",
            loss="quantile",
            members=members,
        ),
        model=Recurrent(kind=size.kind, units=size.units, dropout=0.3),
        training=Training(batch=size.batch, epochs=1000),
    )
    problem = forecast.prepare(recipe, series)
    return Loop(forecast.build(recipe, problem).model, problem, recipe)
