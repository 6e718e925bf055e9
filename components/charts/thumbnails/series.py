"""A series as a small picture for a card, with what may come next."""

import numpy as np

from components.charts.palette import BLUE, ORANGE, with_opacity
from components.charts.series import downsampled_rows
from components.charts.thumbnails.frame import HEIGHT, MARGIN, WIDTH, svg_frame


def series_thumbnail(values: np.ndarray, ahead: np.ndarray | None = None, *, label: str = "") -> str:
    """Draw a line as SVG text of a few kilobytes, seen on light and on dark.

    Args:
        values: (n,) at least two finite ones; gaps are passed over.
        ahead: (m,) drawn after them in another colour.
        label: what a person who doesn't see it is told.
    """
    rows = downsampled_rows(values, most=int(WIDTH))
    known = np.column_stack([rows, values[rows]])
    coming = known[-1:]
    if ahead is not None:
        later = downsampled_rows(ahead, most=int(WIDTH))
        coming = np.vstack([coming, np.column_stack([len(values) + later, ahead[later]])])
    low, high = np.vstack([known, coming]).min(axis=0), np.vstack([known, coming]).max(axis=0)
    span = np.where(high > low, high - low, 1)

    def path(points: np.ndarray) -> str:
        x, y = ((points - low) / span).T
        x, y = MARGIN + x * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - y * (HEIGHT - 2 * MARGIN)
        return "M" + "L".join(f"{across:.1f} {down:.1f}" for across, down in zip(x, y, strict=True))

    line = path(known)
    floor = f"V{HEIGHT:g}H{MARGIN:g}Z"
    return svg_frame(
        f'<path d="{line}{floor}" fill="{with_opacity(BLUE, 0.12)}"/><path d="{line}" stroke="{BLUE}"/>'
        f'<path d="{path(coming)}" stroke="{ORANGE}" stroke-width="2.5"/>',
        label=label,
        stroke_width=1.75,
        stroke_linejoin="round",
        stroke_linecap="round",
    )
