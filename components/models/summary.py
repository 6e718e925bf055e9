"""Models as they are described, without TensorFlow: pages draw the layers, builders make them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from components.models.cells import CELLS
from components.models.head_spec import DECODER, HeadSpec
from components.models.layer_summary import (
    Attention,
    Convolution,
    Dense,
    Dropout,
    Embedding,
    LayerSummary,
    MultiHeadAttention,
    Normalization,
    RecurrentLayer,
    Scale,
    SharedWeights,
)
from components.models.reader_spec import SEGMENTS, STEM, ReaderSpec
from components.models.seq2seq_spec import PLAIN, Seq2SeqSpec
from components.recipe import Model, Recurrent, Transformer

FEED_FORWARD = 4
"""Width of a Transformer block's hidden layer in multiples of its tokens' (Vaswani et al., 2017)."""
KERNELS = (8, 5, 3)
"""Steps that each convolution of a branch sees at a time (Wang, Yan and Oates, 2017)."""
_PLAIN = HeadSpec()
_PLAIN_READER = ReaderSpec()
_ATTENTIONS = {"additive": "Additive attention", "dot": "Dot-product attention"}


@dataclass(frozen=True)
class ModelSummary:
    """The layers of a model that a person should know of, in the order in which data goes through them."""

    layers: tuple[LayerSummary, ...]
    members: int = 1
    """networks of these layers that stand side by side"""

    @property
    def parameters(self) -> int:
        """Trainable numbers in the model."""
        return self.members * sum(layer.parameters for layer in self.layers)

    @property
    def work(self) -> float:
        """Multiplications and additions of one forward pass of one example."""
        return self.members * sum(layer.work for layer in self.layers)

    @property
    def kept(self) -> int:
        """Numbers of one example that a training step has in memory at once."""
        return self.members * sum(layer.kept for layer in self.layers)

    @property
    def turns(self) -> int:
        """Steps of one forward pass that must wait for each other."""
        return sum(layer.turns for layer in self.layers)


def width_of(model: Model) -> int:
    """Return the width of a model's states: `units`, or twice that for two directions."""
    return model.units * (2 if isinstance(model, Recurrent) and model.bidirectional else 1)


def summarize_forecaster(
    model: Model, window: int, features: int, horizon: int, head: HeadSpec = _PLAIN
) -> ModelSummary:
    """Describe what `components.models.forecaster.build_forecaster` builds of the same arguments."""
    if head.members > 1:
        single = summarize_forecaster(model, window, features, horizon, replace(head, members=1))
        return replace(single, members=head.members)
    if head.strategy == "recursive":
        once = summarize_forecaster(model, window, features, 1, replace(head, strategy="direct"))
        return ModelSummary(
            (*once.layers[:-1], replace(once.layers[-1], note="one step, fed back for the next"))
        )
    layers = [LayerSummary("window", "Window", (window, features), f"{window} past steps")]
    if head.window_scaling == "affine":
        shape = (window, features - head.ahead)
        layers.append(Scale("window_scale", "Scale", shape, "a factor and a shift"))
    width, steps = width_of(model), head.segments(window)
    if isinstance(model, Transformer):
        layers += _transformer(model, steps, features * head.segment, segment=head.segment)
        return ModelSummary((*layers, *_all_steps(width, horizon, head)))
    if head.segment > 1:
        layers.append(_segments(model, steps, features, head))
        features = model.units
    layers += _recurrent(model, steps, features)
    if head.strategy == "decoder":
        layers += _decoder(model, width, horizon, head)
        if model.attention != "none":
            layers += list(_attention(model, steps, width, head.segments(horizon)))[1:]
        of = _each_step if head.segment == 1 else _all_steps
        return ModelSummary((*layers, *of(width, horizon, head)))
    if model.attention == "none":
        return ModelSummary((*layers, *_all_steps(width, horizon, head)))
    layers += _attention(model, steps, width, horizon)
    return ModelSummary((*layers, *_each_step(width, horizon, head)))


def summarize_of_numbers(
    model: Model,
    channels: int,
    classes: int,
    longest: int,
    symbols: int = 0,
    spec: ReaderSpec = _PLAIN_READER,
) -> ModelSummary:
    """Describe what `components.models.classifier.build_sequence_classifier` builds of the same arguments."""
    inputs = symbols or channels
    return _classifier([_given_numbers(channels, longest)], model, inputs, classes, longest, spec)


