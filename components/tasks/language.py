"""The language task: foretell the next token of a text from all before it, and write."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from components.data.datasets import Dataset, Texts
from components.data.splits import stateful_batches
from components.data.splits.corpus import build_corpus
from components.data.tokenizers.subword_tokenizer import (
    UNKNOWN,
    SubwordLevel,
    SubwordTokenizer,
    min_byte_pair_tokens,
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
from components.models.sampling import SamplingOptions, sample_token, sampling_probabilities
from components.models.summary import ModelSummary, summarize_writer
from components.recipe import ModelLanguage, Preparation, Recipe, Recurrent, Transformer
from components.tasks.complaint import Complaint
from components.tasks.language_result import LanguageResult, Score
from components.tasks.ngrams import KneserNey, Speller, unigram
from components.tasks.passage import Token, token
from components.tasks.remembered import remembered
from components.training.events import Snapshot

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

    from components.models.language_model import LanguageState, StreamReader, TokenGenerator

Result = LanguageResult

MOST_CHARACTERS = 20_000_000
"""Of a text to learn from."""
MOST_LOGITS = 2**30
"""Bytes that a model's answers to one batch may take."""
LONGEST_PROMPT = 2000
"""Characters of a prompt that are read: its last."""
SAMPLE = {"character": 240, "word": 60, "byte_pair": 80}
"""Tokens that a run writes after every epoch."""
SAMPLE_TASTE = SamplingOptions(temperature=0.8)
_SHOWN = {"character": 600, "word": 150, "byte_pair": 200}  # tokens of the test part with every guess
_LOOKED_AT = 200_000  # characters that byte pairs are learnt from to guess how many a text will have
_ORDER = 3
_RUN_IN = 200  # tokens of the training part's end that are read before a prompt, at most


@dataclass(frozen=True)
class Place:
    """Where a writing stands, to go on from: the newest token is not yet read."""

    memory: "LanguageState"
    newest: int
    written: int


@dataclass(frozen=True)
class Wish:
    """What is to be written.

    Attributes:
        start: a text to go on from, or the place where an earlier part of the same writing ended.
        length: tokens of the whole writing.
        sampling: how chance chooses.
        seed: where chance begins; parts of a writing are the same however it is divided.
        seconds: after which the part ends, if it isn't at its end before.
    """

    start: str | Place
    length: int
    sampling: SamplingOptions = field(default_factory=SamplingOptions)
    seed: int = 0
    seconds: float = 60


@dataclass(frozen=True)
class Written:
    """A part of a writing, and where it ended."""

    tokens: tuple[Token, ...]
    place: Place


@dataclass(frozen=True)
class Built:
    """A model that reads, the same one foretelling, and the pen that writes with it."""

    model: "StreamReader"
    core: "keras.Model"
    generator: "TokenGenerator"


