"""Overfitting, underfitting, and plateaus."""

import numpy as np

from components.insight.doctor import curve_stats
from components.insight.doctor.finding import Finding
from components.insight.doctor.learning_rate import epoch_evidence
from components.insight.doctor.remedies import modified_recipe
from components.insight.doctor.run_evidence import Case
from components.recipe import Recipe
from components.recipe.training import USUAL_RATES

_AFTER = 3  # epochs that must have followed the best one
_RISE = 0.1  # share of the lowest validation loss by which it is higher now
_GUARDED = 0.25  # the same where the best weights are kept and it stops early
_WORTH = 0.05  # share of the first validation loss, so that a flutter near zero counts for nothing
_OVERFITTING_SHARE = 0.8  # share of its training loss at the best epoch that is left now
_MANY = 8  # epochs, of which the last quarter is held against the one before
_APART = 3.0  # times the training loss
_FAR_APART = 0.2  # share of the first validation loss
_KEEPS_UP = 0.5  # share of the training loss' fall, in orders of magnitude
_PATIENCE = 5

_LITTLE = 0.6  # share of the first epoch's loss that a model still has which learnt little
_FEW_UNITS = 8
_MUCH_DROPOUT = 0.5
_GROWN_UNITS = 32
_USUAL_DROPOUT = 0.1

_STILL = 0.08
_UNREST = 0.3
_SETTLED = 0.85
_NEAR_ZERO = 0.1
_CALMER = 3.0


def overfitting(case: Case) -> Finding | None:
    """Return a finding where the training loss falls, and the validation loss rises or hardly falls.

    A run that stopped early, kept its best weights and isn't worse for it took no harm: it has none.
    """
    if _has_early_stopping(case.recipe) and case.outcome is not None and not case.outcome.is_clearly_worse:
        return None
    if len(case.validation) < _AFTER + 1 or not np.isfinite(case.validation).all():
        return None
    return _validation_rise(case) or _loss_gap(case)


def _validation_rise(case: Case) -> Finding | None:
    """Look for a validation loss that has risen since it was lowest."""
    losses = case.validation
    best = int(losses.argmin())
    if len(losses) - 1 - best < _AFTER:
        return None
    now, learnt = (
        curve_stats.finite_median(losses[-_AFTER:]),
        curve_stats.finite_median(case.training[-_AFTER:]),
    )
    rise = now - losses[best]
    if (
        rise < (_GUARDED if _has_early_stopping(case.recipe) else _RISE) * losses[best]
        or rise < _WORTH * losses[0]
    ):
        return None
    if learnt > _OVERFITTING_SHARE * case.training[best]:
        return None
    epoch = int(case.epochs[best])
    return _overfitting_finding(
        case,
        f"The validation loss was lowest after epoch {epoch}, at {losses[best]:.3g}. Since then the "
        f"training loss has fallen from {case.training[best]:.3g} to {learnt:.3g}, while the validation loss "
        f"has risen by {rise / losses[best]:.0%}. What the model learns now doesn't generalise to new data.",
        (epoch, f"best: epoch {epoch}"),
    )


