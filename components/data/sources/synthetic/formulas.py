"""Formulas for series: each gives (length,) or (length, columns) float64 out of a random generator."""

import math
from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np

State = tuple[float, ...]


def sine(
    length: int, rng: np.random.Generator, *, period: float, amplitude: float, trend: float, noise: float
) -> np.ndarray:
    """Return a sin(2πt/p) + bt + σε, with ε standard normal."""
    steps = np.arange(length)
    wave = amplitude * np.sin(2 * np.pi * steps / period)
    return wave + trend * steps + noise * rng.standard_normal(length)


def sine_mix(
    length: int,
    rng: np.random.Generator,
    *,
    period_1: float,
    amplitude_1: float,
    period_2: float,
    amplitude_2: float,
    period_3: float,
    amplitude_3: float,
    noise: float,
) -> np.ndarray:
    """Return Σ aₖ sin(2πt/pₖ + φₖ) + σε, with k from 1 to 3, phases φ drawn at random and ε standard
    normal."""
    steps = np.arange(length)
    phases = rng.uniform(0, 2 * np.pi, 3)
    periods, amplitudes = (period_1, period_2, period_3), (amplitude_1, amplitude_2, amplitude_3)
    waves = (
        amplitude * np.sin(2 * np.pi * steps / period + phase)
        for period, amplitude, phase in zip(periods, amplitudes, phases, strict=True)
    )
    return sum(waves, noise * rng.standard_normal(length))


def seasons(
    length: int,
    rng: np.random.Generator,
    *,
    trend: float,
    period: float,
    height: float,
    period_2: float,
    height_2: float,
    noise: float,
) -> np.ndarray:
    """Return bt + h s(t/p) + h₂ s₂(t/p₂) + σε: trend, seasons and remainder, as decompositions assume them.

    A season s repeats after 1, has mean 0 and at most the size 1. Its shape is drawn at random: three
    harmonics, the k-th with weight 1/k. After Hyndman and Athanasopoulos, Forecasting: Principles and
    Practice, 3rd edition (2021), chapter 3.
    """
    steps = np.arange(length)
    first, second = _random_season(steps / period, rng), _random_season(steps / period_2, rng)
    return trend * steps + height * first + height_2 * second + noise * rng.standard_normal(length)


def shops(
    length: int, rng: np.random.Generator, *, period: float, spread: float, growth: float, noise: float
) -> np.ndarray:
    """Return what six shops sell, (length, 6): aₖ (1 + bₖ t) (1 + hₖ s(t/p)) (1 + σε), always above zero.

    All have the season s; its weight h, the size a and the growth b are each shop's own: a is lognormal, h
    lies between 0.1 and 0.5, b between 0 and twice the mean growth.
    """
    steps = np.arange(length)[:, None]
    sizes = 100 * np.exp(spread * rng.standard_normal(6))
    heights, growths = rng.uniform(0.1, 0.5, 6), rng.uniform(0, 2 * growth, 6)
    season = 1 + heights * _random_season(steps[:, 0] / period, rng)[:, None]
    chance = np.maximum(0.05, 1 + noise * rng.standard_normal((length, 6)))
    return sizes * (1 + growths * steps) * season * chance


