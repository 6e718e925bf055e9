"""Runs beside each other: in words first, then as a table, and the same for whoever has the link."""

from dataclasses import replace

import pytest

from components.insight.doctor.remedies import modified_recipe
from components.recipe import Forecast, Generated, Recipe, Sample
from components.runs.artifacts import RunFiles
from components.settings import settings
from components.tasks.packing import pack
from components.training.events import Status
from tests.charts import forecast_result as made
from tests.ui.conftest import ANOTHER, ME, page_text

RECIPE = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots", window=22, horizon=5))
DEEPER = modified_recipe(RECIPE, model={"layers": 2})


@pytest.fixture
def put(store):
    def add(title, recipe=RECIPE, result=None, owner=ME):
        run_id = store.add(recipe, owner, title).id
        attempt = store.begin(run_id, "here")
        if result is not None:
            RunFiles.of(settings().artifacts, run_id).write(pack(result), b"model")
        store.write([(run_id, attempt, Status(status="finished"))])
        return run_id

    return add


def table(bench):
    return bench.dataframe[0].value


def test_without_runs_it_says_how_to_choose_some(open_page, put):
    for query in ({}, {"runs": put("alone")}):
        bench = open_page("compare", **query)
        assert not bench.exception
        assert "Tick 2 to 12 runs" in bench.info[0].value


def test_another_run_of_ones_own_is_added(open_page, put):
    ids = [put("Flat"), put("Deep", DEEPER)]
    put("Theirs", owner=ANOTHER)
    bench = open_page("compare", runs=ids[0])
    (adding,) = bench.selectbox
    assert len(adding.options) == 1 and adding.options[0].startswith("Deep")
    adding.select_index(0).run()
    assert bench.query_params["runs"] == ",".join(ids)
    assert "B has 2 layers instead of 1." in page_text(bench)


@pytest.mark.parametrize("owner", [ME, ANOTHER])
def test_two_runs_that_differ_in_one_thing(open_page, put, owner):
    ids = [put("Flat", result=made.result(2.0), owner=owner)]
    ids.append(put("*Deep*", DEEPER, made.result(0.5), owner))
    bench = open_page("compare", runs=",".join(ids))
    assert not bench.exception and not bench.error
    words = page_text(bench)
    assert "Compared with A, B has 2 layers instead of 1." in words
    assert "the mean absolute error on the same test set is 0.5000 instead of 2.000, 75% lower" in words
    assert "\\*Deep\\*" in words
    assert list(table(bench)) == ["A · Flat", "B · *Deep*"]
    assert list(table(bench).loc["Layers"]) == ["1", "2"] and "Units" not in table(bench).index
    assert "Forecasts" in [header.value for header in bench.header]
    assert bench.code[0].value.endswith(f"compare?runs={','.join(ids)}")


def test_another_run_can_be_the_one_that_the_others_are_held_against(open_page, put):
    ids = [put("Flat", result=made.result(2.0)), put("Deep", DEEPER, made.result(0.5))]
    bench = open_page("compare", runs=",".join(ids), base="1")
    assert "Compared with B, A has 1 layer instead of 2." in page_text(bench)
    bench.selectbox(key="compare.base").set_value(0).run()
    assert bench.query_params["base"] == "0"
    assert "Compared with A, B has 2 layers instead of 1." in page_text(bench)


def test_results_of_different_test_sets_are_not_ranked(open_page, put):
    other = replace(made.result(0.5), target="something else")
    ids = [put("One", result=made.result(2.0)), put("Other", DEEPER, other)]
    bench = open_page("compare", runs=",".join(ids))
    assert "aren't ranked" in bench.warning[0].value
    assert "0.5000 instead of" not in page_text(bench)
    assert "Forecasts" not in [header.value for header in bench.header]


def test_runs_that_differ_in_the_seed_only_show_its_spread(open_page, put):
    ids = [
        put(f"{seed}", RECIPE.model_copy(update={"seed": seed}), made.result(1.0 + seed))
        for seed in (0, 1, 2)
    ]
    words = page_text(open_page("compare", runs=",".join(ids)))
    assert "Only the seed differs. It alone moves the mean absolute error between 1.000 and 3.000" in words


def test_runs_on_data_of_every_source_are_compared(open_page, put):
    for reference in (Generated(name="sine", length=600, parameters={"noise": 0.1}), Sample(name="co2")):
        one = RECIPE.model_copy(update={"dataset": reference})
        other = one.model_copy(update={"dataset": Generated(name="sine", parameters={"noise": 0.3})})
        ids = [put("One", one), put("Same", modified_recipe(one, seed=1)), put("Other", other)]
        bench = open_page("compare", runs=",".join(ids))
        assert not bench.exception and not bench.error


def test_runs_without_results_are_compared_by_what_there_is(open_page, put):
    bench = open_page("compare", runs=",".join([put("One"), put("Other", DEEPER)]))
    assert not bench.exception and not bench.error
    assert "hasn't been measured" in page_text(bench)


@pytest.mark.parametrize("named", ["x", "0" * 32 + ",", ",".join(f"{at:032x}" for at in range(13))])
def test_an_address_that_names_no_runs_is_refused_in_words(open_page, named):
    bench = open_page("compare", runs=named)
    assert bench.error and not bench.exception


def test_a_run_that_is_not_there_is_said(open_page, put):
    assert "no such run" in open_page("compare", runs=f"{put('One')},{'0' * 32}").error[0].proto.title
