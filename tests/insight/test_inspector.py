"""Every task's model can be looked into, and what is shown holds together."""

from functools import cache

import numpy as np
import pytest

from components import data
from components.engine.train_job import problem_and_model
from components.errors import DataError
from components.insight import attention, gate_activity, influence
from components.insight.example import DatasetExample, UserSequence, UserText, stack_examples
from components.insight.inspector import Inspector
from components.insight.occlusion import MOST_PIECES
from components.insight.requests import (
    AttentionRequest,
    GateActivityRequest,
    InfluenceRequest,
    TopActivationsRequest,
    half_life,
)
from components.recipe import (
    ClassifySequences,
    ClassifyTexts,
    Forecast,
    Generated,
    ModelLanguage,
    Recipe,
    Recurrent,
    RegressSequences,
    Sample,
    Training,
    Transcribe,
    Transformer,
    Translate,
)
from components.tasks import task_of

RECURRENT = Recurrent(kind="gru", units=3, attention="additive")
BOTH = Recurrent(kind="lstm", units=3, bidirectional=True, attention="dot")
ATTENTIVE = Transformer(units=4, heads=2, layers=2)
STRINGS = Generated(name="digit_strings", length=50)
SINE, CHARTS = Generated(name="sine", length=100), Generated(name="control_charts", length=60)
DATES, NAMES = Generated(name="dates", length=60), Sample(name="first_names")
WAYS = {
    "forecast": (SINE, Forecast(target="value", window=8, horizon=3), BOTH),
    "forecast-quantiles": (SINE, Forecast(target="value", window=8, horizon=3, loss="quantile"), RECURRENT),
    "forecast-one-by-one": (
        SINE,
        Forecast(
            target="value",
            window=8,
            horizon=3,
            strategy="recursive",
            base="last",
            window_scaling="affine",
            calendar=True,
        ),
        RECURRENT,
    ),
    "forecast-decoder": (SINE, Forecast(target="value", window=8, horizon=3, strategy="decoder"), BOTH),
    "forecast-segments": (SINE, Forecast(target="value", window=12, segment=3, horizon=2), RECURRENT),
    "forecast-segments-ahead": (
        SINE,
        Forecast(target="value", window=12, segment=3, horizon=5, strategy="decoder"),
        BOTH,
    ),
    "forecast-patches": (SINE, Forecast(target="value", window=12, segment=3, horizon=2), ATTENTIVE),
    "forecast-transformer": (SINE, Forecast(target="value", window=8, horizon=3), ATTENTIVE),
    "sequences": (CHARTS, ClassifySequences(longest=30), RECURRENT),
    "symbols": (
        Generated(name="temporal_order", length=60, parameters={"steps": 10}),
        ClassifySequences(longest=30),
        RECURRENT,
    ),
    "sequences-by-stride": (CHARTS, ClassifySequences(longest=30, kernel=6, stride=4), RECURRENT),
    "sequences-by-stride-transformer": (CHARTS, ClassifySequences(longest=30, stride=7), ATTENTIVE),
    "numbers": (Generated(name="adding", length=60), RegressSequences(longest=100), RECURRENT),
    "recordings": (STRINGS, Transcribe(), Recurrent(kind="gru", units=3, bidirectional=True)),
    "recordings-transformer": (STRINGS, Transcribe(), ATTENTIVE),
    "texts": (Sample(name="tweets"), ClassifyTexts(longest=12, embedding=3, pad="left"), ATTENTIVE),
    "texts-by-stride": (
        Sample(name="tweets"),
        ClassifyTexts(longest=12, embedding=3, pad="left", stride=3),
        BOTH,
    ),
    "recordings-overlapping": (
        STRINGS,
        Transcribe(segment=3, kernel=7),
        Recurrent(kind="gru", units=3, bidirectional=True),
    ),
    "pairs": (DATES, Translate(level="character"), RECURRENT),
    "pairs-fed": (
        DATES,
        Translate(level="character", shared=True, tied=True, input_feeding=True),
        RECURRENT,
    ),
    "pairs-transformer": (DATES, Translate(level="character"), ATTENTIVE),
    "language": (NAMES, ModelLanguage(window=10, embedding=3), Recurrent(kind="gru", units=3)),
    "language-transformer": (NAMES, ModelLanguage(window=10, embedding=3), ATTENTIVE),
}


