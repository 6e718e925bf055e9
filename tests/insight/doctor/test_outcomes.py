"""What a result says: worse than a simple rule, too good to be true, or luck."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from components.data.datasets import Classes, Sequences, Series
from components.insight.doctor import Outcome, Sibling, examine
from components.insight.doctor.outcomes import seed_variability, target_leakage, worse_than_baseline
from components.insight.doctor.remedies import modified_recipe
from components.recipe import ClassifySequences, ClassifyTexts, Generated, Sample
from tests.insight.doctor.example_cases import EPOCHS, LOST, PERFECT, PROVENANCE, RECIPE, example_case, recipe


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
    outcome = Outcome("balanced accuracy", 1.0, 0.4, "Nearest neighbour", larger_is_better=True, won=True)
    found = examine(example_case(recipe=told, dataset=dataset, outcome=outcome))
    assert found.key == "too good"
    assert "“batch”" in found.sentence
    assert found.remedy is None


# --- Each rule alone -------------------------------------------------------------------------------


def scored(model: float, **changed):
    outcome = Outcome("MAE", model, 1.0, "Last value", larger_is_better=False, won=model < 1)
    return example_case(outcome=outcome, **changed)


@pytest.mark.parametrize(("model", "is_worse"), [(1.06, True), (1.04, False)])
def test_a_model_is_worse_by_more_than_a_twentieth(model, is_worse):
    assert (worse_than_baseline(scored(model)) is not None) is is_worse


def test_nothing_is_said_before_the_end_or_without_a_result():
    assert worse_than_baseline(scored(2.0, over=False)) is None
    assert worse_than_baseline(example_case()) is None


def test_what_is_prescribed_to_a_model_that_a_rule_beats():
    assert worse_than_baseline(scored(2.0)).remedy.task.transform == "difference"
    changes = recipe(task={"transform": "difference"})
    falling, rising = np.linspace(1, 0.5, EPOCHS), np.linspace(0.5, 1, EPOCHS)
    longer = worse_than_baseline(scored(2.0, recipe=changes, validation=falling)).remedy
    assert longer.training.epochs == 2 * changes.training.epochs
    assert worse_than_baseline(scored(2.0, recipe=changes, validation=rising)).remedy is None
    texts = RECIPE.model_copy(update={"task": ClassifyTexts()})
    for level, base in (("word", "tfidf_both"), ("byte_pair", "tfidf_both"), ("character", "tfidf")):
        read = modified_recipe(texts, task={"level": level})
        assert worse_than_baseline(scored(2.0, recipe=read)).remedy.task.base == base
    most = recipe(task={"transform": "difference"}, training={"epochs": 10_000})
    assert worse_than_baseline(scored(2.0, recipe=most, validation=falling)).remedy.training.epochs == 10_000


def hinted(noise: float, relative_error: float):
    """Return a run that was given a column which shows the value of three rows later, more or less."""
    random = np.random.default_rng(0)
    values = random.normal(size=203).cumsum()
    hint = values[3:] + noise * random.normal(size=200)
    dataset = Series(
        reference=RECIPE.dataset,
        title="Hinted",
        provenance=PROVENANCE,
        table=pd.DataFrame({"value": values[:-3], "hint": hint}),
    )
    return scored(relative_error, recipe=recipe(task={"covariates": ("hint",)}), dataset=dataset)


@pytest.mark.parametrize(
    ("noise", "relative_error", "leaks"),
    [(0.0, 0.5, True), (0.0, 0.51, False), (0.1, 0.5, True), (0.5, 0.5, False)],
)
def test_a_column_is_named_where_the_model_is_far_better_and_the_column_tells(noise, relative_error, leaks):
    assert (target_leakage(hinted(noise, relative_error)) is not None) is leaks


def test_the_column_is_left_out_and_then_nothing_leaks():
    case = hinted(0.0, 0.1)
    remedy = target_leakage(case).remedy
    assert remedy.task.covariates == ()
    assert target_leakage(replace(case, recipe=remedy)) is None


@pytest.mark.parametrize(("spread", "is_luck"), [(0.13, True), (0.11, False)])
def test_how_far_apart_seeds_may_be(spread, is_luck):
    siblings = tuple(Sibling(seed, 1 + way * spread) for seed, way in ((4, -1), (7, 0), (5, 1)))
    found = seed_variability(example_case(siblings=siblings))
    assert (found is not None) is is_luck
    assert seed_variability(example_case(siblings=siblings[:2])) is None
    if found:
        assert found.remedy == RECIPE.model_copy(update={"seed": 8})
