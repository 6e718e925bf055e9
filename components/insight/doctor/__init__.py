"""The training doctor: reads a run's events, names one illness with its evidence, and offers a remedy.

Whoever has one illness often shows signs of others that come of it: a loss that leaps for its learning rate
also stands still later. So the examiners stand in order, each before those that its illness brings about,
and the first that finds something speaks alone: no two pieces of advice ever contradict each other.
"""

from components.insight.doctor import divergence, fitting, gradient_flow, learning_rate, outcomes
from components.insight.doctor.finding import Evidence, EvidenceLine, Examiner, Finding, Illness
from components.insight.doctor.run_evidence import Case, GradientNorms, Outcome, Sibling

__all__ = [
    "Case",
    "Evidence",
    "EvidenceLine",
    "Finding",
    "GradientNorms",
    "Illness",
    "Outcome",
    "Sibling",
    "examine",
]

# A new examiner is a function from a case to its finding, and its place here.
_EXAMINERS: tuple[Examiner, ...] = (
    divergence.non_finite_loss,
    outcomes.target_leakage,
    divergence.exploding_gradient,
    learning_rate.rate_too_high,
    gradient_flow.saturation,
    learning_rate.rate_too_low,
    gradient_flow.vanishing_gradient,
    fitting.overfitting,
    fitting.plateau,
    fitting.underfitting,
    outcomes.worse_than_baseline,
    outcomes.seed_variability,
)


def examine(case: Case) -> Finding | None:
    """Return what is wrong with a run; None where nothing shows, or nothing was to be trained."""
    if case.recipe.training.epochs == 0:
        return None
    return next((finding for examiner in _EXAMINERS if (finding := examiner(case))), None)
