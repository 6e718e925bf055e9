"""The task of telling the class of a text, such as how good or bad it sounds."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from components.data.datasets import Classes, Dataset, Texts
from components.data.splits.random_split import RandomSplit, random_split
from components.data.tokenizers.tokenizer import PaddingSide, Vocabulary, tokenize
from components.errors import DataError
from components.insight.example import DatasetExample, Example, UserText, evenly_spaced
from components.models.summary import ModelSummary, summarize_of_codes
from components.recipe import ClassifyTexts, Recipe
from components.tasks.classes import checks, inside
from components.tasks.classes.problem import PREVIEW, LabelledProblem, shares
from components.tasks.classes.reasons import Told, told
from components.tasks.classes.result import ClassesResult, Reading
from components.tasks.complaint import Complaint
from components.tasks.flat import Flat

if TYPE_CHECKING:
    import keras

    from components.models.classifier import Classifier

Result = ClassesResult

_GUESSED_CLASSES = 3
_SIDES: tuple[PaddingSide, ...] = ("left", "right")


@dataclass(frozen=True)
class Written:
    """A text that a person asks about."""

    text: str


@dataclass(frozen=True, eq=False)
class ToldText:
    """What a model tells of a text.

    Attributes:
        tokens: those that were read, as the model knows them.
        known: whether each is in the vocabulary.
        cut: how many more there were.
        told: of the tokens that were read; None where there was none.
    """

    tokens: tuple[str, ...]
    known: tuple[bool, ...]
    cut: int
    told: Told | None


@dataclass(frozen=True)
class Preview:
    """What the counts are that a run takes of the validation part after every epoch: of these classes."""

    names: tuple[str, ...]
    examples: int


class TextsProblem(LabelledProblem):
    """Texts with classes, as codes of a vocabulary that knows the training part only."""

    def __init__(self, recipe: Recipe, dataset: Texts):
        task = self.task = recipe.require_task(ClassifyTexts)
        self.dataset, classes = dataset, _classes_of(dataset)
        drawn = _drawn(recipe, classes)
        self.vocabulary = Vocabulary.fit(
            (dataset.texts[number] for number in drawn.train),
            task.level,
            most=task.vocabulary,
            lower=task.lower,
        )
        coded = [self.vocabulary.encode(text) for text in dataset.texts]
        self.codes = np.concatenate(
            [*coded, np.zeros(1, np.int32)]
        )  # never empty, so that it can be gathered
        self.offsets = np.concatenate([[0], np.cumsum([len(codes) for codes in coded])])
        super().__init__(self._cut(task.cut), classes, drawn, task.balanced, task.pad)

    def otherwise(self, cut: PaddingSide, pad: PaddingSide) -> LabelledProblem:
        """Return the same texts, cut and filled up on other sides."""
        drawn = RandomSplit(self.train, self.validation, self.test)
        return LabelledProblem(self._cut(cut), self.classes, drawn, pad=pad)

    def _cut(self, side: PaddingSide) -> Flat:
        return Flat.of(self.codes, self.offsets, self.task.longest, side)


# --- The verbs -------------------------------------------------------------------------------------


def fits(dataset: Dataset) -> str:
    """Return why the classes of a dataset's texts can't be told; nothing where they can."""
    if not isinstance(dataset, Texts):
        return f"Telling classes of texts needs texts, and this is {dataset.kind_phrase}."
    if dataset.classes is None:
        return "Telling classes needs a class for each text, and these have none."
    return ""


def check(recipe: Recipe, dataset: Dataset) -> tuple[Complaint, ...]:
    """Return what in a recipe can't work on a dataset."""
    if fits(dataset):
        return (Complaint("dataset", fits(dataset)),)
    return checks.complaints(recipe, _classes_of(dataset), recipe.require_task(ClassifyTexts).longest)


def examples(recipe: Recipe, dataset: Dataset) -> int:
    """Count the texts of the training part."""
    return len(_drawn(recipe, _classes_of(dataset)).train)


