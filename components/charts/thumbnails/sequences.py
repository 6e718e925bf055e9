"""Some sequences as a small picture for a card, each in a colour of its own."""

from collections.abc import Sequence

import numpy as np

from components.charts.palette import SERIES
from components.charts.thumbnails.frame import HEIGHT, MARGIN, WIDTH, svg_frame


def sequences_thumbnail(lines: Sequence[np.ndarray]) -> str:
    """Draw lines over each other, as SVG text.

    Args:
        lines: (n,) each, finite; as many are drawn as there are colours.
    """
    every = np.concatenate(lines)
    low, span = every.min(), float(np.ptp(every)) or 1.0
    paths = []
    for values, colour in zip(lines, SERIES, strict=False):
        x = np.linspace(MARGIN, WIDTH - MARGIN, len(values))
        y = HEIGHT - MARGIN - (values - low) / span * (HEIGHT - 2 * MARGIN)
        path = "M" + "L".join(f"{across:.1f} {down:.1f}" for across, down in zip(x, y, strict=True))
        paths.append(f'<path d="{path}" stroke="{colour}"/>')
    return svg_frame("".join(paths), stroke_width=1.5, stroke_linejoin="round")