def summarize_of_numbers_to_number(
    model: Model, channels: int, longest: int, symbols: int = 0, spec: ReaderSpec = _PLAIN_READER
) -> ModelSummary:
    """Describe what `components.models.classifier.build_sequence_regressor` builds of the same arguments."""
    inputs = symbols or channels
    answer = Dense("number", "Number", (1,), inputs=spec.summary_width(model))
    return _reader([_given_numbers(channels, longest)], model, inputs, longest, answer, spec)


def summarize_transcriber(
    model: Model, channels: int, words: int, frames: int, segment: int, kernel: int = 0
) -> ModelSummary:
    """Describe what `components.models.transcriber.build_transcriber` builds of the same arguments."""
    steps, shape = max(1, frames // segment), (frames, channels)
    given = [LayerSummary("recording", "Recording", shape, f"up to {frames} frames")]
    if model.dropout:
        # A whole band of frequencies at a time (as in SpecAugment): voices differ in what each band holds.
        note = f"drops {model.dropout:.0%} of the bands at random"
        bands = replace(_dropout("dropout_bands", model.dropout, shape), note=note, whole_channels=True)
        given.append(bands)
    read = _convolution_in_front(
        SEGMENTS, (steps, model.units), channels, kernel or segment, segment, "frames"
    )
    layers = (
        _transformer(model, steps, model.units)
        if isinstance(model, Transformer)
        else _recurrent(model, steps, model.units, every_step=True)
    )
    return ModelSummary(
        (
            *given,
            read,
            *layers,
            Dense("words", "Words", (steps, words + 1), "and the blank, at each", inputs=width_of(model)),
        )
    )


def summarize_of_codes(
    model: Model,
    vocabulary: int,
    embedding: int,
    classes: int,
    longest: int,
    spec: ReaderSpec = _PLAIN_READER,
) -> ModelSummary:
    """Describe what `components.models.classifier.build_text_classifier` builds of the same arguments."""
    shape = (longest, embedding)
    layers = [
        LayerSummary("codes", "Tokens", (longest,), f"up to {longest} token IDs"),
        Embedding("embedding", "Embedding", shape, "a vector per token", tokens=vocabulary),
    ]
    if spec.word_dropout:
        dropped = _dropout("dropout_tokens", spec.word_dropout, shape)
        layers.append(replace(dropped, note=f"drops {spec.word_dropout:.0%} of the tokens", whole_steps=True))
    if model.dropout:
        # A whole number of each token's vector at a time: else there is little to forget in a short text.
        layers.append(replace(_dropout("dropout_embedding", model.dropout, shape), whole_channels=True))
    return _classifier(layers, model, embedding, classes, longest, spec)


def summarize_writer(
    model: Model, vocabulary: int, embedding: int, window: int, *, tied: bool = False
) -> ModelSummary:
    """Describe what `components.models.language_model.build_core` builds of the same arguments."""
    embedding = model.units if tied else embedding
    read = (
        _transformer(model, window, embedding)
        if isinstance(model, Transformer)
        else _recurrent(model, window, embedding, every_step=True)
    )
    return ModelSummary(
        (
            LayerSummary("codes", "Tokens", (window,), f"{window} token IDs"),
            Embedding(
                "embedding",
                "Embedding",
                (window, embedding),
                "a vector for each",
                tokens=vocabulary,
                is_reversible=tied,
            ),
            *read,
            _next_token("next", (window, vocabulary), "after each token", model.units, tied=tied),
        )
    )


def summarize_translator(
    model: Model,
    sources: int,
    answers: int,
    lengths: tuple[int, int] = (1, 1),
    spec: Seq2SeqSpec = PLAIN,
) -> ModelSummary:
    """Describe what `components.models.seq2seq.build_seq2seq` builds.

    Args:
        model: the recipe's.
        sources: tokens of the vocabulary of what is read.
        answers: tokens of the vocabulary of what is written.
        lengths: of a text, and of an answer with its end, in tokens; the layers are the same for all.
        spec: what the parts share.
    """
    (read, written), width = lengths, width_of(model)
    fed = width if spec.feeds(model) else 0
    entering = width if spec.has_one_embedding else model.units
    if isinstance(model, Transformer):
        reads, writes = _blocks(model, "reader", read), _blocks(model, "writer", written, read)
        starts, looks = "attends to the whole text", iter(list[LayerSummary]())
    else:
        reads = _stack(model, "reader", entering, read)
        writes = _stack(model, "writer", width, written, fed=fed)
        starts, looks = "starts from the encoder's last state", _look(model, width, read, written)
    tokens = replace(
        _tokens("answer_tokens", answers, (written, width), "of the answer"), is_reversible=spec.is_tied
    )
    text_tokens: LayerSummary = _tokens("source_tokens", sources, (read, entering), "of the text")
    if spec.has_one_embedding:
        text_tokens = SharedWeights("source_tokens", "Embedding", (read, entering), "that of the answer")
    return ModelSummary(
        (
            LayerSummary("source", "Text", (read,), f"up to {read} tokens"),
            text_tokens,
            *reads,
            LayerSummary("answer", "Answer so far", (written,), starts),
            tokens,
            *writes,
            *looks,
            _next_token(
                "next_token", (written, answers), "a probability per token", width, tied=spec.is_tied
            ),
        )
    )


def _next_token(
    name: str, shape: tuple[int, int], note: str, inputs: int, *, tied: bool
) -> Dense | SharedWeights:
    """Describe what gives the logits, which the embedding of the same tokens does where it is tied."""
    if tied:
        return SharedWeights(name, "Next token", shape, "by the embedding's weights", inputs=inputs)
    return Dense(name, "Next token", shape, note, inputs=inputs)


# --- What tells something of a sequence ------------------------------------------------------------


def _given_numbers(channels: int, longest: int) -> LayerSummary:
    return LayerSummary("sequence", "Sequence", (longest, channels), f"up to {longest} steps")


def _classifier(
    layers: list[LayerSummary], model: Model, inputs: int, classes: int, longest: int, spec: ReaderSpec
) -> ModelSummary:
    outputs = (1 if classes == 2 else classes,)  # of two classes, one output is enough
    answer = Dense(
        "classes",
        "Classes",
        outputs,
        "added to the start" if spec.has_start else f"{classes} classes",
        inputs=spec.summary_width(model),
        # What is added to something begins with nothing, so that an untrained model is its start.
        starts_at_zero=spec.has_start,
    )
    return _reader(layers, model, inputs, longest, answer, spec)


def _reader(
    layers: list[LayerSummary], model: Model, inputs: int, longest: int, answer: Dense, spec: ReaderSpec
) -> ModelSummary:
    """Describe what reads a sequence and answers once."""
    beside = list(_convolutions(longest, inputs, spec.filters)) if spec.filters else []
    if spec.has_start:
        beside.append(
            LayerSummary("start", "TF-IDF model", answer.shape, "its logits, which stay as they are")
        )
    if spec.kernel:
        longest = spec.steps(longest)
        layers.append(_convolution_in_front(STEM, (longest, model.units), inputs, spec.kernel, spec.stride))
        inputs = model.units
    if isinstance(model, Transformer):
        layers += _transformer(model, longest, inputs)
    else:
        layers += _recurrent(model, longest, inputs, every_step=spec.pools)
    if spec.pools:
        width = 2 * width_of(model)
        layers.append(LayerSummary("pooled", "Mean and maximum", (width,), "of the states of all steps"))
    if isinstance(model, Recurrent) and model.attention != "none":
        layers += _attention(model, longest, width_of(model), 1)
    return ModelSummary((*layers, *beside, answer))


def _convolution_in_front(
    name: str, shape: tuple[int, int], inputs: int, kernel: int, stride: int, unit: str = "steps"
) -> Convolution:
    """Describe what makes one step for the model of every `stride` of the `unit` that it sees."""
    if stride == 1:
        note = f"{kernel} {unit} at a time, in front of the model"
    elif kernel == stride:
        note = f"a vector for every {stride} {unit}"
    else:
        note = f"a vector for every {stride} {unit}, of the {kernel} around them"
    return Convolution(name, "Convolution, ReLU", shape, note, inputs=inputs, kernel=kernel, stride=stride)


def _convolutions(longest: int, inputs: int, filters: int) -> Iterator[LayerSummary]:
    """Describe the branch beside the model, which finds short patterns wherever they stand."""
    shape = (longest, filters)
    for number, kernel in enumerate(KERNELS, 1):
        note = f"{kernel} steps at a time, beside the model"
        yield Convolution(
            f"convolution_{number}", "Convolution, ReLU", shape, note, inputs=inputs, kernel=kernel
        )
        inputs = filters
    yield LayerSummary("patterns", "Average over the steps", (filters,), "added to what the model found")


# --- What forecasts --------------------------------------------------------------------------------


def _all_steps(inputs: int, horizon: int, head: HeadSpec) -> Iterator[LayerSummary]:
    if head.told:
        yield from _known(inputs, horizon, head)
        by_step = (horizon, head.numbers)
        yield _forecast("forecast_ahead", _title_ahead(head), by_step, "added to the forecast", inputs, head)
    shape: tuple[int, ...] = (horizon * head.numbers,)
    if head.strategy == "decoder":
        shape = (head.segments(horizon), head.segment * head.numbers)
    yield _forecast("forecast", "Forecast", shape, _meaning(head), inputs, head)


def _each_step(inputs: int, horizon: int, head: HeadSpec) -> Iterator[LayerSummary]:
    if head.told:
        yield from _known(inputs, horizon, head)
    yield _forecast("forecast", "Forecast", (horizon, head.numbers), _meaning(head), inputs, head)


def _forecast(name: str, title: str, shape: tuple[int, ...], note: str, inputs: int, head: HeadSpec) -> Dense:
    # What is added to something begins with nothing, so that an untrained model is the simple rule itself.
    starts_at_zero = head.residual_base != "none"
    return Dense(name, title, shape, note, inputs=inputs, starts_at_zero=starts_at_zero)


def _known(inputs: int, horizon: int, head: HeadSpec) -> Iterator[LayerSummary]:
    """Describe what enters besides: what is known of each step ahead."""
    note = "known for each step ahead" if head.ahead else "what the forecast starts from"
    yield LayerSummary("ahead", _title_ahead(head), (horizon, head.told), note)
    yield Dense("told", "Dense, tanh", (horizon, inputs), inputs=inputs + head.told, activation="tanh")


def _title_ahead(head: HeadSpec) -> str:
    parts = {"future covariates": head.ahead, "start": head.start, "pretrained states": head.states}
    *most, last = (part for part, width in parts.items() if width)
    title = f"{', '.join(most)} and {last}" if most else last
    return title.capitalize()


def _meaning(head: HeadSpec) -> str:
    if head.numbers > 1:
        what = "quantiles" if head.loss == "quantile" else "parameters"
        return f"{head.numbers} {what} for each step"
    added = {
        "none": "",
        "last": "added to the last value",
        "still": "added to a change of zero",
        "given": "added to the start",
    }
    return added.get(head.residual_base, "added to last season's value")


def _segments(model: Recurrent, steps: int, features: int, head: HeadSpec) -> Dense:
    """Describe what makes one vector of the steps of each segment."""
    note = f"a vector for every {head.segment} steps"
    inputs = features * head.segment
    return Dense("segments", "Segments", (steps, model.units), note, inputs=inputs, activation="relu")


def _decoder(model: Recurrent, width: int, horizon: int, head: HeadSpec) -> Iterator[LayerSummary]:
    """Describe the second layer, which reads the last state and how far ahead a step or a segment is."""
    steps = head.segments(horizon)
    shape, what = (steps, width), "step" if head.segment == 1 else "segment"
    yield Embedding("questions", f"{what.capitalize()}s ahead", shape, "a vector for each", tokens=steps)
    yield RecurrentLayer(
        DECODER,
        "Decoder",
        shape,
        f"one {what} ahead after the other",
        kind=model.kind,
        units=width,
        inputs=width,
        steps=steps,
    )
    if model.dropout:
        yield _dropout("dropout_decoder", model.dropout, shape)


# --- Recurrent layers ------------------------------------------------------------------------------


def _recurrent(
    model: Recurrent, window: int, features: int, every_step: bool = False
) -> Iterator[LayerSummary]:
    inputs, width = features, width_of(model)
    for number in range(1, model.layers + 1):
        keeps_steps = every_step or number < model.layers or model.attention != "none"
        shape = (window, width) if keeps_steps else (width,)
        yield RecurrentLayer(
            f"{model.kind}_{number}",
            CELLS[model.kind].title,
            shape,
            "bidirectional" if model.bidirectional else "reads from oldest to newest",
            kind=model.kind,
            units=model.units,
            inputs=inputs,
            steps=window,
            bidirectional=model.bidirectional,
        )
        if model.dropout:
            yield _dropout(f"dropout_{number}", model.dropout, shape)
        inputs = width


def _dropout(name: str, rate: float, shape: tuple[int, ...]) -> Dropout:
    return Dropout(name, "Dropout", shape, f"drops {rate:.0%} at random", rate=rate)


def _attention(model: Recurrent, window: int, width: int, horizon: int) -> Iterator[LayerSummary]:
    assert model.attention != "none"
    shape = (horizon, width)
    asks = "one for each step ahead" if horizon > 1 else "one, from the last state"
    yield Embedding("questions", "Queries", shape, asks, tokens=horizon)
    yield Attention(
        "attention",
        _ATTENTIONS[model.attention],
        shape,
        f"weighs the {window} steps",
        kind=model.attention,
        looked_at=window,
    )
    yield Dense("answers", "Dense, tanh", shape, inputs=2 * width, activation="tanh")


# --- Encoder–decoders ------------------------------------------------------------------------------


def _stack(model: Recurrent, side: str, units: int, steps: int, *, fed: int = 0) -> Iterator[LayerSummary]:
    """Describe a side's recurrent layers.

    Args:
        model: the recipe's.
        side: `reader` or `writer`.
        units: width of the tokens that the first layer reads.
        steps: tokens.
        fed: width of what attention made of the step before, which the first layer reads besides.
    """
    inputs, reads = units, side == "reader"
    bidirectional = reads and model.bidirectional
    width = width_of(model)
    if model.dropout:
        yield _dropout(f"{side}_dropout_0", model.dropout, (steps, inputs))
    inputs += fed
    for number in range(1, model.layers + 1):
        note = "bidirectional" if bidirectional else "encoder" if reads else "decoder"
        yield RecurrentLayer(
            f"{side}_{number}",
            CELLS[model.kind].title,
            (steps, width),
            f"{note}, fed with what attention found" if fed and number == 1 else note,
            kind=model.kind,
            units=model.units if reads else width,
            inputs=inputs,
            steps=steps,
            bidirectional=bidirectional,
        )
        if model.dropout:
            yield _dropout(f"{side}_dropout_{number}", model.dropout, (steps, width))
        inputs = width


def _look(model: Recurrent, width: int, read: int, written: int) -> Iterator[LayerSummary]:
    if model.attention == "none":
        return
    shape = (written, width)
    yield Dense("asked", "Queries", shape, "one for each token", inputs=width, use_bias=False)
    if model.attention == "additive":
        yield Dense("offered", "Keys", (read, width), "one for each token read", inputs=width, use_bias=False)
    yield Attention(
        "attention",
        _ATTENTIONS[model.attention],
        shape,
        "attends to the text",
        kind=model.attention,
        looked_at=read,
    )
    yield Dense("mixed", "Dense, tanh", shape, "combines both", inputs=2 * width, activation="tanh")


def _tokens(name: str, tokens: int, shape: tuple[int, int], of: str) -> Embedding:
    return Embedding(name, "Embedding", shape, f"for each of {tokens:,} tokens {of}", tokens=tokens)


# --- Transformers ----------------------------------------------------------------------------------


def _transformer(model: Transformer, window: int, features: int, segment: int = 1) -> Iterator[LayerSummary]:
    shape, note = (
        (window, model.units),
        "one for each step" if segment == 1 else f"one for every {segment} steps",
    )
    yield Dense("tokens", "Tokens", shape, note, inputs=features)
    yield Embedding("positions", "Positional embedding", shape, "a vector for each token", tokens=window)
    for number in range(1, model.layers + 1):
        yield _norm(f"norm_{number}a", shape)
        yield _heads(model, f"attention_{number}", "Self-attention", shape, window)
        yield _norm(f"norm_{number}b", shape)
        yield from _two_dense(model, f"wide_{number}", f"narrow_{number}", shape)
        if model.dropout:
            yield from (_dropout(f"dropout_{number}{part}", model.dropout, shape) for part in "ab")
    yield _norm("norm", shape)


def _blocks(model: Transformer, side: str, steps: int, read: int | None = None) -> Iterator[LayerSummary]:
    shape = (steps, model.units)
    looks = {"own": ("Self-attention", steps)} | ({"text": ("Cross-attention", read)} if read else {})
    for number in range(1, model.layers + 1):
        name = f"{side}_{number}"
        for part, (title, looked_at) in looks.items():
            yield _norm(f"{name}_norm_{part}", shape)
            yield _heads(model, f"{name}_attention_{part}", title, shape, looked_at)
            if model.dropout:
                yield _dropout(f"{name}_dropout_{part}", model.dropout, shape)
        yield _norm(f"{name}_norm_dense", shape)
        yield from _two_dense(model, f"{name}_wide", f"{name}_narrow", shape)
        if model.dropout:
            yield _dropout(f"{name}_dropout_dense", model.dropout, shape)
    yield _norm(f"{side}_norm", shape)


def _norm(name: str, shape: tuple[int, int]) -> Normalization:
    return Normalization(name, "Layer normalisation", shape)


def _heads(
    model: Transformer, name: str, title: str, shape: tuple[int, int], looked_at: int
) -> MultiHeadAttention:
    note = f"{model.heads} head{'s' if model.heads > 1 else ''}"
    return MultiHeadAttention(name, title, shape, note, heads=model.heads, looked_at=looked_at)


def _two_dense(model: Transformer, wide: str, narrow: str, shape: tuple[int, int]) -> Iterator[Dense]:
    steps, hidden = shape[0], FEED_FORWARD * model.units
    yield Dense(wide, "Dense, GELU", (steps, hidden), inputs=model.units, activation="gelu")
    yield Dense(narrow, "Dense", shape, inputs=hidden)
