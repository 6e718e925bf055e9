"""What translating and chatting share: pairs of texts made ready, trained on, and answered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from components.data.datasets import Dataset, Pairs
from components.data.splits.random_split import RandomSplit, random_split
from components.data.tokenizers.tokenizer import (
    END,
    SPECIAL,
    START,
    TokenLevel,
    Vocabulary,
    count_tokens,
    join_tokens,
    tokenize,
)
from components.errors import DataError
from components.insight.example import (
    DatasetExample,
    Example,
    ExampleView,
    ModelOutput,
    UserText,
    evenly_spaced,
)
from components.models.summary import ModelSummary, summarize_translator
from components.recipe import Chat, Preparation, Recipe, Recurrent, Translate
from components.tasks.answers import Alignment, AnswersResult, metrics, score, verdict, verdict_on_talk
from components.tasks.complaint import Complaint
from components.tasks.remembered import remembered
from components.training.events import Snapshot

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

    from components.models.decoding import Hypothesis
    from components.models.seq2seq import Seq2Seq
    from components.tasks.nearest import Near, Nearest

OfPairs = Translate | Chat

SHOWN = 8
"""Texts of the validation part whose answers are shown after every epoch."""
WATCHED = 128
"""Texts of the validation part that are answered after every epoch."""
TESTED = 1000
"""Most texts of the test part that are answered."""
ALIGNED = 60
"""Most answers whose attention is kept, right and wrong ones in equal parts if there are so many."""
MOST_ATTENTION = 2 * 2**30
"""Bytes that additive attention may need for one batch."""
INSIDE_BEAMS = 3
"""Answers to one text that may be looked into."""
MORE = 1.5
"""How much longer than any right answer in the training part an answer may get before it's cut."""


_PORTION = 128  # texts that are answered at the same time
_GUESS = (300, 300, (20, 20))  # sizes of both vocabularies and lengths, where there is no dataset to look at


@dataclass(frozen=True)
class Measures:
    """What of a dataset decides how large a model gets and how long it takes.

    Attributes:
        kept: (pairs,) which are short enough.
        train: pairs to learn from.
        vocabularies: tokens known of either side.
        lengths: tokens of the longest text and of the longest answer with its end, of those kept.
    """

    kept: np.ndarray
    train: int
    vocabularies: tuple[int, int]
    lengths: tuple[int, int]


@dataclass(frozen=True)
class Preview:
    """The pairs of the validation part that are shown after every epoch: texts and right answers."""

    sources: tuple[str, ...]
    truths: tuple[str, ...]


