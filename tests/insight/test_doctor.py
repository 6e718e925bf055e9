"""The training doctor: each illness is seen by its signs, and nobody healthy is called sick."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from components.data.datasets import Classes, Provenance, Sequences, Series
from components.insight.doctor import GradientNorms, Outcome, Sibling, examine
from components.insight.doctor.remedies import (
    USUAL_RATES,
    higher_learning_rate,
    lower_learning_rate,
    recipe_differences,
)
from components.insight.gates import Pressed
from components.recipe import ClassifySequences, Generated, Recipe, Sample, Transformer
from tests.insight.example_cases import EPOCHS, RECIPE, STEPS, example_case, recipe

STEP = np.arange(STEPS)
FELL = 0.1 + 0.9 * np.exp(-STEP / 25)
CREEPS = 1.0 - 0.0001 * STEP
FLAT = 0.8 + 0.2 * np.exp(-STEP / 5)
BY_HEART = 0.3 + 0.7 * np.exp(-np.arange(EPOCHS) / 5) + 0.05 * np.maximum(0, np.arange(EPOCHS) - 8)
UNCLIPPED = {"clipping": {"mode": "none"}}
LOST = Outcome("the mean absolute error", 2.0, 1.0, "Last value", higher=False, won=False)
PERFECT = Outcome("the mean absolute error", 0.01, 1.0, "Last value", higher=False, won=True)
PROVENANCE = Provenance("Made up", "None needed")


def spiked(at=50, size=40.0):
    norms = np.full(STEPS, 0.5)
    norms[at] = size
    return norms


def leapt(at=50):
    losses = FELL.copy()
    losses[at + 1 : at + 6] += 2.0
    return losses


def broken(growing):
    """Give losses that end as no numbers: after growing all the while, or all of a sudden."""
    grown = np.exp(STEP[:60] ** 1.5 / 4) if growing else np.append(FELL[:58], [1e5, 1e12])
    return np.append(grown, np.inf)


def rate(value, **parts):
    return recipe(optimizer={"learning_rate": value}, **parts)


def pressed(share, **changed):
    """Give what the gates of an LSTM do that stands so much of its time at both ends of its range."""
    every = {"i": share, "f": share, "o": share, "candidate": share} | changed
    return tuple(Pressed("lstm_1", what, one / 2, one / 2) for what, one in every.items())


THROUGH = GradientNorms({"simple_rnn_1": np.geomspace(1e-9, 1, 40)}, {"simple_rnn_1": 1e-8})
SGD = recipe(optimizer={"kind": "sgd", "learning_rate": 0.05})
RNN = recipe(model={"kind": "simple_rnn"})

SICK = {
    "not finite: the data": example_case(np.array([np.inf]), recipe=recipe(task={"scaling": "none"})),
    "not finite: the learning rate": example_case(broken(growing=True), recipe=rate(2.0, **UNCLIPPED)),
    "not finite: the model": example_case(
        broken(growing=False), recipe=recipe(**UNCLIPPED), before=np.ones(61)
    ),
    "exploding": example_case(leapt(), recipe=recipe(**UNCLIPPED), before=spiked(), after=spiked()),
    "saturated": example_case(pressed=pressed(0.95)),
    "rate too high": example_case(FELL + 4 * np.exp(-((STEP - 8) ** 2) / 20), recipe=rate(0.5)),
    "vanishing": example_case(FLAT, recipe=RNN, through=THROUGH),
    "rate too low": example_case(CREEPS, recipe=rate(1e-5)),
    "overfitting": example_case(validation=BY_HEART),
    "plateau": example_case(FLAT, recipe=SGD),
    "underfitting": example_case(FLAT, recipe=recipe(model={"units": 1})),
    "worse than doing nothing": example_case(outcome=LOST),
    "seed luck": example_case(siblings=tuple(Sibling(seed, 0.1 * (1 + seed)) for seed in range(4))),
}


def test_a_run_that_learns_is_called_healthy():
    assert examine(example_case()) is None
    assert (
        examine(example_case(outcome=Outcome("MAE", 0.5, 1.0, "Last value", higher=False, won=True))) is None
    )


@pytest.mark.parametrize("illness", SICK)
def test_each_illness_is_seen_with_evidence_and_a_recipe_that_differs(illness):
    found = examine(SICK[illness])
    assert found is not None and found.key == illness
    assert found.evidence.lines and all(len(line.x) == len(line.y) > 0 for line in found.evidence.lines)
    assert found.title and found.advice and any(letter.isdigit() for letter in found.sentence)
    assert found.remedy is not None
    assert recipe_differences(SICK[illness].recipe, found.remedy)
    assert Recipe.from_json(found.remedy.to_json()) == found.remedy


@pytest.mark.parametrize("illness", SICK)
def test_the_first_steps_alone_are_no_evidence(illness):
    """A run that has only begun is called sick for nothing but what can't be anything else."""
    story = SICK[illness]
    some = 5
    begun = replace(
        story,
        losses=story.losses[:some],
        before=story.before[:some],
        after=story.after[:some],
        ends=story.ends[:0],
        training=story.training[:0],
        validation=story.validation[:0],
        over=False,
        outcome=None,
        siblings=(),
    )
    found = examine(begun)
    assert found is None or found.key == "not finite: the data" == illness


