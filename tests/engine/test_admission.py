import pytest

from components.engine.admission import require_place, require_room
from components.errors import LimitError
from components.recipe import Forecast, Recipe, Sample
from components.runs.store import RunStore
from components.settings import Settings

SETTINGS = Settings(visitor_runs=2, visitor_bytes=1000)
RECIPE = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots"))


@pytest.fixture
def store():
    store = RunStore("sqlite:///:memory:")
    yield store
    store.close()


def test_runs_in_turns_are_one_and_further_trainings_count(store):
    for task in ("pair", "pair", None):
        require_place(store, SETTINGS, "ann")
        store.begin(store.add(RECIPE, "ann", "Toys").id, "here", task=task)
    with pytest.raises(LimitError, match="2 runs in the queue or in training"):
        require_place(store, SETTINGS, "ann")
    require_place(store, SETTINGS, "bob")
    with pytest.raises(LimitError):
        require_place(store, SETTINGS, "bob", others=2)


def test_files_of_a_visitor_have_only_so_much_room(store):
    store.add_upload("a" * 32, "ann", "series.csv", 600)
    require_room(store, SETTINGS, "ann", 400)
    with pytest.raises(LimitError) as refused:
        require_room(store, SETTINGS, "ann", 401)
    assert refused.value.remedy == "Delete a file that you no longer need."
    require_room(store, SETTINGS, "bob", 1000)
