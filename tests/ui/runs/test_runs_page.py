"""The table of runs: what the address asks for, what can be done to what is ticked, and how it is undone."""

import pytest

from components.insight.doctor.remedies import modified_recipe
from components.recipe import Forecast, Recipe, Sample
from components.runs.catalog import RunLabels
from components.training.events import Evaluation, Status
from components.ui.runs import undo
from tests.ui.conftest import ANOTHER, ME, page_text

RECIPE = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots", window=22, horizon=3))
GRU = modified_recipe(RECIPE, model={"kind": "gru", "units": 64})
GOOD = Evaluation(
    measure="mean absolute error",
    model=1.5,
    rule=2.0,
    rule_name="Last value",
    larger_is_better=False,
    won=True,
    relative_error=0.75,
    scores={"mae": 1.5},
)


@pytest.fixture
def put(store):
    def add(title, recipe=RECIPE, owner=ME, status="finished"):
        run_id = store.add(recipe, owner, title).id
        attempt = store.begin(run_id, "here")
        store.write([(run_id, attempt, GOOD), (run_id, attempt, Status(status=status))])
        return run_id

    return add


def rows(bench):
    return list(bench.dataframe[0].value["title"]) if bench.dataframe else []


def tick(bench, *numbers):
    selection = {"rows": list(numbers), "columns": [], "cells": []}
    bench.session_state[bench.dataframe[0].key] = {"selection": selection}
    return bench.run()


def press(bench, label):
    return next(button for button in bench.button if button.label == label).click().run()


def labels(bench):
    return {button.label for button in bench.button}


def test_without_runs_it_says_how_to_get_some(open_page):
    bench = open_page("runs")
    assert not bench.exception and not bench.error
    assert "No runs yet" in bench.info[0].proto.title
    assert "Choose an experiment" in labels(bench)


def test_every_run_is_a_row_with_what_it_came_to(open_page, put):
    put("First")
    put("Theirs", owner=ANOTHER)
    put("Second", GRU, status="failed")
    bench = open_page("runs")
    assert not bench.exception and not bench.error
    table = bench.dataframe[0].value
    assert list(table["title"]) == ["Second", "First"]
    first = table.iloc[1]
    assert (first["status"], first["task"], first["data"]) == ("Finished", "Forecast", "Sunspots")
    assert (first["model"], first["measure"], first["lead"]) == ("LSTM", "1.500 mean absolute error", 25)
    assert first["open"].startswith("results?run=")
    assert table.iloc[0]["open"].startswith("train?run=")


def test_the_address_is_the_view(open_page, put):
    put("Small")
    put("Large", GRU)
    assert rows(open_page("runs", q="units>32")) == ["Large"]
    assert rows(open_page("runs", model="lstm,nonsense")) == ["Small"]
    assert rows(open_page("runs", sort="title", order="up")) == ["Large", "Small"]
    assert list(open_page("runs", columns="seed,units").dataframe[0].value) == [
        "title",
        "open",
        "seed",
        "units",
    ]
    bench = open_page("runs", page="7", sort="nonsense", status="'", collection="x", order="../..")
    assert rows(bench) == ["Large", "Small"] and not bench.error


def test_what_is_chosen_is_in_the_address(open_page, put):
    put("Small")
    put("Large", GRU)
    bench = open_page("runs")
    bench.text_input(key="runs.q").set_value("units>32").run()
    assert bench.query_params["q"] == "units>32" and rows(bench) == ["Large"]
    bench.text_input(key="runs.q").set_value("").run()
    assert "q" not in bench.query_params
    next(group for group in bench.button_group if group.key == "runs.model").set_value(["gru"]).run()
    assert bench.query_params["model"] == "gru" and rows(bench) == ["Large"]


def test_a_search_that_means_nothing_says_so_and_can_be_mended(open_page, put):
    put("Small")
    bench = open_page("runs", q="unit>32")
    assert "Runs have no “unit”." in bench.error[0].proto.title
    bench.text_input(key="runs.q").set_value("").run()
    assert rows(bench) == ["Small"]


