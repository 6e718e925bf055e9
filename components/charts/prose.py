"""A text in the colours of how well a model foresaw it, with its guesses at each place."""

import html
from collections.abc import Iterable, Sequence

import pandas as pd

from components.charts.card import HEIGHT, card
from components.charts.model import Drawing
from components.charts.palette import BLUE, ORANGE, VERMILLION, faded
from components.tasks.passage import Token

SHADES = (
    (0.75, faded(BLUE, 0.4), "sure"),
    (0.4, faded(BLUE, 0.2), "likely"),
    (0.15, "transparent", "one of a few"),
    (0.03, faded(ORANGE, 0.35), "unlikely"),
    (0.0, faded(VERMILLION, 0.5), "a surprise"),
)
"""Least chance, colour and word, from the likeliest down."""

_SHORT = 25  # characters of a line on average, below which lines stand in columns
_LONGEST = 38  # characters of a line on a card
_SIGNS = {" ": "␣", "\n": "⏎", "\t": "⇥"}
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


def prose(tokens: Sequence[Token], prompt: str = "") -> Drawing:
    """Write tokens side by side.

    Args:
        tokens: of the text, in their order.
        prompt: what stands before them, without colours.
    """
    written = "".join(_coloured(each) for each in tokens)
    drawn = (
        f'{_STYLE}<div class="unroll-prose{_list(tokens)}"><b>{html.escape(prompt)}</b>{written}</div>'
        f'<div class="unroll-shades" aria-hidden="true">{_legend()}</div>'
    )
    return Drawing(drawn, _sentence(tokens), _table(tokens))


def shade(chance: float) -> str:
    """Give the colour of a chance."""
    return next(colour for least, colour, _ in SHADES if chance >= least)


def shown(text: str) -> str:
    """Write a token so that its spaces are seen."""
    return "".join(_SIGNS.get(sign, sign) for sign in text)


def _list(tokens: Sequence[Token]) -> str:
    """Give the class of a text of short lines, which stand in columns."""
    text = "".join(each.text for each in tokens)
    return " unroll-list" if len(text) < _SHORT * (text.count("\n") + 1) and "\n" in text else ""


def _coloured(each: Token) -> str:
    guesses = "\n".join(f"{_percent(chance)}  {_named(text)}" for text, chance in each.others)
    return (
        f'<span style="background:{shade(each.chance)}">{html.escape(each.text)}'
        f"<span>{html.escape(guesses)}</span></span>"
    )


def _legend() -> str:
    return "".join(f'<span style="background:{colour}">{word}</span>' for _, colour, word in SHADES)


def _sentence(tokens: Sequence[Token]) -> str:
    if not tokens:
        return "Nothing is written yet."
    first = sum(bool(each.others) and each.text == each.others[0][0] for each in tokens)
    rare = sum(each.chance < SHADES[-2][0] for each in tokens)
    return (
        f"Of {len(tokens):,} tokens {first / len(tokens):.0%} are the ones that the model held likeliest; "
        f"{rare / len(tokens):.0%} surprised it."
    )


def _table(tokens: Iterable[Token]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (
                shown(each.text),
                each.chance,
                ", ".join(f"{_named(text)} {_percent(p)}" for text, p in each.others),
            )
            for each in tokens
        ],
        columns=["token", "chance", "held likeliest"],
    )


def _named(text: str) -> str:
    return shown(text) if text else "unknown"


def _percent(chance: float) -> str:
    return f"{chance:.0%}" if chance >= 0.01 or chance == 0 else "<1%"


def lines(texts: Sequence[str], *, label: str = "") -> str:
    """Draw the beginnings of texts as SVG for a card, the last to be continued.

    Args:
        texts: four at most are drawn.
        label: what a person who doesn't see it is told.
    """
    height, kept = HEIGHT / 4, [text[:_LONGEST] for text in texts[:4]]
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
    return card("".join(drawn), label=label, font_family="ui-monospace, monospace", font_size=9.3, fill=BLUE)
