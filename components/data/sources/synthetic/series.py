"""Series made by a formula: one number or several in each of many rows."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from components.data.datasets import Series
from components.data.sources.synthetic import formulas
from components.data.sources.synthetic.corpus import draw_series
from components.data.sources.synthetic.generator import Generator, Origin, Parameter


def _series_generator(
    title: str,
    parameters: tuple[Parameter, ...],
    formula: Callable[..., np.ndarray],
    *,
    season: Callable[[dict[str, float]], int | None] = lambda parameters: None,
    columns: tuple[str, ...] = ("value",),
    is_panel: bool = False,
) -> Generator:
    """Name a formula for a series.

    Args:
        formula: given a length, a random generator and the parameters by name, gives (length,) float64, or
            (length, columns) where there are several.
        season: gives the steps after which the series repeats from the parameters by name, if it does.
        columns: their names.
        is_panel: whether they are series of one kind.
    """

    def make(origin: Origin, rng: np.random.Generator, **given: float) -> Series:
        length = origin.reference.length
        values = formula(length, rng, **given).reshape(length, -1)
        table = pd.DataFrame(values, columns=columns)
        return Series(*origin, table=table, season=season(given), is_panel=is_panel)

    return Generator(title, "series", parameters, make)


def _noise_parameter(high: float, default: float, step: float) -> Parameter:
    return Parameter("noise", "Noise", 0, high, default, step, "Standard deviation of the random part.")


def _ar_parameter(lag: int, default: float) -> Parameter:
    help = (
        "The coefficient of the last value: 1 keeps all of it, 0 none, and a negative one flips its sign."
        if lag == 1
        else f"The coefficient of the value {lag} steps back."
    )
    return Parameter(f"echo_{lag}", f"Coefficient at lag {lag}", -0.99, 0.99, default, 0.01, help)


def _wave_parameters(number: int, period: float, amplitude: float) -> tuple[Parameter, Parameter]:
    return (
        Parameter(
            f"period_{number}", f"Period {number}", 2, 1000, period, 1, "Steps from one peak to the next."
        ),
        Parameter(
            f"amplitude_{number}",
            f"Amplitude {number}",
            0,
            100,
            amplitude,
            0.1,
            "Height of the peaks; 0 removes this wave.",
        ),
    )


def _strongest_period(parameters: dict[str, float]) -> int | None:
    """Return the period of the highest of three waves, if there is any."""
    number = max((1, 2, 3), key=lambda number: parameters[f"amplitude_{number}"])
    return round(parameters[f"period_{number}"]) if parameters[f"amplitude_{number}"] else None


SERIES: dict[str, Generator] = {
    "sine": _series_generator(
        "Sine wave with trend and noise",
        (
            Parameter("period", "Period", 2, 500, 24, 1, "Steps from one peak to the next."),
            Parameter("amplitude", "Amplitude", 0, 100, 1, 0.1, "Height of a peak above the mean."),
            Parameter("trend", "Trend", -1, 1, 0, 0.001, "Rise of the mean at each step."),
            _noise_parameter(10, 0.1, 0.05),
        ),
        formulas.sine,
        season=lambda parameters: round(parameters["period"]),
    ),
    "sine_mix": _series_generator(
        "Three sine waves with noise",
        (
            *_wave_parameters(1, 24, 1),
            *_wave_parameters(2, 60, 0.5),
            *_wave_parameters(3, 7, 0.3),
            _noise_parameter(10, 0.1, 0.05),
        ),
        formulas.sine_mix,
        season=_strongest_period,
    ),
    "seasons": _series_generator(
        "Trend and two seasons with noise",
        (
            Parameter("trend", "Trend", -1, 1, 0.01, 0.001, "Rise of the mean at each step."),
            Parameter("period", "First season", 2, 1000, 24, 1, "Steps after which it repeats."),
            Parameter("height", "First amplitude", 0, 100, 2, 0.1, "Largest distance from the mean."),
            Parameter("period_2", "Second season", 2, 1000, 168, 1, "Steps after which it repeats."),
            Parameter("height_2", "Second amplitude", 0, 100, 1, 0.1, "Largest distance from the mean."),
            _noise_parameter(10, 0.3, 0.05),
        ),
        formulas.seasons,
        season=lambda parameters: round(parameters["period"]) if parameters["height"] else None,
    ),
    "shops": _series_generator(
        "Panel of six shops",
        (
            Parameter(
                "period", "Season", 2, 1000, 12, 1, "Steps after which the sales of every shop repeat."
            ),
            Parameter("spread", "Size spread", 0, 2, 1, 0.1, "How much the shops differ in size."),
            Parameter("growth", "Growth", 0, 0.1, 0.004, 0.001, "Mean growth of the sales at each step."),
            _noise_parameter(0.5, 0.05, 0.01),
        ),
        formulas.shops,
        season=lambda parameters: round(parameters["period"]),
        columns=tuple(f"shop {number}" for number in range(1, 7)),
        is_panel=True,
    ),
    "random_walk": _series_generator(
        "Random walk",
        (
            Parameter("step", "Step size", 0.01, 100, 1, 0.1, "Typical size of a step, up or down."),
            Parameter("drift", "Drift", -1, 1, 0, 0.01, "Mean rise at each step."),
        ),
        formulas.random_walk,
    ),
    "autoregression": _series_generator(
        "Autoregression, AR(3)",
        (
            _ar_parameter(1, 0.8),
            _ar_parameter(2, -0.5),
            _ar_parameter(3, 0),
            Parameter(
                "noise", "Noise", 0.01, 100, 1, 0.1, "Standard deviation of the new part of each value."
            ),
        ),
        formulas.autoregression,
    ),
    "regimes": _series_generator(
        "Regime switching",
        (
            Parameter("stay", "Duration", 2, 1000, 100, 1, "Mean length of a regime, in steps."),
            Parameter("gap", "Shift", -100, 100, 4, 0.5, "Rise of the mean in the volatile regime."),
            Parameter("calm", "Calm noise", 0.01, 10, 0.3, 0.05, "Noise in the calm regime."),
            Parameter("wild", "Volatile noise", 0.01, 10, 1.5, 0.05, "Noise in the volatile regime."),
        ),
        formulas.regimes,
    ),
    "mackey_glass": _series_generator(
        "Mackey–Glass chaos (blood cells)",
        (
            Parameter("delay", "Delay", 2, 100, 17, 1, "Steps until the body reacts; chaos begins at 17."),
            Parameter(
                "power", "Steepness", 2, 20, 10, 0.5, "How abruptly a surplus of cells stops new ones."
            ),
            _noise_parameter(1, 0, 0.01),
        ),
        formulas.mackey_glass,
    ),
    "corpus": _series_generator(
        "A series of the pretraining corpus",
        (Parameter("season", "Season", 1, 60, 12, 1, "Steps after which it may repeat; with 1 it doesn't."),),
        lambda length, rng, *, season: draw_series(rng, 1, round(season), length)[0],
        season=lambda parameters: round(parameters["season"]) if parameters["season"] >= 2 else None,
    ),
    "lorenz": _series_generator(
        "Lorenz attractor (weather)",
        (
            Parameter("sigma", "Prandtl number σ", 1, 20, 10, 0.5, "Ratio of viscosity to heat conduction."),
            Parameter(
                "rho",
                "Rayleigh number ρ",
                0,
                100,
                28,
                0.5,
                "How strongly the air is heated; below 1 it is at rest.",
            ),
            Parameter("beta", "Shape β", 0.5, 5, 2.67, 0.01, "How flat the convection rolls are."),
            Parameter("interval", "Time step", 0.01, 0.05, 0.02, 0.01, "Time from one row to the next."),
            _noise_parameter(10, 0, 0.1),
        ),
        formulas.lorenz,
        columns=("x", "y", "z"),
    ),
}
