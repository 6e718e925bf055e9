"""The examples of a dataset: a few of them drawn, their lengths, their class balance."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, escape_html, figure, number, shorten
from components.charts.palette import BLUE, GREY, SERIES, VERMILLION, with_opacity
from components.charts.series import downsampled_rows
from components.data.analysis import histogram

MOST_PANELS = 9
"""Small pictures beside and below each other; more can't be told apart."""
_MAX_COLUMNS = 3
_MAX_BARS = 20
_PANEL_POINTS = 500


NamedLines = Sequence[tuple[str, np.ndarray]]
"""Names of lines, and their (steps,) values."""


def sequence_panels(
    groups: Sequence[tuple[str, NamedLines]],
    *,
    title: str,
    value: str,
    symbols: Sequence[str] = (),
    legend: bool = False,
) -> Chart:
    """Draw sequences in small pictures of the same scale.

    Args:
        groups: the name of each picture, and the lines in it. Lines of one name have one colour.
        title: of the whole.
        value: what the values are.
        symbols: where values are codes: what they stand for.
        legend: whether the names of the lines mean something, and stand under the chart.
    """
    groups = groups[:MOST_PANELS]
    columns = 2 if len(groups) == 4 else min(_MAX_COLUMNS, len(groups))
    rows = -(-len(groups) // columns)
    drawn = figure(title, height=130 + (190 if symbols else 150) * rows)
    drawn.set_subplots(
        rows=rows,
        cols=columns,
        shared_xaxes="all",
        shared_yaxes="all",
        subplot_titles=[escape_html(shorten(name)) for name, _ in groups],
        horizontal_spacing=0.03,
        vertical_spacing=0.2 / rows if rows > 1 else 0,
    )
    names = list(dict.fromkeys(name for _, lines in groups for name, _ in lines))
    for place, (_, lines) in enumerate(groups):
        row, column = place // columns + 1, place % columns + 1
        for name, values in lines:
            kept = (
                np.arange(len(values))
                if symbols
                else downsampled_rows(values.astype(np.float64), _PANEL_POINTS)
            )
            colour = SERIES[names.index(name) % len(SERIES)]
            drawn.add_trace(
                go.Scatter(
                    x=kept,
                    y=values[kept],
                    mode="markers" if symbols or len(values) == 1 else "lines",
                    line={"color": colour, "width": 1.5},
                    marker={"color": colour, "size": 5},
                    name=escape_html(name),
                    legendgroup=name,
                    showlegend=legend and place == 0,
                ),
                row=row,
                col=column,
            )
        if column == 1:
            drawn.update_yaxes(title_text=escape_html(shorten(value)), row=row, col=column)
        if place + columns >= len(groups):
            drawn.update_xaxes(title_text="step", showticklabels=True, row=row, col=column)
    if symbols:
        drawn.update_yaxes(
            tickvals=list(range(len(symbols))), ticktext=[escape_html(name) for name in symbols]
        )
    drawn.update_layout(hovermode="closest", margin={"t": 84, "b": 8 + 40 * legend})
    drawn.update_annotations(font_size=13)
    table = {
        f"{group}, {name}": pd.Series([symbols[int(code)] for code in values] if symbols else values)
        for group, lines in groups
        for name, values in lines
    }
    return Chart(drawn, _panels_sentence(groups, value, symbols), pd.DataFrame(table))


def class_balance(names: Sequence[str], counts: np.ndarray, *, what: str) -> Chart:
    """Draw how many examples each class has, the largest on top.

    Args:
        names: of the classes.
        counts: (classes,) of their examples.
        what: the examples are, in the plural.
    """
    order = np.argsort(-counts, kind="stable")
    table = pd.DataFrame({"class": [names[at] for at in order], what: counts[order]})
    shown = table.head(_MAX_BARS)
    drawn = _bars("Class balance", shown["class"].tolist(), shown[what].tolist(), what, BLUE)
    first, last = names[order[0]], names[order[-1]]
    share, least = (number(100 * part / counts.sum()) for part in (counts.max(), counts.min()))
    if len(names) > 1 and counts.min() == counts.max():
        sentence = (
            f"Each of the {len(names)} classes has {counts[0]:,} {what}. A constant baseline is right "
            f"{share}% of the time."
        )
    elif len(names) > 1:
        sentence = (
            f"“{first}” is the largest of {len(names)} classes with {share}% of the {what}; “{last}” "
            f"has {least}%. A constant baseline that always predicts “{first}” is right {share}% of the "
            "time."
        )
    else:
        sentence = f"All {what} belong to one class, “{first}”, so there is nothing to classify."
    return Chart(drawn, sentence, table)


def frequent_tokens(words: Sequence[tuple[str, int]], total: int, *, what: str) -> Chart:
    """Draw the most frequent tokens.

    Args:
        words: each with its count, the most frequent first.
        total: of all counts.
        what: the tokens are, in the plural.
    """
    shown = words[:_MAX_BARS]
    table = pd.DataFrame(words, columns=["token", "count"])
    drawn = _bars(
        f"Most frequent {what}",
        [_token_label(word) for word, _ in shown],
        [n for _, n in shown],
        "times",
        BLUE,
    )
    share = 100 * sum(count for _, count in shown) / max(1, total)
    return Chart(
        drawn,
        f"These {len(shown)} {what} make up {number(share)}% of all {total:,}; the most frequent, "
        f"{_token_label(shown[0][0])}, occurs {shown[0][1]:,} times.",
        table,
    )


def length_histogram(values: np.ndarray, *, what: str, unit: str, cut: int | None = None) -> Chart:
    """Draw how long examples are, and where they would be cut.

    Args:
        values: (N,) lengths.
        what: has them, in the plural.
        unit: they are counted in, in the plural.
        cut: the length that all are brought to, if one is chosen.
    """
    # As wide as `histogram` has them, but by whole numbers, as lengths are: else a comb appears.
    wide = max(1, round(float(np.diff(histogram(values.astype(np.float64)).edges)[0])))
    edges = np.arange(values.min(), values.max() + wide + 1, wide) - 0.5
    counts, edges = np.histogram(values, bins=edges)
    drawn = figure(f"Length of the {what}", f"length ({unit})", what)
    middles = (edges[:-1] + edges[1:]) / 2
    spans = [
        f"{int(low + 0.5):,}" if high - low <= 1 else f"{int(low + 0.5):,} to {int(high - 0.5):,}"
        for low, high in pairwise(edges)
    ]
    drawn.add_bar(
        x=middles,
        y=counts,
        width=np.diff(edges) * 0.94,
        marker={
            "color": [with_opacity(VERMILLION, 0.8) if cut and low > cut else BLUE for low in edges[:-1]]
        },
        customdata=spans,
        hovertemplate=f"%{{customdata}} {escape_html(unit)}: %{{y:,}}<extra></extra>",
    )
    if cut:
        drawn.add_vline(x=cut + 0.5, line={"color": GREY, "width": 2, "dash": "dash"})
        drawn.add_annotation(
            x=cut + 0.5, y=1, yref="paper", yanchor="bottom", text=f"cut at {cut:,}", showarrow=False
        )
    drawn.update_layout(showlegend=False, hovermode="closest")
    if len(counts) == 1:  # plotly would share a whole number out into fractions
        middle = float(values.min() + values.max()) / 2
        drawn.update_xaxes(range=[middle - 5, middle + 5], tickformat=",d")
    table = pd.DataFrame({f"length ({unit})": spans, what: counts})
    return Chart(drawn, _lengths_sentence(values, what, unit, cut), table)


# --- Parts -----------------------------------------------------------------------------------------


def _bars(title: str, names: list[str], counts: list[int], what: str, colour: str) -> go.Figure:
    drawn = figure(title, what, "", height=90 + 24 * max(3, len(names)))
    # Each bar has a place of its own, for two shortened names may look the same.
    places = list(range(len(names)))
    drawn.add_bar(
        x=counts,
        y=places,
        orientation="h",
        marker={"color": colour},
        customdata=[escape_html(name) for name in names],
        hovertemplate="%{customdata}: %{x:,}<extra></extra>",
    )
    drawn.update_yaxes(
        tickmode="array",
        tickvals=places,
        ticktext=[escape_html(shorten(name)) for name in names],
        range=[len(names) - 0.5, -0.5],
        showgrid=False,
    )
    drawn.update_xaxes(showgrid=True, rangemode="tozero")
    return drawn.update_layout(showlegend=False, hovermode="closest")


def _panels_sentence(groups: Sequence[tuple[str, NamedLines]], value: str, symbols: Sequence[str]) -> str:
    drawn = [values for _, lines in groups for _, values in lines]
    steps = sorted({len(values) for values in drawn})
    span = f"{steps[0]:,}" if len(steps) == 1 else f"{steps[0]:,} to {steps[-1]:,}"
    pictures = f"{len(groups)} panels on the same scale" if len(groups) > 1 else "One panel"
    pictures += f": sequences of {span} steps"
    if symbols:
        used = len(np.unique(np.concatenate(drawn)))
        return f"{pictures} with {used} of {len(symbols)} symbols."
    low, high = (number(float(end)) for end in (min(map(np.min, drawn)), max(map(np.max, drawn))))
    return f"{pictures}, with “{value}” between {low} and {high}."


def _lengths_sentence(values: np.ndarray, what: str, unit: str, cut: int | None) -> str:
    shortest, longest, half = int(values.min()), int(values.max()), int(np.median(values))
    if shortest == longest:
        said = f"All {len(values):,} {what} have {longest:,} {unit}"
    else:
        said = (
            f"Half of the {len(values):,} {what} have {half:,} {unit} or fewer; the longest has {longest:,}"
        )
    if cut is None:
        return f"{said}."
    over = int((values > cut).sum())
    if not over:
        return f"{said}. A maximum length of {cut:,} cuts none of them."
    share = number(100 * over / len(values))
    return f"{said}. A maximum length of {cut:,} cuts {over:,} of them ({share}%)."


def _token_label(token: str) -> str:
    named = {" ": "space", "\n": "new line", "\t": "tab"}.get(token, token)
    return named if named[:1].isalnum() else f"“{named}”"  # a bare dot can't be seen on an axis
