"""Settings that fit a series, and why each was chosen."""

import pandas as pd
import streamlit as st

from components.data.datasets import Series
from components.engine.admission import run_limits
from components.engine.settings_contest import hold_contest
from components.insight.doctor.remedies import recipe_differences
from components.recipe import Forecast, Preparation, Recipe
from components.settings import settings
from components.tasks.forecasting.contest import Contest
from components.tasks.forecasting.settings_contest import SettingsContest
from components.tasks.forecasting.suggest import Suggestion, suggestion
from components.ui.boundary import boundary
from components.ui.formatting import count, escape
from components.ui.recipe_form import draft
from components.ui.recipe_form.setting_labels import setting_label, setting_text
from components.ui.run.worker_questions import ask_worker

_SHOWN, _APPLIED = "train.suggestion", "train.suggested"
_HOLD, _HELD, _TAKEN = "train.contest", "train.contest-held", "train.contest-taken"
_SECONDS = 120  # that a contest may take


def show_reasons(recipe: Recipe, dataset: Series) -> None:
    """Say of the settings that were suggested why they were, and offer to take those up that were not."""
    target = recipe.require_task(Forecast).target
    if target not in dataset.columns:
        return
    found = _cached_suggestion(
        dataset, recipe.preparation.model_dump_json(), dataset.reference.model_dump_json(), target
    )
    held = found.shared_reasons(recipe)
    if found.contest is not None:
        with st.expander("What the forecast may start from", icon=":material/emoji_events:"):
            st.dataframe(_contest_table(found.contest), hide_index=True, width="stretch")
            st.caption(escape(found.contest.sentence))
    _show_settings_contest(recipe)
    with st.container(horizontal=True, vertical_alignment="center"):
        if held:
            st.caption(f":material/lightbulb: {escape(' '.join(held))}", width="stretch")
        if len(held) < len(found.reasons):
            _show_suggestion(recipe, found)


def _show_suggestion(recipe: Recipe, found: Suggestion) -> None:
    """Show what the suggested settings would change, and why, before a person takes them."""
    menu = st.popover("Suggest settings", icon=":material/auto_fix_high:", on_change="rerun", key=_SHOWN)
    if not menu.open:
        return
    changes = recipe_differences(recipe, found.recipe)
    kept = found.shared_reasons(recipe)
    with menu:
        st.markdown(f"**It would change {count(len(changes), 'setting')}**")
        st.table(
            {
                escape(setting_label(name)): f"{escape(setting_text(name, now))} → "
                f"**{escape(setting_text(name, then))}**"
                for name, now, then in changes
            },
            border="horizontal",
        )
        st.caption(escape(" ".join(one.sentence for one in found.reasons if one.sentence not in kept)))
        st.caption("Only the training set was looked at.")
        st.button(
            "Use these settings",
            icon=":material/auto_fix_high:",
            type="primary",
            key=_APPLIED,
            on_click=_apply,
            args=(_APPLIED, found.recipe),
        )


def _contest_table(held: Contest) -> pd.DataFrame:
    """Return what was tried, the best first, and how far behind the winner each is."""
    return pd.DataFrame(
        [
            {
                "Start": one.label,
                "MASE": round(one.error, 3),
                "Compared with the winner": "winner"
                if one == held.winner
                else f"{one.error - held.winner.error:+.3f}",
            }
            for one in held.contenders
        ]
    )


def _show_settings_contest(recipe: Recipe) -> None:
    """Let a person have these settings compete with others, and take the winner's."""
    with st.expander("Contest of settings", icon=":material/social_leaderboard:"):
        st.caption(
            "Trains these settings and others that differ in one thing each, a little, on the training set; "
            "all forecast the validation set. The simplest wins that isn't clearly worse than the best."
        )
        if st.button("Hold the contest", icon=":material/flag:", key=_HOLD):
            with boundary(), st.spinner("Networks of several kinds are being trained…"):
                held = ask_worker(hold_contest, recipe.to_json(), run_limits(settings()), timeout=_SECONDS)
                st.session_state[_HELD] = (recipe.to_url(), held)
        asked, held = st.session_state.get(_HELD, ("", None))
        if held is None or recipe.to_url() not in (asked, Recipe.from_json(held.recipe).to_url()):
            return
        st.dataframe(_placings_table(held), hide_index=True, width="stretch")
        left = f" There was no time for {', '.join(held.left_out)}." if held.left_out else ""
        st.caption(escape(f"{held.sentence}{left}"))
        if recipe != Recipe.from_json(held.recipe):
            st.button(
                f"Use “{held.winner}”",
                icon=":material/auto_fix_high:",
                key=_TAKEN,
                on_click=_apply,
                args=(_TAKEN, Recipe.from_json(held.recipe)),
            )


def _placings_table(held: SettingsContest) -> pd.DataFrame:
    """Return what was tried, the best first, how far behind each is, and whether that may be chance."""
    return pd.DataFrame(
        [
            {
                "Settings": one.label,
                "MASE": round(one.error, 3),
                "Behind the best": f"{one.lag:+.3f}" if one.lag else "best",
                "p": None if one.p is None else round(one.p, 3),
                "Result": "winner" if one.label == held.winner else "",
                "Seconds": round(one.seconds, 1),
            }
            for one in held.placings
        ]
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def _cached_suggestion(_dataset: Series, preparation: str, reference: str, target: str) -> Suggestion:
    return suggestion(_dataset, Preparation.model_validate_json(preparation), target)


def _apply(button: str, recipe: Recipe) -> None:
    # A click on a page that has just been left may end up here, though nobody pressed this.
    if st.session_state.get(button):
        draft.fill_controls(recipe)
        draft.update_address(recipe)
