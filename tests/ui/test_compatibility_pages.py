"""Pages open what an earlier Unroll wrote: its links, its runs at every status, its results."""

import pytest

from components.recipe import Recipe
from components.runs.store import RunStore
from tests.compatibility import archive
from tests.ui.conftest import page_text

LINKS = archive.read_set("links")
MEANINGS = archive.read_set("meanings")
# Results alone are opened by their runs, below.
SHOWN = [
    link
    for link in LINKS
    if "recipe" not in link["query"] and (link["page"] != "results" or len(link["query"]) > 1)
]
FROM_RECIPES = [
    link
    for link in LINKS
    if "recipe" in link["query"]
    and link["recipe"] in {"forecast a panel", "forecast prices", "translate", "dates"}
]


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return archive.unpack_set(tmp_path_factory.mktemp("set"))


@pytest.fixture
def store(database):
    """Return the store of the set: these pages only read."""
    opened = RunStore(f"sqlite:///{database}")
    yield opened
    opened.close()


def _name(link):
    named = link["recipe"] or MEANINGS["runs"].get(link["query"].get("run"), {}).get("title", "")
    return f"{link['page']} {link['query'].get('view', '')} {named}"


@pytest.mark.parametrize("link", SHOWN, ids=_name)
def test_a_link_opens_its_page(open_page, link):
    bench = open_page(link["page"], **link["query"])
    assert not bench.exception and not bench.error


@pytest.mark.parametrize("run", MEANINGS["verdicts"], ids=lambda run: MEANINGS["runs"][run]["title"])
def test_results_say_the_same_verdict(open_page, run):
    bench = open_page("results", run=run)
    assert not bench.exception and not bench.error
    assert MEANINGS["verdicts"][run] in page_text(bench).replace("\\", "")


@pytest.mark.parametrize("link", FROM_RECIPES, ids=_name)
def test_a_link_to_a_recipe_sets_every_control_to_it(open_page, link):
    bench = open_page("train", **link["query"])
    assert not bench.exception and not bench.error
    address = bench.query_params["recipe"]
    assert Recipe.from_url(address) == Recipe.from_url(link["query"]["recipe"])
