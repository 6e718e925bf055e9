"""A model on paper: layers, shapes and sizes, told without TensorFlow so a page can draw them at once."""

from dataclasses import dataclass, replace

from components.models.head_spec import DECODER, HeadSpec
from components.recipe import Model, Recurrent, Transformer

FEED_FORWARD = 4
"""Width of a Transformer block's hidden layer in multiples of its tokens' (Vaswani et al., 2017)."""

GATES = {"simple_rnn": 1, "lstm": 4, "gru": 3}
"""Weight matrices of each kind of recurrent layer."""


@dataclass(frozen=True)
class LayerPlan:
    """One layer: `shape` is its output's without the batch; name and parameters are the built layer's own."""

    name: str
    title: str
    shape: tuple[int, ...]
    parameters: int
    work: float
    """multiplications and additions of one forward pass of one example"""
    note: str = ""
    turns: int = 0
    """steps of a forward pass that must wait for each other"""


@dataclass(frozen=True)
class Plan:
    """A whole model on paper."""

    layers: tuple[LayerPlan, ...]

    @property
    def parameters(self) -> int:
        """Trainable numbers in the model."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def work(self) -> float:
        """Multiplications and additions of one forward pass of one example."""
        return sum(layer.work for layer in self.layers)

    @property
    def turns(self) -> int:
        """Steps of one forward pass that must wait for each other."""
        return sum(layer.turns for layer in self.layers)


_PLAIN = HeadSpec()


def plan_forecaster(model: Model, window: int, features: int, horizon: int, head: HeadSpec = _PLAIN) -> Plan:
    """Plan what `components.models.forecaster.build_forecaster` builds of the same arguments."""
    if head.strategy == "recursive":
        once = plan_forecaster(model, window, features, 1, replace(head, strategy="direct"))
        return Plan((*once.layers[:-1], replace(once.layers[-1], note="one step; each is fed back")))
    layers = [LayerPlan("window", "Window", (window, features), 0, 0, f"{window} past steps")]
    if head.window_scaling == "affine":
        layers.append(_window_scale(window, features - head.ahead))
    if isinstance(model, Transformer):
        layers += _transformer(model, window, features)
        return Plan((*layers, *_all_steps(model.units, horizon, head)))
    decodes = head.strategy == "decoder"
    layers += _recurrent(model, window, features)
    width = model.units * (2 if model.bidirectional else 1)
    if decodes:
        layers += _decoder(model, width, horizon)
    elif model.attention == "none":
        return Plan((*layers, *_all_steps(width, horizon, head)))
    if model.attention != "none":
        layers += _attention(model, window, width, horizon)[1 if decodes else 0 :]
    return Plan((*layers, *_each_step(width, horizon, head)))


def plan_of_numbers(model: Model, channels: int, classes: int, longest: int, symbols: int = 0) -> Plan:
    """Plan what `components.models.classifier.build_sequence_classifier` builds of the same arguments."""
    return _classifier([_given_numbers(channels, longest)], model, symbols or channels, classes, longest)


def plan_of_numbers_to_number(model: Model, channels: int, longest: int, symbols: int = 0) -> Plan:
    """Plan what `components.models.classifier.build_sequence_regressor` builds of the same arguments."""
    layers = [_given_numbers(channels, longest)]
    return _reader(layers, model, symbols or channels, longest, ("number", "Number", 1, ""))


def plan_of_codes(model: Model, vocabulary: int, embedding: int, classes: int, longest: int) -> Plan:
    """Plan what `components.models.classifier.build_text_classifier` builds of the same arguments."""
    given = LayerPlan("codes", "Tokens", (longest,), 0, 0, f"up to {longest} of them, as numbers")
    looked_up = LayerPlan(
        "embedding", "Embedding", (longest, embedding), vocabulary * embedding, 0, "a vector for each token"
    )
    layers = [given, looked_up]
    if model.dropout:
        layers.append(_dropout("dropout_embedding", model.dropout, looked_up.shape))
    return _classifier(layers, model, embedding, classes, longest)


def _given_numbers(channels: int, longest: int) -> LayerPlan:
    return LayerPlan("sequence", "Sequence", (longest, channels), 0, 0, f"up to {longest} steps")


def _classifier(layers: list[LayerPlan], model: Model, inputs: int, classes: int, longest: int) -> Plan:
    outputs = 1 if classes == 2 else classes
    return _reader(layers, model, inputs, longest, ("classes", "Classes", outputs, f"{classes} classes"))


def _reader(
    layers: list[LayerPlan], model: Model, inputs: int, longest: int, said: tuple[str, str, int, str]
) -> Plan:
    """Plan what reads a sequence; `said` is name, title, outputs and note of what it says."""
    name, title, outputs, note = said
    if isinstance(model, Transformer):
        layers += _transformer(model, longest, inputs)
        return Plan((*layers, _dense(name, title, model.units, (outputs,), outputs, note)))
    layers += _recurrent(model, longest, inputs)
    width = model.units * (2 if model.bidirectional else 1)
    if model.attention != "none":
        layers += _attention(model, longest, width, 1)
    return Plan((*layers, _dense(name, title, width, (outputs,), outputs, note)))


def plan_writer(model: Model, vocabulary: int, embedding: int, window: int) -> Plan:
    """Plan what `components.models.language_model.build_core` builds of the same arguments."""
    layers = [
        LayerPlan("codes", "Tokens", (window,), 0, 0, f"{window} of them, as numbers"),
        LayerPlan(
            "embedding", "Embedding", (window, embedding), vocabulary * embedding, 0, "a vector for each"
        ),
    ]
    if isinstance(model, Transformer):
        layers += _transformer(model, window, embedding)
    else:
        layers += _recurrent(model, window, embedding, every_step=True)
    shape = (window, vocabulary)
    return Plan(
        (*layers, _dense("next", "Next token", model.units, shape, window * vocabulary, "after each"))
    )


def _dense(
    name: str, title: str, inputs: int, shape: tuple[int, ...], rows: int, note: str = ""
) -> LayerPlan:
    """Plan a dense layer; `rows` counts its output numbers in one example."""
    return LayerPlan(name, title, shape, (inputs + 1) * shape[-1], 2 * inputs * rows, note)


def _all_steps(inputs: int, horizon: int, head: HeadSpec) -> list[LayerPlan]:
    outputs = horizon * head.numbers
    plans = [_dense("forecast", "Forecast", inputs, (outputs,), outputs, _meaning(head))]
    if not head.ahead:
        return plans
    shape = (horizon, head.numbers)
    more = _dense("forecast_ahead", "What is known ahead", inputs, shape, outputs, "is added to it")
    return [*_told(inputs, horizon, head), more, *plans]


def _each_step(inputs: int, horizon: int, head: HeadSpec) -> list[LayerPlan]:
    shape = (horizon, head.numbers)
    plan = _dense("forecast", "Forecast", inputs, shape, horizon * head.numbers, _meaning(head))
    return [*_told(inputs, horizon, head), plan] if head.ahead else [plan]


def _told(inputs: int, horizon: int, head: HeadSpec) -> list[LayerPlan]:
    """Plan what enters besides: what is known of each step ahead."""
    given = LayerPlan("ahead", "Steps to come", (horizon, head.ahead), 0, 0, "what is known of them")
    return [given, _dense("told", "Dense, tanh", inputs + head.ahead, (horizon, inputs), horizon * inputs)]


def _meaning(head: HeadSpec) -> str:
    if head.numbers > 1:
        what = "quantiles" if head.loss == "quantile" else "parameters"
        return f"{head.numbers} {what} for each step"
    added = {"none": "", "last": "added to the last value", "still": "added to no change"}
    return added.get(head.residual_base, "added to last season's")


def _window_scale(window: int, features: int) -> LayerPlan:
    work = 2 * window * features
    return LayerPlan("window_scale", "Scale", (window, features), 2 * features, work, "a factor and a shift")


def _decoder(model: Recurrent, width: int, horizon: int) -> list[LayerPlan]:
    """Plan the second layer, which reads the last state and how far ahead a step is."""
    gates, biases = GATES[model.kind], 2 if model.kind == "gru" else 1
    plans = [
        LayerPlan("questions", "Steps ahead", (horizon, width), horizon * width, 0, "one vector for each"),
        LayerPlan(
            DECODER,
            "Decoder",
            (horizon, width),
            gates * width * (2 * width + biases),
            4 * gates * width * width * horizon,
            "goes over the steps ahead",
            horizon,
        ),
    ]
    return [*plans, _dropout("dropout_decoder", model.dropout, (horizon, width))] if model.dropout else plans


def _recurrent(model: Recurrent, window: int, features: int, every_step: bool = False) -> list[LayerPlan]:
    titles = {"simple_rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}
    directions = 2 if model.bidirectional else 1
    gates, units, plans, inputs = GATES[model.kind], model.units, [], features
    for number in range(1, model.layers + 1):
        biases = (
            2 if model.kind == "gru" else 1
        )  # Keras' GRU adds one to the input's and one to the state's part
        parameters = directions * gates * units * (inputs + units + biases)
        keeps_steps = every_step or number < model.layers or model.attention != "none"
        shape = (window, directions * units) if keeps_steps else (directions * units,)
        work = 2 * directions * gates * units * (inputs + units) * window
        note = "reads both ways" if model.bidirectional else "reads from old to new"
        turns = directions * window
        plans.append(
            LayerPlan(f"{model.kind}_{number}", titles[model.kind], shape, parameters, work, note, turns)
        )
        if model.dropout:
            plans.append(_dropout(f"dropout_{number}", model.dropout, shape))
        inputs = directions * units
    return plans


def _dropout(name: str, rate: float, shape: tuple[int, ...]) -> LayerPlan:
    return LayerPlan(name, "Dropout", shape, 0, 0, f"forgets {rate:.0%} at random")


def _attention(model: Recurrent, window: int, width: int, horizon: int) -> list[LayerPlan]:
    title = {"additive": "Additive attention", "dot": "Dot-product attention"}[model.attention]
    asks = "one for each step ahead" if horizon > 1 else "one, of the last state"
    scores = (3 if model.attention == "additive" else 2) * horizon * window * width
    return [
        LayerPlan("questions", "Questions", (horizon, width), horizon * width, 0, asks),
        LayerPlan(
            "attention",
            title,
            (horizon, width),
            width if model.attention == "additive" else 0,
            scores + 2 * horizon * window * width,
            f"weighs the {window} steps",
        ),
        _dense("answers", "Dense, tanh", 2 * width, (horizon, width), horizon * width),
    ]


def _transformer(model: Transformer, window: int, features: int) -> list[LayerPlan]:
    units, shape = model.units, (window, model.units)
    hidden = FEED_FORWARD * units
    plans = [
        _dense("tokens", "Tokens", features, shape, window * units, "one for each past step"),
        LayerPlan("positions", "Positions", shape, window * units, 0, "tells the steps apart"),
    ]
    for number in range(1, model.layers + 1):
        plans += [
            LayerPlan(f"norm_{number}a", "Normalise", shape, 2 * units, 0),
            LayerPlan(
                f"attention_{number}",
                "Self-attention",
                shape,
                4 * units * (units + 1),
                8 * units * units * window + 4 * window * window * units,
                f"{model.heads} head{'s' if model.heads > 1 else ''}",
            ),
            LayerPlan(f"norm_{number}b", "Normalise", shape, 2 * units, 0),
            _dense(f"wide_{number}", "Dense, GELU", units, (window, hidden), window * hidden),
            _dense(f"narrow_{number}", "Dense", hidden, shape, window * units),
        ]
        if model.dropout:
            plans += [_dropout(f"dropout_{number}{part}", model.dropout, shape) for part in "ab"]
    return [*plans, LayerPlan("norm", "Normalise", shape, 2 * units, 0)]
