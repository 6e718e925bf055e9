"""Series made by a formula: the same reference always gives the same numbers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.data.dataset import Dataset, Provenance
from components.errors import DataError
from components.recipe import Generated


@dataclass(frozen=True)
class Parameter:
    """A number that people choose."""

    name: str
    label: str
    low: float
    high: float
    default: float
    step: float
    help: str


@dataclass(frozen=True)
class Generator:
    """A formula for a series.

    Attributes:
        make: given a length, a random generator and the parameters by name, gives (length,) float64.
        season: gives the steps after which the series repeats from the parameters by name, if it does.
    """

    title: str
    parameters: tuple[Parameter, ...]
    make: Callable[..., np.ndarray]
    season: Callable[[dict[str, float]], int | None] = lambda parameters: None


def load(reference: Generated) -> Dataset:
    """Make the series: one column, `value`, in numbered rows.

    Raises:
        DataError: if the generator or a parameter is unknown, or a parameter out of its bounds.
    """
    generator = GENERATORS.get(reference.name)
    if generator is None:
        raise DataError(
            f"There is no formula “{reference.name}”.", where="dataset", remedy=f"Use {_either(GENERATORS)}."
        )
    parameters = _parameters(reference, generator)
    values = generator.make(reference.length, np.random.default_rng(reference.seed), **parameters)
    return Dataset(
        reference=reference,
        title=generator.title,
        table=pd.DataFrame({"value": values}),
        provenance=Provenance(f"Made here by a formula, with seed {reference.seed}", "None needed"),
        season=generator.season(parameters),
    )


def _parameters(reference: Generated, generator: Generator) -> dict[str, float]:
    known = {parameter.name: parameter for parameter in generator.parameters}
    for name, value in reference.parameters.items():
        if name not in known:
            raise DataError(
                f"“{generator.title}” has no parameter “{name}”.",
                where="dataset",
                remedy=f"Use {_either(known)}.",
            )
        if not known[name].low <= value <= known[name].high:
            raise DataError(
                f"{value:g} is out of bounds.",
                where=f"dataset, {known[name].label.lower()}",
                remedy=f"Choose a number from {known[name].low:g} to {known[name].high:g}.",
            )
    return {name: reference.parameters.get(name, known[name].default) for name in known}


def _either(names: dict) -> str:
    return " or ".join(f"“{name}”" for name in names)


# --- The formulas ----------------------------------------------------------------------------------


def _sine(
    length: int, rng: np.random.Generator, *, period: float, amplitude: float, trend: float, noise: float
) -> np.ndarray:
    steps = np.arange(length)
    wave = amplitude * np.sin(2 * np.pi * steps / period)
    return wave + trend * steps + noise * rng.standard_normal(length)


def _random_walk(length: int, rng: np.random.Generator, *, step: float, drift: float) -> np.ndarray:
    return np.cumsum(drift + step * rng.standard_normal(length))


GENERATORS: dict[str, Generator] = {
    "sine": Generator(
        "Sine wave with trend and noise",
        (
            Parameter("period", "Period", 2, 500, 24, 1, "Steps from one crest to the next."),
            Parameter("amplitude", "Amplitude", 0, 100, 1, 0.1, "Height of a crest above the middle."),
            Parameter("trend", "Trend", -1, 1, 0, 0.001, "How much the middle rises at each step."),
            Parameter("noise", "Noise", 0, 10, 0.1, 0.05, "Typical size of the random part."),
        ),
        _sine,
        season=lambda parameters: round(parameters["period"]),
    ),
    "random_walk": Generator(
        "Random walk",
        (
            Parameter("step", "Step size", 0.01, 100, 1, 0.1, "Typical size of a step, up or down."),
            Parameter("drift", "Drift", -1, 1, 0, 0.01, "How much it rises at each step on average."),
        ),
        _random_walk,
    ),
}
