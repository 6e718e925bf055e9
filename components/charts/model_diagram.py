"""A model as a drawing: its layers from the input at the top to the forecast at the bottom."""

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from components.charts.palette import BLUE, GREY, ORANGE, with_opacity
from components.models.layer_summary import LayerSummary
from components.models.summary import ModelSummary


@dataclass(frozen=True)
class Drawing:
    """A picture in HTML that takes the page's own letters and their colour, what it says, and its numbers."""

    html: str
    sentence: str
    table: pd.DataFrame


def model_diagram(plan: ModelSummary, before: ModelSummary | None = None) -> Drawing:
    """Draw a plan as boxes with names, shapes and parameter counts; a repeated block is drawn once.

    Args:
        plan: the model.
        before: the same before a change: what differs is marked, beside what was there. None: nothing is.
    """
    known = None if before is None else {layer.name: layer for layer in before.layers}
    blocks = [_block(layers, times, known) for layers, times in _blocks(plan.layers)]
    if plan.members > 1:
        median = LayerSummary("median", "Median", plan.layers[-1].shape, "of what they forecast")
        repeated = _repeated(_ARROW.join(blocks), f"× {plan.members} seeds, side by side")
        blocks = [repeated, _box(median, None)]
    sentence = " ".join(filter(None, [_sentence(plan), _change_sentence(plan, before)]))
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


def _block(layers: Sequence[LayerSummary], times: int, known: Mapping[str, LayerSummary] | None) -> str:
    boxes = _ARROW.join(_box(layer, known) for layer in layers)
    if times == 1:
        return boxes
    return _repeated(boxes, f"× {times}")


def _repeated(boxes: str, times: str) -> str:
    return (
        f'<div style="border:1px dashed {GREY};border-radius:.75rem;padding:.5rem">{boxes}'
        f'<div style="text-align:right;font-weight:600;padding:.25rem .25rem 0">{times}</div></div>'
    )


def _box(layer: LayerSummary, known: Mapping[str, LayerSummary] | None) -> str:
    """Draw a layer.

    Args:
        layer: as it is.
        known: the layers of the model before a change, by name; None where nothing is to be marked.
    """
    was = layer if known is None else known.get(layer.name)
    colour = BLUE if layer.parameters else GREY
    title = f'<span style="font-weight:600">{html.escape(layer.title)}</span>'
    if was != layer:
        title = f"<span>{title} · {'new' if was is None else 'changed'}</span>"
    first = _box_row(title, _changed(_shape(layer.shape), None if was is None else _shape(was.shape)))
    number, old = (_parameters(one) if one else None for one in (layer, was))
    notes = _changed(
        html.escape(layer.note), html.escape(was.note) if was and was.note != layer.note else None
    )
    second = _box_row(f"<span>{notes}</span>", _changed(number or "", old)) if layer.note or number else ""
    edge = f"2px solid {ORANGE}" if was != layer else f"1px solid {with_opacity(colour, 0.6)}"
    return (
        f'<div style="border:{edge};background:{with_opacity(colour, 0.1)};'
        f'border-radius:.5rem;padding:.35rem .75rem">{first}'
        f'<div style="font-size:.85em;opacity:.85">{second}</div></div>'
    )


def _parameters(layer: LayerSummary) -> str:
    return f"{layer.parameters:,} parameters" if layer.parameters else ""


def _changed(text: str, old: str | None) -> str:
    """Return a text, after what stood there before where that is another."""
    return (
        f'<s style="opacity:.7">{old.removesuffix(" parameters")}</s> {text}' if old and old != text else text
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


def _change_sentence(plan: ModelSummary, before: ModelSummary | None) -> str:
    """Return what the last change made of a model; "" where nothing."""
    if before is None or before == plan:
        return ""
    old, new = ({layer.name: layer for layer in model.layers} for model in (before, plan))
    groups = {
        "changed": [layer.title for name, layer in new.items() if name in old and old[name] != layer],
        "new": [layer.title for name, layer in new.items() if name not in old],
        "gone": [layer.title for name, layer in old.items() if name not in new],
    }
    words = "; ".join(f"{kind}: {', '.join(dict.fromkeys(names))}" for kind, names in groups.items() if names)
    return f"Before the last change it had {before.parameters:,} parameters{f' ({words})' if words else ''}."
