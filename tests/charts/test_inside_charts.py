"""Charts of what is inside a model: what they say follows from their numbers."""

import numpy as np
import pytest

from components.charts.attention_map import attention_map, attention_verdict, attribution_comparison
from components.charts.gates import peak_series, peak_texts, unit_heatmap, unit_lines
from components.charts.influence import half_life_over_training, influence
from components.insight.example import ExampleView
from components.insight.requests import (
    ActivationView,
    AttentionView,
    GateActivityView,
    GateView,
    InfluenceView,
    TopActivationsView,
)

NAMES = ("a", "b", "c", "d", "e")
TEXT = ExampleView(NAMES, None, (), ("yes", "no"), 0, "", 3)
NUMBERS = ExampleView(NAMES, np.arange(5.0)[:, None], ("level",), ("1 step ahead",), 0, "", 3)


def seen(shown=TEXT, attention=(0.1, 0.6, 0.1, 0.1, 0.1), agreement=0.9, **changed):
    own = None if attention is None else np.array(attention)
    values = {
        "shown": shown,
        "answer": 0,
        "layers": () if own is None else ("attention",),
        "layer": 0,
        "heads": 1,
        "rows": ("yes", "no"),
        "columns": shown.names,
        "weights": None if own is None else np.stack([own, own]),
        "attention": own,
        "occlusion": np.array([0.0, 0.1, 2.0, -0.1, 0.2]),
        "gradient": np.array([0.0, 0.2, 1.0, -0.1, 0.2]),
        "attention_occlusion_correlation": agreement,
        "attention_gradient_correlation": 0.8,
        "occlusion_gradient_correlation": 0.7,
    }
    return AttentionView(**values | changed)


def memory(shown=NUMBERS):
    h = np.array([[0.0, 0.1, 0.2, 0.3, 0.9], [0.9, 0.1, 0.0, 0.0, -0.5]])
    gates = (GateView("f", np.full((2, 5), 0.95), 0.0, 1.0), GateView("h", h))
    return GateActivityView(shown, ("Layer 1",), 0, "lstm", np.array([7, 3]), np.array([0.9, -0.8]), gates, 2)


@pytest.mark.parametrize(
    ("agreement", "verdict"), [(0.9, "answer well"), (0.4, "only in part"), (-0.2, "doesn't explain")]
)
def test_the_truth_meter_says_whether_to_believe(agreement, verdict):
    sentence = attention_verdict(seen(agreement=agreement))
    assert verdict in sentence
    assert "attends most to “b”" in sentence
    assert "removing “c” changes the answer most" in sentence
    assert f"{agreement:.2f}".replace("-", "−") in sentence


def test_attention_that_is_right_about_the_most_is_believed_for_that():
    sentence = attention_verdict(seen(attention=(0.1, 0.1, 0.6, 0.1, 0.1), agreement=0.1))
    assert "agree on the most important step, but not on the rest" in sentence


def test_without_attention_the_two_other_ways_are_compared():
    chart = attribution_comparison(seen(attention=None, agreement=None))
    assert "Removing “c” changes the answer most. The gradient agrees" in chart.sentence
    assert list(chart.table.columns) == ["occlusion", "gradient"]


def test_where_nothing_matters_it_says_so():
    assert "doesn't change this answer" in attention_verdict(seen(occlusion=np.zeros(5)))


def test_all_ways_lie_on_one_axis_with_what_was_read():
    chart = attribution_comparison(seen(NUMBERS))
    assert [trace.yaxis for trace in chart.figure.data] == ["y", "y2", "y3", "y4"]
    assert chart.table["attention"].tolist() == [0.1, 0.6, 0.1, 0.1, 0.1]
    assert chart.figure.layout.yaxis4.domain[0] < 0.1


def test_the_map_names_what_is_looked_at_most():
    chart = attention_map(seen(), "Class")
    assert "“b” gets most, 60%" in chart.sentence
    assert chart.table.shape == (2, 5)
    assert "nearly even" in attention_map(seen(attention=(0.2,) * 5), "Class").sentence


def test_a_gate_that_is_stuck_is_called_stuck():
    chart = unit_heatmap(memory(), memory().gates[0])
    assert "nearly open (above 0.9) 100%: mostly saturated" in chart.sentence
    assert (
        "correlation with level, from unit 7 (0.90) at the top to unit 3 (−0.80) at the bottom"
        in chart.sentence
    )
    assert chart.table.index.tolist() == [7, 3]


def test_a_unit_is_told_by_where_it_is_highest():
    assert "highest at “e” (0.90) and lowest at “a” (0.00)" in unit_lines(memory(), 0).sentence
    assert list(unit_lines(memory(), 1).table.columns) == ["forget gate", "hidden state"]


def test_stretches_name_what_they_share():
    one = ActivationView(("x", ")"), None, np.array([0.1, 0.8]), 1)
    drawn = peak_texts(TopActivationsView((one, one), 40, ""), 7)
    assert "unit 7 is highest at “)” (0.80). 2 of these 2 peaks are at “)”" in drawn.sentence
    evil = ActivationView(("<b>", "y"), None, np.array([0.1, 0.8]), 1)
    assert "<b>" not in peak_texts(TopActivationsView((evil,), 40, ""), 7).html
    subwords = ActivationView((" sail", "ing", " sea"), None, np.array([0.1, 0.8, 0.2]), 1)
    drawn = peak_texts(TopActivationsView((subwords,), 40, ""), 7)
    assert drawn.table["text"].tolist() == [" sailing sea"]
    numbers = ActivationView(NAMES, np.arange(5.0), np.arange(5.0), 4)
    chart = peak_series(TopActivationsView((numbers,), 40, "level"), 7)
    assert chart.table.index.tolist() == [-4, -3, -2, -1, 0]


def test_half_of_the_influence_is_its_half_life():
    now = np.array([4.0, 2, 1, 1])
    reach = InfluenceView("1 step ahead", 32, now, (0, 10), np.array([[8.0, 0, 0, 0], now]))
    assert "newest step of 4: this is the half-life" in influence(reach).sentence
    assert influence(reach).table["now"].sum() == pytest.approx(1)
    even = InfluenceView("1 step ahead", 32, np.ones(4), (0, 10), np.array([now, np.ones(4)]))
    assert "further back" in half_life_over_training(even).sentence
    assert half_life_over_training(even).table["half-life"].tolist() == [1, 2]
    nothing = InfluenceView("1 step ahead", 32, np.zeros(4), (), np.empty((0, 4)))
    assert "No input step" in influence(nothing).sentence
