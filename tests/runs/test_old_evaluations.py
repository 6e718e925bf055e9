"""What an older run came to is read from its results once, and noted."""

from components.recipe import Forecast, Recipe, Sample
from components.runs.artifacts import RunFiles
from components.runs.old_evaluations import with_evaluations
from components.tasks.result_file import pack
from components.training.events import Status
from tests.charts import forecast_result as made

RECIPE = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="level"))


def test_an_older_run_is_listed_with_what_it_came_to(store, server, tmp_path):
    ids = [store.add(RECIPE, "ann", title).id for title in ("measured", "without files")]
    for run_id in ids:
        store.write([(run_id, store.begin(run_id, server), Status(status="finished"))])
    artifacts = str(tmp_path / "artifacts")
    RunFiles.of(artifacts, ids[0]).write(pack(made.result()), b"model")
    measured, bare = with_evaluations(store, artifacts, store.catalog.entries(ids, "ann"))
    assert measured.evaluation.model == made.result().scores[0].mae
    assert bare.evaluation is None
    assert store.catalog.entries(ids, "ann") == (measured, bare)
