"""What a result says beside its verdict: worse than doing nothing, too good to be true, or luck."""

import numpy as np

from components.data.datasets import Classes, Sequences, Series
from components.insight.doctor.finding import Evidence, EvidenceLine, Finding
from components.insight.doctor.remedies import modified_recipe
from components.insight.doctor.run_evidence import Case, Outcome
from components.recipe import ClassifySequences, Forecast, Recipe

_TOO_GOOD = 0.5  # share of the best rule's error that is left
_PERFECT = 0.1
_TELLS = 0.95  # correlation of the changes
_FEW = 30  # rows
_SHOWN = 80  # rows of the picture
_MANY_COPIES = 0.3  # share of the sequences

_MOST_EPOCHS = 10_000

_LUCK = 0.12  # standard deviation of the lowest validation losses over the seeds, by the middle one
_SEEDS = 3


def worse_than_baseline(case: Case) -> Finding | None:
    """Say that a rule which costs nothing does better than the model."""
    outcome = case.outcome
    if outcome is None or not outcome.is_clearly_worse or not case.over:
        return None
    advice, remedy = _advice_and_remedy(case)
    bars = (
        EvidenceLine("the model", np.array([0]), np.array([outcome.model]), "model"),
        EvidenceLine(outcome.rule_name, np.array([0]), np.array([outcome.rule]), "truth"),
    )
    return Finding(
        key="worse than doing nothing",
        title="A simple rule does better",
        sentence=(
            f"On the test part, {outcome.measure} of the model is {outcome.model:.3g}; that of "
            f"“{outcome.rule_name}”, which needs no network, is {outcome.rule:.3g}. Nothing in how the "
            "model trained explains that."
        ),
        evidence=Evidence("On the test part", "", outcome.measure, bars, logarithmic=False, form="bars"),
        advice=advice,
        remedy=remedy,
    )


def _advice_and_remedy(case: Case) -> tuple[str, Recipe | None]:
    """Return what may help against a rule that does better: what it does, and the recipe."""
    recipe, task, epochs = case.recipe, case.recipe.task, case.recipe.training.epochs
    if isinstance(task, Forecast) and task.transform == "none":
        if isinstance(case.dataset, Series) and _is_seasonal(case.dataset, task):
            return (
                "Let it forecast the change since last season, not the values: then last season is where it "
                "begins.",
                modified_recipe(recipe, task={"transform": "seasonal_difference"}),
            )
        return (
            "Let it forecast the changes, not the values: then the last value is where it begins.",
            modified_recipe(recipe, task={"transform": "difference"}),
        )
    if len(case.validation) and int(np.argmin(case.validation)) == len(case.validation) - 1:
        return (
            "Its last epoch was its best one, so it wasn't done: train twice as long.",
            modified_recipe(recipe, training={"epochs": min(_MOST_EPOCHS, 2 * epochs)}),
        )
    return (
        "Perhaps there is nothing here to learn that the rule doesn't know. Bring more data, or other data.",
        None,
    )


def _is_seasonal(dataset: Series, task: Forecast) -> bool:
    """Return whether values are nearer to those of last season than to the last ones before a forecast."""
    values = dataset.trim_start((task.target,)).table[task.target].to_numpy()
    if task.season is None or len(values) <= max(task.season, task.horizon):
        return False
    ahead = range(1, task.horizon + 1)
    since_last = np.mean([np.abs(values[steps:] - values[:-steps]).mean() for steps in ahead])
    return bool(np.abs(values[task.season :] - values[: -task.season]).mean() < since_last)


def target_leakage(case: Case) -> Finding | None:
    """Say that the answer stands in what the model is given."""
    if case.outcome is None or case.outcome.relative_error > _TOO_GOOD:
        return None
    if isinstance(case.dataset, Series) and isinstance(case.recipe.task, Forecast):
        return _leaking_covariate(case, case.dataset, case.recipe.task, case.outcome)
    if isinstance(case.dataset, Sequences) and isinstance(case.recipe.task, ClassifySequences):
        return _leaking_channel(case, case.dataset, case.outcome)
    return None


