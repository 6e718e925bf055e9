"""The patients of the training doctor's benchmark: healthy recipes, and the same made sick on purpose.

A patient is what was done to it, never what came of it: nobody looks at a run before it is named. Every
recipe trains for a few seconds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd

from components.data import load
from components.data.datasets import Dataset, Provenance, Series
from components.recipe import (
    ClassifySequences,
    ClassifyTexts,
    Clipping,
    Forecast,
    Generated,
    ModelLanguage,
    Optimizer,
    Preparation,
    Recipe,
    Recurrent,
    RegressSequences,
    Sample,
    Training,
    Transformer,
    Translate,
)

Change = Callable[[Recipe], Recipe]


@dataclass(frozen=True)
class Patient:
    """A recipe, and what is known to be wrong with it.

    Attributes:
        name: of the experiment it is made from, and what was done to it.
        illness: the key of the doctor's own; empty where it is healthy.
        otherwise: what it has instead where its loss stayed a number all the same.
        frame: makes the table, where it isn't the recipe's own dataset.
        is_first: whether this is the first of its seeds: with that one its remedy is tried.
    """

    name: str
    illness: str
    recipe: Recipe
    otherwise: str = ""
    frame: Callable[[], pd.DataFrame] | None = None
    is_first: bool = True

    def dataset(self) -> Dataset:
        """Return the data."""
        if self.frame is None:
            return load(self.recipe.dataset, self.recipe.preparation)
        provenance = Provenance("Made for this benchmark", "None needed")
        return Series(
            reference=self.recipe.dataset, title=self.name, provenance=provenance, table=self.frame()
        )


def patients(kept_apart: bool) -> Iterator[Patient]:
    """Yield every patient, each with several seeds.

    Args:
        kept_apart: seeds by which the doctor is judged; else those by which it was made.
    """
    for patient in _sick_patients():
        for number, seed in enumerate(_seeds(patient)[kept_apart]):
            yield replace(patient, recipe=_with(patient.recipe, seed=seed), is_first=number == 0)


_RARE = {"overfitting", "vanishing", "worse than doing nothing", "too good", "not finite: the data"}
"""Illnesses that few patients have, so that each takes more seeds to tell how often the doctor is right."""


def _seeds(patient: Patient) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the seeds by which the doctor was made, and those by which it is judged.

    What was said of seeds up to 25 has changed its rules, so none of them judges any more.
    """
    if not patient.illness:
        return (0, 1, 2, 3, 9, 11, 21, 22, 23), (31, 32, 33)
    return (0, 1, 21, 22, 23), (31, 32, 33) if patient.illness in _RARE else (31, 32)


SEED_VARIABILITY_SEEDS = (0, 2, 4, 6, 8, 21, 22, 23, 24, 25), (31, 32, 33, 34, 35)
"""Seeds with which the recipes of `SEED_VARIABILITY_RECIPES` are trained: those by which the doctor was
made, and the others."""


# --- Healthy ---------------------------------------------------------------------------------------


def _series(name: str, length: int, **parameters: float) -> Generated:
    return Generated(name=name, length=length, parameters=parameters)


