"""A backtest and other seeds on the Results page: begun once, kept in the link, and only by the owner."""

import numpy as np
import pytest

from components.engine import extra_trainings
from components.recipe import Sample
from components.settings import settings
from components.storage import Folder
from components.tasks.forecasting.backtest import Backtest, Part, fold_ranges, folds
from components.tasks.forecasting.seeds import Seed
from components.tasks.result_file import pack
from tests.ui.conftest import ANOTHER, page_text
from tests.ui.results.test_results_page import MODEL, RECIPE, finished, result

__all__ = ["finished"]


def keep(run: str, file: str, made: object) -> None:
    Folder(settings().artifacts).folder("runs").folder(run).folder("further").write(file, pack(made))


def folds_of(backtest: Backtest, number: int, **changed) -> Part:
    whole = result(**changed)
    origins = fold_ranges(Backtest(2), 3, 60)
    made = folds(whole, [one for one in origins if one.start >= 41] or origins[-1:])
    return Part(tuple(fold for fold in made if fold.number == made[0].number))


def test_a_backtest_is_begun_as_chosen_and_named_in_the_link(open_page, finished, engine):
    bench = open_page("results", run=finished())
    bench.button(key="backtest-start").click().run()
    assert not bench.exception
    ((name, jobs),) = engine.begun.items()
    assert name.endswith("/expanding-5-refit")
    assert [job[0] for job in jobs] == [extra_trainings.train_fold] * 5
    assert [job[1][4] for job in jobs] == [0, 1, 2, 3, 4]
    assert bench.query_params["backtest"] == "expanding-5-refit"
    assert "backtest-stop" in [button.key for button in bench.button]


def test_a_link_to_a_backtest_shows_it_again_and_nothing_is_trained_anew(open_page, finished, engine):
    run, asked = finished(ANOTHER), Backtest(3, "sliding", False)
    keep(run, extra_trainings.fold_file(asked, 0), folds_of(asked, 0))
    bench = open_page("results", run=run, backtest=asked.name)
    assert not bench.exception
    assert "The model is better in" in page_text(bench)
    assert not engine.begun
    assert "backtest-start" not in [button.key for button in bench.button]


def test_a_backtest_of_several_series_says_how_each_went_and_draws_the_chosen_one(open_page, finished):
    others, asked = (result(target="second", unit="rays"),), Backtest(3, "sliding", False)
    run = finished(others=others)
    keep(run, extra_trainings.fold_file(asked, 0), folds_of(asked, 0, others=others))
    bench = open_page("results", run=run, backtest=asked.name)
    assert not bench.exception
    assert "of 2 series the model's MASE is" in page_text(bench)
    bench.selectbox(key="backtest-series").select("second").run()
    assert not bench.exception
    assert "rays on average" in page_text(bench)


def test_only_who_trained_a_model_can_train_further(open_page, finished):
    bench = open_page("results", run=finished(ANOTHER))
    assert not {"backtest-start", "seeds-start"} & {button.key for button in bench.button}
    assert not [box for box in bench.selectbox if str(box.key).startswith("backtest-folds")]
    assert "Only the person who trained this model" in page_text(bench)
    assert [link.proto.label for link in bench.get("page_link")].count("Train it yourself") == 2


def test_seeds_are_begun_and_their_spread_is_shown(open_page, finished, engine):
    run = finished()
    bench = open_page("results", run=run)
    bench.button(key="seeds-start").click().run()
    (jobs,) = engine.begun.values()
    assert [job[1][3] for job in jobs] == [1, 2, 3, 4]
    for seed in (1, 2, 3, 4):
        keep(run, extra_trainings.seed_file(seed), Seed(seed, MODEL))
    engine.begun.clear()
    bench = open_page("results", run=run)
    assert "Over 5 seeds the median error is 1.5 spots" in page_text(bench)


@pytest.mark.parametrize("key", ["backtest-start", "seeds-start"])
def test_what_cannot_be_begun_leaves_the_page_whole(open_page, finished, engine, monkeypatch, key):
    from components.errors import RunError

    def refuse(run_id, name, jobs, visitor):
        raise RunError("The engine has stopped.")

    monkeypatch.setattr(engine, "submit_extra_trainings", refuse)
    bench = open_page("results", run=finished())
    bench.button(key=key).click().run()
    assert not bench.exception
    assert any("engine has stopped" in str(error.proto.title) for error in bench.error)


def test_of_prices_it_is_said_what_a_random_walk_implies_and_nobody_is_advised(open_page, store, finished):
    shares = RECIPE.model_copy(update={"dataset": Sample(name="share_prices")})
    run = finished(recipe=shares, truth=np.linspace(100, 130, 60))
    words = page_text(open_page("results", run=run))
    assert "random walk" in words and "isn't financial advice" in words
    assert "mean absolute error of the return" in words
    assert "random walk" not in page_text(open_page("results", run=finished()))
