"""The distribution of a column's values."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, axis_title, figure, with_unit
from components.charts.palette import BLUE, GREY
from components.data.analysis import histogram

_MOST_VALUES = 1_000_000  # that are counted: more of them draw the same bars


def distribution(values: np.ndarray, name: str, unit: str = "") -> Chart:
    """Draw how often values of each size occur.

    Args:
        values: (rows,); what is missing doesn't count. One or more are there. Of a long series, only some
            rows are counted, evenly spread over it.
        name: of the column.
        unit: of its values.
    """
    every = max(1, -(-len(values) // _MOST_VALUES))
    values = values[::every]
    values = values[np.isfinite(values)]
    found = histogram(values)
    drawn = figure(f"Distribution of {name}", axis_title(name, unit), "rows")
    centres, widths = (found.edges[1:] + found.edges[:-1]) / 2, np.diff(found.edges)
    bars = go.Bar(x=centres, y=found.counts, width=widths, marker={"color": BLUE, "line": {"width": 0}})
    middle = float(np.median(values))
    drawn.add_trace(bars).update_layout(bargap=0.04)
    drawn.add_vline(x=middle, line={"color": GREY, "width": 1, "dash": "dash"})
    low, high = np.quantile(values, [0.05, 0.95])
    sentence = (
        f"Half of the values lie below {with_unit(middle, unit)}; nine in ten lie between "
        f"{with_unit(float(low), unit)} and {with_unit(float(high), unit)}.{_skew_sentence(values)}"
        + (f" Only one in {every:,} rows is counted." if every > 1 else "")
    )
    table = pd.DataFrame({"from": found.edges[:-1], "to": found.edges[1:], "rows": found.counts})
    return Chart(drawn, sentence, table)


def _skew_sentence(values: np.ndarray) -> str:
    """Return which of the two tails is much the longer, seen from the median."""
    low, middle, high = np.quantile(values, [0.01, 0.5, 0.99])
    below, above = float(middle - low), float(high - middle)
    if above > 3 * below:
        return " A few are much larger than the others."
    return " A few are much smaller than the others." if below > 3 * above else ""
