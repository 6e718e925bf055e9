"""A character model of a whole novel: what it costs after three minutes, and how fast it writes."""

import time

import pytest

from components.data import load
from components.recipe import ModelLanguage, Optimizer, Recipe, Recurrent, Sample, Training
from components.tasks import model_language as language
from components.tasks.language_model.generate import GenerationRequest, generate
from components.training.loop import Loop

SECONDS = 180
RECIPE = Recipe(
    dataset=Sample(name="moby_dick"),
    task=ModelLanguage(level="character", window=50),
    model=Recurrent(kind="lstm", units=128, layers=2),
    optimizer=Optimizer(learning_rate=0.002),
    training=Training(batch=50, epochs=1000, patience=None),
)


@pytest.mark.acceptance
@pytest.mark.timeout(900)
def test_a_novel_in_three_minutes(record_property):
    problem = language.prepare(RECIPE, load(RECIPE.dataset))
    built = language.build(RECIPE, problem)
    loop = Loop(built.model, problem, RECIPE)
    began = time.monotonic()
    while time.monotonic() - began < SECONDS:
        loop.run(4)
        if loop.at_epoch_end:
            loop.end_epoch()
    result = language.evaluate(problem, loop.outputs, built, loop.progress.best_epoch)
    scores = {score.name: score for score in result.scores}
    began = time.monotonic()
    written = generate(problem, built.generator, GenerationRequest("Call me ", 1000)).tokens
    speed = len(written) / (time.monotonic() - began)
    record_property("nats per character", scores["model"].nats)
    record_property("steps", loop.progress.step)
    record_property("characters per second", speed)
    assert scores["model"].nats < 1.95
    assert scores["model"].nats < scores["trigram"].nats
    assert speed >= 200
