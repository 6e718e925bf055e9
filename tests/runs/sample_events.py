"""A recipe, and what a run of it might say: loss of step n is 1/n, its norms are n and n/2."""

from components.recipe import Forecast, Recipe, Sample, Training
from components.studies import Sweep
from components.training.events import EpochEnd, GradientThroughTime, Snapshot, Steps, TrainingStart

RECIPE = Recipe(
    dataset=Sample(name="toy"), task=Forecast(target="toy"), training=Training(epochs=5, patience=None)
)
SWEEP = Sweep(recipe=RECIPE, setting="model.units", values=(8, 16), seeds=2)
TRAINING_START = TrainingStart(parameters=7, layers=("lstm", "dense"), steps_per_epoch=10, clip=1.0)


def steps(first: int, last: int, seconds: float = 0.5, losses: tuple[float, ...] | None = None) -> Steps:
    numbers = range(first, last + 1)
    return Steps(
        first=first,
        losses=losses or tuple(1 / number for number in numbers),
        before=tuple(float(number) for number in numbers),
        after=tuple(number / 2 for number in numbers),
        layers=(tuple(number / 4 for number in numbers), tuple(number / 8 for number in numbers)),
        learning_rate=0.003,
        seconds=seconds,
    )


def gradient(step: int) -> GradientThroughTime:
    return GradientThroughTime(
        step=step,
        length=100,
        rows=("input", "lstm_1"),
        norms=((step + 1.0, 2.0, 3.0), (1e-12, 0.0, float("inf"))),
        ratios=(0.01234567, float("nan")),
        pressed=(("lstm_1", "f", 0.0, 0.25), ("lstm_1", "candidate", 0.5, 0.5)),
    )


def epoch_end(number: int, validation: float = 0.5) -> EpochEnd:
    return EpochEnd(
        epoch=number,
        step=10 * number,
        training=1.0,
        validation=validation,
        best=True,
        snapshot=Snapshot((1.5, number), ("a “word”",)),
    )
