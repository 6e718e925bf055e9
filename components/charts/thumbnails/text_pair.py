"""A text and its answer as a small picture for a card."""

import html

from components.charts.palette import BLUE, GREY
from components.charts.thumbnails.frame import WIDTH, svg_frame

_MAX_LETTERS = 32  # of a line


def pair_thumbnail(source: str, answer: str) -> str:
    """Draw a text above its answer as SVG text, seen on light and on dark."""
    style = 'font-family="Source Sans, sans-serif" font-size="15" text-anchor="middle"'
    middle = WIDTH / 2
    return svg_frame(
        f'<text x="{middle:g}" y="20" fill="{GREY}" {style}>{_text_line(source)}</text>'
        f'<path d="M{middle:g} 29V43M{middle - 4:g} 38.5L{middle:g} 43L{middle + 4:g} 38.5" stroke="{GREY}" '
        f'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"/>'
        f'<text x="{middle:g}" y="62" fill="{BLUE}" font-weight="600" {style}>{_text_line(answer)}</text>'
    )


def _text_line(text: str) -> str:
    line = " ".join(text.split())
    return html.escape(line if len(line) <= _MAX_LETTERS else f"{line[: _MAX_LETTERS - 1].rstrip()}…")
