"""First recipes for tasks that write a text in answer to another."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from components.data.datasets import Pairs
from components.data.tokenizers.token_stats import first_texts, token_lengths
from components.data.tokenizers.tokenizer import TokenLevel, count_tokens, natural_level
from components.recipe import Optimizer, Preparation, Recipe, Recurrent, Translate
from components.tasks.seq2seq.vocabularies import PairsOptions
from components.tasks.split_check import training_size
from components.tasks.training_length import TrainingLength

_USUAL_SHARE = 0.98  # of the texts that are short enough
_ROOM = 1.2  # how much longer than nearly all texts one may be
_MANY_CHARACTERS = 40
_LOOKED_AT = 500  # pairs that tell whether answers are spelt

# --- Where all words are frequent, as in generated pairs ------------------------------------------------

_LENGTH = TrainingLength(updates=2500, fewest=5, most=60, batch=64, patient_updates=400)

# --- Where many words are rare, as in what people write -------------------------------------------------

_FEWEST_FOR_SUBWORDS = 1000  # pairs that subwords can be learnt from
_RARE = 0.01  # share of a side's running words that it has once, from which on subwords pay
_JOINED = 0.05  # share of a side's words that lower case joins with others, from which on it pays
_FEW, _MANY_PAIRS = 10_000, 100_000  # pairs below and from which on models are small and large
_SUBWORDS_LENGTH = TrainingLength(updates=1800, fewest=4, most=60, batch=64, patience=6)
_SUBWORDS_OF_A_WORD = 3  # at most, but for the rarest
_SHORTEST = 24  # tokens that are read of short sentences too, so that a visitor may type a longer one


def suggest(dataset: Pairs, options: type[PairsOptions], preparation: Preparation) -> Recipe:
    """Size the reading and the training to pairs of texts."""
    unspaced = "character" in (natural_level(dataset.sources), natural_level(dataset.targets))
    level: TokenLevel = "character" if unspaced or _is_spelling(dataset) else "word"
    size = training_size(dataset, preparation)
    sides = [first_texts(texts) for texts in (dataset.sources, dataset.targets)]
    longest = max(_usual_length(token_lengths(texts, level)) for texts in sides)
    if level == "word" and size >= _FEWEST_FOR_SUBWORDS:
        words = [count_tokens(texts, "word") for texts in sides]
        if max(map(_rare_share, words)) > _RARE:
            return _suggest_subwords(dataset, options, preparation, size, words, longest)
    return Recipe(
        dataset=dataset.reference,
        preparation=preparation,
        task=options(level=level, longest=max(4, min(1000, int(_ROOM * longest)))),
        model=Recurrent(kind="lstm", units=48, bidirectional=True, attention="additive"),
        training=_LENGTH.training(size),
    )


def _suggest_subwords(
    dataset: Pairs,
    options: type[PairsOptions],
    preparation: Preparation,
    size: int,
    words: Sequence[Counter[str]],
    longest: int,
) -> Recipe:
    """Return a recipe for pairs many of whose words are rare.

    What is done for few pairs is Sennrich and Zhang's (2019): few subwords, tied embeddings, much dropout and
    label smoothing. Of many, capitals are learnt too.
    """
    few, many = size < _FEW, size >= _MANY_PAIRS
    task = options(
        level="byte_pair",
        lower=not many and max(map(_joined_share, words)) > _JOINED,
        vocabulary=800 if few else 8000 if many else 4000,
        longest=max(_SHORTEST, min(1000, _SUBWORDS_OF_A_WORD * longest)),
        tied=True,
        label_smoothing=0.1,
    )
    return Recipe(
        dataset=dataset.reference,
        preparation=preparation,
        task=task.model_copy(update={"beams": 4}) if isinstance(task, Translate) else task,
        model=Recurrent(
            kind="gru",
            units=256 if many else 128,
            bidirectional=True,
            attention="additive",
            dropout=0.5 if few else 0.2 if many else 0.3,
        ),
        optimizer=Optimizer(learning_rate=0.003, schedule="cosine"),
        training=_SUBWORDS_LENGTH.training(size),
    )


def _rare_share(words: Counter[str]) -> float:
    """Return the share of running words that are the only ones of their kind."""
    return sum(times == 1 for times in words.values()) / words.total()


def _joined_share(words: Counter[str]) -> float:
    """Return the share of words that lower case makes the same as others."""
    return 1 - len({word.lower() for word in words}) / len(words)


def _usual_length(lengths: np.ndarray) -> int:
    return int(np.sort(lengths)[int(_USUAL_SHARE * (len(lengths) - 1))])


def _is_spelling(dataset: Pairs) -> bool:
    """Return whether answers are single words of few letters, as numbers and dates are: letters count."""
    some = slice(None, None, max(1, dataset.size // _LOOKED_AT))
    sources, answers = dataset.sources[some], dataset.targets[some]
    words = sum(len(answer.split()) for answer in answers) / len(answers)
    return words < 1.5 and sum(map(len, sources)) / len(sources) <= _MANY_CHARACTERS
