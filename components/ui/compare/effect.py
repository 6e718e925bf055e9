"""What a difference between two recipes did, in a sentence with its uncertainty."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from components.recipe import Recipe
from components.tasks.paired_test import PairedTest, paired_test, seed_test
from components.ui.formatting import number


@dataclass(frozen=True)
class ComparedRun:
    """A run of a comparison.

    Attributes:
        letter: that stands for it.
        title: its own; "" where the letter alone names it.
        recipe: as whoever looks may see it.
        result: what it came to; None where it hasn't been measured.
    """

    letter: str
    title: str
    recipe: Recipe
    result: Any | None

    @property
    def name(self) -> str:
        """What it is called beside others."""
        return f"{self.letter} · {self.title}" if self.title else self.letter


def effect_sentence(change: str, base: ComparedRun, other: ComparedRun) -> str:
    """Return what a change did to the measure that counts, and whether chance may explain it.

    Args:
        change: in words: `2 layers instead of 1`.
        base: the run without it.
        other: the run with it.
    """
    one, two = base.result, other.result
    if one is None or two is None:
        missing = base.name if one is None else other.name
        return f"{missing} hasn't been measured on the test set, so the effect isn't known."
    if one.test_set != two.test_set:
        return (
            f"{other.name} and {base.name} were measured on different test sets, so their results can't be "
            "ranked against each other."
        )
    old, new = one.outcome.model, two.outcome.model
    change_of_measure = f"{number(new)} instead of {number(old)}"
    sentence = f"With {change}, the {one.outcome.measure} on the same test set is {change_of_measure}"
    if old and new != old:
        sentence += f", {abs(new / old - 1):.0%} {'higher' if new > old else 'lower'}"
    test = _test(one, two)
    if test is None:
        return f"{sentence}. One run of each can't show whether that is chance. Train more seeds of both."
    return f"{sentence}. {_test_sentence(test, base.name, other.name)}"


def _test(one: Any, two: Any) -> PairedTest | None:
    first, second = one.errors, two.errors
    return None if first is None or second is None else paired_test(first, second)


def _test_sentence(test: PairedTest, base: str, other: str) -> str:
    p = "p < 0.001" if test.p < 0.001 else f"p = {test.p:.2g}"
    if test.only_first is not None:
        what = (
            f"Of {test.examples:,} test examples, {test.only_second:,} are right only by {other} and "
            f"{test.only_first:,} only by {base}"
        )
    else:
        interval = f"{_signed(test.lower)} to {_signed(test.upper)}"
        what = f"The mean error changes by {_signed(test.difference)} (95% confidence interval {interval})"
    end = (
        "chance alone hardly explains that for these two models"
        if test.is_clear
        else "that may well be chance"
    )
    return f"{what}: {end} ({test.name}, {p})."


def _signed(value: float) -> str:
    return number(value).replace("-", "−") if value < 0 else f"+{number(value)}"


def one_seed_sentence(change: str, base: Sequence[ComparedRun], other: Sequence[ComparedRun]) -> str:
    """Return where the one run of a recipe stands among several seeds of another; "" where that isn't known.

    Args:
        change: in words, from `base` to `other`.
        base, other: runs of each recipe; of one of the two there is a single run.
    """
    every: list[Any] = [run.result for run in (*base, *other)]
    if None in every or len({result.test_set for result in every}) != 1:
        return ""
    single, several = (base, other) if len(base) == 1 else (other, base)
    (value,), values = (
        [run.result.outcome.model for run in runs if run.result is not None] for runs in (single, several)
    )
    place = "within" if min(values) <= value <= max(values) else "outside"
    return (
        f"One run doesn't show what {change} does: the {every[0].outcome.measure} of {single[0].name}, "
        f"{number(value)}, lies {place} the range that the seeds of the other recipe span by themselves, "
        f"{number(min(values))} to {number(max(values))}. Train more seeds of {single[0].name}."
    )


def seed_sentence(change: str, base: Sequence[ComparedRun], other: Sequence[ComparedRun]) -> str:
    """Return what a change did over several seeds of each recipe; "" where that can't be said.

    Args:
        change: in words.
        base: runs without it, of different seeds.
        other: runs with it.
    """
    every: list[Any] = [run.result for run in (*base, *other)]
    if None in every or len({result.test_set for result in every}) != 1:
        return ""
    values = [np.array([run.result.outcome.model for run in runs if run.result]) for runs in (base, other)]
    found = seed_test(*values)
    if found is None:
        return ""
    p = "p < 0.001" if found.p < 0.001 else f"p = {found.p:.2g}"
    end = "the seeds alone hardly explain that" if found.is_clear else "the seeds alone may well explain that"
    measure = every[0].outcome.measure
    return (
        f"Over {len(base)} and {len(other)} seeds, {change} takes the {measure} from a mean of "
        f"{number(found.first)} to one of {number(found.second)} (95% confidence interval of the change "
        f"{_signed(found.lower)} to {_signed(found.upper)}): {end} (Welch's t-test, {p})."
    )


def spread_sentence(runs: Sequence[ComparedRun]) -> str:
    """Return how far apart runs are that differ in the seed only; "" where that can't be said."""
    results = [run.result for run in runs if run.result is not None]
    if len(results) < 2 or len({result.test_set for result in results}) != 1:
        return ""
    values, measure = [result.outcome.model for result in results], results[0].outcome.measure
    return (
        f"Only the seed differs. It alone moves the {measure} between {number(min(values))} and "
        f"{number(max(values))}: a difference of that size says nothing about a recipe."
    )