class LanguageProblem:
    """A text ready to train on: cut into tokens that the training part has, and into streams.

    An example's number is its window's place in the order of reading. Batches are gathered from the one
    row of codes inside the graph.
    """

    def __init__(self, recipe: Recipe, dataset: Texts):
        task = self.task = recipe.require_task(ModelLanguage)
        self.recipe, self.streams = recipe, recipe.training.batch
        found = build_corpus(dataset, recipe.preparation)
        self.lexicon = SubwordTokenizer.fit(found.train, task.level, most=task.vocabulary)
        pieces = [self.lexicon.tokenize(part) for part in (found.train, found.validation, found.test)]
        ends = np.cumsum([0, *map(len, pieces)]).tolist()
        self.parts = [slice(begin, end) for begin, end in pairwise(ends)]
        self.pieces = [piece for part in pieces for piece in part]
        self.codes = self.lexicon.encode_tokens(self.pieces)
        cuts = [stateful_batches.stateful_batches(part, self.streams, task.window) for part in self.parts]
        self.starts = np.concatenate([cut.starts for cut in cuts])
        self.fresh = np.concatenate([cut.starts_stream for cut in cuts])
        numbers = np.split(
            np.arange(len(self.starts), dtype=np.int32), np.cumsum([len(c.starts) for c in cuts])
        )
        self.train, self.validation, self.test, _ = numbers
        self.generator: TokenGenerator | None = None
        """what `snapshot` writes with; `build` puts it there"""

    def batch(self, examples: "tf.Tensor") -> "tuple[tuple[tf.Tensor, tf.Tensor], tf.Tensor]":
        """Gather codes (batch, window), whether they begin a stream (batch,), and the codes that follow."""
        import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

        codes, starts, fresh = self._tables
        block = tf.gather(codes, tf.gather(starts, examples)[:, None] + tf.range(self.task.window + 1))
        block = tf.ensure_shape(block, [self.streams, self.task.window + 1])
        return (block[:, :-1], tf.gather(fresh, examples)), block[:, 1:]

    @cached_property
    def _tables(self) -> "tuple[tf.Tensor, ...]":
        """Return what every graph gathers from: all codes, and of each window its start and if it is
        fresh."""
        import tensorflow as tf  # noqa: PLC0415

        with tf.init_scope():
            return tf.constant(self.codes), tf.constant(self.starts), tf.constant(self.fresh)

    def loss(self, targets: "tf.Tensor", outputs: "tf.Tensor") -> "tf.Tensor":
        """Return the mean of −ln of the probability of each target, in nats."""
        import tensorflow as tf  # noqa: PLC0415

        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(targets, outputs))

    def snapshot(self, outputs: Callable[[np.ndarray], np.ndarray]) -> Snapshot:
        """Write a little: tokens, and how likely the model held each."""
        if self.generator is None:
            return Snapshot()
        wish = Wish("", SAMPLE[self.task.level], SAMPLE_TASTE, self.recipe.seed)
        written = write(self, self.generator, wish).tokens
        return Snapshot(tuple(each.chance for each in written), tuple(each.text for each in written))

    def targets(self, examples: np.ndarray) -> np.ndarray:
        """Return the places of the tokens that examples ask for, (examples · window,)."""
        return (self.starts[examples][:, None] + np.arange(1, self.task.window + 1)).ravel()


# --- The verbs -------------------------------------------------------------------------------------


def fits(dataset: Dataset) -> str:
    """Return why no language can be learnt from a dataset; nothing where it can."""
    if isinstance(dataset, Texts):
        return ""
    return f"A language is learnt from texts, and this is {dataset.kind_phrase}."


def check(recipe: Recipe, dataset: Dataset) -> tuple[Complaint, ...]:
    """Return what in a recipe can't work on a dataset."""
    if not isinstance(dataset, Texts):
        return (Complaint("dataset", fits(dataset)),)
    if _is_too_long(dataset):
        return (
            Complaint(
                "dataset",
                f"{dataset.title} has {dataset.characters.sum():,} characters; a language can be learnt here "
                f"from at most {MOST_CHARACTERS:,}.",
            ),
        )
    return tuple(
        complaint
        for complaint in (
            _model_complaint(recipe),
            _vocabulary_complaint(recipe, dataset),
            _length_complaint(recipe, dataset),
            _memory_complaint(recipe, dataset),
        )
        if complaint
    )


def examples(recipe: Recipe, dataset: Dataset) -> int:
    """Count the windows of the training part; of byte pairs, about as many as there are."""
    task, sizes = recipe.require_task(ModelLanguage), _sizes(recipe, dataset)
    return (
        stateful_batches.windows_per_stream(sizes.parts[0], recipe.training.batch, task.window)
        * recipe.training.batch
    )


