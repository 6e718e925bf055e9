"""The vocabularies of both sides of pairs, learnt from those of the training set."""

import math
from collections.abc import Sequence

import numpy as np

from components.data.datasets import Pairs
from components.data.tokenizers.subword_vocabulary import SubwordVocabulary, with_spaces
from components.data.tokenizers.tokenizer import TokenLevel, Vocabulary, join_tokens, tokenize
from components.recipe import Chat, Translate

PairsOptions = Translate | Chat
PairVocabulary = Vocabulary | SubwordVocabulary

_LEARNT_FROM = 2_000_000  # characters of a side that byte pairs are learnt from, evenly spread: takes seconds
_OFTEN = 2  # times that the training set has a word which is known, where unknown ones are copied


def text_level(task: PairsOptions) -> TokenLevel:
    """Return what texts are cut into where they are compared: subwords are pieces of words."""
    return "character" if task.level == "character" else "word"


def normalized(text: str, task: PairsOptions) -> str:
    """Return a text as its tokens are joined again, which makes texts comparable."""
    if task.level == "byte_pair":
        return with_spaces(text, lower=task.lower).strip()
    return join_tokens(tokenize(text, task.level, lower=task.lower), task.level)


def learn_vocabularies(
    dataset: Pairs, task: PairsOptions, train: np.ndarray
) -> tuple[PairVocabulary, PairVocabulary]:
    """Return what is known of texts and of answers, which is the same where the vocabulary is shared.

    Args:
        dataset: the pairs.
        task: how they are cut.
        train: numbers of those to learn from.

    Raises:
        DataError: if there are more characters than subwords may be.
    """
    sources, answers = ([side[number] for number in train] for side in (dataset.sources, dataset.targets))
    if task.shared:
        both = _learn([*sources, *answers], task)
        return both, both
    return _learn(sources, task), _learn(answers, task)


def _learn(texts: Sequence[str], task: PairsOptions) -> PairVocabulary:
    if task.level == "byte_pair":
        step = max(1, math.ceil(sum(map(len, texts)) / _LEARNT_FROM))
        return SubwordVocabulary.fit(texts[::step], most=task.vocabulary, lower=task.lower)
    least = _OFTEN if task.copy_unknown and task.level == "word" else 1
    return Vocabulary.fit(texts, task.level, most=task.vocabulary, min_count=least, lower=task.lower)