HEALTHY: dict[str, Recipe] = {
    "sine, LSTM": Recipe(
        dataset=_series("sine", 600),
        task=Forecast(target="value", window=48, horizon=24, season=24),
        model=Recurrent(kind="lstm", units=16),
        training=Training(epochs=15),
    ),
    "sine, GRU": Recipe(
        dataset=_series("sine", 600),
        task=Forecast(target="value", window=36, horizon=12, season=24),
        model=Recurrent(kind="gru", units=24),
        training=Training(epochs=20),
    ),
    "sine, Simple RNN": Recipe(
        dataset=_series("sine", 500),
        task=Forecast(target="value", window=24, horizon=12, season=24),
        model=Recurrent(kind="simple_rnn", units=24),
        training=Training(epochs=20),
    ),
    "sine, Transformer": Recipe(
        dataset=_series("sine", 600),
        task=Forecast(target="value", window=36, horizon=12, season=24),
        model=Transformer(units=16, layers=1, heads=2),
        training=Training(epochs=15),
    ),
    "seasons, GRU": Recipe(
        dataset=_series("seasons", 700, height_2=0, trend=0),
        task=Forecast(target="value", window=48, horizon=12, season=24),
        model=Recurrent(kind="gru", units=24),
        training=Training(epochs=15),
    ),
    "echoes, LSTM": Recipe(
        dataset=_series("autoregression", 1200),
        task=Forecast(target="value", window=12, horizon=2),
        model=Recurrent(kind="lstm", units=12),
        training=Training(epochs=15),
    ),
    "blood, LSTM": Recipe(
        dataset=_series("mackey_glass", 900),
        task=Forecast(target="value", window=40, horizon=10),
        model=Recurrent(kind="lstm", units=24),
        training=Training(epochs=15),
    ),
    "sunspots, GRU": Recipe(
        dataset=Sample(name="sunspots"),
        task=Forecast(target="sunspots", window=22, horizon=11, season=11),
        model=Recurrent(kind="gru", units=24, dropout=0.2),
        training=Training(batch=16, epochs=15, patience=10),
    ),
    "El Niño, GRU": Recipe(
        dataset=Sample(name="el_nino"),
        task=Forecast(target="temperature", window=36, horizon=12, season=12),
        model=Recurrent(kind="gru", units=32, attention="additive", dropout=0.1),
        training=Training(epochs=20, patience=15),
    ),
    "weather, GRU": Recipe(
        dataset=Sample(name="seattle_weather"),
        task=Forecast(
            target="temp_max",
            covariates=("temp_min", "precipitation", "wind"),
            window=30,
            horizon=7,
            season=365,
            transform="difference",
        ),
        model=Recurrent(kind="gru", units=24, dropout=0.2),
        training=Training(epochs=15, patience=10),
    ),
    "control charts, GRU": Recipe(
        dataset=Generated(name="control_charts", length=600),
        task=ClassifySequences(longest=60),
        model=Recurrent(kind="gru", units=32),
        optimizer=Optimizer(learning_rate=0.01),
        training=Training(epochs=20, patience=12),
    ),
    "control charts, GRU unclipped": Recipe(
        dataset=Generated(name="control_charts", length=600),
        task=ClassifySequences(longest=60),
        model=Recurrent(kind="gru", units=32),
        optimizer=Optimizer(learning_rate=0.005),
        clipping=Clipping(mode="none"),
        training=Training(epochs=15, patience=12),
    ),
    "sine, Simple RNN unclipped": Recipe(
        dataset=_series("sine", 500),
        task=Forecast(target="value", window=24, horizon=12, season=24),
        model=Recurrent(kind="simple_rnn", units=24),
        clipping=Clipping(mode="none"),
        training=Training(epochs=15),
    ),
    "control charts, LSTM": Recipe(
        dataset=Generated(name="control_charts", length=600),
        task=ClassifySequences(longest=60),
        model=Recurrent(kind="lstm", units=32),
        optimizer=Optimizer(learning_rate=0.005),
        training=Training(epochs=20, patience=12),
    ),
    "control charts, Transformer": Recipe(
        dataset=Generated(name="control_charts", length=600),
        task=ClassifySequences(longest=60),
        model=Transformer(units=32, layers=1, heads=4),
        training=Training(epochs=15, patience=12),
    ),
    "what came first, LSTM": Recipe(
        dataset=Generated(name="temporal_order", length=1500, parameters={"steps": 12}),
        task=ClassifySequences(longest=20),
        model=Recurrent(kind="lstm", units=32),
        optimizer=Optimizer(learning_rate=0.01),
        training=Training(epochs=12, patience=None),
    ),
    "adding, LSTM": Recipe(
        dataset=Generated(name="adding", length=1200, parameters={"steps": 10}),
        task=RegressSequences(longest=20),
        model=Recurrent(kind="lstm", units=32),
        optimizer=Optimizer(learning_rate=0.01),
        training=Training(epochs=15, patience=None),
    ),
    "posts, LSTM": Recipe(
        dataset=Sample(name="tweets"),
        task=ClassifyTexts(longest=40, vocabulary=8000, embedding=48, balanced=True),
        model=Recurrent(kind="lstm", units=24, bidirectional=True, attention="dot", dropout=0.7),
        optimizer=Optimizer(learning_rate=0.002, schedule="cosine"),
        training=Training(batch=64, epochs=6, patience=4),
    ),
    "first names, GRU": Recipe(
        dataset=Sample(name="first_names"),
        task=ModelLanguage(level="character", window=16, embedding=32),
        model=Recurrent(kind="gru", units=96),
        optimizer=Optimizer(learning_rate=0.006),
        training=Training(batch=64, epochs=7, patience=4),
    ),
    "first names, LSTM": Recipe(
        dataset=Sample(name="first_names"),
        task=ModelLanguage(level="character", window=16, embedding=32),
        model=Recurrent(kind="lstm", units=96),
        optimizer=Optimizer(learning_rate=0.008),
        training=Training(batch=64, epochs=8, patience=4),
    ),
    "sums, LSTM": Recipe(
        dataset=Generated(name="sums", length=3000, parameters={"digits": 2, "backwards": 1}),
        preparation=Preparation(validation=0.1, test=0.05),
        task=Translate(level="character", longest=20),
        model=Recurrent(units=64),
        optimizer=Optimizer(learning_rate=0.005),
        training=Training(batch=64, epochs=8, patience=None),
    ),
    "dates, LSTM": Recipe(
        dataset=Generated(name="dates", length=2000, parameters={"languages": 2}),
        preparation=Preparation(validation=0.1, test=0.05),
        task=Translate(level="character", longest=60),
        model=Recurrent(units=32, bidirectional=True, attention="additive"),
        optimizer=Optimizer(learning_rate=0.005),
        training=Training(batch=64, epochs=5, patience=None),
    ),
}


