"""Runs are listed a page at a time, with what is said of them; what is deleted is gone, soon."""

from dataclasses import replace

import pytest

from components.errors import RunError
from components.insight.doctor.remedies import modified_recipe
from components.runs import catalog as catalogs
from components.runs.catalog import CURVE_POINTS, Holdings, RunLabels, RunView
from components.training.events import Evaluation, Status
from tests.runs.sample_events import RECIPE, TRAINING_START, epoch_end, steps


def evaluation(relative_error: float) -> Evaluation:
    return Evaluation(
        measure="mean absolute error",
        model=1.0,
        rule=2.0,
        rule_name="Last value",
        larger_is_better=False,
        won=True,
        relative_error=relative_error,
        scores={"mae": 1.0},
    )


def titles(page):
    return [entry.labels.title for entry in page.entries]


def test_a_list_is_read_a_page_at_a_time_the_newest_first(store):
    for number in range(7):
        store.add(RECIPE, "ann", f"{number}")
    store.add(RECIPE, "bob", "theirs")
    view = RunView("ann")
    assert titles(store.catalog.page(view, most=3)) == ["6", "5", "4"]
    last = store.catalog.page(view, first=6, most=3)
    assert (titles(last), last.total) == (["0"], 7)


def test_a_list_is_sorted_as_is_asked_and_what_is_unknown_comes_last(store, server):
    for title, left in (("b", 0.7), ("A", 0.2), ("c", None)):
        run = store.add(RECIPE, "ann", title)
        if left is not None:
            store.catalog.set_evaluation(run.id, evaluation(left))
    for sort, descending, order in (
        ("title", False, ["A", "b", "c"]),
        ("relative_error", False, ["A", "b", "c"]),
        ("relative_error", True, ["b", "A", "c"]),
    ):
        assert titles(store.catalog.page(RunView("ann", sort=sort, descending=descending))) == order
    store.catalog.set_labels({run.id: RunLabels("c", pinned=True)})
    assert titles(store.catalog.page(RunView("ann", sort="title", descending=False))) == ["c", "A", "b"]


def test_a_list_counts_what_it_can_be_narrowed_down_to(store):
    store.add(RECIPE, "ann", "one")
    store.add(modified_recipe(RECIPE, model={"kind": "gru"}), "ann", "two")
    page = store.catalog.page(RunView("ann", models=("gru",)))
    assert (titles(page), page.total) == (["two"], 1)
    assert page.models == {"lstm": 1, "gru": 1}
    assert (page.statuses, page.tasks) == ({"waiting": 2}, {"forecast": 2})


def test_a_run_is_listed_with_its_loss_and_what_it_came_to(store, run_id, say):
    say(TRAINING_START, Status(status="running"), steps(1, 10), epoch_end(1), epoch_end(2))
    say(evaluation(0.5), Status(status="finished"))
    (entry,) = store.catalog.page(RunView("ann")).entries
    assert (entry.status, entry.epoch, entry.parameters) == ("finished", 2, 7)
    assert entry.curve == (1.0, 1.0)
    assert entry.evaluation == evaluation(0.5)
    assert entry.seconds >= 0


def test_a_long_curve_is_thinned_and_ends_where_the_run_stands(store, run_id, say):
    say(TRAINING_START, *(epoch_end(number) for number in range(1, 1001)))
    (entry,) = store.catalog.entries([run_id], "ann")
    assert CURVE_POINTS / 2 < len(entry.curve) <= CURVE_POINTS + 1


def test_what_is_said_of_a_run_comes_back(store, run_id):
    said = RunLabels("Other", "a note", ("one", "two"), pinned=True)
    store.catalog.set_labels({run_id: said})
    assert store.catalog.entries([run_id, "0" * 32], "ann")[0].labels == said
    assert store.run(run_id).title == "Other"
    assert store.run(run_id).pinned


@pytest.mark.parametrize(
    "labels",
    [{"title": " "}, {"title": "x" * 201}, {"title": "x", "note": "x" * 5001}, {"title": "x", "tags": ("",)}],
)
def test_what_is_too_long_or_empty_is_refused(labels):
    with pytest.raises(RunError):
        RunLabels(**labels)


def test_what_is_archived_stands_apart(store, run_id):
    store.catalog.set_labels({run_id: RunLabels("Toys", archived=True)})
    assert store.runs("ann") == ()
    assert titles(store.catalog.page(RunView("ann"))) == []
    assert titles(store.catalog.page(RunView("ann", archived=True))) == ["Toys"]


def test_a_deleted_run_is_not_found_and_can_be_brought_back(store, run_id):
    store.catalog.set_deleted([run_id], True)
    for ask in (store.run, store.points, store.moment):
        with pytest.raises(RunError, match="no such run"):
            ask(run_id)
    assert store.runs("ann") == () and store.catalog.entries([run_id], "ann") == ()
    assert store.catalog.owner(run_id) == "ann"
    assert store.catalog.due_deletions() == ()
    store.catalog.set_deleted([run_id], False)
    assert store.run(run_id).title == "Toys"