class PairsProblem:
    """Pairs as codes, each as long as it is; an example's number is its pair's in the dataset.

    The vocabularies are those of the training part. Pairs that are too long are in no part.

    Args:
        task: how texts are cut.
        dataset: the pairs.
        parts: which pair is in which part.

    Raises:
        DataError: if no pair is left in a part.
    """

    def __init__(self, task: OfPairs, dataset: Pairs, parts: RandomSplit):
        self.task, self.dataset = task, dataset
        kept = _short(_lengths(dataset, task.level, task.lower), task)
        self.train, self.validation, self.test = (
            part[kept[part]].astype(np.int32) for part in (parts.train, parts.validation, parts.test)
        )
        if not (len(self.train) and len(self.validation) and len(self.test)):
            raise DataError(_too_long(task), where=dataset.title, remedy="Allow longer ones.")
        self.sources, self.answers = (
            _Side(texts, self.train, kept, task) for texts in (dataset.sources, dataset.targets)
        )
        self.longest = int(MORE * np.diff(self.answers.splits)[self.train].max()) + 1
        """tokens of an answer at most, its end included"""
        self.built: Seq2Seq | None = None
        """what `build` made, for `snapshot` to write with"""

    # --- What the loop asks ----------------------------------------------------------------------

    def batch(self, examples: "tf.Tensor") -> "tuple[tuple[tf.Tensor, tf.Tensor], tf.Tensor]":
        """Gather texts (batch, S), their answers behind a start token (batch, T), and what these come to.

        S and T are what the longest of the batch takes; shorter ones are filled up with 0 on the right. The
        targets, (batch, T), are the answers and an end token.
        """
        import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

        sources, answers = (tf.gather(side.ragged, examples) for side in (self.sources, self.answers))
        ones = tf.ones_like(examples)[:, None]
        begun = tf.concat([ones * SPECIAL.index(START), answers.to_tensor()], axis=1)
        targets = tf.concat([answers, ones * SPECIAL.index(END)], axis=1).to_tensor()
        return (sources.to_tensor(), begun), targets

    def loss(self, targets: "tf.Tensor", outputs: "tf.Tensor") -> "tf.Tensor":
        """Return the mean over a batch of each answer's mean −log p of its tokens, in nats.

        What fills an answer up doesn't count. Every answer counts alike, so that it's all the same how they
        are shared out to batches.
        """
        import tensorflow as tf  # noqa: PLC0415

        surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, outputs)
        counts = tf.cast(targets != 0, tf.float32)
        of_each = tf.reduce_sum(surprise * counts, axis=1) / tf.reduce_sum(counts, axis=1)
        return tf.reduce_mean(of_each)

    def snapshot(self, outputs: Callable[[np.ndarray], np.ndarray]) -> Snapshot:
        """Answer some texts of the validation part: the share of right answers, and the first few answers."""
        watched = _watched(self.validation)
        answers = [self.said(best[0].codes) for best in self.write(watched)]
        return Snapshot((self._share(answers, watched),), tuple(answers[:SHOWN]))

    # --- Texts and codes -------------------------------------------------------------------------

    def source(self, number: int) -> str:
        """Return the text of a pair, as its tokens are joined."""
        return spelled(self.dataset.sources[number], self.task)

    def truth(self, number: int) -> str:
        """Return the right answer of a pair, as its tokens are joined."""
        return spelled(self.dataset.targets[number], self.task)

    def said(self, codes: np.ndarray) -> str:
        """Return an answer's text."""
        return self.answers.vocabulary.decode(codes.tolist())

    def pieces(self, codes: np.ndarray) -> tuple[str, ...]:
        """Return an answer's tokens."""
        return tuple(self.answers.vocabulary.tokens[code] for code in codes)

    def tokenize(self, text: str) -> tuple[tuple[str, ...], tuple[bool, ...]]:
        """Return the tokens of a text that is read, and which of them are known."""
        pieces = tuple(tokenize(text, self.task.level, lower=self.task.lower))
        return pieces, tuple(map(self.sources.vocabulary.contains, pieces))

    def training_copies(self, codes: tuple[int, ...]) -> int:
        """Count the answers of the training part that are just these codes, with or without an end."""
        answer = self.said(np.array(codes))
        return sum(self.truth(number) == answer for number in self.train)

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        """Return the codes of texts that may stand in no dataset, (texts, S).

        Raises:
            DataError: if one is empty or too long.
        """
        codes = [self.sources.vocabulary.encode(text) for text in texts]
        longest = max(map(len, codes))
        if not all(map(len, codes)):
            raise DataError("There is nothing to answer.", remedy="Write something.")
        if longest > self.task.longest:
            raise DataError(
                f"This is too long: {longest:,} tokens, and the model was made for {self.task.longest:,}.",
                remedy="Write less.",
            )
        block = np.zeros((len(codes), longest), np.int32)
        for row, one in zip(block, codes, strict=True):
            row[: len(one)] = one
        return block

    # --- Answers ---------------------------------------------------------------------------------

    def write(self, examples: np.ndarray, beams: int = 1) -> "list[list[Hypothesis]]":
        """Answer the texts of pairs: for each one `beams` answers, the best first."""
        from components.models.decoding import beam_search  # noqa: PLC0415

        assert self.built is not None
        found: list[list[Hypothesis]] = []
        for begin in range(0, len(examples), _PORTION):
            sources = self.batch(examples[begin : begin + _PORTION])[0][0].numpy()
            step = self.built.steps(sources, beams)
            searched = beam_search(step, len(sources), beams, self.longest)
            found += [searched.answers(text) for text in range(len(sources))]
        return found

    def right(self, examples: np.ndarray) -> float:
        """Return the share of pairs whose texts are answered exactly right."""
        return self._share([self.said(best[0].codes) for best in self.write(examples)], examples)

    def _share(self, answers: Sequence[str], examples: np.ndarray) -> float:
        pairs = zip(answers, examples, strict=True)
        return float(np.mean([answer == self.truth(number) for answer, number in pairs]))

    @cached_property
    def nearest(self) -> "Nearest":
        """Return what finds the training texts that are most like others."""
        from components.tasks.nearest import Nearest  # noqa: PLC0415

        texts = [self.dataset.sources[number] for number in self.train]
        return Nearest(texts, self.task.level, lower=self.task.lower)

    def neighbours(self, text: str, many: int) -> "tuple[Near, ...]":
        """Return the training pairs whose texts are most like one."""
        from components.tasks.nearest import Near  # noqa: PLC0415

        (places,), (likeness,) = self.nearest.find([text], many)
        return tuple(
            Near(self.dataset.sources[number], self.dataset.targets[number], float(like))
            for number, like in zip(self.train[places], likeness, strict=True)
        )