def plan(recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
    """Describe the model of a recipe; without the dataset, the vocabulary is taken to be full."""
    task = recipe.require_task(ModelLanguage)
    vocabulary = task.vocabulary
    if isinstance(dataset, Texts) and not _is_too_long(dataset):
        vocabulary = _sizes(recipe, dataset).vocabulary
    return summarize_writer(recipe.model, vocabulary, task.embedding, task.window)


def preview(recipe: Recipe, dataset: Dataset) -> None:
    """Tell nothing: what a run writes after every epoch has no truth beside it."""


def prepare(recipe: Recipe, dataset: Dataset) -> LanguageProblem:
    """Make a dataset ready to train on.

    Raises:
        DataError: if it is no text, or too short a one.
    """
    if not isinstance(dataset, Texts):
        raise DataError(fits(dataset), where=dataset.title, remedy="Choose a text.")
    return LanguageProblem(recipe, dataset)


def build(recipe: Recipe, problem: LanguageProblem) -> Built:
    """Build the model, and give the problem the pen to write with."""
    from components.models.language_model import StreamReader, TokenGenerator, build_core  # noqa: PLC0415 - brings in TensorFlow

    task = problem.task
    inner = build_core(recipe.model, len(problem.lexicon), task.embedding, task.window, recipe.seed)
    problem.generator = TokenGenerator(inner, recipe.model)
    return Built(StreamReader(inner, problem.streams), inner, problem.generator)


def evaluate(
    problem: LanguageProblem,
    outputs: Callable[[np.ndarray], np.ndarray],
    built: Built,
    best_epoch: int,
) -> LanguageResult:
    """Hold what the test part costs the model against what it costs those who only count.

    Args:
        problem: what `prepare` gave.
        outputs: not asked: the test part is read in one go, from its beginning to its end.
        built: what `build` gave, trained.
        best_epoch: the epoch whose weights these are.
    """
    places = problem.targets(problem.test)
    codes = problem.codes[places]
    speller = Speller(problem.pieces[problem.parts[0]])
    unknown = codes == UNKNOWN
    spelling = np.zeros(len(places))
    spelling[unknown] = [speller.nats(problem.pieces[place]) for place in places[unknown]]
    characters = sum(len(problem.pieces[place]) for place in places)
    costs = {"model": ("Your model", _read(problem, built))} | _counted(problem, places)
    scores = tuple(_score(name, label, nats + spelling, characters) for name, (label, nats) in costs.items())
    said, won = _verdict(scores)
    return LanguageResult(
        verdict=said,
        won=won,
        level=problem.task.level,
        best_epoch=best_epoch,
        scores=scores,
        tokens=len(places),
        characters=characters,
        unknown=float(np.mean(unknown)),
        vocabulary=len(problem.lexicon),
        passage=_passage(problem, built.generator),
        merges=np.frombuffer(problem.lexicon.merges, np.uint8) if problem.lexicon.merges else None,
    )


def whole(problem: LanguageProblem, model: "StreamReader") -> "keras.Model":
    """Return the model as it is taken away: it takes texts and gives the chances of the next token."""
    from components.models.language_model import export_language_model  # noqa: PLC0415 - brings in TensorFlow

    return export_language_model(model.core, problem.recipe.model, problem.lexicon)


def predict(problem: LanguageProblem, built: Built, asked: Wish) -> Written:
    """Write what a person wishes, or the next part of it."""
    return write(problem, built.generator, asked)


def write(problem: LanguageProblem, pen: "TokenGenerator", wish: Wish) -> Written:
    """Write as long as a wish allows, one token at least. Unknown tokens are never written."""
    lexicon = problem.lexicon
    place = _begun(problem, pen, wish.start) if isinstance(wish.start, str) else wish.start
    until = time.monotonic() + wish.seconds
    tokens: list[Token] = []
    while place.written < wish.length and (not tokens or time.monotonic() < until):
        logits, memory = pen.read(place.newest, place.memory)
        logits[UNKNOWN] = -np.inf
        code = sample_token(sampling_probabilities(logits, wish.sampling), wish.seed, place.written)
        tokens.append(token(lexicon, lexicon.tokens[code], code, logits))
        place = Place(memory, code, place.written + 1)
    return Written(tuple(tokens), place)


def sample(problem: LanguageProblem, built: Built, asked: DatasetExample | UserText) -> Example:
    """Return a passage to look at: a window of the test part, or a text that a person writes.

    Raises:
        DataError: if there is nothing in it to read.
    """
    if isinstance(asked, DatasetExample):
        start = int(problem.starts[problem.test[asked.place % len(problem.test)]])
        return _passage_of(problem, start, problem.task.window)
    pieces = problem.lexicon.tokenize(asked.text)[-problem.task.window :]
    if not pieces:
        raise DataError("There is nothing in it to read.", remedy="Write something.")
    codes = problem.lexicon.encode_tokens(pieces)
    memory = built.generator.begin()
    for code in codes.tolist():
        logits, memory = built.generator.read(code, memory)
    logits[UNKNOWN] = -np.inf
    likeliest = int(logits.argmax())
    following = [*pieces[1:], problem.lexicon.tokens[likeliest]]
    return _example(problem, codes, pieces, np.append(codes[1:], likeliest), following)


def spread(problem: LanguageProblem, most: int) -> list[Example]:
    """Return windows from all of the data, evenly."""
    every = np.concatenate([problem.train, problem.validation, problem.test])
    starts = np.unique(problem.starts[every])
    return [_passage_of(problem, int(start), problem.task.window) for start in evenly_spaced(starts, most)]


# --- Their parts -----------------------------------------------------------------------------------


def _passage_of(problem: LanguageProblem, start: int, length: int) -> Example:
    read, after = slice(start, start + length), slice(start + 1, start + length + 1)
    return _example(
        problem, problem.codes[read], problem.pieces[read], problem.codes[after], problem.pieces[after]
    )


def _example(
    problem: LanguageProblem,
    codes: np.ndarray,
    pieces: list[str],
    following: np.ndarray,
    names: list[str],
) -> Example:
    """Make an example of a passage; what may be asked is what follows after each token."""
    filled = codes
    if isinstance(problem.recipe.model, Transformer):
        # It sees so many tokens at once; before what is filled in behind them nothing knows of it.
        filled = np.pad(codes, (0, problem.task.window - len(codes)))
    return Example(
        inputs=(filled,),
        fills=(0,),
        first=0,
        missing=UNKNOWN,
        score="chance",
        answers=tuple(
            ModelOutput(name, (place, int(code)), row=place)
            for place, (name, code) in enumerate(zip(names, following, strict=True))
        ),
        shown=ExampleView(
            names=tuple(pieces),
            values=None,
            channels=(),
            answers=tuple(names),
            chosen=len(names) - 1,
            description=f"After the last token comes “{names[-1]}”.",
            example_count=len(problem.test),
        ),
    )


def _begun(problem: LanguageProblem, pen: "TokenGenerator", prompt: str) -> Place:
    """Read a prompt up to its last token, as on a new line after the end of the training part.

    A model that read on and on hardly knows what it is to remember nothing: it would write nonsense then.
    """
    prompt = prompt[-LONGEST_PROMPT:]
    if problem.lexicon.level != "character":
        prompt = prompt.rstrip(" ")  # the next token brings its own space
    end = problem.parts[0].stop
    places = range(max(0, end - _RUN_IN), end)
    line = next((place for place in reversed(places) if "\n" in problem.pieces[place]), end - 1)
    before = problem.codes[places.start : line + 1]
    codes = [*before.tolist(), *problem.lexicon.encode_tokens(problem.lexicon.tokenize(prompt)).tolist()]
    memory = pen.begin()
    for code in codes[:-1]:
        _, memory = pen.read(code, memory)
    return Place(memory, codes[-1], 0)


def _read(problem: LanguageProblem, built: Built) -> np.ndarray:
    """Read the test part as the training part is read, and give −ln of the probability of each target."""
    import tensorflow as tf  # noqa: PLC0415

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int32)])
    def cost(examples: tf.Tensor) -> tf.Tensor:
        inputs, targets = problem.batch(examples)
        return tf.nn.sparse_softmax_cross_entropy_with_logits(targets, built.model(inputs, training=False))

    batches = problem.test.reshape(-1, problem.streams)
    return np.concatenate([cost(tf.constant(batch)).numpy().ravel() for batch in batches]).astype(np.float64)


