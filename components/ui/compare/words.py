"""A comparison in words: how recipes differ from the one they are held against, and what that did."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components.ui.compare.differences import Difference, change_phrase, difference_sentence
from components.ui.compare.effect import (
    ComparedRun,
    effect_sentence,
    one_seed_sentence,
    seed_sentence,
    spread_sentence,
)
from components.ui.compare.seed_groups import SeedGroup
from components.ui.formatting import escape, joined


def show_words(
    compared: Sequence[ComparedRun], groups: Sequence[SeedGroup], found: Sequence[Difference], base: int
) -> None:
    """Say how each recipe differs from that of the run at `base`, and what that did.

    Args:
        compared: the runs.
        groups: those of the same recipe.
        found: the settings in which any of the recipes differ.
        base: the place of the run that the others are held against.
    """
    held_against = next(group for group in groups if base in group.places)
    others = [group for group in groups if group is not held_against]
    lines = [_base_line(compared, held_against, is_alone=not others)]
    lines += [_line(compared, held_against, group, found, base) for group in others]
    st.markdown("\n".join(f"- {line}" for line in lines))
    measured = [run.result for run in compared if run.result is not None]
    if len({result.test_set for result in measured}) > 1:
        st.warning(
            "These runs were measured on different test sets, so their results aren't ranked against each "
            "other.",
            icon=":material/balance:",
        )


def _base_line(compared: Sequence[ComparedRun], group: SeedGroup, is_alone: bool) -> str:
    line = _introduction(compared, group)
    if is_alone and group.is_spread:
        line += f" {escape(spread_sentence([compared[at] for at in group.places]))}"
    return line.strip()


def _introduction(compared: Sequence[ComparedRun], group: SeedGroup) -> str:
    letters = joined([f"**{compared[at].letter}**" for at in group.places])
    if len(group.places) == 1:
        return f"{letters} is {escape(compared[group.places[0]].title)}."
    if not group.is_spread:
        return f"{letters} are runs of the same recipe with the same seed."
    return (
        f"{letters} are runs of the same recipe with the seeds {joined([str(seed) for seed in group.seeds])}."
    )


def _line(
    compared: Sequence[ComparedRun],
    held_against: SeedGroup,
    group: SeedGroup,
    found: Sequence[Difference],
    base: int,
) -> str:
    at = group.places[0]
    # A seed tells single runs apart; that of a group is what it is a group of.
    is_single = len(group.places) == len(held_against.places) == 1
    told = [one for one in found if is_single or one.name != "seed"]
    own = [one for one in told if one.values[at] != one.values[base]]
    name = compared[at].letter if len(group.places) == 1 else "they"
    line = _introduction(compared, group)
    line += f" {escape(difference_sentence(name, compared[base].letter, told, at, base))}"
    if len(own) != 1:
        return line
    change = change_phrase(own[0], at, base)
    runs, base_runs = (
        [_by_letter(compared[place]) for place in places] for places in (group.places, held_against.places)
    )
    if is_single:
        return f"{line} {escape(effect_sentence(change, base_runs[0], runs[0]))}"
    if min(len(runs), len(base_runs)) > 1:
        return f"{line} {escape(seed_sentence(change, base_runs, runs))}".strip()
    return f"{line} {escape(one_seed_sentence(change, base_runs, runs))}".strip()


def _by_letter(run: ComparedRun) -> ComparedRun:
    return replace(run, title="")
