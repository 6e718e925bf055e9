"""Settings that fit a series, and why each was chosen."""

from functools import partial

import pandas as pd
import streamlit as st

from components.data.datasets import Series
from components.recipe import Forecast, Preparation, Recipe
from components.tasks.forecasting.contest import Contest
from components.tasks.forecasting.settings_contest import ForecastContest
from components.tasks.forecasting.suggest import Suggestion, suggestion
from components.ui.formatting import escape
from components.ui.tasks.settings_contest import show_settings_contest


def show_reasons(recipe: Recipe, dataset: Series) -> None:
    """Say of the settings that were suggested why they were, and offer to look for better ones."""
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
    if held:
        st.caption(f":material/lightbulb: {escape(' '.join(held))}")
    show_settings_contest(recipe, partial(ForecastContest, found, dataset), about=target, examples="rows")


def _contest_table(held: Contest) -> pd.DataFrame:
    """Return what was tried, the best first, and how far behind the winner each is."""
    return pd.DataFrame(
        [
            {
                "Start": one.label,
                "MASE": round(one.error, 3),
                "Compared with the winner": "winner"
                if one == held.winner
                else f"{one.error - held.winner.error:+.3f}".replace("-", "−"),
            }
            for one in held.contenders
        ]
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def _cached_suggestion(_dataset: Series, preparation: str, reference: str, target: str) -> Suggestion:
    return suggestion(_dataset, Preparation.model_validate_json(preparation), target)