@cache
def looked_into(name):
    """A recipe, its problem and an inspector of its model, whose weights stay: an example is sampled once."""
    dataset, task, model = WAYS[name]
    recipe = Recipe(
        dataset=dataset, task=task, model=model, training=Training(batch=8, epochs=1, patience=None)
    )
    problem, built = problem_and_model(recipe)
    module = task_of(recipe)
    window = Inspector(
        built.model,
        cache(lambda asked: module.sample(problem, built, asked)),
        lambda most: module.sample_evenly(problem, most),
    )
    return recipe, problem, window


@pytest.fixture(scope="module", params=list(WAYS))
def way(request):
    recipe, _, window = looked_into(request.param)
    return request.param, recipe, window


def test_attention_and_the_two_others_lie_on_one_axis(way):
    name, recipe, window = way
    seen = attention.attention_view(window, AttentionRequest(DatasetExample(1)))
    steps = len(seen.shown.names)
    assert seen.occlusion.shape == seen.gradient.shape == (steps,)
    assert np.isfinite(seen.occlusion).all()
    assert np.isfinite(seen.gradient).all()
    assert np.abs(seen.gradient).max() > 0
    assert bool(seen.layers) == (name not in ("language", "recordings", "recordings-overlapping"))
    assert seen.columns == (seen.shown.names if seen.layers else ())
    if not seen.layers:
        assert seen.attention is None
        assert seen.attention_occlusion_correlation is None
        return
    assert seen.attention.sum() == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(seen.weights.sum(axis=1), 1, atol=1e-4)
    assert len(seen.rows) == len(seen.weights)
    assert -1 <= seen.attention_occlusion_correlation <= 1
    if isinstance(recipe.model, Transformer):
        own = [
            attention.attention_view(window, AttentionRequest(DatasetExample(1), head=head)).attention
            for head in (0, 1)
        ]
        assert seen.heads == 2
        np.testing.assert_allclose(seen.attention, np.mean(own, axis=0), atol=1e-5)
        first = attention.attention_view(window, AttentionRequest(DatasetExample(1), layer=0))
        assert first.layer == 0
        assert np.abs(first.attention - seen.attention).max() > 0


def test_a_translators_sides_look_at_themselves_too():
    _, _, window = looked_into("pairs-transformer")
    layers = attention.attention_view(window, AttentionRequest(DatasetExample(0))).layers
    found = {
        layer: attention.attention_view(window, AttentionRequest(DatasetExample(0), layer=number, head=1))
        for number, layer in enumerate(layers)
    }
    read, written = "Encoder, layer {}", "Decoder, layer {}: {}"
    of_writer = [
        written.format(number, what) for number in (1, 2) for what in ("self-attention", "cross-attention")
    ]
    assert list(found) == [read.format(1), read.format(2), *of_writer]
    for name, seen in found.items():
        np.testing.assert_allclose(seen.weights.sum(axis=1), 1, atol=1e-5)
        own = name.startswith("Encoder")
        assert seen.rows == (seen.shown.names if own else seen.shown.answers)
        if not name.endswith("self-attention"):
            assert seen.columns == seen.shown.names
            assert seen.attention.sum() == pytest.approx(1, abs=1e-5)
            continue
        assert seen.columns == ("start", *seen.shown.answers[:-1])
        assert np.triu(seen.weights, 1).max() < 1e-6  # nothing that comes later is looked at
        assert seen.attention is None
        assert seen.attention_occlusion_correlation is None


