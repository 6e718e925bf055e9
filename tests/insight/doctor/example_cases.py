"""Runs made up of a few formulas, for the training doctor to look at: healthy, and one for each illness."""

from dataclasses import replace
from typing import Any

import numpy as np

from components.data.datasets import Provenance
from components.insight.doctor import Case, GradientNorms, Outcome, Sibling
from components.insight.gates import RangeEndShares
from components.recipe import Forecast, Generated, Recipe, Training
from components.runs.serialization import from_bytes, to_bytes

RECIPE = Recipe(
    dataset=Generated(name="sine", length=600),
    task=Forecast(target="value", window=48, horizon=12),
    training=Training(epochs=20, patience=None),
)
STEPS = 200
EPOCHS = 20


def recipe(**parts: dict[str, Any]) -> Recipe:
    """Return the recipe with other values: `recipe(model={"units": 1})`."""
    tree = RECIPE.model_dump()
    for part, values in parts.items():
        tree[part] |= values
    return Recipe.model_validate(tree)


def example_case(losses: np.ndarray | None = None, **changed: Any) -> Case:
    """Return a run that learns well, but for what is changed: its loss falls to a tenth, then stands
    still."""
    steps = np.arange(STEPS)
    noise = np.random.default_rng(0).normal(0, 0.01, STEPS)
    if losses is None:
        losses = 0.1 + 0.9 * np.exp(-steps / 25) + noise
    norms = np.full(len(losses), 0.5) + np.abs(np.resize(noise, len(losses)))
    size = max(1, len(losses) // EPOCHS)
    means = np.array([losses[start : start + size].mean() for start in range(0, len(losses), size)])
    healthy = Case(
        recipe=RECIPE,
        rate=changed.get("recipe", RECIPE).optimizer.learning_rate,
        first=1,
        losses=_stored_losses(losses),
        before=norms,
        after=norms,
        ends=size * np.arange(1, len(means) + 1),
        training=means,
        validation=1.05 * means,
        over=True,
    )
    return replace(healthy, **changed)


def _stored_losses(losses: np.ndarray) -> np.ndarray:
    """Return losses as the store keeps them, where what is too large for it becomes infinite."""
    return from_bytes(to_bytes(losses))


# --- What goes wrong -------------------------------------------------------------------------------

STEP = np.arange(STEPS)
FELL = 0.1 + 0.9 * np.exp(-STEP / 25)
CREEPS = 1.0 - 0.0001 * STEP
FLAT = 0.8 + 0.2 * np.exp(-STEP / 5)
BY_HEART = 0.3 + 0.7 * np.exp(-np.arange(EPOCHS) / 5) + 0.05 * np.maximum(0, np.arange(EPOCHS) - 8)
UNCLIPPED = {"clipping": {"mode": "none"}}
LOST = Outcome("mean absolute error", 2.0, 1.0, "Last value", larger_is_better=False, won=False)
FAIR = Outcome("mean absolute error", 0.9, 1.0, "Last value", larger_is_better=False, won=True)
PERFECT = Outcome("mean absolute error", 0.01, 1.0, "Last value", larger_is_better=False, won=True)
PROVENANCE = Provenance("Made up", "None needed")


def spiked(at=50, size=40.0):
    norms = np.full(STEPS, 0.5)
    norms[at] = size
    return norms


def leapt(at=50):
    losses = FELL.copy()
    losses[at + 1 : at + 6] += 2.0
    return losses


def broken(growing):
    """Return losses that end as no numbers: after growing all the while, or all of a sudden."""
    grown = np.exp(STEP[:60] ** 1.5 / 4) if growing else np.append(FELL[:58], [1e5, 1e12])
    return np.append(grown, np.inf)


def rate(value, **parts):
    return recipe(optimizer={"learning_rate": value}, **parts)


def pressed(share, **changed):
    """Return what the gates of an LSTM do that stands so much of its time at both ends of its range."""
    every = {"i": share, "f": share, "o": share, "candidate": share} | changed
    return tuple(RangeEndShares("lstm_1", what, one / 2, one / 2) for what, one in every.items())


THROUGH = GradientNorms({"simple_rnn_1": np.geomspace(1e-9, 1, 40)}, {"simple_rnn_1": 1e-8})
SGD = recipe(optimizer={"kind": "sgd", "learning_rate": 0.05})
RNN = recipe(model={"kind": "simple_rnn"})

SICK = {
    "not finite: the data": example_case(np.array([np.inf]), recipe=recipe(task={"scaling": "none"})),
    "not finite: the learning rate": example_case(broken(growing=True), recipe=rate(2.0, **UNCLIPPED)),
    "not finite: the model": example_case(
        broken(growing=False), recipe=recipe(**UNCLIPPED), before=np.ones(61)
    ),
    "exploding": example_case(leapt(), recipe=recipe(**UNCLIPPED), before=spiked(), after=spiked()),
    "saturated": example_case(pressed=pressed(0.95)),
    "rate too high": example_case(FELL + 4 * np.exp(-((STEP - 8) ** 2) / 20), recipe=rate(0.5)),
    "vanishing": example_case(FLAT, recipe=RNN, through=THROUGH),
    "rate too low": example_case(CREEPS, recipe=rate(1e-5)),
    "overfitting": example_case(validation=BY_HEART),
    "plateau": example_case(FLAT, recipe=SGD),
    "underfitting": example_case(FLAT, recipe=recipe(model={"units": 1})),
    "worse than doing nothing": example_case(outcome=LOST),
    "seed luck": example_case(siblings=tuple(Sibling(seed, 0.1 * (1 + seed)) for seed in range(4))),
}
