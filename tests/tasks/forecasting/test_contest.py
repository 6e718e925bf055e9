"""The contest of starts: fair, within the training set, and decided by more than chance."""

import numpy as np
import pytest

from components.tasks.forecasting import contest as module
from components.tasks.forecasting.contest import contest
from components.tasks.forecasting.zero_shot import ZeroShot


def series(rows=120, season=12) -> np.ndarray:
    at, noise = np.arange(rows), np.random.default_rng(0).normal(0, 1, rows)
    return 50 + 0.2 * at + 8 * np.sin(2 * np.pi * at / season) + noise


def errors(held) -> dict[str, float]:
    return {one.label: one.error for one in held.contenders}


def test_all_take_part_and_the_best_stands_first():
    held = contest([series()], 6, 12, with_season=True)
    found = errors(held)
    assert set(found) == {
        *("Pretrained network", "Pretrained network, recurrence alone", "Averaged smoothing"),
        *("Mean of the pretrained networks and Theta", "Last value", "Last season"),
    }
    assert list(found.values()) == sorted(found.values())
    assert found["Averaged smoothing"] < found["Last value"]
    assert 2 <= held.origins <= 16
    assert held.winner.label.lower() in held.sentence and f"{held.winner.error:.2f}" in held.sentence


def test_without_a_season_that_fits_the_last_season_takes_no_part():
    assert "Last season" not in errors(contest([series()], 6, 12, with_season=False))
    assert "Last season" not in errors(contest([series()], 6, None, with_season=True))


def stub(monkeypatch, stack, smoothing):
    """Let both methods miss the truth by so much at each origin."""

    def answers(every, origins, horizon, season):
        truth = every[0][origins[0][:, None] + np.arange(1, horizon + 1)]
        quantiles = np.repeat((truth + stack(len(truth))[:, None])[..., None], 5, 2)
        smooth, bad = truth + smoothing(len(truth))[:, None], truth + 99
        return (ZeroShot(quantiles, np.zeros((len(truth), 64)), bad, smooth, bad),)

    monkeypatch.setattr(module, "zero_shot_each", answers)


def test_a_clear_lead_wins_and_a_lucky_one_does_not(monkeypatch):
    stub(monkeypatch, lambda many: np.full(many, 0.5), lambda many: np.full(many, 0.2))
    assert contest([series()], 6, 12, True, "pretrained").winner.base == "classical"
    stub(monkeypatch, lambda many: np.full(many, 0.5), lambda many: np.where(np.arange(many) == 0, 0.0, 0.5))
    held = contest([series()], 6, 12, True, "pretrained")
    assert held.winner.base == "pretrained"
    assert "chance" in held.sentence


@pytest.mark.parametrize("values", [np.ones(60), series(8), np.arange(5.0)])
def test_where_nothing_can_be_compared_there_is_no_contest(values):
    assert contest([values], 6, None, with_season=False) is None


def test_one_that_is_only_shown_never_wins(monkeypatch):
    def answers(every, origins, horizon, season):
        truth = every[0][origins[0][:, None] + np.arange(1, horizon + 1)]
        return (
            ZeroShot(
                np.repeat((truth + 1)[..., None], 5, 2),
                np.zeros((len(truth), 64)),
                pure=truth,
                smoothing=truth + 2,
                theta=truth + 9,
            ),
        )

    monkeypatch.setattr(module, "zero_shot_each", answers)
    held = contest([series()], 6, 12, True, "pretrained")
    assert held.contenders[0].base is None and held.winner.base == "pretrained"


def test_the_origins_of_all_series_of_a_panel_count():
    one, other = series(), 1000 * series(200)
    alone, both = (contest(every, 6, 12, with_season=True) for every in ([one], [one, other, np.ones(60)]))
    assert both.origins == 2 * alone.origins
    rest = errors(contest([other], 6, 12, with_season=True))
    assert errors(both) == pytest.approx(
        {label: (error + rest[label]) / 2 for label, error in errors(alone).items()}, abs=1e-4
    )


def test_the_favourite_wins_unless_another_is_clearly_closer(monkeypatch):
    def winner() -> str | None:
        return contest([series()], 6, 12, with_season=True, favourite="classical").winner.base

    stub(monkeypatch, lambda many: np.where(np.arange(many) == 0, 0.0, 0.5), lambda many: np.full(many, 0.5))
    assert winner() == "classical"
    stub(monkeypatch, lambda many: np.full(many, 0.2), lambda many: np.full(many, 0.5))
    assert winner() == "pretrained"
