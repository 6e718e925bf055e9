"""Whatever stands in an address, a page says in a sentence what it can't do, and nothing of it is markup."""

import pytest

from components.recipe import Forecast, Recipe, Sample
from components.runs.catalog import RunLabels
from components.training.events import Status
from tests.ui.conftest import ANOTHER, ME, page_text

RECIPE = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots", window=22, horizon=3))
PARAMETERS = {
    "home": ("q",),
    "data": ("dataset", "preparation"),
    "train": ("run", "recipe"),
    "results": ("run", "backtest"),
    "inside": ("run", "step"),
    "gradients": ("view", "run", "runs"),
    "compare": (
        "runs",
        "base",
        "axis",
        "smoothing",
        "bands",
        "difference",
        "results",
        "window",
        "other",
        "example",
    ),
    "tune": ("study", "recipe"),
    "runs": ("q", "sort", "order", "archived", "collection", "page", "status", "task", "model", "columns"),
}
FORGED = (
    "../../etc/passwd\x00",
    "f" * 32,
    ",".join(["f" * 32] * 500),
    "9" * 5000 + "٣",
    '{"source":' * 3000,
    "<script>alert(1)</script>![x](https://example.com/x.png)$\\frac{1}{2}$",
)
MARKUP = ("<script>", "![x](https://example.com")


@pytest.mark.parametrize("page", PARAMETERS)
def test_a_forged_address_is_answered_in_words(open_page, page: str) -> None:
    for value in FORGED:
        bench = open_page(page, **dict.fromkeys(PARAMETERS[page], value))
        assert not bench.exception, value[:40]
        assert "Something went wrong" not in page_text(bench)
        assert not [markup for markup in MARKUP if markup in page_text(bench)]


@pytest.mark.parametrize("page", ["train", "results", "inside", "compare"])
def test_the_address_of_anothers_run_shows_it_and_gives_no_control(open_page, store, page: str) -> None:
    run = store.add(RECIPE, ANOTHER, "Theirs <b>$x$</b> [a](https://example.com)")
    store.write([(run.id, store.begin(run.id, "here"), Status(status="finished"))])
    store.catalog.set_labels({run.id: RunLabels(run.title, note="secret note", tags=("secret tag",))})
    mine = store.add(RECIPE, ME, "Mine")
    query = {"runs": f"{run.id},{mine.id}"} if page == "compare" else {"run": run.id}
    bench = open_page(page, **query)
    assert not bench.exception
    labels = {button.label for button in bench.button}
    assert not labels & {"Stop", "Delete this run", "Pin", "Resume", "Evaluate", "Rename", "Save"}
    assert "secret" not in page_text(bench)
    assert "[a](https://example.com)" not in page_text(bench)
    assert store.run(run.id).title == run.title


def test_a_collection_of_anothers_runs_shows_no_note_and_offers_no_change(open_page, store) -> None:
    run = store.add(RECIPE, ANOTHER, "Theirs")
    store.catalog.set_labels({run.id: RunLabels("Theirs", note="secret note", tags=("secret tag",))})
    made = store.catalog.add_collection(ANOTHER, "[x](https://example.com) $y$", [run.id])
    bench = open_page("runs", collection=made.id, q="note:secret")
    assert not bench.exception
    assert "No runs match." in page_text(bench), "what is noted can't be guessed by searching"
    assert "delete-collection" not in {button.key for button in bench.button}
    assert "[x](https://example.com)" not in page_text(bench)
