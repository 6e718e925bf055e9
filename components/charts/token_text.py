"""A text coloured by how likely each token was to the model, with its best guesses at each position."""

import html
from collections.abc import Iterable, Sequence

import pandas as pd

from components.charts.model_diagram import Drawing
from components.charts.palette import BLUE, ORANGE, VERMILLION, with_opacity
from components.charts.thumbnails.frame import HEIGHT, svg_frame
from components.tasks.language_model.token_probabilities import Token

SHADES = (
    (0.75, with_opacity(BLUE, 0.4), "very likely"),
    (0.4, with_opacity(BLUE, 0.2), "likely"),
    (0.15, "transparent", "possible"),
    (0.03, with_opacity(ORANGE, 0.35), "unlikely"),
    (0.0, with_opacity(VERMILLION, 0.5), "very unlikely"),
)
"""Least chance, colour and word, from the likeliest down."""

_LIST_LINE = 25  # characters of a line on average, below which lines stand in columns
_MAX_CHARACTERS = 38  # characters of a line on a card
_VISIBLE_SIGNS = {" ": "␣", "\n": "⏎", "\t": "⇥"}
_STYLE = """<style>
.unroll-prose { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.9; font-size: 1.02rem; }
.unroll-prose.unroll-list { columns: 8rem; }
.unroll-prose > span { position: relative; border-radius: 0.2rem; padding: 0.1em 0; }
.unroll-prose > span:hover { outline: 1px solid currentColor; }
.unroll-prose > span > span { display: none; pointer-events: none; }
.unroll-prose > span:hover > span { display: block; position: absolute; z-index: 10; left: 0; top: 1.7em;
  white-space: pre; padding: 0.4rem 0.6rem; border-radius: 0.4rem; font-size: 0.85rem; line-height: 1.45;
  color: #fff; background: #333; font-variant-numeric: tabular-nums; box-shadow: 0 2px 8px #0006; }
@media (max-width: 640px) {
  .unroll-prose > span:hover > span { position: fixed; left: 1rem; top: auto; bottom: 1rem; } }
.unroll-shades { display: flex; flex-wrap: wrap; gap: 0.9rem; margin-top: 0.5rem; font-size: 0.85rem; }
.unroll-shades span { padding: 0 0.4rem; border-radius: 0.2rem; }
</style>"""


def token_text(tokens: Sequence[Token], prompt: str = "") -> Drawing:
    """Return tokens side by side, each coloured by its probability.

    Args:
        tokens: of the text, in their order.
        prompt: what stands before them, without colours.
    """
    written = "".join(_token_html(each) for each in tokens)
    drawn = (
        f'{_STYLE}<div dir="auto" class="unroll-prose{_list_class(tokens)}">'
        f"<b>{html.escape(prompt)}</b>{written}</div>"
        f'<div class="unroll-shades" aria-hidden="true">{_legend()}</div>'
    )
    return Drawing(drawn, _sentence(tokens), _table(tokens))


def shade(chance: float) -> str:
    """Return the colour of a chance."""
    return next(colour for least, colour, _ in SHADES if chance >= least)


def visible_text(text: str) -> str:
    """Return a token with visible spaces."""
    return "".join(_VISIBLE_SIGNS.get(sign, sign) for sign in text)


def _list_class(tokens: Sequence[Token]) -> str:
    """Return the class of a text of short lines, which stand in columns."""
    text = "".join(each.text for each in tokens)
    return " unroll-list" if len(text) < _LIST_LINE * (text.count("\n") + 1) and "\n" in text else ""


def _token_html(token: Token) -> str:
    guesses = "\n".join(f"{_percent(chance)}  {_token_label(text)}" for text, chance in token.others)
    return (
        f'<span style="background:{shade(token.chance)}">{html.escape(token.text)}'
        f"<span>{html.escape(guesses)}</span></span>"
    )


def _legend() -> str:
    return "".join(f'<span style="background:{colour}">{word}</span>' for _, colour, word in SHADES)


def _sentence(tokens: Sequence[Token]) -> str:
    if not tokens:
        return "There is no text yet."
    first = sum(bool(each.others) and each.text == each.others[0][0] for each in tokens)
    rare = sum(each.chance < SHADES[-2][0] for each in tokens)
    return (
        f"{first / len(tokens):.0%} of {len(tokens):,} tokens are the model's likeliest; "
        f"{rare / len(tokens):.0%} are very unlikely to it."
    )


def _table(tokens: Iterable[Token]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (
                visible_text(each.text),
                each.chance,
                ", ".join(f"{_token_label(text)} {_percent(p)}" for text, p in each.others),
            )
            for each in tokens
        ],
        columns=["token", "probability", "likeliest tokens"],
    )


def _token_label(text: str) -> str:
    return visible_text(text) if text else "unknown"


def _percent(chance: float) -> str:
    return f"{chance:.0%}" if chance >= 0.01 or chance == 0 else "<1%"


def text_thumbnail(texts: Sequence[str], *, label: str = "") -> str:
    """Draw the beginnings of texts as SVG for a card, the last to be continued.

    Args:
        texts: four at most are drawn.
        label: what a person who doesn't see it is told.
    """
    height, kept = HEIGHT / 4, [text[:_MAX_CHARACTERS] for text in texts[:4]]
    drawn = [
        f'<text x="4" y="{height * (row + 0.72):.1f}" fill-opacity="{0.45 + 0.15 * row:.2f}">'
        f"{html.escape(text)}</text>"
        for row, text in enumerate(kept)
    ]
    last = len(kept) - 1
    cursor = 6 + 5.6 * len(kept[last])
    drawn.append(
        f'<rect x="{cursor:.0f}" y="{height * last + 3:.0f}" width="7" height="12" fill="{ORANGE}"/>'
    )
    return svg_frame(
        "".join(drawn), label=label, font_family="ui-monospace, monospace", font_size=9.3, fill=BLUE
    )