def test_whoever_is_still_learning_slowly_is_not_judged_before_half_of_the_training():
    story = replace(SICK["rate too low"], over=False)
    few = replace(story, **{name: getattr(story, name)[:8] for name in ("ends", "training", "validation")})
    assert examine(few) is None
    assert examine(story).key == "rate too low"


def test_where_two_illnesses_show_the_one_that_brings_the_other_about_speaks():
    both = replace(SICK["rate too high"], validation=BY_HEART)
    assert examine(both).key == "rate too high"
    assert examine(replace(both, outcome=LOST)).key == "rate too high"


def test_clipped_gradients_may_leap_as_they_like():
    story = example_case(before=spiked(), after=np.minimum(spiked(), 1.0))
    assert examine(story) is None


def test_what_was_changed_by_hand_is_not_blamed_for_what_was_before():
    story = SICK["rate too high"]
    assert examine(replace(story, first=101)) is None


def test_a_little_learning_by_heart_is_forgiven_to_a_recipe_that_guards_against_it():
    guarded = recipe(training={"patience": 20, "weights": "best"})
    little = np.append(np.linspace(1, 0.5, 5), np.linspace(0.5, 0.6, EPOCHS - 5))
    assert examine(example_case(validation=little)).key == "overfitting"
    assert examine(example_case(validation=little, recipe=guarded)) is None
    assert examine(example_case(validation=BY_HEART, recipe=guarded)).key == "overfitting"


def test_a_leap_that_one_odd_batch_can_make_is_no_sign_where_the_rate_is_a_usual_one():
    leaps = FELL + 1.5 * np.exp(-((STEP - 8) ** 2) / 20)
    assert examine(example_case(leaps, recipe=rate(0.5))).key == "rate too high"
    assert examine(example_case(leaps)) is None


def test_a_rate_far_beyond_the_usual_is_blamed_for_any_rise():
    rises = FELL + np.where(STEP == 3, 0.5, 0.0)
    assert examine(example_case(rises, recipe=rate(0.03))) is None
    found = examine(example_case(rises, recipe=rate(0.3)))
    assert found.key == "rate too high"
    assert "100 times what mostly works" in found.sentence
    assert examine(example_case(FELL, recipe=rate(0.3))) is None


def test_layers_that_large_steps_pressed_shut_are_the_fault_of_the_rate():
    rises = FELL + np.where(STEP == 3, 0.5, 0.0)
    assert examine(example_case(rises, recipe=rate(0.003), pressed=pressed(0.95))).key == "saturated"
    assert examine(example_case(rises, recipe=rate(0.3), pressed=pressed(0.95))).key == "rate too high"


