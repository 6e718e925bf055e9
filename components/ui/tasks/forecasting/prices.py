"""What is to be said of a forecast of prices on its Results page. It never advises."""

import numpy as np
import pandas as pd
import streamlit as st

from components.recipe import Recipe
from components.tasks.forecasting.prices import direction, is_price_forecast, returns, summary
from components.tasks.forecasting.result import ForecastResult
from components.ui.widgets.chart_display import show_caption

_ABOUT = (
    "Market prices come close to a **random walk**: what is known is already in the price, "
    "so the next move is like the toss of a coin. The best forecast is then the last price, "
    "and a model that only repeats it draws a line that looks right but is one step late. So "
    "look at the **returns**, the change in percent since the forecast was made, and at how "
    "often the direction is right. This is about the past and about learning; it isn't "
    "financial advice."
)


def is_shown_as_prices(recipe: Recipe, result: ForecastResult) -> bool:
    """Return whether the data are prices, of which returns can be told."""
    return is_price_forecast(recipe) and bool((result.truth > 0).all())


def show_prices(result: ForecastResult) -> None:
    """Draw returns and directions of prices."""
    st.markdown(_ABOUT)
    steps = sorted({1, result.horizon})
    for ahead in steps:
        st.markdown(f"- {summary(result, ahead)}")
    show_caption("Guessing is right half of the time.", _table(result, steps), key="prices")


def _table(result: ForecastResult, steps: list[int]) -> pd.DataFrame:
    rows = {}
    for ahead in steps:
        made, ups = returns(result, ahead), direction(result, ahead)
        rows[ahead] = {
            "MAE of the return, model (points)": made.model,
            "MAE of the return, random walk (points)": made.walk,
            "direction right (%)": 100 * ups.share if ups else np.nan,
            "95% interval from (%)": 100 * ups.low if ups else np.nan,
            "to (%)": 100 * ups.high if ups else np.nan,
            "forecasts counted": ups.counted if ups else 0,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("steps ahead")