def _counted(problem: LanguageProblem, places: np.ndarray) -> dict[str, tuple[str, np.ndarray]]:
    """Return what each target costs those who only count, in nats."""
    training, vocabulary = problem.codes[problem.parts[0]], len(problem.lexicon)
    single = -np.log(unigram(training, vocabulary))
    trigram = KneserNey(training, vocabulary, _ORDER).probabilities(problem.codes, places)
    return {
        "trigram": ("Kneser–Ney trigram", -np.log(trigram)),
        "unigram": ("How often each is there", single[problem.codes[places]]),
        "uniform": ("All equally likely", np.full(len(places), math.log(vocabulary))),
    }


def _score(name: str, label: str, nats: np.ndarray, characters: int) -> Score:
    mean = float(nats.mean())
    bits = float(nats.sum() / math.log(2) / characters)
    return Score(name, label, mean, bits, math.exp(min(mean, 700)))


def _verdict(scores: tuple[Score, ...]) -> tuple[str, bool]:
    model, *others = scores
    best = min(others, key=lambda score: score.bits)
    own = f"It needs {model.bits:.2f} bits for each character of a text that it has never seen"
    rule = f"the best that counting alone can do, “{best.label}”, needs {best.bits:.2f}"
    gain = 1 - model.bits / best.bits
    if gain > 0.01:
        return f"The model has learnt more than which tokens often follow each other. {own}; {rule}.", True
    if gain >= -0.01:
        return f"The model is no better than counting. {own}, and {rule}: about the same.", False
    return f"The model does worse than counting. {own}; {rule}. Train it longer, or make it larger.", False