class _Side:
    """The texts of one side: their vocabulary, and the codes of all of them in one array."""

    def __init__(self, texts: tuple[str, ...], train: np.ndarray, kept: np.ndarray, task: OfPairs):
        self.vocabulary = Vocabulary.fit(
            (texts[number] for number in train), task.level, most=task.vocabulary, lower=task.lower
        )
        nothing = np.empty(0, np.int32)
        codes = [
            self.vocabulary.encode(text) if is_kept else nothing
            for text, is_kept in zip(texts, kept, strict=True)
        ]
        self.codes = np.concatenate(codes)
        self.splits = np.cumsum([0, *map(len, codes)])
        """where each text begins among the codes, and where the last one ends"""

    def of(self, number: int) -> np.ndarray:
        """Return the codes of one text, (tokens,)."""
        return self.codes[self.splits[number] : self.splits[number + 1]]

    @cached_property
    def ragged(self) -> "tf.RaggedTensor":
        """Return the codes, (texts, tokens of each)."""
        import tensorflow as tf  # noqa: PLC0415

        with tf.init_scope():
            return tf.RaggedTensor.from_row_splits(tf.constant(self.codes), self.splits)


# --- The verbs ---------------------------------------------------------------------------------------


def pairs_of(dataset: Dataset) -> Pairs:
    """Return a dataset that is one of pairs.

    Raises:
        DataError: if it is of another kind.
    """
    if not isinstance(dataset, Pairs):
        raise DataError(fits(dataset), where=dataset.title, remedy="Choose other data.")
    return dataset


def fits(dataset: Dataset) -> str:
    """Return why nothing can be learnt from a dataset; nothing where it can."""
    if isinstance(dataset, Pairs):
        return ""
    return f"Learning to answer needs pairs of texts, and this is {dataset.kind_phrase}."


def check(recipe: Recipe, dataset: Dataset) -> tuple[Complaint, ...]:
    """Return what in a recipe can't work on a dataset."""
    if not isinstance(dataset, Pairs):
        return (Complaint("dataset", fits(dataset)),)
    if dataset.size < 3:
        return (Complaint("dataset", f"{dataset.size} pairs are too few: each part needs one."),)
    task = task_of(recipe)
    measured = measures(dataset, task, recipe.preparation)
    if not all(measured.kept[part].any() for part in _parts(dataset, recipe.preparation)):
        return (Complaint("task.longest", f"{_too_long(task)} Allow longer ones."),)
    complaint = _attention_complaint(recipe, measured)
    return (complaint,) if complaint else ()


def examples(recipe: Recipe, dataset: Dataset) -> int:
    """Count the pairs to learn from."""
    return measures(pairs_of(dataset), task_of(recipe), recipe.preparation).train


