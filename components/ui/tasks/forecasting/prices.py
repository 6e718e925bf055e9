"""What is to be said of a forecast of prices on its Results page. It never advises."""

import numpy as np
import pandas as pd
import streamlit as st

from components.runs.store import Run
from components.tasks.forecasting.prices import direction, is_price_forecast, returns, summary
from components.tasks.forecasting.result import ForecastResult
from components.ui.widgets.chart_display import show_caption

_ABOUT = (
    "Prices of a market come close to a **random walk**: what is known is in the price already, so the next "
    "step goes up or down like the toss of a coin. Then the best forecast is the last price, and a model "
    "that has learnt nothing but to repeat it draws a line that looks right, one step late. So look at the "
    "**returns**, the change in percent from where the model stood, and at how often it told up from down. "
    "All this is about the past and about learning; it is no advice to buy or to sell."
)


def show_prices(run: Run, result: ForecastResult) -> None:
    """Draw returns and directions where the data are prices."""
    if not is_price_forecast(run.recipe) or not (result.truth > 0).all():
        return
    st.header("Is it more than a random walk?", anchor=False)
    st.markdown(_ABOUT)
    steps = sorted({1, result.horizon})
    for ahead in steps:
        st.markdown(f"- {summary(result, ahead)}")
    show_caption("A coin is right in half of the cases.", _table(result, steps), key="prices")


def _table(result: ForecastResult, steps: list[int]) -> pd.DataFrame:
    rows = {}
    for ahead in steps:
        made, ups = returns(result, ahead), direction(result, ahead)
        rows[ahead] = {
            "error of the return, model (points)": made.model,
            "error of the return, last price (points)": made.walk,
            "told up from down (%)": 100 * ups.share if ups else np.nan,
            "from (%)": 100 * ups.low if ups else np.nan,
            "to (%)": 100 * ups.high if ups else np.nan,
            "forecasts counted": ups.counted if ups else 0,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("steps ahead")