def _loss_gap(case: Case) -> Finding | None:
    """Look for a training loss that leaves the validation loss far behind, where nothing would stop that.

    A validation loss that jumps about may have its lowest epoch late, however long it has stood about still.
    """
    stretch = max(_AFTER, len(case.validation) // 4)
    if (
        len(case.validation) < _MANY
        or not np.isfinite(case.training).all()
        or _has_early_stopping(case.recipe)
    ):
        return None
    now, before = _last_levels(case.validation, stretch)
    learnt, known = _last_levels(case.training, stretch)
    if learnt > _OVERFITTING_SHARE * known or now < before * (learnt / known) ** _KEEPS_UP:
        return None
    if now < _APART * learnt or now - learnt < _FAR_APART * case.validation[0]:
        return None
    epoch = int(case.epochs[-stretch])
    return _overfitting_finding(
        case,
        f"Over the last {stretch} epochs the training loss was {learnt:.3g}, {1 - learnt / known:.0%} lower "
        f"than over the {stretch} before. The validation loss was {now:.3g}, after {before:.3g} before that: "
        f"{now / learnt:.1f} times as high as the training loss. What the model learns now hardly "
        "generalises to new data.",
        (epoch, f"last {stretch} epochs"),
    )


def _last_levels(losses: np.ndarray, stretch: int) -> tuple[float, float]:
    """Return the middle loss of the last epochs, and that of as many before them."""
    return curve_stats.finite_median(losses[-stretch:]), curve_stats.finite_median(
        losses[-2 * stretch : -stretch]
    )


def _has_early_stopping(recipe: Recipe) -> bool:
    """Return whether a recipe stops early and keeps the best weights, which cures a little of it."""
    return recipe.training.patience is not None and recipe.training.weights == "best"


def _overfitting_finding(case: Case, sentence: str, place: tuple[float, str]) -> Finding:
    return Finding(
        key="overfitting",
        title="Overfitting",
        sentence=sentence,
        evidence=epoch_evidence(case, "The two losses diverge", place=place),
        advice=(
            f"Stop early, after {_PATIENCE} epochs without a lower validation loss, and keep the best "
            "weights. Add dropout, which makes the training data harder to memorise."
        ),
        remedy=_regularised_recipe(case.recipe),
    )


def _regularised_recipe(recipe: Recipe) -> Recipe:
    dropout = min(0.6, recipe.model.dropout + 0.3)
    return modified_recipe(
        recipe,
        model={"dropout": dropout},
        training={"patience": _PATIENCE, "weights": "best"},
    )


def underfitting(case: Case) -> Finding | None:
    """Return a finding where the model learns too little although its steps are sound: it is too small."""
    if len(case.training) < 3 or case.share_done < 1 or not np.isfinite(case.training).all():
        return None
    left = curve_stats.median_loss(case.losses, 0.9, 1.0) / case.start
    if left < _LITTLE * 0.7:
        return None
    recipe, training, validation = case.recipe, case.training[-1], case.validation[-1]
    if recipe.model.dropout >= _MUCH_DROPOUT and training > validation:
        return Finding(
            key="underfitting",
            title="Underfitting: too much dropout",
            sentence=(
                f"With a dropout of {recipe.model.dropout:.0%}, the training loss is still {left:.0%} of its "
                f"initial value. The validation loss ({validation:.3g}), computed without dropout, is lower "
                f"than the training loss ({training:.3g}), so dropout is what limits the model."
            ),
            evidence=epoch_evidence(case, "Validation, without dropout, is better"),
            advice=f"Lower the dropout to {_USUAL_DROPOUT:.0%}.",
            remedy=modified_recipe(recipe, model={"dropout": _USUAL_DROPOUT}),
        )
    is_little = left > _LITTLE or (case.outcome is not None and case.outcome.is_clearly_worse)
    if recipe.model.units < _FEW_UNITS and is_little and validation < 1.2 * training:
        return Finding(
            key="underfitting",
            title="Underfitting: the model is too small",
            sentence=(
                f"After training, the loss is still {left:.0%} of its initial value, on the training set "
                f"({training:.3g}) as well as on the validation set ({validation:.3g}). So the model doesn't "
                f"overfit; its capacity is too low, with {recipe.model.units} "
                f"{'unit' if recipe.model.units == 1 else 'units'} per layer."
            ),
            evidence=epoch_evidence(case, "Both losses stay high"),
            advice=f"Use a larger model: {_GROWN_UNITS} units.",
            remedy=modified_recipe(recipe, model={"units": _GROWN_UNITS}),
        )
    return None


def plateau(case: Case) -> Finding | None:
    """Return a finding where the loss no longer falls: its steps are too large to settle, or all alike."""
    if case.recipe.optimizer.schedule != "constant" or not np.isfinite(case.training).all():
        return None
    return _noisy_loss(case) or _flat_loss(case)


def _flat_loss(case: Case) -> Finding | None:
    """Look for a loss that stood still high up, under plain gradient descent."""
    if case.recipe.optimizer.kind != "sgd" or len(case.training) < 3 or case.share_done < 1:
        return None
    left = curve_stats.median_loss(case.losses, 0.9, 1.0) / case.start
    since = 1 - case.training[-1] / case.training[len(case.training) // 2]
    if left < _LITTLE or since > _STILL:
        return None
    half = float(case.epochs[len(case.training) // 2])
    return Finding(
        key="plateau",
        title="Plateau: the loss is flat",
        sentence=(
            f"The loss is still {left:.0%} of its initial value, and it fell by only {max(0.0, since):.1%} "
            "in the second half of the training. Where the loss surface is nearly flat, plain gradient "
            "descent hardly moves."
        ),
        evidence=epoch_evidence(case, "The loss stops falling", place=(half, "halfway")),
        advice="Use Adam, which adapts the step size of each weight to the size of its gradients.",
        remedy=modified_recipe(case.recipe, optimizer={"kind": "adam", "learning_rate": USUAL_RATES["adam"]}),
    )


def _noisy_loss(case: Case) -> Finding | None:
    """Look for a loss that jumps about without getting lower."""
    if len(case.validation) < 8 or curve_stats.halfway_share(case.losses, case.start) < _SETTLED:
        return None
    unrest = curve_stats.relative_jitter(case.validation)
    left = curve_stats.median_loss(case.losses, 0.9, 1.0) / case.start
    if not unrest > _UNREST or left < _NEAR_ZERO:
        return None
    half = len(case.validation) // 2
    return Finding(
        key="plateau",
        title="Plateau: the loss is noisy",
        sentence=(
            f"Since about epoch {case.epochs[half]} the training loss has hardly fallen, and the validation "
            f"loss jumps by {unrest:.0%} from one epoch to the next. The steps are too large to settle in "
            "the minimum."
        ),
        evidence=epoch_evidence(
            case, "The loss is flat but noisy", place=(float(case.epochs[half]), "flat from here")
        ),
        advice="Use cosine decay: the learning rate falls to zero over the training.",
        remedy=modified_recipe(
            case.recipe,
            optimizer={"schedule": "cosine", "learning_rate": float(f"{case.rate / _CALMER:.2g}")},
        ),
    )
