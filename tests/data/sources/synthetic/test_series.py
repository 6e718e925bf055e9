"""Formulas give what they say, and the same numbers every time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from statsmodels.tsa.stattools import pacf

from components import data
from components.data.sources.synthetic.formulas import autoregressive_weights
from components.data.sources.synthetic.series import SERIES
from components.errors import DataError
from components.recipe import Generated


def values(name: str, length: int = 500, seed: int = 0, **parameters: float) -> np.ndarray:
    """Make a series: (length,), or (length, columns) where it has several."""
    reference = Generated(name=name, length=length, parameters=parameters, seed=seed)
    return data.load(reference).table.to_numpy().squeeze()


def season(name: str, **parameters: float) -> int | None:
    return data.load(Generated(name=name, parameters=parameters)).season


@given(
    name=st.sampled_from(list(SERIES)),
    length=st.integers(50, 300),
    seed=st.integers(0, 2**31 - 1),
    draw=st.data(),
)
def test_any_allowed_parameters_give_the_same_finite_series_twice(name, length, seed, draw):
    parameters = {
        parameter.name: draw.draw(st.floats(parameter.low, parameter.high))
        for parameter in SERIES[name].parameters
    }
    first = values(name, length, seed, **parameters)
    assert len(first) == length and np.isfinite(first).all()
    assert first.tolist() == values(name, length, seed, **parameters).tolist()


@pytest.mark.parametrize("name", SERIES)
def test_another_seed_gives_another_series(name):
    assert values(name, seed=1).tolist() != values(name, seed=2).tolist()


@pytest.mark.parametrize("name", SERIES)
def test_what_is_not_said_is_the_default(name):
    defaults = {parameter.name: parameter.default for parameter in SERIES[name].parameters}
    assert values(name).tolist() == values(name, **defaults).tolist()


def test_the_sine_has_its_period_height_and_trend():
    found = values("sine", period=20, amplitude=3, trend=0.5, noise=0)
    np.testing.assert_allclose(found[20:] - found[:-20], 10, atol=1e-9)
    assert found[5] == pytest.approx(3 + 0.5 * 5)
    assert data.load(Generated(name="sine", parameters={"period": 20})).season == 20


def test_the_noise_has_its_size():
    found = values("sine", length=20_000, amplitude=0, noise=2)
    assert found.std() == pytest.approx(2, rel=0.05)


def test_the_walk_has_its_steps_and_drift():
    steps = np.diff(values("random_walk", length=20_000, step=2, drift=0.5))
    assert steps.std() == pytest.approx(2, rel=0.05) and steps.mean() == pytest.approx(0.5, abs=0.1)
    assert data.load(Generated(name="random_walk")).season is None


# --- Waves -----------------------------------------------------------------------------------------


def test_the_mix_holds_the_waves_that_were_asked_for_and_no_others():
    found = values("sine_mix", 2000, period_1=100, amplitude_1=3, period_2=40, amplitude_2=2,
                   period_3=10, amplitude_3=1, noise=0)  # fmt: skip
    heights = np.abs(np.fft.rfft(found)) / 1000
    wanted = np.zeros_like(heights)
    wanted[[20, 50, 200]] = 3, 2, 1
    np.testing.assert_allclose(heights, wanted, atol=1e-9)


def test_the_mix_repeats_after_its_strongest_wave():
    assert season("sine_mix", amplitude_1=1, amplitude_2=2, period_2=31) == 31
    assert season("sine_mix", amplitude_1=0, amplitude_2=0, amplitude_3=0) is None


def test_seasons_repeat_on_their_trend_at_their_height():
    found = values("seasons", 1200, trend=0.5, period=12, height=3, height_2=0, noise=0)
    np.testing.assert_allclose(found[12:] - found[:-12], 6, atol=1e-9)
    alone = found - 0.5 * np.arange(1200)
    assert 2 < np.abs(alone).max() <= 3 + 1e-9 and alone.mean() == pytest.approx(0, abs=1e-9)
    both = values("seasons", 1200, trend=0, period=12, height=3, period_2=50, height_2=1, noise=0)
    np.testing.assert_allclose(both[300:] - both[:-300], 0, atol=1e-9)
    assert season("seasons", period=12) == 12 and season("seasons", height=0) is None


def test_seasons_have_another_shape_with_another_seed():
    first, second = (values("seasons", seed=seed, noise=0, trend=0, height_2=0) for seed in (1, 2))
    assert np.abs(first - second).max() > 0.1


# --- Echoes and regimes ----------------------------------------------------------------------------

ECHO = st.floats(-0.99, 0.99)


@given(st.tuples(ECHO, ECHO, ECHO))
def test_any_echoes_are_those_of_a_stationary_series(echoes):
    roots = np.roots([1, *(-weight for weight in autoregressive_weights(echoes)[-1])])
    assert np.all(np.abs(roots) < 1)


def test_the_echoes_are_the_partial_autocorrelations():
    found = values("autoregression", 50_000, echo_1=0.8, echo_2=-0.5, echo_3=0.3, noise=2)
    np.testing.assert_allclose(pacf(found, 4)[1:], [0.8, -0.5, 0.3, 0], atol=0.02)


def test_the_series_is_stationary_from_its_first_value_on():
    many = np.array([values("autoregression", 50, seed, echo_1=0.9, noise=2) for seed in range(800)])
    np.testing.assert_allclose(many.std(axis=0), 2 / np.sqrt(1 - 0.9**2) / np.sqrt(1 - 0.5**2), rtol=0.12)


def test_one_echo_is_an_ordinary_autoregression():
    found = values("autoregression", 20_000, echo_1=0.6, echo_2=0, echo_3=0, noise=3)
    rest = found[1:] - 0.6 * found[:-1]
    assert rest.std() == pytest.approx(3, rel=0.02)
    assert np.corrcoef(rest[1:], rest[:-1])[0, 1] == pytest.approx(0, abs=0.02)


def test_calm_and_wild_times_have_their_middle_noise_and_length():
    found = values("regimes", 50_000, stay=50, gap=100, calm=0.1, wild=2)
    is_wild = found > 50
    assert found[is_wild].mean() == pytest.approx(100, abs=0.1) and found[is_wild].std() == pytest.approx(
        2, rel=0.05
    )
    assert found[~is_wild].mean() == pytest.approx(0, abs=0.1) and found[~is_wild].std() == pytest.approx(
        0.1, rel=0.05
    )
    assert 50_000 / np.count_nonzero(np.diff(is_wild)) == pytest.approx(50, rel=0.15)


# --- Chaos -----------------------------------------------------------------------------------------


def test_mackey_glass_follows_its_equation():
    x = values("mackey_glass", 2000, delay=17)
    now, then = x[18:-1], x[1:-18]
    slope = 0.2 * then / (1 + then**10) - 0.1 * now
    np.testing.assert_allclose((x[19:] - x[17:-2]) / 2, slope, atol=0.01)


def test_mackey_glass_comes_to_rest_after_a_short_delay_and_not_after_a_long_one():
    assert values("mackey_glass", delay=2)[-100:] == pytest.approx(1, abs=1e-3)
    assert values("mackey_glass", delay=17)[-100:].std() > 0.1


def test_lorenz_follows_its_equations():
    rows = values("lorenz", 100, interval=0.02)

    def slope(_, state):
        x, y, z = state
        return 10 * (y - x), x * (28 - z) - y, x * y - 2.67 * z

    wanted = solve_ivp(slope, (0, 1), rows[0], t_eval=np.arange(50) * 0.02, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(rows[:50], wanted.y.T, atol=1e-4)


def test_lorenz_has_three_columns_and_two_wings():
    dataset = data.load(Generated(name="lorenz", length=3000))
    assert dataset.columns == ("x", "y", "z")
    assert dataset.table["x"].min() < -10 and dataset.table["x"].max() > 10


def test_lorenz_rests_where_little_is_heated():
    x, y, z = values("lorenz", rho=10, beta=2.5)[-1]
    assert (abs(x), abs(y), z) == pytest.approx((np.sqrt(2.5 * 9), np.sqrt(2.5 * 9), 9), abs=0.01)


# --- What cannot be made ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parameters", "said"),
    [
        ("cosine", {}, "no generator “cosine”"),
        ("sine", {"colour": 1}, "no parameter “colour”"),
        ("sine", {"period": 1}, "period: 1 is out of range.*from 2 to 500"),
        ("random_walk", {"drift": 7}, "drift: 7 is out of range"),
    ],
)
def test_what_cannot_be_made_is_said(name, parameters, said):
    with pytest.raises(DataError, match=said):
        values(name, **parameters)