def _breaking_through(steps: int, epochs: int, kind: Literal["lstm", "gru"]) -> Recipe:
    """Return a training that ends about when a model finds out how it is done: some sooner, some later."""
    return Recipe(
        dataset=Generated(name="adding", length=1200, parameters={"steps": steps}),
        task=RegressSequences(longest=steps),
        model=Recurrent(kind=kind, units=32),
        optimizer=Optimizer(learning_rate=0.01),
        training=Training(epochs=epochs, patience=None),
    )


SEED_VARIABILITY_RECIPES: dict[str, tuple[Recipe, bool]] = {
    "adding, LSTM, stopped short": (_breaking_through(20, 7, "lstm"), True),
    "adding, GRU, stopped short": (_breaking_through(24, 7, "gru"), True),
    "adding, LSTM, stopped very short": (_breaking_through(10, 4, "lstm"), True),
    "adding, GRU, stopped very short": (_breaking_through(12, 4, "gru"), True),
    "adding, GRU, stopped early": (_breaking_through(16, 6, "gru"), True),
    "adding, LSTM, stopped early": (_breaking_through(16, 6, "lstm"), True),
    "sine, LSTM": (HEALTHY["sine, LSTM"], False),
    "sine, GRU": (HEALTHY["sine, GRU"], False),
    "sine, Simple RNN": (HEALTHY["sine, Simple RNN"], False),
    "echoes, LSTM": (HEALTHY["echoes, LSTM"], False),
    "seasons, GRU": (HEALTHY["seasons, GRU"], False),
}
"""Recipes with whether the seed alone decides how well they do."""


# --- What is done to them --------------------------------------------------------------------------


def _with(recipe: Recipe, **changes: Any) -> Recipe:
    """Return a recipe with other values, `part=dict(field=value)`, checked again."""
    tree = recipe.model_dump()
    for name, value in changes.items():
        tree[name] = tree[name] | value if isinstance(value, dict) else value
    return Recipe.model_validate(tree)


def _rate(times: float) -> Change:
    def change(recipe: Recipe) -> Recipe:
        rate = min(10.0, times * recipe.optimizer.learning_rate)
        return _with(recipe, optimizer={"learning_rate": rate})

    return change


def _settings(**changes: Any) -> Change:
    return lambda recipe: _with(recipe, **changes)