def test_a_page_of_many_runs(open_page, store):
    for number in range(30):
        store.add(RECIPE, ME, f"{number}")
    assert rows(open_page("runs")) == [f"{number}" for number in range(29, 4, -1)]
    assert rows(open_page("runs", page="2")) == ["4", "3", "2", "1", "0"]
    assert rows(open_page("runs", page="99")) == ["4", "3", "2", "1", "0"]


def test_runs_are_deleted_and_brought_back(open_page, put, store):
    kept, gone, also_gone = put("1"), put("2"), put("3")
    bench = tick(open_page("runs"), 0, 1)
    assert {"Compare", "Delete", "Pin", "Archive"} <= labels(bench)
    press(bench, "Delete")
    assert rows(bench) == ["1"]
    assert "2 runs deleted." in page_text(bench)
    press(bench, "Undo")
    assert rows(bench) == ["3", "2", "1"]
    assert {run.id for run in store.runs(ME)} == {kept, gone, also_gone}


def test_a_change_can_be_undone_for_a_while_only(open_page, put, monkeypatch):
    put("1")
    bench = press(tick(open_page("runs"), 0), "Pin")
    assert rows(bench) == ["★ 1"] and "Undo" in labels(bench)
    monkeypatch.setattr(undo, "UNDO_SECONDS", 0)
    assert "Undo" not in labels(bench.run())


def test_the_time_to_undo_runs_from_the_moment_that_it_is_offered(open_page, put, monkeypatch):
    put("1")
    clock = [1000.0]
    monkeypatch.setattr(undo, "monotonic", lambda: clock[0])
    bench = tick(open_page("runs"), 0)
    next(button for button in bench.button if button.label == "Pin").click()
    clock[0] += 5 * undo.UNDO_SECONDS  # the server was busy
    assert "Undo" in labels(bench.run())
    clock[0] += undo.UNDO_SECONDS + 1
    assert "Undo" not in labels(bench.run())


def test_a_run_is_renamed_tagged_and_noted(open_page, put, store):
    run_id = put("Old")
    bench = tick(open_page("runs"), 0)
    next(field for field in bench.text_input if field.label == "Title").set_value("New <b>")
    next(field for field in bench.text_area if field.label == "Note").set_value("why")
    press(bench, "Save")
    (entry,) = store.catalog.entries([run_id], ME)
    assert entry.labels == RunLabels("New <b>", "why")
    press(bench, "Undo")
    assert store.run(run_id).title == "Old"


def test_several_runs_are_archived_at_once_and_found_there(open_page, put):
    put("1"), put("2")
    bench = press(tick(open_page("runs"), 0, 1), "Archive")
    assert rows(bench) == []
    archived = open_page("runs", archived="1")
    assert rows(archived) == ["2", "1"]
    press(tick(archived, 0), "Bring back")
    assert rows(archived) == ["1"]


def test_a_collection_is_made_seen_by_others_and_deleted(open_page, put, store):
    put("1", owner=ANOTHER), put("2", owner=ANOTHER)
    made = store.catalog.add_collection(ANOTHER, "A *sweep*", [run.id for run in store.runs(ANOTHER)])
    bench = open_page("runs", collection=made.id)
    assert bench.title[0].value == "A \\*sweep\\*"
    assert rows(bench) == ["2", "1"]
    ticked = tick(bench, 0)
    assert not {"Delete", "Pin", "Archive", "Delete the collection"} & labels(ticked)
    press(ticked, "Add to my runs")
    assert rows(open_page("runs")) == ["2"]
    press(tick(open_page("runs"), 0), "Remove from my runs")
    assert rows(open_page("runs")) == []
    assert open_page("runs", collection="0" * 32).error


def test_a_visitor_shares_and_unshares_runs(open_page, put, store):
    put("1")
    bench = tick(open_page("runs"), 0)
    next(field for field in bench.text_input if field.label == "Title of the collection").set_value("Mine")
    press(bench, "Make a link")
    (made,) = store.catalog.collections(ME)
    assert f"runs?collection={made.id}" in bench.code[0].value
    own = open_page("runs", collection=made.id)
    press(own, "Delete the collection")
    assert store.catalog.collections(ME) == ()
