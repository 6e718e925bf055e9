"""The task of modelling language: predict the next token of a text from all before it, and so write."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from components.data import NO_PREPARATION
from components.data.datasets import Dataset, Texts
from components.data.splits import stateful_batches
from components.errors import DataError
from components.insight.example import DatasetExample, Example, ExampleChoice, UserSequence, evenly_spaced
from components.models.summary import ModelSummary, summarize_writer
from components.recipe import ModelLanguage, Preparation, Recipe
from components.tasks.issue import Issue
from components.tasks.language_model import checks
from components.tasks.language_model.evaluate import evaluate
from components.tasks.language_model.generate import (
    GeneratedText,
    GenerationRequest,
    generate,
    generate_sample,
)
from components.tasks.language_model.inspect import typed_example, window_example
from components.tasks.language_model.metrics import METRICS
from components.tasks.language_model.model import BuiltLanguageModel
from components.tasks.language_model.problem import LanguageProblem
from components.tasks.language_model.result import LanguageResult
from components.tasks.language_model.sizes import is_too_long, sizes
from components.tasks.language_model.suggest import suggest
from components.tasks.task import Outputs, Task

if TYPE_CHECKING:
    import keras

    from components.models.language_model import StreamReader


class ModelLanguageTask(Task[LanguageProblem, BuiltLanguageModel, LanguageResult]):
    """Predict the next token of a text."""

    kind = "model_language"
    loss_settings = ("level", "vocabulary")
    result_class = LanguageResult
    metrics = METRICS

    def why_unsuitable(self, dataset: Dataset) -> str:
        """Return why no language can be learnt from a dataset; "" where one can."""
        if isinstance(dataset, Texts):
            return ""
        return f"A language model needs texts, and this is {dataset.kind_phrase}."

    def texts(self, dataset: Dataset) -> Texts:
        """Return a dataset that is one of texts.

        Raises:
            DataError: if it is of another kind.
        """
        if not isinstance(dataset, Texts):
            raise DataError(
                self.why_unsuitable(dataset), where=dataset.title, remedy="Choose a text dataset."
            )
        return dataset

    def issues(self, recipe: Recipe, dataset: Dataset) -> tuple[Issue, ...]:
        """Return what in a recipe can't work on a dataset."""
        if not isinstance(dataset, Texts):
            return (Issue("dataset", self.why_unsuitable(dataset)),)
        return checks.issues(recipe, dataset)

    def example_count(self, recipe: Recipe, dataset: Dataset) -> int:
        """Return the number of windows of the training set; of byte pairs about that."""
        task, training = recipe.require_task(ModelLanguage), sizes(recipe, dataset).parts[0]
        return (
            stateful_batches.windows_per_stream(training, recipe.training.batch, task.window)
            * recipe.training.batch
        )

    def suggest(self, dataset: Dataset, preparation: Preparation = NO_PREPARATION) -> Recipe:
        """Return a first recipe that is right for most texts."""
        return suggest(self.texts(dataset), preparation)

    def plan(self, recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
        """Return the plan of a recipe's model; without the dataset the vocabulary is taken to be full."""
        task = recipe.require_task(ModelLanguage)
        vocabulary = task.vocabulary
        if isinstance(dataset, Texts) and not is_too_long(dataset):
            vocabulary = sizes(recipe, dataset).vocabulary
        return summarize_writer(recipe.model, vocabulary, task.embedding, task.window, tied=task.tied)

    def preview(self, recipe: Recipe, dataset: Dataset) -> None:
        """Return nothing: what a run writes after every epoch has no truth beside it."""

    def prepare(self, recipe: Recipe, dataset: Dataset) -> LanguageProblem:
        """Return a text ready to train on.

        Raises:
            DataError: if it is no text, or too short a one.
        """
        return LanguageProblem(recipe, self.texts(dataset))

    def build(self, recipe: Recipe, problem: LanguageProblem) -> BuiltLanguageModel:
        """Return a new model for a problem, whose snapshots are written by it from then on."""
        from components.models.language_model import StreamReader, TokenGenerator, build_core  # noqa: PLC0415 - brings in TensorFlow

        task = problem.task
        sizes = len(problem.lexicon), task.embedding, task.window
        inner = build_core(recipe.model, *sizes, recipe.seed, tied=task.tied)
        pen = TokenGenerator(inner, recipe.model)
        problem.sampler = partial(generate_sample, pen)
        return BuiltLanguageModel(StreamReader(inner, problem.streams), inner, pen)

    def evaluate(
        self, problem: LanguageProblem, outputs: Outputs, built: BuiltLanguageModel, best_epoch: int
    ) -> LanguageResult:
        """Measure a trained model on the test set, which is read in one go, beside the n-gram baselines."""
        return evaluate(problem, built, best_epoch)

    def export_model(self, problem: LanguageProblem, model: "StreamReader") -> "keras.Model":
        """Return the model for download: from texts to the probabilities of the next token."""
        from components.models.language_model import export_language_model  # noqa: PLC0415 - brings in TensorFlow

        return export_language_model(model.core, problem.recipe.model, problem.lexicon)

    def predict(
        self, problem: LanguageProblem, built: BuiltLanguageModel, question: GenerationRequest
    ) -> GeneratedText:
        """Return the text that a person asks for, or the next part of it."""
        return generate(problem, built.generator, question)

    def sample(self, problem: LanguageProblem, built: BuiltLanguageModel, asked: ExampleChoice) -> Example:
        """Return a passage to look into: a window of the test set, or a text that a person writes.

        Raises:
            DataError: if there is nothing in it to read, or it is no text.
        """
        if isinstance(asked, UserSequence):
            raise DataError("The model reads text, not numbers.", remedy="Enter a text.")
        if isinstance(asked, DatasetExample):
            return window_example(problem, int(problem.starts[problem.test[asked.place % len(problem.test)]]))
        return typed_example(problem, built, asked.text)

    def sample_evenly(self, problem: LanguageProblem, most: int) -> list[Example]:
        """Return windows from all of the data, evenly."""
        every = np.concatenate([problem.train, problem.validation, problem.test])
        starts = np.unique(problem.starts[every])
        return [window_example(problem, int(start)) for start in evenly_spaced(starts, most)]