def test_a_deletion_is_due_when_it_can_not_be_undone_any_more_and_the_run_is_over(store, run_id, monkeypatch):
    store.catalog.set_deleted([run_id], True)
    monkeypatch.setattr(catalogs, "UNDO_SECONDS", -120)
    assert store.catalog.due_deletions() == (), "its worker may still write"
    store.cancel(run_id)
    assert store.catalog.due_deletions() == (run_id,)
    store.delete(run_id)
    with pytest.raises(RunError, match="no such run"):
        store.catalog.owner(run_id)


def test_somebody_elses_run_is_kept_among_ones_own_until_it_is_forgotten(store, run_id):
    own = RunView("bob")
    store.catalog.keep(run_id, "bob")
    store.catalog.keep(run_id, "bob")
    assert titles(store.catalog.page(own)) == ["Toys"] and store.catalog.is_kept(run_id, "bob")
    store.catalog.forget(run_id, "bob")
    assert titles(store.catalog.page(own)) == [] and not store.catalog.is_kept(run_id, "bob")


def test_a_collection_lists_its_runs_to_whoever_has_its_id(store, run_id):
    other = store.add(RECIPE, "ann", "Other").id
    store.add(RECIPE, "ann", "Not in it")
    made = store.catalog.add_collection("ann", " Both ", [run_id, other])
    assert store.catalog.collections("ann") == (made,) and store.catalog.collections("bob") == ()
    page = store.catalog.page(RunView("bob", collection=made.id))
    assert {*titles(page)} == {"Toys", "Other"}
    store.catalog.drop_collection(made.id)
    with pytest.raises(RunError, match="no such collection"):
        store.catalog.collection(made.id)
    assert store.run(run_id)


def test_a_collection_needs_a_title_and_runs(store, run_id):
    for title, runs in (("", [run_id]), ("Title", [])):
        with pytest.raises(RunError):
            store.catalog.add_collection("ann", title, runs)


def test_a_visitor_has_only_so_many_collections(store, run_id, monkeypatch):
    monkeypatch.setattr(catalogs, "MOST_COLLECTIONS", 1)
    first = store.catalog.add_collection("ann", "One", [run_id])
    with pytest.raises(RunError, match="You have 1 collections"):
        store.catalog.add_collection("ann", "Two", [run_id])
    store.catalog.add_collection("bob", "Another's", [run_id])
    store.catalog.drop_collection(first.id)
    store.catalog.add_collection("ann", "Two", [run_id])


def test_nobody_else_learns_what_an_owner_notes_of_a_run_not_even_by_searching(store, run_id):
    store.catalog.set_labels({run_id: RunLabels("Toys", "secret", ("hidden",), pinned=True, archived=True)})
    store.catalog.keep(run_id, "bob")
    (seen,) = store.catalog.page(RunView("bob")).entries
    assert seen.labels == RunLabels("Toys")
    assert store.catalog.entries([run_id], "bob") == (seen,)
    for search in ("secret", "note:secret", "tag:hidden", "hidden"):
        assert titles(store.catalog.page(RunView("bob", search=search))) == []
        assert titles(store.catalog.page(RunView("ann", search=search, archived=True))) == ["Toys"]


def test_what_a_browser_had_is_taken_along_to_an_account(store, server):
    mine = store.add(RECIPE, "browser", "mine")
    theirs, account_run = store.add(RECIPE, "bob", "theirs"), store.add(RECIPE, "account", "elsewhere")
    for run in (theirs, account_run):
        store.catalog.keep(run.id, "browser")
    store.catalog.keep(theirs.id, "account")
    store.catalog.keep(mine.id, "account")
    store.add_upload("f" * 32, "browser", "sales.csv", 10)
    made = store.catalog.add_collection("browser", "Both", [mine.id])
    attempt = store.begin(mine.id, server)
    assert store.catalog.holdings("browser") == Holdings(3, 1, 1)
    store.catalog.take_along("browser", "account")
    assert store.catalog.holdings("browser").total == 0
    listed = store.catalog.page(RunView("account"))
    assert sorted(titles(listed)) == ["elsewhere", "mine", "theirs"]
    assert store.catalog.is_kept(theirs.id, "account")
    assert not store.catalog.is_kept(mine.id, "account"), "it is their own now"
    assert store.upload("f" * 32).owner == "account"
    assert store.catalog.collections("account") == (replace(made, owner="account"),)
    store.write([(mine.id, attempt, TRAINING_START)])
    assert store.run(mine.id).parameters == 7, "a run that goes on goes on"
    store.catalog.take_along("browser", "account")
    assert store.catalog.holdings("account") == Holdings(3, 1, 1)
