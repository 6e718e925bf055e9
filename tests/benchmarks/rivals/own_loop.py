"""The app's own loop, with every gradient norm measured."""

from components.data import load
from components.recipe import (
    Forecast,
    Generated,
    ModelLanguage,
    Recipe,
    Recurrent,
    Sample,
    Training,
    Translate,
)
from components.tasks import task_of
from components.training.loop import Loop, TrainingProgress
from tests.benchmarks.rivals.network import Cell, Characters, Dates, Network

CALL = 0.2  # seconds of one call, as in the app


class OwnLoop:
    """Trains as a worker does, in calls as long as the app's.

    Args:
        network: what to train.
        seconds: that one timing should take.
    """

    name = "Unroll"

    def __init__(self, network: Network, seconds: float):
        recipe = _recipe(network)
        task = task_of(recipe)
        problem = task.prepare(recipe, load(recipe.dataset))
        model = task.build(recipe, problem).model
        self._loop = Loop(model, problem, recipe)
        self._seconds, self._call = seconds, 1
        self._advance()  # traces
        spent, made = self._advance()
        self._call = max(1, round(CALL * made / spent))
        self._advance()

    def milliseconds(self) -> float:
        """Time a training step."""
        spent, made = 0.0, 0
        while spent < self._seconds:
            seconds, steps = self._advance()
            spent, made = spent + seconds, made + steps
        return 1000 * spent / made

    def _advance(self) -> tuple[float, int]:
        """Make one call, and give its seconds and its steps."""
        steps = self._loop.run(self._call)
        if self._loop.at_epoch_end:  # on to the next, without the validation: the others have none
            done = self._loop.progress
            self._loop.progress = TrainingProgress(step=done.step, epoch=done.epoch + 1)
        return steps.seconds, len(steps.losses)


def _recipe(network: Network) -> Recipe:
    training = Training(batch=network.batch, epochs=10_000, patience=None)
    match network:
        case Cell():
            return Recipe(
                dataset=Generated(name="sine", length=20_000),
                task=Forecast(target="value", window=network.steps, horizon=1),
                model=Recurrent(kind=network.kind, units=network.units, layers=network.layers),
                training=training,
            )
        case Characters():
            return Recipe(
                dataset=Sample(name="moby_dick"),
                task=ModelLanguage(window=network.steps, embedding=network.embedding),
                model=Recurrent(kind="lstm", units=network.units, layers=network.layers),
                training=training,
            )
        case Dates():
            return Recipe(
                dataset=Generated(name="dates", length=12_000),
                task=Translate(level="character"),
                model=Recurrent(kind="lstm", units=network.units, bidirectional=True, attention="additive"),
                training=training,
            )
