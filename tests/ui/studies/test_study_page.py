"""The page Tune: how a sweep stands, what its owner may do, and what it came to."""

import pytest

from components.studies import Sweep
from components.training.events import EpochEnd, Evaluation, Status
from components.ui.experiments import CARDS
from tests.ui.conftest import ANOTHER, ME, page_text

RECIPE = next(card.recipe for card in CARDS if card.key == "sine")
SWEEP = Sweep(recipe=RECIPE, setting="model.units", values=(8, 16), seeds=2)


def measured(model: float, test_set: str = "a") -> Evaluation:
    return Evaluation(
        measure="mean absolute error",
        model=model,
        rule=2.0,
        rule_name="Seasonal naive",
        larger_is_better=False,
        won=model < 2,
        relative_error=model / 2,
        scores={"mae": model},
        test_set=test_set,
    )


@pytest.fixture
def put(store):
    """A sweep with runs that came to so much."""

    def add(*results, owner=ME, plan=SWEEP, test_sets="aaaa", measures=True):
        study = store.studies.add(plan, owner, "Sine <b> · Units", None)
        for number, result in enumerate(results):
            settings, recipe = plan.trials[number]
            run = store.add(recipe, owner, f"Run {number}")
            attempt = store.begin(run.id, "here")
            end = EpochEnd(epoch=1, step=1, training=1, validation=result, best=True)
            said = [Status(status="running"), end]
            said += [measured(result, test_sets[number])] if measures else []
            store.write([(run.id, attempt, one) for one in (*said, Status(status="finished"))])
            store.studies.begin_trial(study.id, number, run.id, settings)
            store.studies.end_trial(study.id, number, "complete", result)
        return study

    return add


def labels(bench):
    return {button.label for button in bench.button}


def test_without_any_it_says_how_to_begin(open_page) -> None:
    bench = open_page("tune")
    assert not bench.exception and "Set up a recipe" in labels(bench)
    words = page_text(bench)
    assert all(term in words for term in ("Sweep.", "Find better settings.", "Time budget.", "range test."))


def test_ones_own_are_listed(open_page, put, store) -> None:
    put(1.0), put(1.0, owner=ANOTHER)
    bench = open_page("tune")
    assert "Your searches and sweeps" in page_text(bench)
    assert len([one for one in bench.get("page_link") if "Sine" in one.proto.label]) == 1


def test_what_a_sweep_came_to_is_drawn_and_said(open_page, put) -> None:
    bench = open_page("tune", study=put(1.5, 1.0, 1.6, 1.1).id)
    assert not bench.exception and not bench.error
    words = page_text(bench)
    assert "With units 16 the mean absolute error is lowest, 1.05 on average over 2 seeds" in words
    assert "4 of 4 runs" in words
    table = bench.dataframe[0].value
    assert list(table["Units"]) == ["8", "16", "8", "16"] and list(table["Seed"]) == [0, 0, 1, 1]
    assert all(link.startswith("results?run=") for link in table["Open"])


def test_before_anything_is_measured_it_says_what_is_to_come(open_page, put) -> None:
    assert "appears as soon as a run has been measured" in page_text(open_page("tune", study=put().id))


def test_results_of_different_test_sets_are_not_ranked(open_page, put) -> None:
    bench = open_page("tune", study=put(1.5, 1.0, test_sets="ab").id)
    assert "aren't ranked" in bench.warning[0].value
    assert "is lowest" not in page_text(bench)


def test_its_owner_stops_it_and_has_it_go_on(open_page, put, engine, store) -> None:
    study = put(1.5)
    bench = open_page("tune", study=study.id)
    next(button for button in bench.button if button.label == "Stop").click().run()
    bench = open_page("tune", study=study.id)
    next(button for button in bench.button if button.label == "Resume").click().run()
    assert engine.studies.asked == [("stop", study.id), ("resume", study.id)]


def test_whoever_has_its_link_may_look_only(open_page, put, store) -> None:
    study = put(1.5, 1.0, owner=ANOTHER)
    store.studies.set_status(study.id, "stopped")
    bench = open_page("tune", study=study.id)
    assert not labels(bench) & {"Stop", "Resume", "Delete this"}
    assert "This is someone else's search or sweep." in page_text(bench)
    links = {link.proto.label for link in bench.get("page_link")}
    assert not links & {"Its recipe", "Its runs"}


def test_a_deleted_run_leaves_its_row(open_page, put, store) -> None:
    study = put(1.5, 1.0)
    run_id = store.studies.trials(study.id)[0].run
    store.delete(run_id)
    table = open_page("tune", study=study.id).dataframe[0].value
    assert list(table["Status"]) == ["deleted", "finished"]


def test_runs_that_were_measured_are_offered_for_comparison(open_page, put) -> None:
    for measures in (True, False):
        links = [
            one.proto.label
            for one in open_page("tune", study=put(1.5, 1.0, measures=measures).id).get("page_link")
        ]
        assert ("Compare them" in links) is measures
