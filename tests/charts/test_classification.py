"""The charts of told classes say what their numbers say, and stay harmless whatever a class is called."""

import numpy as np
import pytest

from components.charts import classification
from components.tasks.classification.attribution import ClassPrediction
from components.tasks.classification.result import Calibration, ClassesResult, ClassScore, Curve

NAMES = ("<b>good</b>", "bad", "neither")
COUNTS = np.array([[5, 1, 0], [3, 4, 0], [0, 0, 2]])


def score(name: str, balanced: float) -> ClassScore:
    return ClassScore(name, name, balanced, balanced, balanced, None)


def result(*balanced: float) -> ClassesResult:
    empty = np.zeros(0)
    return ClassesResult(
        names=NAMES,
        scores=tuple(score(f"number {at}", value) for at, value in enumerate(balanced)),
        verdict="",
        won=True,
        best_epoch=1,
        notes=(),
        training_accuracy=1.0,
        numbers=empty,
        truth=empty,
        probabilities=np.zeros((0, 3)),
        roc=(),
        precision_recall=(),
        calibration=Calibration(empty, empty, empty),
    )


@pytest.mark.parametrize(
    ("balanced", "place"), [((0.9, 0.5, 0.9), 1), ((0.5, 0.6, 0.7), 3), ((0.6, 0.5, 0.7), 2)]
)
def test_the_model_has_its_place_among_the_rules(balanced, place):
    chart = classification.balanced_accuracy_bars(result(*balanced))
    assert f"The model ranks {place} of 3:" in chart.sentence
    assert chart.table["balanced accuracy"].iloc[0] == max(balanced)


def test_the_most_frequent_mistake_is_named():
    chart = classification.confusion_matrix(NAMES, COUNTS)
    assert chart.sentence == (
        "11 of 15 predictions are right. The most common mistake: “bad” is predicted as “<b>good</b>”, "
        "3 times."
    )
    assert chart.table.loc["bad", "<b>good</b>"] == 3
    assert "<b>" not in chart.figure.to_json().replace("\\u003cb\\u003e", "<b>")
    assert len(chart.figure.data[-1].x) == 9, "each cell can be clicked"
    light, dark = (trace for trace in chart.figure.data[1:] if trace.mode == "text")
    assert sorted([*light.text, *dark.text]) == sorted(COUNTS.ravel())
    assert light.textfont.color is None, "the page's own colour, in light and in dark"
    perfect = classification.confusion_matrix(NAMES, np.eye(3, dtype=int))
    assert perfect.sentence == "3 of 3 predictions are right: no class is confused with another."


def test_curves_name_the_best_and_the_worst():
    line = np.array([0.0, 1.0])
    curves = [Curve("bad", line, line, 0.5), Curve("good", line, np.ones(2), 1.0)]
    assert "1.000 for “good” and 0.500 for “bad”" in classification.roc_curves(curves).sentence
    assert "and" not in classification.precision_recall_curves(curves[:1]).sentence.split(".")[0]


@pytest.mark.parametrize(
    ("right", "words"),
    [(0.9, "well calibrated"), (0.5, "overconfident"), (1.0, "underconfident")],
)
def test_certainty_is_held_against_what_came_true(right, words):
    held = Calibration(np.array([0.9, 0.9]), np.array([right, right]), np.array([10, 30]))
    assert words in classification.calibration_curve(held).sentence
    assert held.error == pytest.approx(abs(0.9 - right))


def test_the_reasons_name_the_place_that_counts_most():
    told = ClassPrediction(np.array([0.7, 0.3]), np.array([0.01, 0.4, -0.2]), np.ones(3), np.ones(3) / 3)
    chart = classification.class_attribution(told, ("good", "bad"), ("a", "lovely", "<i>day</i>"))
    assert "“good” depends most on “lovely”: without it, the probability drops by 40" in chart.sentence
    assert list(chart.table.columns) == ["occlusion", "gradient", "attention"]
    assert "<i>" not in str(chart.figure.layout.xaxis.ticktext)
    faint = ClassPrediction(np.array([0.7, 0.3]), np.full(3, 0.001), np.ones(3), None)
    assert classification.class_attribution(faint, ("good", "bad")).sentence.startswith("No single step")
    assert np.abs(classification.class_attribution(faint, ("good", "bad")).figure.data[0].z[0]).max() < 0.1


def test_reasons_name_subwords_without_the_space_before_them():
    told = ClassPrediction(np.array([0.7, 0.3]), np.array([0.4, 0.1, 0.0]), np.ones(3), None)
    chart = classification.class_attribution(told, ("good", "bad"), (" love", "ly", " "))
    assert "depends most on “love”:" in chart.sentence
    assert chart.table.index.tolist() == ["love", "ly", "␣"]
    assert chart.figure.layout.xaxis.ticktext == ("love", "ly", "␣")


def test_probabilities_are_said_from_the_surest():
    chart = classification.class_probabilities(("good", "bad"), np.array([0.25, 0.75]))
    assert chart.sentence == "The model predicts “bad” with a probability of 75%."
    assert chart.table.loc["good", "probability"] == 0.25


def test_the_epoch_that_told_most_right_is_named():
    chart = classification.accuracy_by_epoch([1, 2, 3], np.array([0.2, 0.8, 0.7]))
    assert "best after epoch 2, at 80%" in chart.sentence