def _random_season(turns: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    phases = rng.uniform(0, 2 * np.pi, 3)

    def shape(turns: np.ndarray) -> np.ndarray:
        angles = 2 * np.pi * np.outer((1, 2, 3), turns) + phases[:, np.newaxis]
        return np.sin(angles).T @ (1, 1 / 2, 1 / 3)

    return shape(turns) / np.abs(shape(np.linspace(0, 1, 1000))).max()


def random_walk(length: int, rng: np.random.Generator, *, step: float, drift: float) -> np.ndarray:
    """Return yₜ = yₜ₋₁ + b + σε, with ε standard normal."""
    return np.cumsum(drift + step * rng.standard_normal(length))


def autoregression(
    length: int, rng: np.random.Generator, *, echo_1: float, echo_2: float, echo_3: float, noise: float
) -> np.ndarray:
    """Return yₜ = φ₁yₜ₋₁ + φ₂yₜ₋₂ + φ₃yₜ₋₃ + σε, with ε standard normal and φ out of its echoes.

    The echoes are the partial autocorrelations at lags 1 to 3. All echoes between −1 and 1 give a
    stationary series, and each stationary series of this kind has such echoes: Barndorff-Nielsen and
    Schou, On the parametrization of autoregressive models by partial autocorrelations (1973). The first
    values are drawn from what they are when the series has gone on for ever.
    """
    echoes = (echo_1, echo_2, echo_3)
    weights = autoregressive_weights(echoes)
    # Variance of what k past values leave unknown; with all three it is that of the noise.
    unknown = noise**2 / np.cumprod([1.0, *(1 - np.square(echoes[::-1]))])[::-1]
    values: list[float] = []
    for time, shock in enumerate(rng.standard_normal(length).tolist()):
        known = min(time, 3)
        past = values[: -known - 1 : -1]
        echo = sum(weight * value for weight, value in zip(weights[known], past, strict=True))
        values.append(echo + math.sqrt(unknown[known]) * shock)
    return np.array(values)


def autoregressive_weights(echoes: tuple[float, ...]) -> list[list[float]]:
    """Return, for each k up to their number, the weights of the last k values in the best forecast.

    The last list are the coefficients φ of the autoregression. By the recursion of Levinson (1947) and
    Durbin (1960).
    """
    weights: list[list[float]] = [[]]
    for echo in echoes:
        before = weights[-1]
        weights.append([w - echo * v for w, v in zip(before, reversed(before), strict=True)] + [echo])
    return weights


def regimes(
    length: int, rng: np.random.Generator, *, stay: float, gap: float, calm: float, wild: float
) -> np.ndarray:
    """Return μₛ + σₛε, where s is a hidden state that is left at each step with probability 1/stay.

    The calm state has mean 0, the wild one `gap`. After Hamilton, A new approach to the economic analysis
    of nonstationary time series and the business cycle (1989).
    """
    changes = rng.random(length) < 1 / stay
    changes[0] = rng.random() < 0.5
    is_wild = np.cumsum(changes) % 2 == 1
    return np.where(is_wild, gap, 0) + np.where(is_wild, wild, calm) * rng.standard_normal(length)


# --- Chaos: no chance but in where it begins --------------------------------------------------------


def mackey_glass(
    length: int, rng: np.random.Generator, *, delay: float, power: float, noise: float
) -> np.ndarray:
    """Return x at times 0, 1, 2, … of dx/dt = 0.2 x(t−τ) / (1 + x(t−τ)ⁿ) − 0.1 x(t), plus σε.

    How the number of blood cells may go up and down: Mackey and Glass, Oscillation and chaos in
    physiological control systems (1977). Chaotic for a delay τ above 17, with n = 10. By the classical
    Runge–Kutta method with five steps a row; half a step back is the mean of two values.
    """
    steps = 5
    lag, size = round(delay) * steps, 1 / steps
    past = [float(rng.uniform(0.5, 1.5))] * (lag + 1)

    def slope(now: float, then: float) -> float:
        return 0.2 * then / (1 + then**power) - 0.1 * now

    warm_up = 10 * round(delay) + 200
    for _ in range((warm_up + length - 1) * steps):
        now, then, next_then = past[-1], past[-lag - 1], past[-lag]
        between = (then + next_then) / 2
        first = slope(now, then)
        second = slope(now + size / 2 * first, between)
        third = slope(now + size / 2 * second, between)
        fourth = slope(now + size * third, next_then)
        past.append(now + size / 6 * (first + 2 * second + 2 * third + fourth))
    values = np.array(past[-1 : -(length - 1) * steps - 2 : -steps])[::-1]
    return values + noise * rng.standard_normal(length)


def lorenz(
    length: int,
    rng: np.random.Generator,
    *,
    sigma: float,
    rho: float,
    beta: float,
    interval: float,
    noise: float,
) -> np.ndarray:
    """Return (length, 3) x, y, z of ẋ = σ(y − x), ẏ = x(ρ − z) − y, ż = xy − βz, each plus noise.

    Air that is heated from below, much simplified: Lorenz, Deterministic nonperiodic flow (1963). Chaotic
    for σ = 10, ρ = 28, β = 8/3. By the classical Runge–Kutta method in steps of at most 0.005.
    """

    def slope(state: State) -> State:
        x, y, z = state
        return sigma * (y - x), x * (rho - z) - y, x * y - beta * z

    steps = math.ceil(interval / 0.005)
    start = tuple(rng.uniform((-1, -1, 0), (1, 1, 1)).tolist())
    settled = next(islice(_trajectory(slope, start, 0.005), 4000, None))
    rows = islice(_trajectory(slope, settled, interval / steps), 0, length * steps, steps)
    return np.array(list(rows)) + noise * rng.standard_normal((length, 3))


def _trajectory(slope: Callable[[State], State], state: State, size: float) -> Iterator[State]:
    """Follow a differential equation by the classical Runge–Kutta method, from its start on."""

    def moved(by: State, share: float) -> State:
        return tuple(value + share * size * change for value, change in zip(state, by, strict=True))

    while True:
        yield state
        first = slope(state)
        second = slope(moved(first, 0.5))
        third = slope(moved(second, 0.5))
        fourth = slope(moved(third, 1))
        mean = tuple(
            (a + 2 * b + 2 * c + d) / 6 for a, b, c, d in zip(first, second, third, fourth, strict=True)
        )
        state = moved(mean, 1)
