"""How often a season is seen where there is none, and how often one is found that is there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import pandas as pd

from components.data.analysis import season
from components.data.time_axis import likely_seasons
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.readme_sections import machine_sentence, write_section

SERIES = 1000
MOST_FALSE_ALARMS = 1.0  # %
# The most rows of each frequency; the fewest are a quarter of them, and 24 at least.
FREQUENCIES = {
    "every year": ("YS", 60),
    "every quarter": ("QS", 100),
    "every month": ("MS", 180),
    "every week": ("W", 300),
    "every business day": ("B", 800),
    "every day": ("D", 1000),
    "every hour": ("h", 2000),
    "every 10 minutes": ("10min", 2000),
}

Random = np.random.Generator


def _steps(random: Random, rows: int) -> np.ndarray:
    return random.normal(size=rows)


def _persistent(random: Random, rows: int) -> np.ndarray:
    noise = _steps(random, rows)
    for row in range(1, rows):
        noise[row] += 0.9 * noise[row - 1]
    return noise


def _rounded_curve(random: Random, rows: int) -> np.ndarray:
    return np.round(10 * np.exp(random.uniform(0.5, 3) * np.arange(rows) / rows), 1)


WITHOUT_SEASON: dict[str, Callable[[Random, int], np.ndarray]] = {
    "white noise": _steps,
    "heavy-tailed noise": lambda random, rows: random.standard_t(2, rows),
    "counts": lambda random, rows: random.poisson(2, rows).astype(float),
    "AR(1) noise of 0.9": _persistent,
    "random walks": lambda random, rows: np.cumsum(_steps(random, rows)),
    "random walks with drift": lambda random, rows: np.cumsum(_steps(random, rows) + random.normal() / 5),
    "straight lines": lambda random, rows: random.normal() * np.arange(rows) + random.normal(),
    "rounded lines": lambda random, rows: np.round(random.uniform(0.01, 0.9) * np.arange(rows)),
    "rounded curves": _rounded_curve,
    "trends under noise": lambda random, rows: 0.05 * np.arange(rows) + _steps(random, rows),
}


@dataclass(frozen=True)
class Share:
    """The share of series in which a season was seen, %."""

    kind: str
    frequency: str
    seen: float


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Look for seasons in 1,000 series of each kind and frequency; each takes its numbers from its name."""
    judged = list(ledger.pieces(Share, product(WITHOUT_SEASON, FREQUENCIES), _false_alarms, ", ".join))
    for kind in WITHOUT_SEASON:
        shares = [one.seen for one in judged if one.kind == kind]
        if shares:
            yield Measurement.of(
                f"seasons seen in {kind}", shares, "%", "at most, whatever the frequency", MOST_FALSE_ALARMS
            )
    found = list(ledger.pieces(Share, product(("seasons under noise",), FREQUENCIES), _found, ", ".join))
    if found:
        yield Measurement.of("seasons found under noise of the same size", [one.seen for one in found], "%")
    if len(judged) == len(WITHOUT_SEASON) * len(FREQUENCIES) and len(found) == len(FREQUENCIES):
        write_section("seasons", _section([*judged, *found]))


def _false_alarms(item: tuple[str, str]) -> Share:
    kind, frequency = item
    return Share(kind, frequency, _share_seen(frequency, WITHOUT_SEASON[kind], kind))


def _found(item: tuple[str, str]) -> Share:
    """Look for the season of the calendar, or of 7 rows where there is none, in noise of its own variance."""
    kind, frequency = item
    period = next(iter(_likely(frequency, 100)), 7)

    def make(random: Random, rows: int) -> np.ndarray:
        return np.tile(_steps(random, period), rows // period + 1)[:rows] + _steps(random, rows)

    return Share(kind, frequency, _share_seen(frequency, make, kind))


def _share_seen(frequency: str, make: Callable[[Random, int], np.ndarray], kind: str) -> float:
    random = np.random.default_rng([*f"{kind} {frequency}".encode()])
    most = FREQUENCIES[frequency][1]
    seen = 0
    for rows in random.integers(max(24, most // 4), most + 1, SERIES).tolist():
        seen += season(make(random, rows), _likely(frequency, rows)) is not None
    return 100 * seen / SERIES


@cache
def _likely(frequency: str, rows: int) -> tuple[int, ...]:
    return likely_seasons(_index(frequency, rows))


def _index(frequency: str, rows: int) -> pd.DatetimeIndex:
    return pd.date_range("2001-01-01", periods=rows, freq=FREQUENCIES[frequency][0])


def _section(shares: list[Share]) -> str:
    kinds = list(dict.fromkeys(one.kind for one in shares))
    seen = {(one.kind, one.frequency): one.seen for one in shares}
    rows = [
        f"| {kind} | {' | '.join(f'{seen[kind, frequency]:.1f}' for frequency in FREQUENCIES)} |"
        for kind in kinds
    ]
    return "\n".join(
        (
            f"{machine_sentence()}. Shares of {SERIES:,} series each in which a season is seen, %. "
            "In all rows but the last there is none.",
            "",
            f"| | {' | '.join(FREQUENCIES)} |",
            f"| --- |{' --- |' * len(FREQUENCIES)}",
            *rows,
        )
    )