_ALL = tuple(HEALTHY)
_LEARNING_BY_HEART = _settings(
    model={"units": 96, "dropout": 0.0},
    training={"epochs": 40, "patience": None, "weights": "last"},
    optimizer={"learning_rate": 0.005, "schedule": "constant"},
)
# illness → what was done, and to which of the healthy.
_CHANGES: tuple[tuple[str, str, Change, tuple[str, ...]], ...] = (
    (
        "rate too high",
        "100 times the learning rate",
        _rate(100),
        (
            "sine, LSTM",
            "sine, GRU",
            "blood, LSTM",
            "sunspots, GRU",
            "control charts, LSTM",
            "control charts, Transformer",
            "first names, GRU",
            "sums, LSTM",
        ),
    ),
    (
        "rate too low",
        "a 300th of the learning rate",
        _rate(1 / 300),
        (
            "sine, LSTM",
            "seasons, GRU",
            "sunspots, GRU",
            "control charts, GRU",
            "adding, LSTM",
            "first names, LSTM",
            "sums, LSTM",
        ),
    ),
    (
        "overfitting",
        "many units, many epochs, nothing against it",
        _LEARNING_BY_HEART,
        ("sunspots, GRU", "El Niño, GRU", "weather, GRU", "echoes, LSTM"),
    ),
    (
        "underfitting",
        "one unit",
        _settings(model={"units": 1}),
        (
            "sine, GRU",
            "seasons, GRU",
            "blood, LSTM",
            "control charts, GRU",
            "first names, GRU",
            "sums, LSTM",
        ),
    ),
    (
        "underfitting",
        "nine tenths dropped out",
        _settings(model={"dropout": 0.9}),
        ("sine, LSTM", "control charts, LSTM", "first names, LSTM", "seasons, GRU"),
    ),
    (
        "plateau",
        "plain gradient descent",
        _settings(optimizer={"kind": "sgd", "learning_rate": 0.05, "momentum": 0.0}),
        ("sums, LSTM", "first names, GRU", "first names, LSTM"),
    ),
    (
        "plateau",
        "slow plain gradient descent",
        _settings(optimizer={"kind": "sgd", "learning_rate": 0.02, "momentum": 0.0}),
        ("what came first, LSTM", "sums, LSTM"),
    ),
    (
        "not finite: the learning rate",
        "SGD at rate 10",
        _settings(
            optimizer={"kind": "sgd", "learning_rate": 10.0, "momentum": 0.9},
            clipping={"mode": "none"},
        ),
        ("sine, LSTM", "blood, LSTM", "seasons, GRU", "sine, Transformer", "sunspots, GRU", "adding, LSTM"),
    ),
)


_ALSO_RIGHT = {"not finite: the learning rate": "rate too high"}


@cache
def _sick_patients() -> tuple[Patient, ...]:
    found = [Patient(name, "", recipe) for name, recipe in HEALTHY.items()]
    for illness, what, change, names in _CHANGES:
        found += [
            Patient(f"{name}: {what}", illness, change(HEALTHY[name]), _ALSO_RIGHT.get(illness, ""))
            for name in names
        ]
    return (
        *found,
        *_random_labels(),
        *_huge_numbers(),
        *_unscaled(),
        *_exploding_gradients(),
        *_long_memory(),
        *_random_walks(),
        *_leaks(),
    )


def _random_labels() -> Iterator[Patient]:
    """Yield labels that a die drew, learnt by heart."""
    for kind, units in (("lstm", 50), ("gru", 32)):
        yield Patient(
            f"random labels, {kind}",
            "overfitting",
            Recipe(
                dataset=Generated(name="random_labels", length=120),
                preparation=Preparation(validation=0.25, test=0.25),
                task=ClassifySequences(longest=10),
                model=Recurrent(kind=kind, units=units),  # type: ignore[arg-type]
                optimizer=Optimizer(learning_rate=0.01),
                training=Training(batch=16, epochs=50, patience=None, weights="last"),
            ),
        )


def _huge_numbers() -> Iterator[Patient]:
    """Yield numbers so large that their squares are none."""
    for kind in ("lstm", "gru", "simple_rnn"):
        yield Patient(
            f"huge numbers, {kind}",
            "not finite: the data",
            _with(HEALTHY["sine, LSTM"], task={"scaling": "none"}, model={"kind": kind}),
            frame=lambda: pd.DataFrame({"value": 3e22 * _waves()}),
        )


def _unscaled() -> Iterator[Patient]:
    """Yield numbers in the thousands as they are: they press every gate against its end."""
    for kind in ("lstm", "gru"):
        for size in (2e3, 3e4):
            yield Patient(
                f"{size:g} unscaled, {kind}",
                "saturated",
                _with(HEALTHY["sine, LSTM"], task={"scaling": "none"}, model={"kind": kind}),
                frame=lambda size=size: pd.DataFrame({"value": size * (2 + _waves())}),
            )


