"""A run from the store as the training doctor looks at it."""

import numpy as np

from components.data.datasets import Dataset
from components.insight.doctor.run_evidence import RECURRENT, Case, GradientNorms, Outcome, Sibling
from components.insight.gates import RangeEndShares
from components.recipe import Recipe
from components.runs.event_writer import ACTIVE
from components.runs.store import Run, RunStore
from components.training.events import GradientThroughTime

_MOST_COMPARED_RUNS = 50  # of the owner's newest runs, among which those of the same recipe are looked for


def read_case(
    store: RunStore, run: Run, outcome: Outcome | None = None, dataset: Dataset | None = None
) -> Case:
    """Read what a run has said of itself since it was last changed by hand.

    Args:
        store: where it is.
        run: as it stands now.
        outcome: what it came to, if it has been measured.
        dataset: what it learns from, if it is at hand.
    """
    curves, looks = store.curves(run.id), store.through_time(run.id)
    marks = [mark for mark in store.marks(run.id) if mark.what != "rewound"]
    since = max((mark.step for mark in marks), default=0)
    rates = [mark.value for mark in marks if mark.what == "learning_rate"]
    ends = [end for end in store.epochs(run.id) if end.step > since]
    over = run.status not in ACTIVE
    return Case(
        recipe=run.recipe,
        rate=rates[-1] if rates else run.recipe.optimizer.learning_rate,
        first=since + 1,
        losses=curves[0, since:],
        before=curves[1, since:],
        after=curves[2, since:],
        ends=np.array([end.step for end in ends], int),
        training=np.array([end.training for end in ends], float),
        validation=np.array([end.validation for end in ends], float),
        epoch=ends[0].epoch if ends else run.epoch + 1,
        over=over,
        through=_gradient_norms(looks[-1]) if looks else None,
        pressed=tuple(RangeEndShares(*one) for one in looks[-1].pressed) if looks else (),
        outcome=outcome,
        siblings=_siblings(store, run) if run.status == "finished" else (),
        dataset=dataset,
    )


def _gradient_norms(look: GradientThroughTime) -> GradientNorms:
    """Return a look through time, of the recurrent layers alone."""
    rows = [number for number, name in enumerate(look.rows) if name.startswith(RECURRENT)]
    return GradientNorms(
        {look.rows[number]: np.array(look.norms[number]) for number in rows},
        {look.rows[number]: look.ratios[number] for number in rows},
    )


def _siblings(store: RunStore, run: Run) -> tuple[Sibling, ...]:
    """Return the owner's finished runs that differ in the seed alone, one a seed; else none."""
    found: dict[int, Sibling] = {}
    for other in (run, *store.runs(run.owner, _MOST_COMPARED_RUNS)):
        # First what tells most of them apart at once.
        alike = (
            other.status == "finished"
            and other.recipe.dataset == run.recipe.dataset
            and _recipe_without_seed(other.recipe) == _recipe_without_seed(run.recipe)
        )
        if alike and other.recipe.seed not in found:
            losses = [end.validation for end in store.epochs(other.id)]
            if losses and np.isfinite(losses).any():
                found[other.recipe.seed] = Sibling(other.recipe.seed, float(np.nanmin(losses)))
    return tuple(found.values()) if len(found) > 1 else ()


def _recipe_without_seed(recipe: Recipe) -> Recipe:
    return recipe.model_copy(update={"seed": 0})
