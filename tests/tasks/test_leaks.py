"""Nothing that a model learns by, and nothing it is measured against, knows what comes after a split.

All that lies after it is replaced by garbage, and all before must stay what it was, to the last digit.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.data.cleaning.doctor import propose, settle
from components.data.cleaning.steps import clean_table
from components.data.datasets import Numbers, Provenance, Series
from components.data.splits.example_split import split_examples
from components.data.splits.random_split import random_split
from components.data.splits.time_split import time_split
from components.recipe import (
    Chat,
    ClassifyTexts,
    Forecast,
    ModelLanguage,
    Preparation,
    Recipe,
    Recurrent,
    RegressSequences,
    Sample,
    Training,
    Translate,
)
from components.tasks import (
    classify_sequences,
    classify_texts,
    forecast,
    recipe_issues,
    regress_sequences,
    task_of,
)
from components.tasks import model_language as language
from components.tasks.forecasting import baselines
from components.tasks.forecasting.suggest import suggestion
from components.training.loop import Loop
from tests.tasks import toys
from tests.tasks.language_model.test_task import VERSE
from tests.tasks.language_model.test_task import dataset as corpus
from tests.tasks.seq2seq.test_task import dataset as pairs

EVEN = Preparation()
ROWS = 90
TRANSFORMS = ["none", "log", "difference", "seasonal_difference"]
FENCES = st.sampled_from(["validation", "test"])
WORDS = st.text(max_size=12)


def _made(seed: int, scale: float, shape: tuple[int, ...]) -> np.ndarray:
    rng = np.random.default_rng(seed)
    odd = rng.choice([0.0, -1.0, -999.0, scale], shape)
    return np.where(rng.random(shape) < 0.5, rng.normal(0, scale, shape), odd)


def garbage_of(*shape: int) -> st.SearchStrategy[np.ndarray]:
    """Draw numbers of any size, some of which stand for missing ones elsewhere."""
    return st.builds(
        _made, st.integers(0, 2**32 - 1), st.sampled_from([0.0, 1e-3, 1.0, 50.0, 1e6]), st.just(shape)
    )


GARBAGE = garbage_of(ROWS, 2)


def series(rows=ROWS, **columns) -> Series:
    along = np.arange(rows)
    table = pd.DataFrame(
        {"y": 20 + 0.3 * along + 5 * np.sin(along), "x": np.cos(along)} | columns,
        index=pd.date_range("2000-01-01", periods=rows, freq="D", name="day"),
    )
    return Series(Sample(name="toy"), "Toy", Provenance("here", "none"), table, season=7)


def after(data: Series, fence: str) -> int:
    """Return the first row that may not be known."""
    return getattr(time_split(data.rows, EVEN), fence).start


def spoilt(data: Series, first: int, garbage: np.ndarray) -> Series:
    table = data.table.copy()
    table.iloc[first:] = garbage[first : data.rows]
    return replace(data, table=table)


def recipe(training=None, model=None, **task) -> Recipe:
    return Recipe(
        dataset=Sample(name="toy"),
        task=Forecast(**{"target": "y", "covariates": ("x",), "window": 8, "horizon": 4, "season": 7} | task),
        model=model or Recurrent(kind="gru", units=3, dropout=0.3),
        training=training or Training(batch=16, epochs=3),
    )


# --- A series --------------------------------------------------------------------------------------


@given(
    garbage=GARBAGE,
    fence=FENCES,
    transform=st.sampled_from(TRANSFORMS),
    scaling=st.sampled_from(["standard", "minmax", "none"]),
)
def test_numbers_before_the_split_are_transformed_and_scaled_alike(garbage, fence, transform, scaling):
    clean, wanted = series(), recipe(transform=transform, scaling=scaling)
    first = after(clean, fence)
    dirty = spoilt(clean, first, garbage)
    assert recipe_issues(wanted, dirty) == recipe_issues(wanted, clean) == ()
    one, other = (forecast.prepare(wanted, data) for data in (clean, dirty))
    np.testing.assert_array_equal(one.values[:first], other.values[:first])
    assert np.isfinite(other.values[other.lag :]).all()
    np.testing.assert_array_equal(one.scaler.offset, other.scaler.offset)
    np.testing.assert_array_equal(one.scaler.scale, other.scaler.scale)
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(one, part), getattr(other, part))


@given(garbage=GARBAGE, fence=FENCES)
def test_of_several_series_none_knows_what_comes(garbage, fence):
    clean, wanted = series(), recipe(covariates=(), together=("x",))
    first = after(clean, fence)
    one, other = (forecast.prepare(wanted, data) for data in (clean, spoilt(clean, first, garbage)))
    np.testing.assert_array_equal(one.others[0].values[:first], other.others[0].values[:first])
    np.testing.assert_array_equal(one.train, other.train)


@given(garbage=GARBAGE, fence=FENCES, begin=st.integers(1, 25))
def test_a_series_that_begins_late_knows_nothing_of_what_comes_nor_of_before(garbage, fence, begin):
    clean, wanted = replace(series(), is_panel=True), recipe(covariates=(), together=("x",))
    table = clean.table.copy()
    table.iloc[:begin, 1] = np.nan
    clean = replace(clean, table=table)
    first = after(clean, fence)
    one, other = (forecast.prepare(wanted, data) for data in (clean, spoilt(clean, first, garbage)))
    late, spoilt_late = one.others[0], other.others[0]
    np.testing.assert_array_equal(late.values[: first - begin], spoilt_late.values[: first - begin])
    np.testing.assert_array_equal(late.scaler.scale, spoilt_late.scaler.scale)
    np.testing.assert_array_equal(one.train, other.train)
    assert len(late.raw) == ROWS - begin and np.isfinite(late.values).all()


@given(garbage=GARBAGE, fence=FENCES)
def test_settings_are_suggested_alike_and_why(garbage, fence):
    clean = series()
    one, other = (suggestion(data, EVEN) for data in (clean, spoilt(clean, after(clean, fence), garbage)))
    assert one == other
    assert len(one.shared_reasons(one.recipe)) == len(one.reasons) > 3


@given(garbage=GARBAGE, fence=FENCES, horizon=st.integers(1, 12))
def test_the_simple_rules_before_the_split_say_the_same(garbage, fence, horizon):
    clean = series()
    first = after(clean, fence)
    origins = np.arange(first)
    one, other = (data.table["y"].to_numpy() for data in (clean, spoilt(clean, first, garbage)))
    for rule in (
        baselines.last_value,
        baselines.drift,
        lambda *given: baselines.seasonal_naive(*given, season=7),
    ):
        np.testing.assert_array_equal(rule(one, origins, horizon), rule(other, origins, horizon))


def trained(wanted: Recipe, data: Series) -> tuple[list[float], list[np.ndarray], list[float]]:
    """Train to the end: gives all losses, the weights that are kept, and the validation losses."""
    problem = forecast.prepare(wanted, data)
    loop = Loop(forecast.build(wanted, problem).model, problem, wanted)
    losses, seen = [], []
    while not loop.is_over:
        losses += loop.run(1000).losses
        seen.append(loop.end_epoch().validation)
    loop.load_selected_weights()
    return losses, [variable.numpy() for variable in loop.model.trainable_variables], seen


@settings(max_examples=2, deadline=None)
@given(garbage=GARBAGE)
def test_a_training_that_stops_early_never_looks_at_the_test_part(garbage):
    clean, wanted = series(), recipe(Training(batch=32, epochs=6, patience=2), transform="log")
    one, other = (trained(wanted, data) for data in (clean, spoilt(clean, after(clean, "test"), garbage)))
    assert (one[0], one[2]) == (other[0], other[2])
    for before, later in zip(one[1], other[1], strict=True):
        np.testing.assert_array_equal(before, later)


@settings(max_examples=2, deadline=None)
@given(garbage=GARBAGE)
def test_updates_never_look_at_the_validation_part(garbage):
    clean = series()
    wanted = recipe(Training(batch=32, epochs=2, patience=None, weights="last"))
    one, other = (
        trained(wanted, data) for data in (clean, spoilt(clean, after(clean, "validation"), garbage))
    )
    assert one[0] == other[0]
    for before, later in zip(one[1], other[1], strict=True):
        np.testing.assert_array_equal(before, later)


@given(garbage=GARBAGE, fence=FENCES, gaps=st.sets(st.integers(1, ROWS - 1), max_size=20), data=st.data())
def test_a_table_is_mended_alike_before_the_split(garbage, fence, gaps, data):
    """Whatever the doctor does unasked, and all that it does when it is asked to cleaning step what it
    can."""
    clean = series(k=3.0)
    table = clean.table.copy()
    table.iloc[sorted(gaps), 0] = np.nan
    first = after(clean, fence)
    dirty = table.copy()
    dirty.iloc[first:, 2] = garbage[first:, 0]
    dirty.iloc[first:, 0] = np.where(table.iloc[first:, 0].isna(), np.nan, garbage[first:, 1])
    way = data.draw(st.sampled_from([settle, propose]))
    one, other = (clean_table(frame, way(frame, EVEN), EVEN) for frame in (table, dirty))
    pd.testing.assert_frame_equal(one.iloc[:first], other.iloc[:first])


# --- Sequences and texts ---------------------------------------------------------------------------


def held(size: int, **what) -> np.ndarray:
    """Return the numbers of the examples that are not for training."""
    drawn = random_split(size, EVEN, **what)
    return np.concatenate([drawn.validation, drawn.test])


@given(garbage=garbage_of(400, 2))
def test_sequences_are_scaled_by_those_that_are_learnt_from(garbage):
    clean = toys.sequences()
    wanted = toys.sequences_recipe()
    values = clean.values.copy()
    for number in held(clean.size, classes=clean.answer):
        rows = slice(clean.offsets[number], clean.offsets[number + 1])
        values[rows] = garbage[rows]
    one, other = (classify_sequences.prepare(wanted, data) for data in (clean, replace(clean, values=values)))
    for number in one.train:
        np.testing.assert_array_equal(one.ragged.row(number), other.ragged.row(number))


@given(garbage=garbage_of(400))
def test_numbers_to_be_told_are_scaled_by_those_that_are_learnt_from(garbage):
    clean = toys.sequences()
    wanted = toys.sequences_recipe().model_copy(update={"task": RegressSequences(longest=6)})
    values, numbers = clean.values.copy(), np.arange(clean.size, dtype=np.float32)
    later = numbers.copy()
    for number in held(clean.size):
        rows = slice(clean.offsets[number], clean.offsets[number + 1])
        values[rows], later[number] = garbage[rows, None], garbage[number]
    clean = replace(clean, answer=Numbers(numbers, "it"))
    dirty = replace(clean, values=values, answer=Numbers(later, "it"))
    one, other = (regress_sequences.prepare(wanted, data) for data in (clean, dirty))
    assert one.answer.apply(np.array([1.0])) == other.answer.apply(np.array([1.0]))
    for number in one.train:
        np.testing.assert_array_equal(one.ragged.row(number), other.ragged.row(number))


@given(
    garbage=st.lists(WORDS, min_size=40, max_size=40),
    level=st.sampled_from(["word", "character", "byte_pair"]),
)
def test_classes_of_texts_are_learnt_with_a_vocabulary_of_the_training_part(garbage, level):
    clean = toys.texts()
    wanted = toys.texts_recipe().model_copy(update={"task": ClassifyTexts(level=level, longest=5)})
    out = {*held(clean.size, classes=clean.classes)}
    texts = tuple(garbage[n] if n in out else text for n, text in enumerate(clean.texts))
    one, other = (classify_texts.prepare(wanted, data) for data in (clean, replace(clean, texts=texts)))
    assert one.vocabulary.tokens == other.vocabulary.tokens


@given(garbage=st.lists(WORDS, min_size=60, max_size=60), task=st.sampled_from([Translate(), Chat()]))
def test_answers_are_learnt_with_vocabularies_of_the_training_part(garbage, task):
    clean = pairs()
    model = Recurrent(units=4, attention="dot")
    wanted = Recipe(dataset=Sample(name="toy"), preparation=EVEN, task=task, model=model)
    drawn = split_examples(clean, EVEN)
    out = {*drawn.validation, *drawn.test}
    assert clean.kept_together is not None
    group = clean.kept_together.codes  # pairs of the same source stay such
    sources, targets = (
        tuple(f"x{garbage[group[n]]} x{group[n]}" if n in out else text for n, text in enumerate(side))
        for side in (clean.sources, clean.targets)
    )
    dirty = replace(clean, sources=sources, targets=targets)
    one, other = (task_of(wanted).prepare(wanted, data) for data in (clean, dirty))
    assert one.sources.vocabulary.tokens == other.sources.vocabulary.tokens
    assert one.answers.vocabulary.tokens == other.answers.vocabulary.tokens
    assert one.longest == other.longest
    np.testing.assert_array_equal(one.train, other.train)


@pytest.mark.parametrize("level", ["character", "word", "byte_pair"])
@settings(max_examples=10, deadline=None)
@given(garbage=st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=30))
def test_a_language_is_learnt_with_a_lexicon_of_the_training_part(level, garbage):
    text = VERSE * 30
    first = time_split(len(text), EVEN).validation.start
    dirty = text[:first] + ((garbage + " x ") * len(text))[: len(text) - first]
    wanted = Recipe(
        dataset=Sample(name="toy"),
        task=ModelLanguage(level=level, window=8, embedding=4, vocabulary=60),
        model=Recurrent(units=3),
        training=Training(batch=4),
    )
    one, other = (language.prepare(wanted, corpus(each)) for each in (text, dirty))
    assert one.lexicon.tokens == other.lexicon.tokens
