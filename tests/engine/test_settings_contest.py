"""The contest of settings trains for real, and says what there was no time for."""

import pytest

from components.engine import settings_contest as module
from components.engine.settings_contest import hold_contest
from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from components.tasks.forecasting import settings_contest as rules
from components.training.limits import Limits

LIMITS = Limits(seconds=60, memory=2**40, pause_seconds=60)
ASKED = Recipe(
    dataset=Generated(name="sine", length=160),
    task=Forecast(target="value", window=24, horizon=4, season=24, base="last"),
    model=Recurrent(kind="gru", units=4),
    training=Training(batch=16, epochs=3),
)


@pytest.fixture(autouse=True)
def few(monkeypatch):
    every = rules.entrants
    monkeypatch.setattr(module, "entrants", lambda *given: every(*given)[:3])


def test_all_are_trained_and_one_wins():
    held = hold_contest(ASKED.to_json(), LIMITS)
    assert {one.label for one in held.placings} == {
        "No network: the start alone",
        "2 units",
        "4 units, as proposed",
    }
    assert held.winner in {one.label for one in held.placings} and not held.left_out
    assert held.placings[0].lag == 0 <= held.placings[-1].lag
    assert held.origins > 8


def test_what_there_is_no_time_for_is_left_out(monkeypatch):
    monkeypatch.setattr(module, "SECONDS", 0)
    held = hold_contest(ASKED.to_json(), LIMITS)
    assert len(held.placings) == 1 and held.left_out == ("2 units", "4 units, as proposed")
