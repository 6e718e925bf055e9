"""What a result shows beside its verdict: worse than the baseline, data leakage, seed variability."""

import numpy as np

from components.data.datasets import Classes, Sequences, Series
from components.insight.doctor.finding import Evidence, EvidenceLine, Finding
from components.insight.doctor.remedies import modified_recipe
from components.insight.doctor.run_evidence import Case, Outcome
from components.recipe import ClassifySequences, ClassifyTexts, Forecast, Recipe
from components.recipe.training import MOST_EPOCHS

_TOO_GOOD = 0.5  # share of the best rule's error that is left
_PERFECT = 0.1
_LEAKS = 0.95  # correlation of the changes
_FEW = 30  # rows
_SHOWN = 80  # rows of the picture
_MANY_COPIES = 0.3  # share of the sequences

_SPREAD = 0.12  # standard deviation of the lowest validation losses over the seeds, by the middle one
_SEEDS = 3


def worse_than_baseline(case: Case) -> Finding | None:
    """Return a finding where the best baseline beats the model clearly."""
    outcome = case.outcome
    if outcome is None or not outcome.is_clearly_worse or not case.over:
        return None
    advice, remedy = _advice_and_remedy(case)
    bars = (
        EvidenceLine("model", np.array([0]), np.array([outcome.model]), "model"),
        EvidenceLine(outcome.rule_name, np.array([0]), np.array([outcome.rule]), "truth"),
    )
    return Finding(
        key="worse than doing nothing",
        title="Worse than the baseline",
        sentence=(
            f"On the test set, the model's {outcome.measure} is {outcome.model:.3g}; that of the baseline "
            f"“{outcome.rule_name}”, which needs no neural network, is {outcome.rule:.3g}. The training "
            "itself shows no sign of what went wrong."
        ),
        evidence=Evidence("On the test set", "", outcome.measure, bars, logarithmic=False, form="bars"),
        advice=advice,
        remedy=remedy,
    )


def _advice_and_remedy(case: Case) -> tuple[str, Recipe | None]:
    """Return what may help against a baseline that does better: what it does, and the recipe."""
    recipe, task, epochs = case.recipe, case.recipe.task, case.recipe.training.epochs
    if (
        isinstance(task, Forecast)
        and task.transform == "none"
        and task.base not in ("classical", "pretrained", "combination")
    ):
        if isinstance(case.dataset, Series) and _is_seasonal(case.dataset, task):
            return (
                "Forecast the change since last season instead of the value: the model then starts from last "
                "season's value.",
                modified_recipe(recipe, task={"transform": "seasonal_difference"}),
            )
        return (
            "Forecast the change instead of the value: the model then starts from the last value.",
            modified_recipe(recipe, task={"transform": "difference"}),
        )
    if isinstance(task, ClassifyTexts) and task.base == "none":
        base = "tfidf" if task.level == "character" else "tfidf_both"
        return (
            "Start from the TF-IDF model: the network then learns only what to add to it.",
            modified_recipe(recipe, task={"base": base}),
        )
    if len(case.validation) and int(np.argmin(case.validation)) == len(case.validation) - 1:
        return (
            "The last epoch was the best one, so the model was still improving: train twice as long.",
            modified_recipe(recipe, training={"epochs": min(MOST_EPOCHS, 2 * epochs)}),
        )
    return (
        "The data may hold no more than the baseline already uses. Try more data, or other data.",
        None,
    )


def _is_seasonal(dataset: Series, task: Forecast) -> bool:
    """Return whether values are nearer to those of last season than to the last ones before a forecast."""
    values = dataset.trim((task.target,)).table[task.target].to_numpy()
    if task.season is None or len(values) <= max(task.season, task.horizon):
        return False
    ahead = range(1, task.horizon + 1)
    since_last = np.mean([np.abs(values[steps:] - values[:-steps]).mean() for steps in ahead])
    return bool(np.abs(values[task.season :] - values[: -task.season]).mean() < since_last)


def target_leakage(case: Case) -> Finding | None:
    """Return a finding where an input gives the target away."""
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
    if likeness[column, ahead] < _LEAKS:
        return None
    rows = np.arange(len(target) - _SHOWN - ahead, len(target) - ahead)
    rows = rows[rows >= 0]
    others = tuple(name for name in task.covariates if name != column)
    return Finding(
        key="too good",
        title="Data leakage",
        sentence=(
            f"The model makes only {outcome.relative_error:.0%} of the error of the baseline "
            f"“{outcome.rule_name}”, and one column explains why: “{column}” already shows what "
            f"“{task.target}” will be {ahead} {'row' if ahead == 1 else 'rows'} later (the correlation of "
            f"their changes is {likeness[column, ahead]:.3f}). In a real forecast that column isn't known "
            "yet."
        ),
        evidence=Evidence(
            f"“{column}” and the target {ahead} {'row' if ahead == 1 else 'rows'} later",
            "row",
            "standardised value",
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
        advice=f"Leave “{column}” out. The scores will be worse, but honest.",
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
    """Return a finding where a channel is constant in each sequence and its value gives the class away."""
    if outcome.relative_error > _PERFECT or not isinstance(dataset.answer, Classes):
        return None
    codes, firsts = dataset.answer.codes, dataset.values[dataset.offsets[:-1]]
    constant = dataset.values == np.repeat(firsts, dataset.lengths, axis=0)
    for number, channel in enumerate(dataset.channels):
        values, places = np.unique(firsts[:, number], return_inverse=True)
        pairs = len({(place, code) for place, code in zip(places.tolist(), codes.tolist(), strict=True)})
        if constant[:, number].all() and pairs == len(values) and 1 < len(values) <= len(codes) // 3:
            return Finding(
                key="too good",
                title="Data leakage",
                sentence=(
                    f"The model is nearly always right, and one channel explains why: “{channel}” is "
                    "constant within each sequence, and each of its values occurs with one class only. It is "
                    "the answer under another name."
                ),
                evidence=Evidence(
                    f"“{channel}” and the class",
                    f"{channel}",
                    "class number",
                    (EvidenceLine("sequences", firsts[:, number], codes.astype(float)),),
                    logarithmic=False,
                    form="points",
                ),
                advice=f"Upload the data without “{channel}”.",
            )
    return None


def seed_variability(case: Case) -> Finding | None:
    """Return a finding where the seed alone changes the validation loss a lot."""
    bests = np.array([sibling.best for sibling in case.siblings])
    if len(bests) < _SEEDS:
        return None
    # Not the distance from the lowest to the highest, which grows with the number of seeds.
    spread = float(bests.std(ddof=1) / np.median(bests))
    if spread < _SPREAD:
        return None
    seeds = np.array([sibling.seed for sibling in case.siblings])
    return Finding(
        key="seed luck",
        title="Seed variability",
        sentence=(
            f"Trained with {len(bests)} different seeds, this recipe reached lowest validation losses from "
            f"{bests.min():.3g} to {bests.max():.3g}, with a standard deviation of {spread:.0%} of the "
            "median. A difference of that size between two models may be chance alone."
        ),
        evidence=Evidence(
            "The same recipe with other seeds",
            "seed",
            "lowest validation loss",
            (EvidenceLine("runs", seeds, bests, "validation"),),
            level=(float(np.median(bests)), "median"),
            logarithmic=False,
            form="points",
        ),
        advice="Judge a recipe by the median of several seeds. Train another seed to know it better.",
        remedy=case.recipe.model_copy(update={"seed": int(seeds.max()) + 1}),
    )
