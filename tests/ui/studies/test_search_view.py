"""What a search has found so far, and what of it is left on the test set."""

import pytest

from components.studies import Choices, NumberRange, Search
from components.training.attempt_start import TRIAL_REASON
from components.training.events import EpochEnd, Evaluation, Status
from components.ui.experiments import CARDS
from tests.ui.conftest import ME, page_text

RECIPE = next(card.recipe for card in CARDS if card.key == "sine")
SEARCH = Search(
    recipe=RECIPE,
    ranges=(
        NumberRange(setting="model.units", low=4, high=64, logarithmic=True, multiple=1),
        Choices(setting="model.kind", values=("lstm", "gru")),
    ),
    trials=12,
)


def measured(loss: float) -> Evaluation:
    return Evaluation(
        measure="mean absolute error",
        model=loss,
        rule=2.0,
        rule_name="Seasonal naive",
        larger_is_better=False,
        won=True,
        relative_error=loss / 2,
        scores={"mae": loss},
        loss=loss,
    )


@pytest.fixture
def put(store):
    """A search whose trials came to such validation losses, and some to a test loss."""

    def add(*losses, tested=(), start=None):
        study = store.studies.add(SEARCH, ME, "Sine · search", None)
        for number, loss in enumerate(losses):
            run = store.add(RECIPE, ME, f"Trial {number}")
            attempt = store.begin(run.id, "here", only_train=True)
            said = [
                Status(status="running"),
                *(
                    []
                    if start is None
                    else [EpochEnd(epoch=0, step=0, training=1, validation=start, best=True)]
                ),
                EpochEnd(epoch=1, step=1, training=1, validation=loss, best=True),
                *([measured(dict(tested)[number])] if number in dict(tested) else []),
                Status(status="stopped", reason=TRIAL_REASON),
            ]
            store.write([(run.id, attempt, one) for one in said])
            units = (16, 8, 32, 4, 64, 24, 12, 48, 20)[number]
            settings = {"model.units": units, "model.kind": "gru" if number % 2 else "lstm"}
            store.studies.begin_trial(study.id, number, run.id, settings)
            store.studies.end_trial(study.id, number, "complete", loss)
        return study

    return add


def test_before_the_first_trial_ends_it_says_what_is_to_come(open_page, put) -> None:
    bench = open_page("tune", study=put().id)
    assert not bench.exception and "The first trials are running" in page_text(bench)


def test_while_it_goes_on_the_best_so_far_is_said_and_no_test_set(open_page, put) -> None:
    bench = open_page("tune", study=put(1.0, 0.8, 0.9, 0.7).id)
    assert not bench.exception and not bench.error
    words = page_text(bench)
    assert "Best so far: trial 4" in words and "units 4, model GRU" in words
    assert "The test set hasn't been looked at." in words
    assert "Trial 4 has the lowest validation loss, 0.7, 30% below" in words
    assert "A few more trials are needed" in words
    assert list(bench.dataframe[0].value["Trial"]) == [4, 3, 2, 1]


def test_in_the_end_it_says_what_is_left_of_the_gain(open_page, put, store) -> None:
    study = put(1.0, 0.8, tested=[(0, 1.1), (1, 1.0)])
    store.studies.set_status(study.id, "finished")
    words = page_text(open_page("tune", study=study.id))
    assert "Best: trial 2" in words and "50% of the gain remains" in words
    assert "Use these settings" in words + " ".join(
        one.label for one in open_page("tune", study=study.id).button
    )


def test_a_network_is_held_against_the_start_of_the_forecast_alone(open_page, put) -> None:
    words = page_text(open_page("tune", study=put(1.0, 0.8, start=1.6).id))
    assert "start of the forecast alone has a validation loss of 1.6, the best trial 0.8, 50% lower" in words
    words = page_text(open_page("tune", study=put(1.0, 0.8, start=0.7).id))
    assert "there is no reason to train a network" in words


@pytest.mark.parametrize("view", ["Importance", "Parallel coordinates", "Slices"])
def test_the_settings_are_drawn_in_three_ways(open_page, put, view) -> None:
    bench = open_page("tune", study=put(1.0, 0.8, 0.9, 0.7, 0.95, 0.85, 0.75, 0.92, 0.99).id)
    bench.segmented_control(key="search.view").set_value(view).run()
    assert not bench.exception and not bench.error
    words = {
        "Importance": "matters most for the validation loss",
        "Parallel coordinates": "best trials have units",
        "Slices": "most clearly with units",
    }
    assert words[view] in page_text(bench)


def test_a_stopped_search_goes_on_or_measures_its_best(open_page, put, engine, store) -> None:
    study = put(1.0)
    store.studies.set_status(study.id, "stopped")
    bench = open_page("tune", study=study.id)
    next(one for one in bench.button if one.label == "Measure the best").click().run()
    assert engine.studies.asked == [("conclude", study.id)]


def test_a_trials_own_page_leads_to_its_search(open_page, put, store) -> None:
    study = put(1.0)
    run_id = store.studies.trials(study.id)[0].run
    bench = open_page("train", run=run_id)
    links = [one.proto.label for one in bench.get("page_link")]
    assert "Part of Sine · search" in links


def test_what_was_not_measured_is_not_offered_for_comparison(open_page, put, store) -> None:
    links = [one.proto.label for one in open_page("tune", study=put(1.0, 0.8).id).get("page_link")]
    assert "Its runs" in links and "Compare them" not in links