def test_leaving_a_step_out_is_what_occlusion_says(way):
    _, _, window = way
    example = window.sample(DatasetExample(0))
    answer = example.answers[example.shown.chosen]
    falls = attention.occlusion_scores(window, example, answer)
    without = [one.copy() for one in stack_examples([example])]
    together = example.segment if example.left_out_whole else 1
    without[0][0, example.first : example.first + together] = example.missing
    before, after = (
        window.scores(example, batch, answer)[0] for batch in (stack_examples([example]), without)
    )
    if example.steps <= MOST_PIECES:
        np.testing.assert_allclose(falls[:together], before - after, atol=1e-5)


def test_gates_are_shown_unit_by_unit(way):
    _, recipe, window = way
    seen = gate_activity.gate_activity(window, GateActivityRequest(DatasetExample(0)))
    if isinstance(recipe.model, Transformer):
        assert seen.layer_passes == ()
        return
    for number, _ in enumerate(seen.layer_passes):
        seen = gate_activity.gate_activity(window, GateActivityRequest(DatasetExample(0), number))
        assert seen.layer_pass == number
        for gate in seen.gates:
            assert gate.values.shape == (len(seen.units), len(seen.shown.names))
        responds = seen.responds if seen.shown.values is None else -seen.responds
        assert (np.diff(responds) >= 0).all()
        found = gate_activity.top_activations(window, TopActivationsRequest(number, int(seen.units[0])))
        peaks = [stretch.activity[stretch.peak] for stretch in found.stretches]
        assert peaks == sorted(peaks, reverse=True)
        assert all(len(stretch.names) == len(stretch.activity) for stretch in found.stretches)


def test_how_far_back_it_looks_is_the_gradient_averaged(way):
    _, _, window = way
    turns = []
    seen = influence.influence_over_training(window, InfluenceRequest((0, 5)), turns.append)
    assert turns == [0, 5, None]
    np.testing.assert_allclose(seen.earlier, [seen.influence] * 2)
    assert (seen.influence >= 0).all()
    assert 1 <= half_life(seen.influence) <= len(seen.influence)


def test_a_text_can_be_typed_where_texts_are_read(way):
    name, _, window = way
    if name.startswith(("forecast", "sequences", "symbols", "numbers", "recordings")):
        with pytest.raises(DataError, match="not text"):
            window.sample(UserText("Maria"))
        return
    example = window.sample(UserText("3 May 2020"))
    assert "".join(example.shown.names).replace(" ", "") in {"3May2020", "3may2020"}
    assert attention.attention_view(window, AttentionRequest(UserText("3 May 2020"))).shown == example.shown
    with pytest.raises(DataError):
        window.sample(UserText(""))


def test_a_sequence_of_ones_own_is_looked_at_like_those_of_the_data():
    _, problem, window = looked_into("sequences")
    own = problem.dataset.sequence(int(problem.test[1]))
    seen, of_data = (
        attention.attention_view(window, AttentionRequest(asked))
        for asked in (UserSequence.of(own), DatasetExample(1))
    )
    assert seen.shown.names == of_data.shown.names
    np.testing.assert_allclose(seen.shown.values, of_data.shown.values, rtol=1e-6)
    np.testing.assert_allclose(seen.attention, of_data.attention, atol=1e-6)
    assert "; it is" not in seen.shown.description
    assert UserSequence.of(own) == UserSequence.of(own.copy())
    assert UserSequence.of(own) != UserSequence.of(own + 1)
    with pytest.raises(DataError, match="numbers per step"):
        window.sample(UserSequence.of(own[:, :0]))


def test_half_of_the_influence():
    assert half_life(np.array([4.0, 1, 1, 1, 1])) == 1
    assert half_life(np.array([1.0, 1, 1, 1])) == 2
    assert half_life(np.zeros(3)) == 0


def test_the_windows_of_a_series_are_its_own_rows():
    recipe = Recipe(dataset=SINE, task=Forecast(target="value", window=8, horizon=3), model=BOTH)
    problem, built = problem_and_model(recipe)
    example = task_of(recipe).sample(problem, built, DatasetExample(2))
    rows = data.load(SINE).table["value"].to_numpy()
    np.testing.assert_array_equal(example.shown.values[:, 0], rows[example.number : example.number + 8])
