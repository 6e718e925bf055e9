"""The training doctor: looks at what a run has said, names an illness with its evidence, and a remedy.

Whoever has one illness often shows signs of others that come of it: a loss that leaps for its learning rate
also stands still later. So the examiners stand in order, each before those that its illness brings about,
and the first that finds something speaks alone: no two pieces of advice ever contradict each other.
"""

from components.insight.doctor import blowups, fitting, memory, outcomes, rates
from components.insight.doctor.case import Case, Outcome, Sibling, Through
from components.insight.doctor.finding import Evidence, Examiner, Finding, Illness, Line

__all__ = ["Case", "Evidence", "Finding", "Illness", "Line", "Outcome", "Sibling", "Through", "examine"]

# A new examiner is a function from a case to its finding, and its place here.
_EXAMINERS: tuple[Examiner, ...] = (
    blowups.not_finite,
    outcomes.too_good,
    blowups.exploding,
    rates.too_high,
    memory.saturated,
    rates.too_low,
    memory.vanishing,
    fitting.overfitting,
    fitting.plateau,
    fitting.underfitting,
    outcomes.worse_than_nothing,
    outcomes.seed_luck,
)


def examine(case: Case) -> Finding | None:
    """Find what is wrong with a run; None where nothing shows."""
    return next((finding for examiner in _EXAMINERS if (finding := examiner(case))), None)
