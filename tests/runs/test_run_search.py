"""What a person types finds the runs that fit, and whatever they type, nothing else happens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.errors import SearchError
from components.insight.doctor.remedies import modified_recipe
from components.runs.catalog import RunLabels, RunView
from components.runs.run_search import search_condition
from components.runs.store import RunStore
from components.training.events import Evaluation, Status
from tests.runs.sample_events import RECIPE

GOOD = Evaluation(
    measure="mean absolute error",
    model=2.5,
    rule=5.0,
    rule_name="Last value",
    larger_is_better=False,
    won=True,
    relative_error=0.5,
    scores={"mae": 2.5, "smape": 0.125, "mase": None},
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = RunStore(f"sqlite:///{tmp_path_factory.mktemp('searched')}/runs.sqlite")
    yield made
    made.close()


@pytest.fixture(scope="module")
def find(store):
    """Return the titles of the runs that a search finds."""
    server = store.register_server()
    large = modified_recipe(RECIPE, model={"units": 64, "dropout": 0.2})
    for title, recipe in (("Toys · LSTM", RECIPE), ("Toys · large", large)):
        run = store.add(recipe, "ann", title)
        attempt = store.begin(run.id, server)
        if recipe is large:
            store.write([(run.id, attempt, GOOD), (run.id, attempt, Status(status="finished"))])
            labels = RunLabels(title, note="a 100% of_it", tags=("base line", "été"))
            store.catalog.set_labels({run.id: labels})
    store.add(large, "bob", "Somebody else's")

    def titles(search: str) -> set[str]:
        return {entry.labels.title for entry in store.catalog.page(RunView("ann", search=search)).entries}

    return titles


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", "LSTM large"),
        ("toys", "LSTM large"),
        ("LARGE", "large"),
        ("lstm", "LSTM large"),
        ("gru", ""),
        ("units>32", "large"),
        ("lstm units>32 mae<3", "large"),
        ("lstm units>32 mae<2", ""),
        ("units=32", "LSTM"),
        ("units:32", "LSTM"),
        ("units!=32", "large"),
        ("dropout>=20%", "large"),
        ("-mae<3", "LSTM"),
        ("mase<3", ""),
        ("smape<13%", "large"),
        ("status:finished", "large"),
        ("status!=finished", "LSTM"),
        ("-large", "LSTM"),
        ("100%", "large"),
        ("of_it", "large"),
        ("ofxit", ""),
        ("%", "large"),
        ('tag:"base line"', "large"),
        ("tag:base", ""),
        ("tag:été", "large"),
        ('"toys · l"', "LSTM large"),
        ("lr<0.01", "LSTM large"),
        ("model:lstm data:toy", "LSTM large"),
        ("seconds>1e9", ""),
        ("'; DROP TABLE runs; --", ""),
    ],
)
def test_a_search_finds_what_fits(find, search, found):
    assert find(search) == {f"Toys · {title}" for title in found.split()}


@pytest.mark.parametrize(
    ("search", "reason"),
    [("unit>3", "no “unit”"), ("units>nan", "isn't a number"), ("units>lots", "“lots” isn't a number")],
)
def test_a_search_that_means_nothing_says_what_would(search, reason):
    with pytest.raises(SearchError, match=reason) as refused:
        search_condition(search, "ann")
    assert refused.value.remedy


@given(st.text(max_size=60) | st.from_regex(r"-?[a-z]{2,8}(<=|>=|!=|[<>=:])\S{1,6}", fullmatch=True))
def test_whatever_is_typed_is_a_search_or_refused(store, text):
    try:
        store.catalog.page(RunView("ann", search=text))
    except SearchError as refused:
        assert refused.remedy
