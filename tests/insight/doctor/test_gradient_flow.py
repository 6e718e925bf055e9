"""Layers that no longer learn, and gradients that don't reach the past."""

from dataclasses import replace

import numpy as np
import pytest

from components.insight.doctor import GradientNorms, Outcome, examine
from components.insight.doctor.gradient_flow import saturation, vanishing_gradient
from components.insight.gates import RangeEndShares
from tests.insight.doctor.example_cases import EPOCHS, FLAT, RNN, SICK, example_case, pressed, recipe


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
    calm = RangeEndShares(name, "candidate", 0.1, 0.1)
    assert (
        examine(example_case(recipe=own, pressed=(calm, RangeEndShares(name, gate, low, high)))).key
        == "saturated"
    )
    assert examine(example_case(recipe=own, pressed=(calm, RangeEndShares(name, gate, high, low)))) is None


def test_of_a_translator_the_way_back_through_the_text_is_judged():
    norms = np.geomspace(1e-9, 1, 40)
    both = GradientNorms({"reader_1": norms, "writer_1": norms}, {"reader_1": 1e-8, "writer_1": 1.0})
    found = examine(example_case(FLAT, recipe=RNN, through=both))
    assert found.key == "vanishing" and "reader_1" in found.sentence
    written = GradientNorms({"writer_1": norms}, {"writer_1": 1e-8})
    assert examine(example_case(FLAT, recipe=RNN, through=written)) is None


# --- Layers that are stuck -------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "is_stuck"), [(0.86, True), (0.84, False)])
def test_how_much_of_its_time_a_layer_may_stand_at_the_ends(share, is_stuck):
    assert (saturation(example_case(pressed=pressed(share))) is not None) is is_stuck


@pytest.mark.parametrize(("gate", "low", "high"), [("i", 0.98, 0), ("o", 0.98, 0), ("z", 0, 0.98)])
def test_how_much_of_its_time_a_gate_may_be_shut(gate, low, high):
    kind = "gru" if gate == "z" else "lstm"
    own, name = recipe(model={"kind": kind}), f"{kind}_1"
    calm = RangeEndShares(name, "candidate", 0.1, 0.1)
    less = RangeEndShares(name, gate, min(low, 0.96), min(high, 0.96))
    assert saturation(example_case(recipe=own, pressed=(RangeEndShares(name, gate, low, high), calm)))
    assert saturation(example_case(recipe=own, pressed=(less, calm))) is None


def test_a_handful_of_units_may_be_switches_and_a_few_steps_are_none():
    sick = SICK["saturated"]
    assert saturation(replace(sick, recipe=recipe(model={"units": 8})))
    assert saturation(replace(sick, recipe=recipe(model={"units": 7}))) is None
    assert saturation(replace(sick, before=sick.before[:20]))
    assert saturation(replace(sick, before=sick.before[:19])) is None


def test_a_stuck_layer_gets_scaled_data_or_smaller_steps():
    scaled = saturation(SICK["saturated"]).remedy
    assert scaled.optimizer.learning_rate < SICK["saturated"].rate
    unscaled = replace(SICK["saturated"], recipe=recipe(task={"scaling": "none"}))
    assert saturation(unscaled).remedy.task.scaling == "standard"
    assert saturation(example_case(recipe=scaled, pressed=pressed(0.3))) is None


# --- The past out of reach -------------------------------------------------------------------------


def faded(ratio: float) -> GradientNorms:
    return GradientNorms({"lstm_1": np.geomspace(1e-9, 1, 40)}, {"lstm_1": ratio})


def level(share: float, **changed):
    """Return a run whose validation loss never gets below a share of the first one."""
    case = example_case(FLAT, **changed)
    return replace(case, validation=np.full(EPOCHS, share * case.start))


@pytest.mark.parametrize(("ratio", "vanishes"), [(0.0049, True), (0.0051, False), (np.nan, False)])
def test_how_small_a_gradient_has_vanished(ratio, vanishes):
    assert (vanishing_gradient(level(0.9, through=faded(ratio))) is not None) is vanishes


@pytest.mark.parametrize(("share", "vanishes"), [(0.76, True), (0.74, False)])
def test_who_has_learnt_a_quarter_reaches_far_enough(share, vanishes):
    assert (vanishing_gradient(level(share, through=faded(1e-8))) is not None) is vanishes


def test_who_beats_every_rule_and_who_was_not_looked_at_has_no_such_illness():
    won = Outcome("MAE", 0.5, 1.0, "Last value", larger_is_better=False, won=True)
    assert vanishing_gradient(level(0.9, through=faded(1e-8), outcome=won)) is None
    assert vanishing_gradient(level(0.9)) is None
    assert vanishing_gradient(replace(level(0.9, through=faded(1e-8)), ends=np.arange(9), over=False)) is None


@pytest.mark.parametrize(("kind", "prescribed"), [("simple_rnn", "lstm"), ("lstm", "lstm"), ("gru", "gru")])
def test_a_better_memory_and_attention_are_prescribed_where_they_are_not_there_yet(kind, prescribed):
    sick = level(0.9, through=faded(1e-8), recipe=recipe(model={"kind": kind}))
    remedy = vanishing_gradient(sick).remedy
    assert (remedy.model.kind, remedy.model.attention) == (prescribed, "dot")
    assert vanishing_gradient(replace(sick, recipe=remedy)).remedy is None
