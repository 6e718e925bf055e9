"""Spectrograms: how loud each frequency is at each moment."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import TRANSPARENT, Chart, escape_html, figure, number, shorten
from components.charts.palette import BLUE, ORANGE, VERMILLION, with_opacity
from components.charts.thumbnails.frame import HEIGHT, MARGIN, WIDTH, svg_frame

MOST_PANELS = 12
"""Small pictures beside and below each other."""
_MAX_COLUMNS = 4
_SHORT_NAME = 10  # letters of a name that fits above a picture where four stand beside each other
# What can't be heard leaves the page's own colour, and what is loud stands out on light and on dark.
_SCALE = [
    [0, with_opacity(BLUE, 0.0)],
    [0.35, with_opacity(BLUE, 0.18)],
    [0.75, with_opacity(BLUE, 0.95)],
    [1, ORANGE],
]
_TICKS, _FEW_TICKS = (200, 500, 1000, 2000, 5000), (500, 2000, 5000)  # hertz
_LOUD_DECIBELS = -20.0  # decibels, from which on a band counts as loud


def spectrograms(
    groups: Sequence[tuple[str, np.ndarray]], step: float, middles: np.ndarray, *, title: str
) -> Chart:
    """Draw sounds in small pictures of the same scale.

    Args:
        groups: a name and the (frames, bands) of each, in decibels below its loudest band.
        step: seconds from one frame to the next.
        middles: (bands,) the frequency in the middle of each, in hertz.
        title: of the whole.
    """
    groups = groups[:MOST_PANELS]
    across = _MAX_COLUMNS if max(len(name) for name, _ in groups) <= _SHORT_NAME else 2
    columns = min(across, len(groups))
    rows = -(-len(groups) // columns)
    drawn = figure(title, height=120 + 130 * rows)
    drawn.set_subplots(
        rows=rows,
        cols=columns,
        shared_xaxes="all",
        shared_yaxes="all",
        subplot_titles=[escape_html(shorten(name)) for name, _ in groups],
        horizontal_spacing=0.02,
        vertical_spacing=0.24 / rows if rows > 1 else 0,
    )
    for place, (_, levels) in enumerate(groups):
        row, column = place // columns + 1, place % columns + 1
        drawn.add_trace(level_heatmap(levels, step, middles), row=row, col=column)
        if place + columns >= len(groups):
            drawn.update_xaxes(title_text="time (s)", showticklabels=True, row=row, col=column)
    drawn.update_xaxes(showgrid=False, zeroline=False, range=[0, step * max(len(v) for _, v in groups)])
    drawn.update_xaxes(nticks=4)
    drawn.update_yaxes(**frequency_axis(middles, _FEW_TICKS))
    drawn.update_layout(hovermode="closest", margin={"t": 84}, showlegend=False)
    drawn.update_annotations(font_size=13)
    lengths = [len(levels) * step for _, levels in groups]
    first, last = (groups[at][0] for at in (int(np.argmin(lengths)), int(np.argmax(lengths))))
    sentence = (
        f"Time runs to the right and frequency upwards; orange is loud. The shortest, “{first}”, lasts "
        f"{min(lengths):.2f} seconds, the longest, “{last}”, {max(lengths):.2f} seconds."
        if len(groups) > 1
        else f"Time runs to the right and frequency upwards; orange is loud. The recording lasts "
        f"{lengths[0]:.2f} seconds."
    )
    table = pd.DataFrame(
        {
            "sound": [name for name, _ in groups],
            "seconds": lengths,
            "loudest frequency (Hz)": [float(middles[_loudest_band(levels)]) for _, levels in groups],
        }
    )
    return Chart(drawn, sentence, table)


def spectrogram(
    levels: np.ndarray, step: float, middles: np.ndarray, *, title: str, attention: np.ndarray | None = None
) -> Chart:
    """Draw a spectrogram, and above it a model's attention.

    Args:
        levels: (frames, bands) in decibels below the loudest band.
        step: seconds from one frame to the next.
        middles: (bands,) the frequency in the middle of each, in hertz.
        title: of the picture.
        attention: (frames,) weights that add up to 1; None where there are none.
    """
    drawn = figure(title, height=330 if attention is None else 420)
    table = pd.DataFrame(
        levels,
        index=pd.Index(np.arange(len(levels)) * step, name="seconds"),
        columns=[f"{frequency:,.0f} Hz" for frequency in middles],
    )
    if attention is None:
        drawn.add_trace(level_heatmap(levels, step, middles))
        drawn.update_xaxes(title_text="time (s)")
        drawn.update_yaxes(title_text="frequency", **frequency_axis(middles))
    else:
        drawn.set_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.25, 0.75], vertical_spacing=0.06)
        drawn.add_trace(_attention_trace(attention, step), row=1, col=1)
        drawn.add_trace(level_heatmap(levels, step, middles), row=2, col=1)
        drawn.update_yaxes(title_text="attention", tickformat=".0%", rangemode="tozero", nticks=3, row=1)
        drawn.update_yaxes(title_text="frequency", **frequency_axis(middles), row=2, col=1)
        drawn.update_xaxes(title_text="time (s)", row=2, col=1)
        table.insert(0, "attention", attention)
    drawn.update_xaxes(showgrid=False, zeroline=False, range=[0, step * len(levels)])
    drawn.update_layout(hovermode="closest", showlegend=False)
    return Chart(drawn, _sentence(levels, step, middles, attention), table)


def sound_thumbnail(sounds: Sequence[np.ndarray]) -> str:
    """Draw sounds one after the other as SVG text of a few kilobytes, seen on light and on dark.

    Args:
        sounds: (frames, bands) each, in decibels below its loudest band.
    """
    gap, bands = 3, sounds[0].shape[1]
    silence = np.full((gap, bands), -np.inf)
    levels = np.concatenate([part for sound in sounds for part in (sound, silence)][:-1])
    across, down = (WIDTH - 2 * MARGIN) / len(levels), (HEIGHT - 2 * MARGIN) / bands
    paths = []
    for least, colour in ((-36.0, with_opacity(BLUE, 0.3)), (-24.0, BLUE), (-8.0, ORANGE)):
        lines = []
        for band, is_heard in enumerate((levels >= least).T):
            ends = np.flatnonzero(np.diff(np.concatenate([[0], is_heard.astype(np.int8), [0]])))
            height = HEIGHT - MARGIN - (band + 0.5) * down
            lines += [
                f"M{MARGIN + start * across:.1f} {height:.1f}h{(end - start) * across:.1f}"
                for start, end in ends.reshape(-1, 2)
            ]
        paths.append(f'<path d="{"".join(lines)}" stroke="{colour}"/>')
    return svg_frame("".join(paths), stroke_width=f"{down:.2f}")


def level_heatmap(levels: np.ndarray, step: float, middles: np.ndarray) -> go.Heatmap:
    """Return the trace of a sound, (frames, bands) in decibels, over seconds and the numbers of the bands."""
    return go.Heatmap(
        x=(np.arange(len(levels)) + 0.5) * step,
        y=np.arange(levels.shape[1]),
        z=np.round(levels.T, 1),
        zmin=-60,
        zmax=0,
        colorscale=_SCALE,
        showscale=False,
        customdata=np.broadcast_to(np.round(middles)[:, None], levels.T.shape),
        hovertemplate="%{x:.2f} s, %{customdata:,} Hz: %{z:.0f} dB<extra></extra>",
        hoverlabel={"bordercolor": TRANSPARENT},
    )


def _attention_trace(attention: np.ndarray, step: float) -> go.Scatter:
    return go.Scatter(
        x=(np.arange(len(attention)) + 0.5) * step,
        y=attention,
        mode="lines",
        line={"color": VERMILLION, "width": 2, "shape": "hvh"},
        fill="tozeroy",
        fillcolor=with_opacity(VERMILLION, 0.2),
        hovertemplate="%{x:.2f} s: %{y:.1%}<extra></extra>",
    )


def frequency_axis(middles: np.ndarray, ticks: Sequence[int] = _TICKS) -> dict:
    """Return an axis with the names of some frequencies; it has a position for each band."""
    return {
        "tickvals": np.interp(ticks, middles, np.arange(len(middles))).tolist(),
        "ticktext": [f"{pitch:,} Hz" for pitch in ticks],
        "showgrid": False,
        "zeroline": False,
        "range": [-0.5, len(middles) - 0.5],
    }


def _sentence(levels: np.ndarray, step: float, middles: np.ndarray, attention: np.ndarray | None) -> str:
    pitch = number(float(middles[_loudest_band(levels)]))
    said = (
        f"{len(levels) * step:.2f} seconds of sound, loudest around {pitch} Hz; "
        f"{np.mean(levels > _LOUD_DECIBELS):.0%} of the spectrogram is within {-_LOUD_DECIBELS:.0f} dB "
        "of its loudest point."
    )
    if attention is None:
        return said
    most = int(attention.argmax())
    near = attention[max(0, most - 2) : most + 3].sum()
    if attention[most] < 2 / len(attention):
        return f"{said} The model's attention is nearly even."
    return (
        f"{said} The model attends most to {(most + 0.5) * step:.2f} seconds: {near:.0%} of its attention "
        f"is on the {5 * step:.2f} seconds around it."
    )


def _loudest_band(levels: np.ndarray) -> int:
    return int((10 ** (levels / 10)).mean(axis=0).argmax())