def _leaking_covariate(case: Case, dataset: Series, task: Forecast, outcome: Outcome) -> Finding | None:
    target = dataset.table[task.target].to_numpy()
    if len(target) < _FEW:
        return None
    likeness = {
        (column, ahead): _change_correlation(dataset.table[column].to_numpy(), target, ahead)
        for column in task.covariates
        for ahead in range(1, min(task.horizon, len(target) // 4) + 1)
    }
    if not likeness:
        return None
    column, ahead = max(likeness, key=likeness.__getitem__)
    if likeness[column, ahead] < _TELLS:
        return None
    rows = np.arange(len(target) - _SHOWN - ahead, len(target) - ahead)
    rows = rows[rows >= 0]
    others = tuple(name for name in task.covariates if name != column)
    return Finding(
        key="too good",
        title="Too good to be true",
        sentence=(
            f"The model makes only {outcome.relative_error:.0%} of the error of “{outcome.rule_name}”, "
            "and one "
            f"column explains why: “{column}” shows now what “{task.target}” will be {ahead} "
            f"{'row' if ahead == 1 else 'rows'} later (their changes go together by "
            f"{likeness[column, ahead]:.3f} of 1). When the future isn't known, neither is that column."
        ),
        evidence=Evidence(
            f"“{column}” beside what comes {ahead} later",
            "row",
            "scaled",
            (
                EvidenceLine(
                    f"{task.target}, {ahead} later", rows, _standardise(target[rows + ahead]), "truth"
                ),
                EvidenceLine(
                    f"{column}, now", rows, _standardise(dataset.table[column].to_numpy()[rows]), "model"
                ),
            ),
            logarithmic=False,
        ),
        advice=f"Leave “{column}” out. The scores get worse, and true.",
        remedy=modified_recipe(case.recipe, task={"covariates": others}),
    )


def _change_correlation(column: np.ndarray, target: np.ndarray, ahead: int) -> float:
    """Return the absolute correlation of changes now with those of the target some rows later."""
    now, later = np.diff(column)[:-ahead], np.diff(target)[ahead:]
    if not now.std() or not later.std():
        return 0.0
    return float(abs(np.corrcoef(now, later)[0, 1]))


def _standardise(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / (values.std() or 1.0)


def _leaking_channel(case: Case, dataset: Sequences, outcome: Outcome) -> Finding | None:
    """Look for a channel that is the same all through a sequence, and another for each class."""
    if outcome.relative_error > _PERFECT or not isinstance(dataset.answer, Classes):
        return None
    codes, firsts = dataset.answer.codes, dataset.values[dataset.offsets[:-1]]
    constant = dataset.values == np.repeat(firsts, dataset.lengths, axis=0)
    for number, channel in enumerate(dataset.channels):
        values, places = np.unique(firsts[:, number], return_inverse=True)
        told = len({(place, code) for place, code in zip(places.tolist(), codes.tolist(), strict=True)})
        if constant[:, number].all() and told == len(values) and 1 < len(values) <= len(codes) // 3:
            return Finding(
                key="too good",
                title="Too good to be true",
                sentence=(
                    f"The model is right nearly always, and one channel explains why: “{channel}” is the "
                    "same number all through a sequence, and each of its numbers goes with one class only. "
                    "It is the answer under another name."
                ),
                evidence=Evidence(
                    f"“{channel}” and the class",
                    f"{channel}",
                    "class, by number",
                    (EvidenceLine("sequences", firsts[:, number], codes.astype(float)),),
                    logarithmic=False,
                    form="points",
                ),
                advice=f"Bring the data without “{channel}”.",
            )
    return None


def seed_variability(case: Case) -> Finding | None:
    """Say that the seed alone decides how well it does."""
    bests = np.array([sibling.best for sibling in case.siblings])
    if len(bests) < _SEEDS:
        return None
    # Not the distance from the lowest to the highest, which grows with the number of seeds.
    spread = float(bests.std(ddof=1) / np.median(bests))
    if spread < _LUCK:
        return None
    seeds = np.array([sibling.seed for sibling in case.siblings])
    return Finding(
        key="seed luck",
        title="Luck plays a part",
        sentence=(
            f"The same recipe with {len(bests)} seeds came to lowest validation losses from "
            f"{bests.min():.3g} to {bests.max():.3g}: chance alone moves it by {spread:.0%} up or "
            "down. A difference of that size says nothing."
        ),
        evidence=Evidence(
            "The same recipe, other seeds",
            "seed",
            "lowest validation loss",
            (EvidenceLine("runs", seeds, bests, "validation"),),
            level=(float(np.median(bests)), "middle"),
            logarithmic=False,
            form="points",
        ),
        advice="Judge it by the middle of several seeds. Another one adds to the picture.",
        remedy=case.recipe.model_copy(update={"seed": int(seeds.max()) + 1}),
    )
