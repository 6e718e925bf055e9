"""What a run says of itself from its training's end to its results."""

from components.engine.train_job import run_job
from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from components.runs.artifacts import RunFiles
from components.storage import Folder
from components.training.control import CommandQueue
from components.training.events import Status, Steps
from components.training.limits import Limits

RECIPE = Recipe(
    dataset=Generated(name="sine", length=60),
    task=Forecast(target="value", window=4, horizon=1),
    model=Recurrent(kind="simple_rnn", units=2),
    training=Training(batch=32, epochs=1),
)


def test_it_says_that_it_is_measured_before_it_says_that_it_is_over(tmp_path):
    said, folder = [], Folder(str(tmp_path))
    run_job(RECIPE, said.append, CommandQueue(), folder, Limits(600, 2**40, 60))
    *_, measured, over = [message for message in said if isinstance(message, Status)]
    assert (measured.status, over.status) == ("running", "finished")
    assert "being evaluated" in measured.reason
    assert said.index(measured) > max(at for at, one in enumerate(said) if isinstance(one, Steps))
    assert RunFiles(folder).has_result()