def test_learning_by_heart_is_seen_where_the_two_losses_part_and_the_lowest_is_the_last():
    epochs = np.arange(EPOCHS)
    training = 0.9 * np.exp(-epochs / 6)
    stands = np.where(epochs % 2, 0.5, 0.45)
    stands[:3], stands[-1] = (1.0, 0.8, 0.6), 0.4
    parted = {"training": training, "validation": stands}
    found = examine(example_case(**parted))
    assert found.key == "overfitting" and "times as high as the training loss" in found.sentence
    assert found.evidence.place[0] in epochs
    # Whoever stops early and keeps the best weights has nothing to fear of it.
    assert (
        examine(example_case(**parted, recipe=recipe(training={"patience": 20, "weights": "best"}))) is None
    )
    assert (
        examine(example_case(training=np.maximum(training, 0.1), validation=stands)) is None
    )  # it falls no longer
    slowly = 0.9 * np.exp(-epochs / 15)
    assert examine(example_case(training=slowly, validation=5 * slowly)) is None  # the other keeps up
    near_zero = np.append(stands[:3], 0.1 * stands[3:])
    assert examine(example_case(training=0.1 * training, validation=near_zero)) is None


def test_few_units_are_blamed_for_half_of_a_loss_where_a_simple_rule_does_better():
    story = example_case(0.5 + 0.5 * np.exp(-STEP / 25), recipe=recipe(model={"units": 1}))
    assert examine(story) is None
    assert examine(replace(story, outcome=LOST)).key == "underfitting"
    many = replace(story, recipe=RECIPE, outcome=LOST)
    assert examine(many).key == "worse than doing nothing"


def test_dropout_is_blamed_where_the_model_does_better_without():
    losses = FLAT
    story = example_case(losses, recipe=recipe(model={"dropout": 0.8}))
    story = replace(story, validation=0.8 * story.training)
    found = examine(story)
    assert found.key == "underfitting"
    assert recipe_differences(story.recipe, found.remedy) == (("model.dropout", 0.8, 0.1),)


@pytest.mark.parametrize(("wave", "advised"), [(5.0, "seasonal_difference"), (0.1, "difference")])
def test_a_model_begins_where_the_values_are_nearest(wave, advised):
    walk = np.random.default_rng(0).normal(size=400).cumsum()
    values = wave * np.sin(2 * np.pi * np.arange(400) / 24) + 0.1 * walk
    table = pd.DataFrame({"value": values})
    dataset = Series(reference=RECIPE.dataset, title="Wavy", provenance=PROVENANCE, table=table)
    found = examine(example_case(recipe=recipe(task={"season": 24}), dataset=dataset, outcome=LOST))
    assert found.key == "worse than doing nothing"
    assert found.remedy.task.transform == advised


def test_a_column_that_shows_the_future_is_named_and_left_out():
    values = np.random.default_rng(0).normal(size=203).cumsum()
    table = pd.DataFrame({"value": values[:-3], "other": values[::-1][:-3], "hint": values[3:]})
    told = recipe(task={"covariates": ("other", "hint")})
    dataset = Series(reference=RECIPE.dataset, title="Hinted", provenance=PROVENANCE, table=table)
    story = example_case(recipe=told, dataset=dataset, outcome=PERFECT)
    found = examine(story)
    assert found.key == "too good"
    assert "“hint”" in found.sentence and "3 rows" in found.sentence
    assert found.remedy.task.covariates == ("other",)
    honest = replace(story, recipe=recipe(task={"covariates": ("other",)}))
    assert examine(honest) is None


