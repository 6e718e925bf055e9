"""A model as a drawing: its layers from the input at the top to the forecast at the bottom."""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from components.charts.palette import BLUE, GREY, with_opacity
from components.models.layer_summary import LayerSummary
from components.models.summary import ModelSummary


@dataclass(frozen=True)
class Drawing:
    """A picture in HTML that takes the page's own letters and their colour, what it says, and its numbers."""

    html: str
    sentence: str
    table: pd.DataFrame


def model_diagram(plan: ModelSummary) -> Drawing:
    """Draw a plan as boxes with names, shapes and parameter counts; a repeated block is drawn once."""
    blocks = [_block(layers, times) for layers, times in _blocks(plan.layers)]
    if plan.members > 1:
        median = LayerSummary("median", "Median", plan.layers[-1].shape, "of what they forecast")
        blocks = [_repeated(_ARROW.join(blocks), f"× {plan.members} seeds, side by side"), _box(median)]
    sentence = _sentence(plan)
    label = html.escape(sentence)
    drawn = f'<div role="img" aria-label="{label}" style="max-width:26rem">{_ARROW.join(blocks)}</div>'
    rows = [(layer.title, _shape(layer.shape), layer.parameters, layer.note) for layer in plan.layers]
    return Drawing(
        drawn, sentence, pd.DataFrame(rows, columns=["layer", "output shape", "parameters", "note"])
    )


def _blocks(layers: Sequence[LayerSummary]) -> Iterator[tuple[Sequence[LayerSummary], int]]:
    """Divide layers into blocks, each with the number of times that it stands there in a row."""
    at = 0
    while at < len(layers):
        left = layers[at:]
        lengths = range(2, len(left) // 2 + 1)
        counted = [
            (length * times, -length) for length in lengths if (times := _repeat_count(left, length)) > 1
        ]
        covered, negative = max(counted, default=(1, -1))  # the most layers, in the smallest block
        yield left[:-negative], covered // -negative
        at += covered


def _repeat_count(layers: Sequence[LayerSummary], length: int) -> int:
    """Count how often the first `length` layers stand there in a row."""
    alike = [(layer.title, layer.shape, layer.parameters, layer.note) for layer in layers]
    times = 1
    while alike[times * length : (times + 1) * length] == alike[:length]:
        times += 1
    return times


def _block(layers: Sequence[LayerSummary], times: int) -> str:
    boxes = _ARROW.join(map(_box, layers))
    if times == 1:
        return boxes
    return _repeated(boxes, f"× {times}")


def _repeated(boxes: str, times: str) -> str:
    return (
        f'<div style="border:1px dashed {GREY};border-radius:.75rem;padding:.5rem">{boxes}'
        f'<div style="text-align:right;font-weight:600;padding:.25rem .25rem 0">{times}</div></div>'
    )


def _box(layer: LayerSummary) -> str:
    colour = BLUE if layer.parameters else GREY
    count = f"{layer.parameters:,} parameters" if layer.parameters else ""
    first = _box_row(f'<span style="font-weight:600">{html.escape(layer.title)}</span>', _shape(layer.shape))
    second = _box_row(f"<span>{html.escape(layer.note)}</span>", count) if layer.note or count else ""
    return (
        f'<div style="border:1px solid {with_opacity(colour, 0.6)};background:{with_opacity(colour, 0.1)};'
        f'border-radius:.5rem;padding:.35rem .75rem">{first}'
        f'<div style="font-size:.85em;opacity:.75">{second}</div></div>'
    )


def _box_row(left: str, right: str) -> str:
    return (
        f'<div style="display:flex;justify-content:space-between;gap:1rem">{left}<span>{right}</span></div>'
    )


_ARROW = f'<div style="text-align:center;line-height:1.2;color:{GREY}">↓</div>'


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(f"{size:,}" for size in shape)


def _sentence(plan: ModelSummary) -> str:
    learning = sum(layer.parameters > 0 for layer in plan.layers)
    layers = "1 layer has" if learning == 1 else f"{learning} layers have"
    if plan.members > 1:
        layers = f"{plan.members} networks of {learning} layers with weights have"
    shape = _shape(plan.layers[0].shape)
    return f"{layers} {plan.parameters:,} parameters; the input has {shape} numbers."
