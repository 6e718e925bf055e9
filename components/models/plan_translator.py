"""An encoder–decoder on paper."""

from components.models.plan import FEED_FORWARD, GATES, LayerPlan, Plan
from components.recipe import Model, Recurrent, Transformer

_TITLES = {"simple_rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}
_ATTENTIONS = {"additive": "Additive attention", "dot": "Dot-product attention"}


def plan_translator(model: Model, sources: int, answers: int, lengths: tuple[int, int]) -> Plan:
    """Plan what `components.models.seq2seq.build_seq2seq` builds.

    Args:
        model: the recipe's.
        sources: tokens of the vocabulary of what is read.
        answers: tokens of the vocabulary of what is written.
        lengths: of a text, and of an answer with its end, in tokens.
    """
    if isinstance(model, Transformer):
        return _attentive(model, sources, answers, *lengths)
    return _recurrent(model, sources, answers, *lengths)


def _recurrent(model: Recurrent, sources: int, answers: int, read: int, written: int) -> Plan:
    width = model.units * (2 if model.bidirectional else 1)
    layers = [
        LayerPlan("source", "Text", (read,), 0, 0, f"up to {read} tokens"),
        _embedding("source_tokens", sources, model.units, read, "of the text"),
        *_stack(model, "reader", model.units, model.units, read),
        LayerPlan("answer", "Answer so far", (written,), 0, 0, "starts from what was read"),
        _embedding("answer_tokens", answers, width, written, "of the answer"),
        *_stack(model, "writer", width, width, written),
    ]
    if model.attention != "none":
        layers += _looking(model.attention, width, read, written)
    return Plan((*layers, _dense("next_token", "Next token", width, answers, written, "a chance for each")))


def _stack(model: Recurrent, side: str, units: int, inputs: int, steps: int) -> list[LayerPlan]:
    directions = 2 if model.bidirectional and side == "reader" else 1
    gates, biases = GATES[model.kind], 2 if model.kind == "gru" else 1
    plans = []
    for number in range(1, model.layers + 1):
        plans.append(
            LayerPlan(
                f"{side}_{number}",
                _TITLES[model.kind],
                (steps, directions * units),
                directions * gates * units * (inputs + units + biases),
                2 * directions * gates * units * (inputs + units) * steps,
                "reads both ways" if directions == 2 else "reads" if side == "reader" else "writes",
                directions * steps,
            )
        )
        inputs = directions * units
    return plans


def _looking(kind: str, width: int, read: int, written: int) -> list[LayerPlan]:
    plans = [_dense("asked", "Questions", width, width, written, "one for each token", bias=False)]
    if kind == "additive":
        plans.append(_dense("offered", "Offers", width, width, read, "of each token read", bias=False))
    attention = LayerPlan(
        "attention",
        _ATTENTIONS[kind],
        (written, width),
        width if kind == "additive" else 0,
        (5 if kind == "additive" else 4) * read * written * width,
        "looks back at the text",
    )
    return [*plans, attention, _dense("mixed", "Dense, tanh", 2 * width, width, written, "mixes it in")]


def _attentive(model: Transformer, sources: int, answers: int, read: int, written: int) -> Plan:
    units = model.units
    return Plan(
        (
            LayerPlan("source", "Text", (read,), 0, 0, f"up to {read} tokens"),
            _embedding("source_tokens", sources, units, read, "of the text"),
            *_blocks(model, "reader", read, None),
            _norm("reader_norm", units, read),
            LayerPlan("answer", "Answer so far", (written,), 0, 0, "sees all that was read"),
            _embedding("answer_tokens", answers, units, written, "of the answer"),
            *_blocks(model, "writer", written, read),
            _norm("writer_norm", units, written),
            _dense("next_token", "Next token", units, answers, written, "a chance for each"),
        )
    )


def _blocks(model: Transformer, side: str, steps: int, read: int | None) -> list[LayerPlan]:
    units, hidden, plans = model.units, FEED_FORWARD * model.units, []
    heads = f"{model.heads} head{'s' if model.heads > 1 else ''}"
    looks = {"own": ("Self-attention", steps)} | ({"text": ("Attention to the text", read)} if read else {})
    for number in range(1, model.layers + 1):
        name = f"{side}_{number}"
        for part, (title, seen) in looks.items():
            work = 4 * units * units * (steps + seen) + 4 * steps * seen * units
            plans += [
                _norm(f"{name}_norm_{part}", units, steps),
                LayerPlan(
                    f"{name}_attention_{part}", title, (steps, units), 4 * units * (units + 1), work, heads
                ),
            ]
        plans += [
            _norm(f"{name}_norm_dense", units, steps),
            _dense(f"{name}_wide", "Dense, GELU", units, hidden, steps),
            _dense(f"{name}_narrow", "Dense", hidden, units, steps),
        ]
    return plans


def _embedding(name: str, tokens: int, width: int, steps: int, of: str) -> LayerPlan:
    note = f"for each of {tokens:,} tokens {of}"
    return LayerPlan(name, "Embedding", (steps, width), tokens * width, 0, note)


def _norm(name: str, units: int, steps: int) -> LayerPlan:
    return LayerPlan(name, "Normalise", (steps, units), 2 * units, 0)


def _dense(
    name: str, title: str, inputs: int, width: int, steps: int, note: str = "", *, bias: bool = True
) -> LayerPlan:
    return LayerPlan(name, title, (steps, width), (inputs + bias) * width, 2 * inputs * width * steps, note)