def plan(recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
    """Describe the model of a recipe; without the dataset, sizes and lengths are guessed."""
    if dataset is None:
        return summarize_translator(recipe.model, *_GUESS)
    measured = measures(pairs_of(dataset), task_of(recipe), recipe.preparation)
    return summarize_translator(recipe.model, *measured.vocabularies, measured.lengths)


def preview(recipe: Recipe, dataset: Dataset) -> Preview:
    """Return which texts of the validation part are answered after every epoch."""
    pairs, task = pairs_of(dataset), task_of(recipe)
    validation = _parts(pairs, recipe.preparation)[1]
    shown = _watched(validation[measures(pairs, task, recipe.preparation).kept[validation]])[:SHOWN]
    return Preview(
        tuple(spelled(pairs.sources[number], task) for number in shown),
        tuple(spelled(pairs.targets[number], task) for number in shown),
    )


def prepare(recipe: Recipe, dataset: Dataset) -> PairsProblem:
    """Make a dataset ready to train on."""
    pairs = pairs_of(dataset)
    return PairsProblem(task_of(recipe), pairs, random_split(pairs.size, recipe.preparation))


def build(recipe: Recipe, problem: PairsProblem) -> "Seq2Seq":
    """Build the model."""
    from components.models.seq2seq import build_seq2seq  # noqa: PLC0415 - brings in TensorFlow

    vocabularies = len(problem.sources.vocabulary), len(problem.answers.vocabulary)
    problem.built = build_seq2seq(recipe.model, *vocabularies, recipe.seed)
    return problem.built


def evaluate(
    problem: PairsProblem,
    outputs: Callable[[np.ndarray], np.ndarray],
    built: "Seq2Seq",
    best_epoch: int,
) -> AnswersResult:
    """Hold the model's answers to the test part against the right ones and against those of simple rules.

    Args:
        problem: what `prepare` gave.
        outputs: not needed: answers are written, not given.
        built: what `build` gave, trained.
        best_epoch: the epoch whose weights these are.
    """
    task, tested = problem.task, evenly_spaced(problem.test, TESTED)
    beams = task.beams if isinstance(task, Translate) else 1
    written = [found[0] for found in problem.write(tested, beams)]
    sources, truths = (tuple(map(side, tested)) for side in (problem.source, problem.truth))
    answers = tuple(problem.said(one.codes) for one in written)
    near = problem.train[problem.nearest.find([problem.dataset.sources[n] for n in tested])[0][:, 0]]
    near_answers = tuple(map(problem.truth, near))
    everyone = {
        "model": ("Your model", answers),
        "nearest": ("The most similar training pair", near_answers),
        "copy": ("Copy the text", sources),
    }
    scores = tuple(score(name, label, said, truths, task.level) for name, (label, said) in everyone.items())
    remembered = problem.right(evenly_spaced(problem.train, WATCHED))
    if isinstance(task, Chat):
        sentence, won = verdict_on_talk(scores[0], scores[1:], len(tested), remembered)
    else:
        sentence, won = verdict(scores[0], scores[1:], len(tested))
    learnt = {problem.source(number) for number in problem.train}
    codes = [problem.sources.vocabulary.encode(text) for text in sources]
    looks = bool(written[0].weights.any())
    return AnswersResult(
        names=problem.dataset.names,
        scores=scores,
        verdict=sentence,
        won=won,
        best_epoch=best_epoch,
        level=task.level,
        beams=beams,
        metrics=metrics(task.level),
        unseen=len(problem.test),
        repeated=sum(text in learnt for text in sources),
        remembered=remembered,
        unknown=float(np.mean(np.concatenate(codes) == SPECIAL.index("<unknown>"))),
        sources=sources,
        truths=truths,
        answers=answers,
        near_sources=tuple(map(problem.source, near)),
        near_answers=near_answers,
        alignments=_alignments(problem, sources, truths, answers, written) if looks else (),
    )


def whole(problem: PairsProblem, model: "keras.Model") -> "keras.Model":
    """Return the model as it is taken away: with its vocabularies, from texts to the next token."""
    from components.models.export_seq2seq import export_seq2seq  # noqa: PLC0415 - brings in TensorFlow

    return export_seq2seq(model, problem.sources.vocabulary, problem.answers.vocabulary)


def sample(problem: PairsProblem, built: "Seq2Seq", asked: DatasetExample | UserText) -> Example:
    """Return a text with an answer that the model writes to it: one of the test part, or one that is typed.

    Raises:
        DataError: if it is empty or too long.
    """
    from components.models.decoding import beam_search  # noqa: PLC0415 - in a worker only

    if isinstance(asked, DatasetExample):
        number = int(problem.test[asked.place % len(problem.test)])
        codes, truth = problem.sources.of(number), f"; right is “{problem.truth(number)}”"
    else:
        codes, truth = problem.encode_texts([asked.text])[0], ""
    beams = max(INSIDE_BEAMS, problem.task.beams if isinstance(problem.task, Translate) else 1)
    found = beam_search(built.steps(codes[None], beams), 1, beams, problem.longest).answers(0)
    best = found[min(asked.candidate, len(found) - 1)]
    said = tuple(problem.said(one.codes) for one in found)
    sentence = f"It answers “{problem.said(best.codes)}”{truth}."
    names = _pieces_of(problem, codes, asked)
    return _example(problem, codes, names, best.codes, sentence, said)


def spread(problem: PairsProblem, most: int) -> list[Example]:
    """Return pairs from all of the data, evenly, with their right answers."""
    every = np.concatenate([problem.train, problem.validation, problem.test])
    found = []
    for number in evenly_spaced(every, most).tolist():
        codes = problem.sources.of(number)
        answer = np.append(problem.answers.of(number), SPECIAL.index(END))
        found.append(_example(problem, codes, _pieces_of(problem, codes, DatasetExample(0)), answer, "", ()))
    return found


def _pieces_of(problem: PairsProblem, codes: np.ndarray, asked: DatasetExample | UserText) -> tuple[str, ...]:
    if isinstance(asked, DatasetExample):
        return tuple(problem.sources.vocabulary.tokens[code] for code in codes)
    return problem.tokenize(asked.text)[0]


def _example(
    problem: PairsProblem,
    codes: np.ndarray,
    names: tuple[str, ...],
    answer: np.ndarray,
    said: str,
    candidates: tuple[str, ...],
) -> Example:
    pieces = problem.pieces(answer)
    return Example(
        inputs=(codes, np.array([SPECIAL.index(START), *answer[:-1]], np.int32)),
        fills=(0, 0),
        first=0,
        missing=0,
        score="chance",
        answers=tuple(
            ModelOutput(piece, (place, int(code)), row=place)
            for place, (piece, code) in enumerate(zip(pieces, answer, strict=True))
        ),
        shown=ExampleView(names, None, (), pieces, 0, said, len(problem.test), candidates),
    )


# --- Their parts -------------------------------------------------------------------------------------


def task_of(recipe: Recipe) -> OfPairs:
    """Return the task of a recipe that learns from pairs."""
    return recipe.require_task(Chat) if recipe.task.kind == "chat" else recipe.require_task(Translate)


def spelled(text: str, task: OfPairs) -> str:
    """Return a text as its tokens are joined again, which makes texts comparable."""
    return join_tokens(tokenize(text, task.level, lower=task.lower), task.level)


@remembered
def measures(dataset: Pairs, task: OfPairs, preparation: Preparation) -> Measures:
    """Measure a dataset."""
    lengths = _lengths(dataset, task.level, task.lower)
    kept = _short(lengths, task)
    train = _parts(dataset, preparation)[0]
    train = train[kept[train]]
    read, written = lengths[kept].max(axis=0).tolist() if kept.any() else (1, 1)
    sizes = []
    for texts in (dataset.sources, dataset.targets):
        counts = count_tokens((texts[number] for number in train), task.level, lower=task.lower)
        sizes.append(min(task.vocabulary, len(SPECIAL) + len(counts)))
    return Measures(kept, len(train), (sizes[0], sizes[1]), (read, written + 1))


@remembered
def _lengths(dataset: Pairs, level: TokenLevel, lower: bool) -> np.ndarray:
    """Count the tokens of both sides, (pairs, 2)."""
    sides = (dataset.sources, dataset.targets)
    return np.array([[len(tokenize(text, level, lower=lower)) for text in side] for side in sides]).T


def _short(lengths: np.ndarray, task: OfPairs) -> np.ndarray:
    """Return which pairs are short enough on both sides, (pairs,) bool."""
    return np.all(lengths <= task.longest, axis=1)


def _parts(dataset: Pairs, preparation: Preparation) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    drawn = random_split(dataset.size, preparation)
    return drawn.train, drawn.validation, drawn.test


def _watched(validation: np.ndarray) -> np.ndarray:
    return evenly_spaced(validation, WATCHED)


def _alignments(
    problem: PairsProblem,
    sources: Sequence[str],
    truths: Sequence[str],
    answers: Sequence[str],
    written: "Sequence[Hypothesis]",
) -> tuple[Alignment, ...]:
    """Keep the attention of the first right and the first wrong answers."""
    right = [text for text, answer in enumerate(answers) if answer == truths[text]]
    wrong = [text for text, answer in enumerate(answers) if answer != truths[text]]
    many_wrong = min(len(wrong), max(ALIGNED // 2, ALIGNED - len(right)))
    kept = sorted([*wrong[:many_wrong], *right[: ALIGNED - many_wrong]])
    found = []
    for text in kept:
        pieces = tuple(tokenize(sources[text], problem.task.level))
        weights = written[text].weights[:, : len(pieces)]
        found.append(Alignment(text, pieces, problem.pieces(written[text].codes), weights))
    return tuple(found)


def _too_long(task: OfPairs) -> str:
    return f"Hardly any pair has no more than {task.longest:,} tokens on both sides."


def _attention_complaint(recipe: Recipe, measured: Measures) -> Complaint | None:
    model = recipe.model
    if not isinstance(model, Recurrent) or model.attention != "additive":
        return None
    read, written = measured.lengths
    need = 4 * recipe.training.batch * read * written * model.units * (2 if model.bidirectional else 1)
    if need > MOST_ATTENTION:
        return Complaint(
            "model.attention",
            f"Additive attention at this size needs {need / 2**30:.0f} GB for each step of training. "
            "Choose dot-product attention, a smaller batch, or leave longer texts out.",
        )
    return None