def test_a_channel_that_is_the_class_is_named():
    codes = np.arange(60, dtype=np.int32) % 3
    values = np.random.default_rng(0).random((600, 2), dtype=np.float32)
    values[:, 1] = np.repeat(codes * 7, 10)
    dataset = Sequences(
        reference=Sample(name="toy"),
        title="Told",
        provenance=PROVENANCE,
        values=values,
        offsets=np.arange(0, 601, 10),
        channels=("dial", "batch"),
        answer=Classes(codes, ("a", "b", "c")),
    )
    task = {"task": ClassifySequences(), "dataset": Generated(name="control_charts")}
    told = RECIPE.model_copy(update=task)
    outcome = Outcome("the balanced accuracy", 1.0, 0.4, "Nearest neighbour", higher=True, won=True)
    found = examine(example_case(recipe=told, dataset=dataset, outcome=outcome))
    assert found.key == "too good"
    assert "“batch”" in found.sentence
    assert found.remedy is None


def test_what_chance_can_explain_is_no_loss():
    behind = {"higher": True, "won": False}
    assert Outcome("accuracy", 0.60, 0.65, "Rule", **behind).is_clearly_worse
    assert not Outcome("accuracy", 0.60, 0.65, "Rule", noise=0.06, **behind).is_clearly_worse
    assert not Outcome("accuracy", 0.63, 0.65, "Rule", **behind).is_clearly_worse
    assert Outcome("MAE", 1.1, 1.0, "Rule", higher=False, won=False).is_clearly_worse


def test_a_layer_is_judged_by_all_that_it_does():
    half_open = pressed(0.4, f=1.0)  # an LSTM that forgets nothing, and learns
    assert examine(example_case(pressed=half_open)) is None
    found = examine(example_case(pressed=pressed(0.95, o=0.8)))
    assert found.key == "saturated"
    assert "input gate 95%" in found.sentence and "output gate 80%" in found.sentence
    assert [line.name for line in found.evidence.lines][-1] == "candidate"


@pytest.mark.parametrize(("gate", "low", "high"), [("i", 0.99, 0), ("o", 0.99, 0), ("z", 0, 0.99)])
def test_a_gate_that_shuts_a_memory_off_is_enough(gate, low, high):
    kind = "gru" if gate == "z" else "lstm"
    own, name = recipe(model={"kind": kind}), f"{kind}_1"
    calm = Pressed(name, "candidate", 0.1, 0.1)
    assert (
        examine(example_case(recipe=own, pressed=(calm, Pressed(name, gate, low, high)))).key == "saturated"
    )
    assert examine(example_case(recipe=own, pressed=(calm, Pressed(name, gate, high, low)))) is None


def test_of_a_translator_the_way_back_through_the_text_is_judged():
    norms = np.geomspace(1e-9, 1, 40)
    both = GradientNorms({"reader_1": norms, "writer_1": norms}, {"reader_1": 1e-8, "writer_1": 1.0})
    found = examine(example_case(FLAT, recipe=RNN, through=both))
    assert found.key == "vanishing" and "reader_1" in found.sentence
    written = GradientNorms({"writer_1": norms}, {"writer_1": 1e-8})
    assert examine(example_case(FLAT, recipe=RNN, through=written)) is None


def test_a_transformer_never_explodes_through_time():
    told = recipe(**UNCLIPPED).model_copy(update={"model": Transformer()})
    found = examine(example_case(leapt(), recipe=told, before=spiked(), after=spiked()))
    assert found is None or found.key != "exploding"


@pytest.mark.parametrize("kind", USUAL_RATES)
def test_rates_are_brought_to_what_is_usual_and_no_further(kind):
    usual = USUAL_RATES[kind]

    def changed(function, value):
        told = recipe(optimizer={"kind": kind, "learning_rate": value})
        return function(told, value).optimizer.learning_rate

    assert changed(lower_learning_rate, min(10.0, 100 * usual)) == usual
    assert changed(lower_learning_rate, usual) < usual
    assert changed(higher_learning_rate, usual / 100) == usual
    assert usual < changed(higher_learning_rate, usual) <= 10
