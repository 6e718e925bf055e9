"""Transforms and scaling are undone exactly, and know nothing but what they were given."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from components.data.transforms import Scaler, invert_transform, log_floor, transform_lag, transform_target
from components.errors import DataError
from components.recipe import Forecast

TRANSFORMS = ["none", "log", "difference", "seasonal_difference"]
LEVELS = st.floats(1e-6, 1e6)


def task(transform: str, season: int | None = 12) -> Forecast:
    return Forecast(target="sales", transform=transform, season=season)


@given(
    transform=st.sampled_from(TRANSFORMS),
    season=st.integers(2, 15),
    horizon=st.integers(1, 50),
    past=st.integers(0, 20),
    more=st.integers(1, 10),
    data=st.data(),
)
def test_inverse_undoes_forward(transform, season, horizon, past, more, data):
    """Also where the horizon is longer than the season, for many origins at once, with long histories."""
    wanted = task(transform, season)
    back = transform_lag(wanted) + past
    rows = back + more + horizon
    values = data.draw(hnp.arrays(np.float64, rows, elements=LEVELS))
    changed = transform_target(values, wanted)
    assume(back > 0)
    origins = np.arange(back - 1, rows - horizon)
    ahead = origins[:, None] + np.arange(1, horizon + 1)
    history = values[origins[:, None] - np.arange(back)[::-1]]
    found = invert_transform(changed[ahead], history, wanted)
    np.testing.assert_allclose(found, values[ahead], rtol=1e-9, atol=1e-9 * values.max())


@given(values=hnp.arrays(np.float64, st.integers(1, 40), elements=LEVELS), season=st.integers(2, 60))
def test_differences_are_those_of_the_definition(values, season):
    for transform, back in (("difference", 1), ("seasonal_difference", season)):
        found = transform_target(values, task(transform, season))
        assert len(found) == len(values)
        assert np.isnan(found[:back]).all()
        assert found[back:].tolist() == [values[t] - values[t - back] for t in range(back, len(values))]


def test_each_transform_loses_as_many_rows_as_it_says():
    assert [transform_lag(task(transform, 7)) for transform in TRANSFORMS] == [0, 0, 1, 7]


def test_the_series_itself_is_never_touched():
    values = np.array([1.0, 2.0, 4.0])
    for transform in TRANSFORMS:
        transform_target(values, task(transform, 2))[:] = 0
        invert_transform(values[None], values[None], task(transform, 2))[:] = 0
    assert values.tolist() == [1, 2, 4]


@pytest.mark.parametrize("bad", [0.0, -3.0])
def test_a_logarithm_of_nothing_is_refused_by_row_and_column(bad):
    with pytest.raises(DataError, match=rf"row 3, column “sales”.*{bad:g}\.") as caught:
        transform_target(np.array([1.0, 2.0, bad, bad]), task("log"))
    assert caught.value.remedy


def test_what_falls_to_zero_only_later_is_read_as_a_thousandth_of_the_lowest_known():
    values = np.array([2.0, 1.0, 4.0, 0.0, -3.0])
    lowest = log_floor(values[:3], task("log"))
    np.testing.assert_allclose(np.exp(transform_target(values, task("log"), lowest)), [2, 1, 4, 0.001, 0.001])
    assert (
        transform_target(values, task("none"), log_floor(values[:3], task("none"))).tolist()
        == values.tolist()
    )


# --- Scaling ---------------------------------------------------------------------------------------

TABLES = hnp.arrays(
    np.float64, st.tuples(st.integers(1, 30), st.integers(1, 4)), elements=st.floats(-1e6, 1e6, width=32)
)


@given(values=TABLES, others=TABLES, scaling=st.sampled_from(["standard", "minmax", "none"]))
def test_undo_undoes_apply_on_other_values_too(values, others, scaling):
    assume(values.shape[1] == others.shape[1])
    scaler = Scaler.fit(values, scaling)
    both = np.concatenate([values, others])
    np.testing.assert_allclose(
        scaler.undo(scaler.apply(both)), both, rtol=1e-9, atol=1e-9 * np.abs(both).max()
    )


@given(values=TABLES)
def test_scaling_is_scikit_learns(values):
    for scaling, theirs in (("standard", StandardScaler()), ("minmax", MinMaxScaler())):
        spread = values[:, np.ptp(values, axis=0) > 1e-3]
        assume(spread.size)
        found = Scaler.fit(spread, scaling).apply(spread)
        np.testing.assert_allclose(found, theirs.fit_transform(spread), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("scaling", ["standard", "minmax", "none"])
@pytest.mark.parametrize("value", [0.0, 0.1, -1e9])
def test_a_constant_column_stays_small_and_comes_back(scaling, value):
    values = np.full((7, 1), value)
    scaler = Scaler.fit(values, scaling)
    assert scaler.scale.tolist() == [1]
    np.testing.assert_allclose(scaler.undo(scaler.apply(values)), values)


@given(values=TABLES, garbage=st.floats(-1e6, 1e6), scaling=st.sampled_from(["standard", "minmax"]))
def test_what_follows_the_training_part_changes_nothing(values, garbage, scaling):
    train = slice(0, max(1, len(values) // 2))
    altered = values.copy()
    altered[train.stop :] = garbage
    ours, theirs = Scaler.fit(values[train], scaling), Scaler.fit(altered[train], scaling)
    assert ours.offset.tolist() == theirs.offset.tolist() and ours.scale.tolist() == theirs.scale.tolist()


def test_scaling_works_on_windows_of_any_shape():
    scaler = Scaler.fit(np.array([[0.0, 10.0], [2.0, 30.0]]), "minmax")
    windows = np.ones((5, 7, 2))
    assert scaler.apply(windows)[4, 6].tolist() == [0.5, -0.45]
