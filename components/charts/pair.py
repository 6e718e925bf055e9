"""A text and its answer as a small picture for a card."""

import html

from components.charts.card import WIDTH, card
from components.charts.palette import BLUE, GREY

_LETTERS = 32  # of a line


def pair(source: str, answer: str) -> str:
    """Draw a text above its answer as SVG text, seen on light and on dark."""
    style = 'font-family="Source Sans, sans-serif" font-size="15" text-anchor="middle"'
    middle = WIDTH / 2
    return card(
        f'<text x="{middle:g}" y="20" fill="{GREY}" {style}>{_line(source)}</text>'
        f'<path d="M{middle:g} 29V43M{middle - 4:g} 38.5L{middle:g} 43L{middle + 4:g} 38.5" stroke="{GREY}" '
        f'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"/>'
        f'<text x="{middle:g}" y="62" fill="{BLUE}" font-weight="600" {style}>{_line(answer)}</text>'
    )


def _line(text: str) -> str:
    line = " ".join(text.split())
    return html.escape(line if len(line) <= _LETTERS else f"{line[: _LETTERS - 1].rstrip()}…")
