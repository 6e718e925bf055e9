"""Runs beside each other: in words first, then as a table, and the same for whoever has the link."""

from dataclasses import replace

import pytest

from components.insight.doctor.remedies import modified_recipe
from components.recipe import Generated, Sample
from tests.charts import forecast_result as made
from tests.ui.compare.conftest import RECIPE
from tests.ui.conftest import ANOTHER, ME, page_text

DEEPER = modified_recipe(RECIPE, model={"layers": 2})


def table(bench):
    return bench.dataframe[0].value


def test_without_runs_it_says_how_to_choose_some(open_page, put):
    for query in ({}, {"runs": put("alone")}):
        bench = open_page("compare", **query)
        assert not bench.exception
        assert "Choose 2 to 12 runs" in bench.info[0].value


def test_who_has_no_run_compares_those_that_come_with_unroll(open_page, shelf_runs):
    bench = open_page("compare")
    assert "Choose runs" not in [button.label for button in bench.button]
    chosen = [shelf_runs["sunspots"], shelf_runs["co2"]]
    choice = bench.multiselect(key="compare.chosen")
    assert len(choice.options) == len(shelf_runs) and choice.options[0].endswith("comes with Unroll")
    choice.set_value(chosen).run()
    assert not bench.exception
    assert bench.query_params["runs"] == ",".join(chosen)


def test_runs_are_added_and_removed(open_page, put):
    ids = [put("Flat"), put("Deep", DEEPER), put("Third")]
    put("Theirs", owner=ANOTHER)
    bench = open_page("compare", runs=ids[0])
    choice = bench.multiselect(key="compare.chosen")
    assert len(choice.options) == 3 and choice.options[0].startswith("Flat")
    choice.set_value(ids).run()
    assert bench.query_params["runs"] == ",".join(ids)
    assert "B has 2 layers instead of 1." in page_text(bench)
    bench.selectbox(key="compare.base").set_value(1).run()
    bench.multiselect(key="compare.chosen").set_value(ids[1:]).run()
    assert bench.query_params["runs"] == ",".join(ids[1:]) and "base" not in bench.query_params
    assert "Compared with A, B has 1 layer instead of 2." in page_text(bench)
    bench.multiselect(key="compare.chosen").set_value([]).run()
    assert "runs" not in bench.query_params and "Choose 2 to 12 runs" in bench.info[0].value


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
    assert "Results" in [header.value for header in bench.header]
    assert bench.code[0].value.endswith(f"compare?runs={','.join(ids)}")


def test_another_run_can_be_the_one_that_the_others_are_held_against(open_page, put):
    ids = [put("Flat", result=made.result(2.0)), put("Deep", DEEPER, made.result(0.5))]
    bench = open_page("compare", runs=",".join(ids), base="1")
    assert "Compared with B, A has 1 layer instead of 2." in page_text(bench)
    bench.selectbox(key="compare.base").set_value(0).run()
    assert "base" not in bench.query_params
    assert "Compared with A, B has 2 layers instead of 1." in page_text(bench)


def test_results_of_different_test_sets_are_not_ranked(open_page, put):
    other = replace(made.result(0.5), target="something else")
    ids = [put("One", result=made.result(2.0)), put("Other", DEEPER, other)]
    bench = open_page("compare", runs=",".join(ids))
    assert "aren't ranked" in bench.warning[0].value
    assert "0.5000 instead of" not in page_text(bench)
    assert "Results" not in [header.value for header in bench.header]


def test_runs_that_differ_in_the_seed_only_show_its_spread(open_page, put):
    ids = [
        put(f"{seed}", RECIPE.model_copy(update={"seed": seed}), made.result(1.0 + seed))
        for seed in (0, 1, 2)
    ]
    words = page_text(open_page("compare", runs=",".join(ids)))
    assert "Only the seed differs. It alone moves the mean absolute error between 1.000 and 3.000" in words


def test_seeds_of_two_recipes_speak_for_them(open_page, put):
    ids = [
        put(f"{seed}", recipe.model_copy(update={"seed": seed}), made.result(error + 0.1 * seed))
        for recipe, error in ((RECIPE, 2.0), (DEEPER, 0.5))
        for seed in (0, 1, 2)
    ]
    bench = open_page("compare", runs=",".join(ids))
    words = page_text(bench)
    assert "**D**, **E** and **F** are runs of the same recipe with the seeds 0, 1 and 2." in words
    assert "Compared with A, they have 2 layers instead of 1." in words
    assert (
        "Over 3 and 3 seeds, 2 layers instead of 1 takes the mean absolute error from a mean of 2.100"
        in words
    )
    assert "Bands of seeds" in [toggle.label for toggle in bench.toggle]
    one = open_page("compare", runs=",".join(ids[:4]))
    assert "lies outside the range that the seeds of the other recipe span" in page_text(one)


def test_how_it_is_drawn_is_in_the_address(open_page, put):
    ids = ",".join([put("Flat", result=made.result(2.0)), put("Deep", DEEPER, made.result(0.5))])
    bench = open_page("compare", runs=ids, axis="epoch", smoothing="60", difference="1", window="2")
    assert bench.slider(key="compare.smoothing").value == 60
    assert bench.slider(key="compare.window").value == 2
    assert bench.toggle(key="compare.difference").value
    assert "Bands of seeds" not in [toggle.label for toggle in bench.toggle]
    bench.toggle(key="compare.difference").set_value(False).run()
    bench.slider(key="compare.smoothing").set_value(75).run()
    assert (bench.query_params["smoothing"], bench.query_params["axis"]) == ("75", "epoch")
    assert "difference" not in bench.query_params
    link = bench.code[0].value
    assert f"compare?runs={ids}&" in link and "smoothing=75" in link and "window=2" in link


@pytest.mark.parametrize("value", ["", "-1", "1e3", "٣", "100", "x", "0" * 99])
def test_an_address_that_says_nothing_sensible_is_drawn_as_usual(open_page, put, value):
    names = ("axis", "smoothing", "bands", "difference", "window", "base", "results", "example", "other")
    ids = ",".join([put("Flat", result=made.result(2.0)), put("Deep", DEEPER, made.result(0.5))])
    bench = open_page("compare", runs=ids, **dict.fromkeys(names, value))
    assert not bench.exception and not bench.error
    assert bench.slider(key="compare.smoothing").value == 0


def test_each_test_set_has_a_row_of_its_own(open_page, put):
    other = replace(made.result(0.5), target="something else")
    ids = [put("One", result=made.result(2.0)), put("Other", DEEPER, other)]
    rows = table(open_page("compare", runs=",".join(ids)))
    assert list(rows.loc["Test set 1: mean absolute error"]) == ["2.000", "–"]
    assert list(rows.loc["Test set 2: mean absolute error"]) == ["–", "0.5000"]


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