def _passage(problem: LanguageProblem, pen: "TokenGenerator") -> tuple[Token, ...]:
    """Read the beginning of the test part, with every guess, by one who has read what stands before it."""
    begin = problem.parts[2].start
    end = min(begin + _SHOWN[problem.task.level], problem.parts[2].stop)
    memory, found = pen.begin(), []
    for place in range(begin - min(begin, _RUN_IN), end - 1):
        logits, memory = pen.read(int(problem.codes[place]), memory)
        if place + 1 >= begin:
            asked = int(problem.codes[place + 1])
            found.append(token(problem.lexicon, problem.pieces[place + 1], asked, logits))
    return tuple(found)


# --- Sizes, without a worker -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Sizes:
    """What a text comes to: tokens of each part, the vocabulary, and the least that byte pairs need."""

    parts: tuple[int, int, int]
    vocabulary: int
    fewest: int


def _is_too_long(dataset: Texts) -> bool:
    return dataset.characters.sum() > MOST_CHARACTERS


def _sizes(recipe: Recipe, dataset: Dataset) -> _Sizes:
    assert isinstance(dataset, Texts)
    task = recipe.require_task(ModelLanguage)
    return _counted_sizes(dataset, recipe.preparation, task.level, task.vocabulary)


@remembered
def _counted_sizes(dataset: Texts, preparation: Preparation, level: SubwordLevel, most: int) -> _Sizes:
    """Count the tokens of each part, for one way of cutting a dataset."""
    found = build_corpus(dataset, preparation)
    fewest = min_byte_pair_tokens(found.train)
    texts = (found.train, found.validation, found.test)
    if level == "byte_pair":
        if most < fewest:
            return _Sizes((len(texts[0]), len(texts[1]), len(texts[2])), most, fewest)
        # The whole would take a second and much memory of whoever only looks at it.
        looked_at = found.train[:_LOOKED_AT]
        lexicon = SubwordTokenizer.fit(looked_at, level, most=most)
        share = lexicon.count(looked_at) / max(1, len(looked_at))
        train, validation, test = (round(share * len(text)) for text in texts)
        vocabulary = len(lexicon) if len(looked_at) == len(found.train) else most
        return _Sizes((train, validation, test), vocabulary, fewest)
    lexicon = SubwordTokenizer.fit(found.train, level, most=most)
    train, validation, test = map(lexicon.count, texts)
    return _Sizes((train, validation, test), len(lexicon), fewest)


# --- Complaints ------------------------------------------------------------------------------------


def _model_complaint(recipe: Recipe) -> Complaint | None:
    if not isinstance(recipe.model, Recurrent):
        return None
    if recipe.model.bidirectional:
        return Complaint(
            "model.bidirectional",
            "Read both ways, the text would tell the model what it is to guess. Turn this off.",
        )
    if recipe.model.attention != "none":
        return Complaint(
            "model.attention",
            "Here a recurrent model has its memory only. Choose none; a Transformer is made of attention.",
        )
    return None


def _vocabulary_complaint(recipe: Recipe, dataset: Texts) -> Complaint | None:
    task, sizes = recipe.require_task(ModelLanguage), _sizes(recipe, dataset)
    if task.level == "byte_pair" and task.vocabulary < sizes.fewest:
        return Complaint(
            "task.vocabulary",
            f"This text has {sizes.fewest - 1:,} different characters, and each has to be a token. "
            f"Choose {sizes.fewest:,} or more.",
        )
    return None


def _length_complaint(recipe: Recipe, dataset: Texts) -> Complaint | None:
    task, sizes, batch = recipe.require_task(ModelLanguage), _sizes(recipe, dataset), recipe.training.batch
    named = dict(zip(("training", "validation", "test"), sizes.parts, strict=True))
    name, tokens = min(named.items(), key=lambda item: item[1])
    if stateful_batches.windows_per_stream(tokens, batch, task.window):
        return None
    return Complaint(
        "training.batch",
        f"{batch:,} streams of {task.window:,} tokens don't fit into the {name} part, which has {tokens:,}. "
        "Choose a smaller batch, or a shorter window.",
    )


def _memory_complaint(recipe: Recipe, dataset: Texts) -> Complaint | None:
    task = recipe.require_task(ModelLanguage)
    need = 4 * recipe.training.batch * task.window * _sizes(recipe, dataset).vocabulary
    if need > MOST_LOGITS:
        return Complaint(
            "training.batch",
            f"To tell the chance of every token at every place of a batch takes {need / 2**30:.1f} GB. "
            "Choose a smaller batch, a shorter window or a smaller vocabulary.",
        )
    return None
