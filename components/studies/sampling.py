"""Optuna's part in a search: what to try next, what to give up early, and which settings mattered.

The store is the truth: Optuna's study is made of the trials anew each time, so a search goes on wherever its
server is. Optuna is imported where it is needed, for most pages need none of it.
"""

import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from components.studies.study import LIVE, Choices, NumberRange, Search, SettingValue, Trial

if TYPE_CHECKING:
    import optuna

REDUCTION = 3
"""Of all that come to a rung, one in so many goes on."""
FEWEST_FOR_IMPORTANCE = 8
"""Trials; fewer say too little of which setting mattered."""
_DIGITS = 3  # of a number that is tried


def suggest(search: Search, trials: Sequence[Trial]) -> dict[str, SettingValue]:
    """Return what to try next: the recipe's own settings first, then what a tree-structured Parzen estimator
    of all settings together proposes (Bergstra et al., 2011; Falkner et al., 2018).

    Args:
        search: what may vary.
        trials: so far, those that go on included: nothing is tried twice at the same time.
    """
    if not trials:
        return search.first
    study = _optuna_study(search, trials)
    asked = study.ask(_distributions(search))
    return {one.setting: _readable(one, asked.params[one.setting]) for one in search.ranges}


def rung_epochs(search: Search, rung: int) -> int:
    """Return after how many epochs a trial comes to a rung, the first of which is 0."""
    first = max(1, search.recipe.training.epochs // REDUCTION**2)
    return first * REDUCTION**rung


def is_given_up(search: Search, trials: Sequence[Trial], number: int) -> tuple[bool, Mapping[str, float]]:
    """Return whether a trial is worth no more time, and what is to be noted of the rungs that it came to.

    Asynchronous successive halving (Li et al., 2020) on the validation loss of the weights that are kept, the
    best so far or the newest: at each rung the best third goes on. The recipe that the search began with
    always does.

    Args:
        search: what is searched.
        trials: all of it, with their losses.
        number: of the trial in question.
    """
    own = next(trial for trial in trials if trial.number == number)
    others = [trial for trial in trials if trial.number != number]
    notes = dict(own.notes)
    while (epoch := rung_epochs(search, len(notes))) <= max(own.losses, default=0):
        if epoch >= search.recipe.training.epochs:
            break
        until = {at: loss for at, loss in own.losses.items() if at <= epoch}
        study = _optuna_study(search, [*others, replace(own, losses=until, notes=notes)])
        is_worse = study.pruner.prune(study, study.trials[-1])
        noted = _rungs(study.trials[-1].system_attrs)
        if is_worse and number:
            return True, noted or notes
        if len(noted) <= len(notes):  # its loss is no number
            break
        notes = noted
    return False, notes


def winner(trials: Iterable[Trial]) -> Trial | None:
    """Return the trial that came to its end with the lowest validation loss; None where none has."""
    ended = [trial for trial in trials if trial.status == "complete" and trial.value is not None]
    return min(ended, key=lambda trial: (trial.value, trial.number), default=None)


def importances(search: Search, trials: Sequence[Trial]) -> dict[str, float]:
    """Return how much each setting mattered for the validation loss, the most first; they add up to 1.

    PED-ANOVA (Watanabe et al., 2023): how differently a setting is distributed among the better trials. All
    are held against each other at the first rung, to which those that were given up came too.

    Args:
        search: what varied.
        trials: of it, with their losses.

    Returns:
        Nothing where too few came so far.
    """
    epoch = rung_epochs(search, 0)
    until = [
        (trial, [loss for at, loss in sorted(trial.losses.items()) if at <= epoch and math.isfinite(loss)])
        for trial in trials
        if trial.status == "complete" or max(trial.losses, default=0) >= epoch
    ]
    keeps_best = search.recipe.training.weights == "best"
    judged = [
        replace(trial, status="complete", value=min(losses) if keeps_best else losses[-1], losses={})
        for trial, losses in until
        if losses
    ]
    if len(judged) < FEWEST_FOR_IMPORTANCE or len({trial.value for trial in judged}) < 2:
        return {}
    import optuna  # noqa: PLC0415 - as above

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        found = optuna.importance.get_param_importances(
            _optuna_study(search, judged), evaluator=optuna.importance.PedAnovaImportanceEvaluator()
        )
    return dict(found)


def _optuna_study(search: Search, trials: Sequence[Trial]) -> "optuna.Study":
    import optuna  # noqa: PLC0415 - as above

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        sampler = optuna.samplers.TPESampler(
            multivariate=True,
            constant_liar=True,
            n_startup_trials=max(4, min(10, search.trials // 4)),
            seed=(search.recipe.seed + len(trials)) % 2**31,
        )
        pruner = optuna.pruners.SuccessiveHalvingPruner(
            min_resource=rung_epochs(search, 0), reduction_factor=REDUCTION
        )
    study = optuna.create_study(sampler=sampler, pruner=pruner)
    distributions, keeps_best = _distributions(search), search.recipe.training.weights == "best"
    for trial in trials:
        study.add_trial(_frozen(trial, distributions, keeps_best))
    return study


def _frozen(
    trial: Trial, distributions: "dict[str, optuna.distributions.BaseDistribution]", keeps_best: bool
) -> "optuna.trial.FrozenTrial":
    """Return a trial as Optuna has it, its losses those of the weights that it would keep at each epoch."""
    import optuna  # noqa: PLC0415 - as above

    states = optuna.trial.TrialState
    is_complete = trial.status == "complete" and trial.value is not None
    # What failed counts as given up without a loss, which is the worst.
    state = states.COMPLETE if is_complete else states.RUNNING if trial.status in LIVE else states.PRUNED
    kept, reported = float("inf"), dict[int, float]()
    for epoch, loss in sorted(trial.losses.items()):
        if math.isfinite(loss):
            kept = min(kept, loss) if keeps_best else loss
        if epoch and math.isfinite(kept):
            reported[epoch] = kept
    return optuna.trial.create_trial(
        state=state,
        value=trial.value if is_complete else None,
        params=dict(trial.settings),
        distributions=distributions,
        intermediate_values={} if trial.status == "failed" else reported,
        system_attrs=dict(trial.notes),
    )


def _distributions(search: Search) -> "dict[str, optuna.distributions.BaseDistribution]":
    return {one.setting: _distribution(one) for one in search.ranges}


def _distribution(one: NumberRange | Choices) -> "optuna.distributions.BaseDistribution":
    import optuna  # noqa: PLC0415 - as above

    kinds = optuna.distributions
    if isinstance(one, Choices):
        return kinds.CategoricalDistribution(one.values)
    if not one.multiple:
        return kinds.FloatDistribution(one.low, one.high, log=one.logarithmic)
    low, high = int(one.low), int(one.high) - int(one.high - one.low) % one.multiple
    return kinds.IntDistribution(low, high, log=one.logarithmic, step=one.multiple)


def _readable(one: NumberRange | Choices, value: SettingValue) -> SettingValue:
    """Round a number to a few digits, so that a person can read the recipe and type it."""
    if isinstance(one, NumberRange) and isinstance(value, float):
        return min(one.high, max(one.low, float(f"{value:.{_DIGITS}g}")))
    return value


def _rungs(attributes: Mapping[str, object]) -> dict[str, float]:
    return {name: value for name, value in attributes.items() if isinstance(value, float)}