def plan(recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
    """Describe the model of a recipe, its vocabulary taken for full: to count words takes too long here."""
    task = recipe.require_task(ClassifyTexts)
    classes = _GUESSED_CLASSES if dataset is None else len(_classes_of(dataset).names)
    return summarize_of_codes(recipe.model, task.vocabulary, task.embedding, classes, task.longest)


def preview(recipe: Recipe, dataset: Dataset) -> Preview:
    """Return what the numbers of a snapshot are: for each class, what its texts are taken for."""
    classes = _classes_of(dataset)
    return Preview(classes.names, min(PREVIEW, len(_drawn(recipe, classes).validation)))


def prepare(recipe: Recipe, dataset: Dataset) -> TextsProblem:
    """Make a dataset ready to train on."""
    if not isinstance(dataset, Texts):
        raise DataError(fits(dataset), where=dataset.title, remedy="Choose texts with classes.")
    return TextsProblem(recipe, dataset)


def build(recipe: Recipe, problem: TextsProblem) -> "Classifier":
    """Build the model."""
    from components.models.classifier import build_text_classifier  # noqa: PLC0415 - brings in TensorFlow

    known, names, longest = len(problem.vocabulary), len(problem.names), problem.task.longest
    return build_text_classifier(recipe.model, known, problem.task.embedding, names, longest, recipe.seed)


def evaluate(
    problem: TextsProblem,
    outputs: Callable[[np.ndarray], np.ndarray],
    built: "Classifier",
    best_epoch: int,
) -> ClassesResult:
    """Hold what the model says of the test part against the truth, the class prior and a linear model.

    Args:
        problem: what `prepare` gave.
        outputs: maps examples to the trained model's outputs.
        built: what `build` gave, trained.
        best_epoch: the epoch whose weights these are.
    """
    from components.tasks.classes.evaluating import evaluated  # noqa: PLC0415 - brings in scikit-learn

    rules = [
        ("linear", "TF-IDF, logistic regression", *_linear(problem, None)),
        ("balanced", "TF-IDF, classes balanced", *_linear(problem, "balanced")),
    ]
    readings = tuple(_reading(problem, built, cut, pad) for cut in _SIDES for pad in _SIDES)
    return evaluated(problem, outputs, rules, best_epoch, problem.dataset.notes, readings)


def whole(problem: TextsProblem, model: "keras.Model") -> "keras.Model":
    """Return the model as it is taken away: it takes texts and names a class."""
    from components.models.export_model import export_text_classifier  # noqa: PLC0415 - brings in TensorFlow

    task = problem.task
    return export_text_classifier(model, problem.names, problem.vocabulary, task.longest, task.cut)


def predict(problem: TextsProblem, built: "Classifier", asked: Written) -> ToldText:
    """Return the class of a text that a person writes, and which of its tokens did it."""
    read, kept = _read(problem, asked.text)
    codes = problem.vocabulary.encode(asked.text)
    return ToldText(
        tuple(read),
        tuple(map(problem.vocabulary.contains, read)),
        len(codes) - len(read),
        told(built, codes[kept], problem.task.longest, problem.empty) if read else None,
    )


def sample(problem: TextsProblem, built: "Classifier", asked: DatasetExample | UserText) -> Example:
    """Return a text to look at: one of the test part, or one that a person writes.

    Raises:
        DataError: if there is nothing in it to read.
    """
    if isinstance(asked, DatasetExample):
        number = int(problem.test[asked.place % len(problem.test)])
        return _example(problem, problem.dataset.texts[number], int(problem.classes.codes[number]), built)
    return _example(problem, asked.text, None, built)


def spread(problem: TextsProblem, most: int) -> list[Example]:
    """Return texts from all of the data, evenly; those without a token are passed over."""
    every = np.flatnonzero(problem.flat.lengths)
    return [
        _example(problem, problem.dataset.texts[number], int(problem.classes.codes[number]))
        for number in evenly_spaced(every, most)
    ]


# --- Their parts -----------------------------------------------------------------------------------


def _example(
    problem: TextsProblem, text: str, truth: int | None, built: "Classifier | None" = None
) -> Example:
    pieces, kept = _read(problem, text)
    if not pieces:
        raise DataError("There is nothing in it to read.", remedy="Take another one.")
    codes = problem.vocabulary.encode(text)[kept]
    return inside.example(problem, codes, tuple(pieces), truth=truth, built=built)


def _read(problem: TextsProblem, text: str) -> tuple[list[str], slice]:
    """Return the tokens of a text that are read, and which they are of all."""
    task = problem.task
    pieces = tokenize(text, task.level, lower=task.lower)
    first = max(0, len(pieces) - task.longest) if task.cut == "left" else 0
    kept = slice(first, first + task.longest)
    return pieces[kept], kept


def _classes_of(dataset: Dataset) -> Classes:
    if isinstance(dataset, Texts) and dataset.classes is not None:
        return dataset.classes
    raise DataError(fits(dataset), where=dataset.title, remedy="Choose texts with classes.")


def _drawn(recipe: Recipe, classes: Classes) -> RandomSplit:
    return random_split(len(classes.codes), recipe.preparation, classes=classes)


def _linear(problem: TextsProblem, weights: str | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the classes of the test part by logistic regression on TF-IDF, and its probabilities.

    Of words, or of up to four characters in a row, cut as for the model; of all of them, where the model
    knows only the most frequent.

    Args:
        problem: whose training part it learns from.
        weights: `balanced` makes rare classes count as much as frequent ones, None doesn't.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - for a worker
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    task = problem.task
    counting = TfidfVectorizer(
        tokenizer=partial(tokenize, level=task.level, lower=task.lower),
        token_pattern=None,
        lowercase=False,
        ngram_range=(1, 1) if task.level == "word" else (1, 4),
    )
    texts, codes = problem.dataset.texts, problem.classes.codes
    learnt = counting.fit_transform([texts[number] for number in problem.train])
    model = LogisticRegression(solver="newton-cg", class_weight=weights)
    model.fit(learnt, codes[problem.train])
    found = model.predict_proba(counting.transform([texts[number] for number in problem.test]))
    sure = np.zeros((len(problem.test), len(problem.names)))
    sure[:, model.classes_] = found
    return sure.argmax(axis=1), sure


def _reading(problem: TextsProblem, built: "Classifier", cut: PaddingSide, pad: PaddingSide) -> Reading:
    """Return how well the model does where the test part is cut and filled up on these sides."""
    from components.tasks.classes.scoring import score  # noqa: PLC0415 - brings in scikit-learn

    other = problem.otherwise(cut, pad)
    portions = np.array_split(problem.test, -(-len(problem.test) // 512))
    logits = [built.model(other.batch(portion)[0]).numpy() for portion in portions]
    said = shares(np.concatenate(logits)).argmax(axis=1)
    scored = score("model", "", problem.classes.codes[problem.test], said, None)
    return Reading(cut, pad, scored.accuracy, scored.balanced)