def _exploding_gradients() -> Iterator[Patient]:
    """Yield plain recurrent networks a long way back, and nothing that holds their gradients."""
    for units, steps, rate, momentum in ((50, 100, 0.1, 0.9), (50, 100, 0.3, 0.0), (32, 80, 0.1, 0.9)):
        yield Patient(
            f"adding over {steps} steps, Simple RNN of {units}, SGD at {rate:g}, unclipped",
            "not finite: the model",
            Recipe(
                dataset=Generated(name="adding", length=1000, parameters={"steps": steps}),
                task=RegressSequences(longest=steps),
                model=Recurrent(kind="simple_rnn", units=units),
                optimizer=Optimizer(kind="sgd", learning_rate=rate, momentum=momentum),
                clipping=Clipping(mode="none"),
                training=Training(epochs=10, patience=None),
            ),
            otherwise="exploding",
        )
    for units, steps in ((64, 100), (50, 80), (48, 120)):
        yield Patient(
            f"what came first of {steps}, Simple RNN of {units}, unclipped",
            "exploding",
            Recipe(
                dataset=Generated(name="temporal_order", length=600, parameters={"steps": steps}),
                task=ClassifySequences(longest=2 * steps),
                model=Recurrent(kind="simple_rnn", units=units),
                optimizer=Optimizer(kind="sgd", learning_rate=0.1, momentum=0.9),
                clipping=Clipping(mode="none"),
                training=Training(epochs=10, patience=None),
            ),
        )


def _long_memory() -> Iterator[Patient]:
    """Yield plain recurrent networks what only a long memory can answer."""
    for steps in (170, 220):
        for name, task in (
            ("temporal_order", ClassifySequences(longest=2 * steps)),
            ("adding", RegressSequences(longest=steps)),
        ):
            yield Patient(
                f"{name} over {steps} steps, Simple RNN",
                "vanishing",
                Recipe(
                    dataset=Generated(name=name, length=1000, parameters={"steps": steps}),
                    task=task,
                    model=Recurrent(kind="simple_rnn", units=32),
                    training=Training(epochs=12, patience=None),
                ),
            )

    for units in (32, 48):
        yield Patient(
            f"English to French by letters, Simple RNN of {units}",
            "vanishing",
            Recipe(
                dataset=Generated(name="french", length=2000),
                preparation=Preparation(validation=0.1, test=0.05),
                task=Translate(level="character", longest=120),
                model=Recurrent(kind="simple_rnn", units=units),
                training=Training(batch=64, epochs=5, patience=None),
            ),
        )


def _random_walks() -> Iterator[Patient]:
    """Yield series whose last value says all there is to say, to models that don't know it."""
    for kind in ("lstm", "gru", "simple_rnn"):
        yield Patient(
            f"random walk, {kind}",
            "worse than doing nothing",
            Recipe(
                dataset=_series("random_walk", 900, drift=0.1),
                task=Forecast(target="value", window=20, horizon=2),
                model=Recurrent(kind=kind, units=24),  # type: ignore[arg-type]
                training=Training(epochs=15),
            ),
        )


def _leaks() -> Iterator[Patient]:
    """Yield a column that shows what the target will be."""
    for kind, ahead in (("lstm", 6), ("gru", 3)):
        yield Patient(
            f"a column from the future, {kind}",
            "too good",
            Recipe(
                dataset=_series("autoregression", 900),
                task=Forecast(target="value", covariates=("hint",), window=12, horizon=ahead),
                model=Recurrent(kind=kind, units=24),  # type: ignore[arg-type]
                optimizer=Optimizer(learning_rate=0.005),
                training=Training(epochs=25, patience=None),
            ),
            frame=lambda ahead=ahead: _hinted(ahead),
        )


def _waves() -> np.ndarray:
    steps = np.arange(600)
    return np.sin(2 * np.pi * steps / 24) + 0.1 * np.random.default_rng(0).normal(size=600)


def _hinted(ahead: int) -> pd.DataFrame:
    values = load(_series("autoregression", 900 + ahead)).table["value"].to_numpy()  # type: ignore[attr-defined]
    return pd.DataFrame({"value": values[:-ahead], "hint": values[ahead:]})
