"""What the units of a recurrent layer hold while it reads: gates and states, and what each responds to."""

from dataclasses import replace

import numpy as np

from components.insight.example import START_NAME, Example, ExampleView, repeat_example, stack_examples
from components.insight.gates import Trace, saturation, trace
from components.insight.inspector import Inspector
from components.insight.layer_pass import LayerPass
from components.insight.requests import (
    ActivationView,
    GateActivityRequest,
    GateActivityView,
    GateView,
    TopActivationsRequest,
    TopActivationsView,
)
from components.models.head_spec import DECODER

MOST_UNITS = 64
"""Most units that are shown."""
EXAMPLES = 200
"""Most examples of all the data that a unit is followed through."""
MOST_ACTIVATIONS = 8
CONTEXT_STEPS = 12
"""Steps that are shown on each side of a high one."""


def gate_activity(inspector: Inspector, request: GateActivityRequest) -> GateActivityView:
    """Look at gates and states of one direction of one layer, step by step."""
    example = inspector.sample(request.example)
    strands = inspector.probe(example).forward(repeat_example(example, 1)).layer_passes
    if not strands:
        return GateActivityView(example.shown, (), 0, "", np.empty(0, int), np.empty(0), (), 0)
    number = min(request.layer_pass, len(strands) - 1)
    strand = strands[number]
    shown, places = _input_view(example, strand)
    traced = trace(strand)
    h = traced.h[0, places].T
    responds = _unit_responses(h, shown)
    order = np.argsort(-responds if shown.values is not None else responds, kind="stable")
    if len(order) > MOST_UNITS:
        # Those that do most, in the order of what they respond to.
        lively = set(np.argsort(-h.std(axis=1))[:MOST_UNITS].tolist())
        order = np.array([unit for unit in order if unit in lively])
    return GateActivityView(
        shown=shown,
        layer_passes=tuple(map(_layer_label, strands)),
        layer_pass=number,
        kind=strand.cell.kind,
        units=order,
        responds=responds[order],
        gates=_gate_views(traced, places, order),
        all_units=strand.units,
    )


def top_activations(inspector: Inspector, request: TopActivationsRequest) -> TopActivationsView:
    """Find where a unit is highest or lowest in examples from all of the data (Strobelt et al., 2018)."""
    examples = inspector.sample_evenly(EXAMPLES)
    strands = inspector.probe(examples[0]).forward(stack_examples(examples)).layer_passes
    if not strands:
        return TopActivationsView((), len(examples), "")
    strand = strands[min(request.layer_pass, len(strands) - 1)]
    unit = min(request.unit, strand.units - 1)
    h = trace(strand).h[:, :, unit]
    sign = -1 if request.lowest else 1
    rows: list[tuple[float, int, int]] = []
    for row, example in enumerate(examples):
        shown, places = _input_view(example, strand)
        own = sign * h[row, places]
        rows += [(float(own[step]), row, step) for step in np.argsort(-own)[:MOST_ACTIVATIONS]]
    found: list[ActivationView] = []
    taken: list[tuple[int, int]] = []
    for _, row, step in sorted(rows, reverse=True):
        example = examples[row]
        # Windows overlap: a step of the series is the same step in all of them.
        at, apart = step * example.segment, CONTEXT_STEPS * example.segment
        place = (0, example.number + at) if example.number is not None else (row, at)
        if any(which == place[0] and abs(where - place[1]) <= apart for which, where in taken):
            continue
        taken.append(place)
        shown, places = _input_view(example, strand)
        near = slice(max(0, step - CONTEXT_STEPS), step + CONTEXT_STEPS + 1)
        found.append(
            ActivationView(
                shown.names[near],
                None if shown.values is None else shown.values[near, 0],
                h[row, places][near],
                step - near.start,
            )
        )
        if len(found) == MOST_ACTIVATIONS:
            break
    channels = examples[0].shown.channels
    return TopActivationsView(tuple(found), len(examples), channels[0] if channels else "", request.lowest)


def _input_view(example: Example, layer_pass: LayerPass) -> tuple[ExampleView, slice]:
    """Return what a strand reads of an example, and at which of its places: a decoder reads the answer."""
    if layer_pass.layer == DECODER:
        ahead = tuple(answer.name for answer in example.answers)[:: example.segment]
        return replace(example.shown, names=ahead, values=None, channels=()), slice(0, len(ahead))
    if example.segment > 1:
        return _segment_view(example), example.went_through
    if len(example.inputs) == 1 or not layer_pass.layer.startswith("writer"):
        return example.shown, example.read
    written = tuple(answer.name for answer in example.answers)
    names = (START_NAME, *written[:-1])
    return replace(example.shown, names=names, values=None, channels=()), slice(0, len(names))


def _segment_view(example: Example) -> ExampleView:
    """Return an example by the segments that its steps are read in, each with the mean of its values."""
    values, begins = example.shown.values, np.arange(0, example.steps, example.segment)
    means = None
    if values is not None:
        means = np.add.reduceat(values, begins, axis=0) / example.segment_sizes[:, None]
    return replace(example.shown, names=example.places, values=means)


def _unit_responses(h: np.ndarray, shown: ExampleView) -> np.ndarray:
    """Return what each unit, (units, S), goes with: by correlation, or its strongest place."""
    if shown.values is None:
        return np.abs(h).argmax(axis=1).astype(float)
    signal = shown.values[:, 0] - shown.values[:, 0].mean()
    centred = h - h.mean(axis=1, keepdims=True)
    sizes = np.linalg.norm(centred, axis=1) * np.linalg.norm(signal)
    return np.divide(centred @ signal, sizes, out=np.zeros(len(h)), where=sizes > 0)


def _gate_views(traced: Trace, places: slice, order: np.ndarray) -> tuple[GateView, ...]:
    found = []
    for name, values in traced.quantities.items():
        ends = saturation(values[:, places], None) if name in traced.gates else None
        drawn = _unit_rows(values, places, order)
        found.append(GateView(name, drawn, ends.shut, ends.open) if ends else GateView(name, drawn))
    return tuple(found)


def _unit_rows(values: np.ndarray, places: slice, order: np.ndarray) -> np.ndarray:
    return values[0, places].T[order].astype(np.float32)


def _layer_label(layer_pass: LayerPass) -> str:
    if layer_pass.layer in ("encoder", DECODER):
        return layer_pass.layer.capitalize()
    side, _, number = layer_pass.layer.rpartition("_")
    whose = {"reader": "Encoder, layer", "writer": "Decoder, layer"}.get(side, "Layer")
    return f"{whose} {number}{', backwards' if layer_pass.backward else ''}"
