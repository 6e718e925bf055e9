"""What the units of a recurrent layer hold while it reads: gates and states, and what each responds to."""

from dataclasses import replace

import numpy as np

from components.insight.example import START_NAME, Example, Shown, repeated, stacked
from components.insight.gates import Trace, saturation, trace
from components.insight.strand import Strand
from components.insight.views import Gate, Memory, SeeMemory, SeeStretches, Stretch, Stretches
from components.insight.window import Window
from components.models.head import DECODER

MOST_UNITS = 64
"""Most units that are shown."""
EXAMPLES = 200
"""Most examples of all the data that a unit is followed through."""
MANY_STRETCHES = 8
AROUND = 12
"""Steps that are shown on each side of a high one."""


def memory(window: Window, asked: SeeMemory) -> Memory:
    """Look at gates and states of one direction of one layer, step by step."""
    example = window.sample(asked.asked)
    strands = window.probe(example).see(repeated(example, 1)).strands
    if not strands:
        return Memory(example.shown, (), 0, "", np.empty(0, int), np.empty(0), (), 0)
    number = min(asked.strand, len(strands) - 1)
    strand = strands[number]
    shown, places = _what_it_reads(example, strand)
    traced = trace(strand)
    h = traced.h[0, places].T
    responds = _responses(h, example if shown is example.shown else None)
    order = np.argsort(-responds if shown.values is not None else responds, kind="stable")
    if len(order) > MOST_UNITS:
        # Those that do most, in the order of what they respond to.
        lively = set(np.argsort(-h.std(axis=1))[:MOST_UNITS].tolist())
        order = np.array([unit for unit in order if unit in lively])
    return Memory(
        shown=shown,
        strands=tuple(map(_named, strands)),
        strand=number,
        kind=strand.kind,
        units=order,
        responds=responds[order],
        gates=_gates(traced, places, order),
        all_units=strand.units,
    )


def stretches(window: Window, asked: SeeStretches) -> Stretches:
    """Find where a unit is highest or lowest in examples from all of the data (Strobelt et al., 2018)."""
    examples = window.spread(EXAMPLES)
    strands = window.probe(examples[0]).see(stacked(examples)).strands
    if not strands:
        return Stretches((), len(examples), "")
    strand = strands[min(asked.strand, len(strands) - 1)]
    unit = min(asked.unit, strand.units - 1)
    h = trace(strand).h[:, :, unit]
    sign = -1 if asked.lowest else 1
    rows: list[tuple[float, int, int]] = []
    for row, example in enumerate(examples):
        shown, places = _what_it_reads(example, strand)
        own = sign * h[row, places]
        rows += [(float(own[step]), row, step) for step in np.argsort(-own)[:MANY_STRETCHES]]
    found: list[Stretch] = []
    taken: list[tuple[int, int]] = []
    for _, row, step in sorted(rows, reverse=True):
        example = examples[row]
        # Windows overlap: a step of the series is the same step in all of them.
        place = (0, example.number + step) if example.number is not None else (row, step)
        if any(which == place[0] and abs(where - place[1]) <= AROUND for which, where in taken):
            continue
        taken.append(place)
        shown, places = _what_it_reads(example, strand)
        near = slice(max(0, step - AROUND), step + AROUND + 1)
        found.append(
            Stretch(
                shown.names[near],
                None if shown.values is None else shown.values[near, 0],
                h[row, places][near],
                step - near.start,
            )
        )
        if len(found) == MANY_STRETCHES:
            break
    channels = examples[0].shown.channels
    return Stretches(tuple(found), len(examples), channels[0] if channels else "", asked.lowest)


def _what_it_reads(example: Example, strand: Strand) -> tuple[Shown, slice]:
    """Give what a strand reads of an example, and at which of its places: a decoder reads the answer."""
    if strand.layer == DECODER:
        ahead = tuple(answer.name for answer in example.answers)
        return replace(example.shown, names=ahead, values=None, channels=()), slice(0, len(ahead))
    if len(example.inputs) == 1 or not strand.layer.startswith("writer"):
        return example.shown, example.read
    written = tuple(answer.name for answer in example.answers)
    names = (START_NAME, *written[:-1])
    return replace(example.shown, names=names, values=None, channels=()), slice(0, len(names))


def _responses(h: np.ndarray, example: Example | None) -> np.ndarray:
    """Tell what each unit, (units, S), goes with: by correlation, or its strongest place."""
    if example is None or example.shown.values is None:
        return np.abs(h).argmax(axis=1).astype(float)
    signal = example.shown.values[:, 0] - example.shown.values[:, 0].mean()
    centred = h - h.mean(axis=1, keepdims=True)
    sizes = np.linalg.norm(centred, axis=1) * np.linalg.norm(signal)
    return np.divide(centred @ signal, sizes, out=np.zeros(len(h)), where=sizes > 0)


def _gates(traced: Trace, places: slice, order: np.ndarray) -> tuple[Gate, ...]:
    found = []
    for name, values in traced.gates.items():
        measured = saturation(values[:, places], None)
        found.append(Gate(name, _drawn(values, places, order), measured.shut, measured.open))
    states = {"candidate": traced.candidate, "c": traced.c, "h": traced.h}
    return (
        *found,
        *(
            Gate(name, _drawn(values, places, order))
            for name, values in states.items()
            if values is not None and not (name == "candidate" and values is traced.h)
        ),
    )


def _drawn(values: np.ndarray, places: slice, order: np.ndarray) -> np.ndarray:
    return values[0, places].T[order].astype(np.float32)


def _named(strand: Strand) -> str:
    if strand.layer == DECODER:
        return "Decoder"
    side, _, number = strand.layer.rpartition("_")
    whose = {"reader": "Reader, layer", "writer": "Writer, layer"}.get(side, "Layer")
    return f"{whose} {number}{', backwards' if strand.backward else ''}"
