"""Formulas give what they say, and the same numbers every time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import data
from components.data.synthetic import GENERATORS
from components.errors import DataError
from components.recipe import Generated


def values(name: str, length: int = 500, seed: int = 0, **parameters: float) -> np.ndarray:
    reference = Generated(name=name, length=length, parameters=parameters, seed=seed)
    return data.load(reference).table["value"].to_numpy()


@given(
    name=st.sampled_from(list(GENERATORS)),
    length=st.integers(50, 300),
    seed=st.integers(0, 2**31 - 1),
    draw=st.data(),
)
def test_any_allowed_parameters_give_the_same_finite_series_twice(name, length, seed, draw):
    parameters = {
        parameter.name: draw.draw(st.floats(parameter.low, parameter.high))
        for parameter in GENERATORS[name].parameters
    }
    first = values(name, length, seed, **parameters)
    assert len(first) == length and np.isfinite(first).all()
    assert first.tolist() == values(name, length, seed, **parameters).tolist()


@pytest.mark.parametrize("name", GENERATORS)
def test_another_seed_gives_another_series(name):
    assert values(name, seed=1).tolist() != values(name, seed=2).tolist()


@pytest.mark.parametrize("name", GENERATORS)
def test_what_is_not_said_is_the_default(name):
    defaults = {parameter.name: parameter.default for parameter in GENERATORS[name].parameters}
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


@pytest.mark.parametrize(
    ("name", "parameters", "said"),
    [
        ("cosine", {}, "no formula “cosine”"),
        ("sine", {"colour": 1}, "no parameter “colour”"),
        ("sine", {"period": 1}, "period: 1 is out of bounds.*from 2 to 500"),
        ("random_walk", {"drift": 7}, "drift: 7 is out of bounds"),
    ],
)
def test_what_cannot_be_made_is_said(name, parameters, said):
    with pytest.raises(DataError, match=said):
        values(name, **parameters)
