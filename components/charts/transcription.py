"""What a model that transcribes says at each moment of a recording, over its spectrogram."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, escape_html, figure, shorten
from components.charts.palette import GREY, series_line, with_opacity
from components.charts.spectrogram import frequency_axis, level_heatmap
from components.models.ctc import BLANK

_SHOWN = 0.1
"""Probability that a word reaches somewhere, for its line to be drawn."""
_MOST_LINES = 12


def word_alignment(
    levels: np.ndarray,
    seconds: float,
    middles: np.ndarray,
    probabilities: np.ndarray,
    names: Sequence[str],
    words: np.ndarray,
    steps: np.ndarray,
    segment: int,
) -> Chart:
    """Draw the probability of each word and of the blank over time, and the words over the spectrogram.

    Args:
        levels: (frames, bands) in decibels below the loudest band.
        seconds: from one frame to the next.
        middles: (bands,) the frequency in the middle of each, in hertz.
        probabilities: (T, words of all + 1) at each step, the blank's first.
        names: of the words.
        words: (W,) the numbers of those that were heard.
        steps: (W,) where each stands out.
        segment: frames that a step is made of.
    """
    levels = levels[: len(probabilities) * segment]
    times = (np.arange(len(probabilities)) + 0.5) * segment * seconds
    drawn = figure("Words over time", height=460)
    drawn.set_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.42, 0.58], vertical_spacing=0.05)
    drawn.add_trace(
        _line(times, probabilities[:, BLANK], "blank", {"color": GREY, "width": 1.5, "dash": "dot"}),
        row=1,
        col=1,
    )
    shown = _shown(probabilities, words)
    for place, word in enumerate(shown):
        style = series_line(place)
        line = {"color": style["colour"], "dash": style["dash"], "width": 2}
        drawn.add_trace(_line(times, probabilities[:, word + 1], names[word], line), row=1, col=1)
    drawn.add_trace(level_heatmap(levels, seconds, middles), row=2, col=1)
    for word, step in zip(words, steps, strict=False):
        drawn.add_vline(
            x=times[step], line={"color": with_opacity(GREY, 0.9), "width": 1.5, "dash": "dash"}, row=2, col=1
        )
        drawn.add_annotation(
            x=times[step],
            y=1,
            yref="y2 domain",
            yanchor="top",
            text=escape_html(shorten(names[word])),
            showarrow=False,
            bgcolor="rgba(255,255,255,0.85)",
            font={"color": "#222222", "size": 13},
            borderpad=2,
            row=2,
            col=1,
        )
    drawn.update_yaxes(title_text="probability", tickformat=".0%", range=[-0.02, 1.05], nticks=3, row=1)
    drawn.update_yaxes(title_text="frequency", **frequency_axis(middles), row=2, col=1)
    drawn.update_xaxes(showgrid=False, zeroline=False, range=[0, seconds * len(levels)])
    drawn.update_xaxes(title_text="time (s)", row=2, col=1)
    drawn.update_layout(hovermode="closest", margin={"b": 60})
    table = pd.DataFrame(
        probabilities, index=pd.Index(times, name="seconds"), columns=["(blank)", *map(str, names)]
    )
    return Chart(drawn, _sentence(probabilities, names, words, times[np.asarray(steps, int)]), table)


def _line(times: np.ndarray, shares: np.ndarray, name: str, line: dict) -> go.Scatter:
    return go.Scatter(
        x=times,
        y=shares,
        mode="lines",
        line=line,
        name=escape_html(name),
        hovertemplate="%{x:.2f} s: %{y:.1%}<extra>" + escape_html(name) + "</extra>",
    )


def _shown(probabilities: np.ndarray, words: np.ndarray) -> list[int]:
    """Return the words whose lines are drawn: those that were heard, and others that come near."""
    most = probabilities[:, 1:].max(axis=0)
    near = [int(word) for word in np.argsort(-most) if most[word] >= _SHOWN]
    return list(dict.fromkeys([*map(int, words), *near]))[:_MOST_LINES]


def _sentence(probabilities: np.ndarray, names: Sequence[str], words: np.ndarray, times: np.ndarray) -> str:
    blank = float((probabilities.argmax(axis=1) == BLANK).mean())
    rest = f"the blank is likeliest {blank:.0%} of the time, between the words and within them."
    if not len(times):
        return f"No word stands out: {rest}"
    places = ", ".join(f"“{names[word]}” at {time:.2f} s" for word, time in zip(words, times, strict=False))
    return f"The words stand out one after the other: {places}; {rest}"
