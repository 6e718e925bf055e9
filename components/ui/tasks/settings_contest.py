"""“Suggest settings”: a contest on the engine, drawn as it goes, and what it ends in."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from components.engine.admission import run_limits
from components.engine.engine import engine
from components.engine.question import Question
from components.engine.settings_contest import try_settings
from components.errors import UnrollError
from components.insight.doctor.remedies import recipe_differences
from components.recipe import Recipe
from components.settings import settings
from components.tasks.settings_contest import MEASURES, ContestInProgress, SettingsContest, Trial
from components.ui.boundary import boundary, show_error
from components.ui.formatting import count, escape
from components.ui.recipe_form import draft
from components.ui.recipe_form.labels import setting_label, setting_text
from components.ui.visitor import visitor

_BEGIN, _STOP, _TAKE = "train.suggest", "train.suggest-stop", "train.suggest-take"
_HELD = "train.contest"
_EVERY = 0.5  # seconds between two looks at a contest that goes on
_LEAST_P = 0.001  # that a table writes out
_SECONDS = 120  # that one training of a contest may take, on a busy machine


@dataclass
class HeldContest:
    """A contest of one visitor: what is asked of a worker, and what came of it.

    Attributes:
        about: data and preparation that it is about.
        contest: who is tried, and how they did.
        error: that the last one who couldn't be tried ended in.
    """

    about: str
    contest: ContestInProgress
    error: UnrollError | None = None
    _question: Question[Trial] | None = field(default=None, repr=False)
    _is_stopped: bool = False

    @property
    def is_over(self) -> bool:
        """Whether nobody is tried any more."""
        return self._is_stopped or self.contest.next is None

    @property
    def recipe(self) -> Recipe:
        """The settings that win, or lead; those that were proposed, where only a rule was tried."""
        outcome = self.contest.outcome
        if outcome is None or outcome.suggested is None:
            return self.contest.proposed
        return Recipe.from_json(outcome.recipe)

    def advance(self) -> None:
        """Take the answers that are there, and ask for the next; never wait."""
        while not self.is_over:
            if self._question is None:
                self._question = self._ask()
            if self._question is None or not self._question.is_over:
                return
            question, self._question = self._question, None
            try:
                self.contest.take(question.answer())
            except UnrollError as error:
                self.error = error
                self.contest.skip()

    def stop(self) -> None:
        """Try nobody else."""
        self._is_stopped = True
        if self._question is not None:
            self._question.withdraw()

    def _ask(self) -> Question[Trial] | None:
        assert self.contest.next is not None
        recipe = self.contest.next.recipe.to_json()
        try:
            return engine().question(
                try_settings, recipe, run_limits(settings()), timeout=_SECONDS, visitor=visitor()
            )
        except UnrollError as error:  # the engine is down, or the visitor has asked too often
            self.error, self._is_stopped = error, True
            return None


def show_settings_contest(
    recipe: Recipe, begin: Callable[[], ContestInProgress], *, about: str = "", examples: str
) -> None:
    """Offer to find settings by a contest; draw how it goes, or what it came to, and let it be taken up.

    Args:
        recipe: in the making.
        begin: returns a contest at its beginning.
        about: what it is about, besides the data and their preparation.
        examples: what there may be too few of: rows.
    """
    data = f"{recipe.dataset.model_dump_json()} {recipe.preparation.model_dump_json()}"
    about = f"{data} {recipe.task.kind} {about}"
    held: HeldContest | None = st.session_state.get(_HELD)
    if held is not None and held.about != about:
        held.stop()
        del st.session_state[_HELD]  # and the data with it
        held = None
    is_going_on = held is not None and not held.is_over
    st.button(
        "Suggest settings",
        icon=":material/auto_fix_high:",
        help="Compares several kinds of network, and none at all: each learns a little from the training "
        "set and is measured on the validation set. It takes a few seconds; nothing changes until you agree.",
        key=_BEGIN,
        disabled=is_going_on,
        on_click=_begin,
        args=(begin, about),
    )
    if held is None:
        return
    if is_going_on:
        st.fragment(_show_progress, run_every=_EVERY)()
    else:
        _show_result(recipe, held, examples)


def _begin(begin: Callable[[], ContestInProgress], about: str) -> None:
    if st.session_state.get(_BEGIN):
        st.session_state[_HELD] = HeldContest(about, begin())


def _show_progress() -> None:
    held: HeldContest = st.session_state[_HELD]
    with boundary():
        held.advance()
    outcome, coming = held.contest.outcome, held.contest.next
    if held.is_over or coming is None:
        st.rerun()
    tried = 0 if outcome is None else len(outcome.placings)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f":material/hourglass: {count(tried, 'set')} of settings tried; now “{escape(coming.label)}”…"
        )
        st.button("Stop", icon=":material/stop:", key=_STOP, on_click=held.stop)
    if outcome is not None:
        st.dataframe(_table(outcome), hide_index=True, width="stretch")


def _show_result(recipe: Recipe, held: HeldContest, examples: str) -> None:
    outcome = held.contest.outcome
    if held.error is not None and (outcome is None or held.contest.next is not None):
        show_error(held.error)
    elif outcome is None:
        st.caption(
            f"There are too few {examples} to compare settings, so the suggestions come from the training "
            "set alone."
        )
    if outcome is not None:
        st.dataframe(_table(outcome), hide_index=True, width="stretch")
        left = f" There was no time for {', '.join(outcome.left_out)}." if outcome.left_out else ""
        st.caption(escape(f"{outcome.sentence}{left}"))
    if recipe != held.recipe:
        _show_changes(recipe, held.recipe)


def _show_changes(recipe: Recipe, suggested: Recipe) -> None:
    """Show what the suggested settings would change, and let them be taken."""
    changes = recipe_differences(recipe, suggested)
    st.markdown(f"**It would change {count(len(changes), 'setting')}**")
    st.table(
        {
            escape(setting_label(name, then)): f"{escape(setting_text(name, now))} → "
            f"**{escape(setting_text(name, then))}**"
            for name, now, then in changes
        },
        border="horizontal",
    )
    st.button(
        "Use these settings",
        icon=":material/auto_fix_high:",
        type="primary",
        key=_TAKE,
        on_click=_take,
        args=(suggested,),
    )


def _table(outcome: SettingsContest) -> pd.DataFrame:
    """Return what was tried, the best first, how far behind each is, and whether that may be chance."""
    measure = MEASURES[outcome.measure]
    return pd.DataFrame(
        [
            {
                "Settings": one.label,
                outcome.measure: measure.shown(one.error),
                "Behind the best": measure.lag(one.lag) if one.lag else "best",
                "p": _chance(one.p),
                "Result": _result(outcome, one.label),
                "Seconds": round(one.seconds, 1),
            }
            for one in outcome.placings
        ]
    )


def _chance(p: float | None) -> str:
    """Return a p-value as a table shows it."""
    if p is None:
        return "–"
    return f"{p:.3f}" if p >= _LEAST_P else f"< {_LEAST_P:g}"


def _result(outcome: SettingsContest, label: str) -> str:
    if label == outcome.suggested:
        return "suggested"
    return "wins" if label == outcome.winner else ""


def _take(recipe: Recipe) -> None:
    # A click on a page that has just been left may end up here, though nobody pressed this.
    if st.session_state.get(_TAKE):
        draft.fill_controls(recipe)
        draft.update_address(recipe)
