"""The vocabularies of both sides of pairs, learnt from those of the training set."""

from collections.abc import Sequence

import numpy as np

from components.data.datasets import Pairs
from components.data.tokenizers.subword_vocabulary import with_spaces
from components.data.tokenizers.text_vocabulary import TextVocabulary, learn_vocabulary
from components.data.tokenizers.tokenizer import join_tokens, tokenize
from components.recipe import Chat, Translate

PairsOptions = Translate | Chat

_OFTEN = 2  # times that the training set has a word which is known, where unknown ones are copied


def normalized(text: str, task: PairsOptions) -> str:
    """Return a text as its tokens are joined again, which makes texts comparable."""
    if task.level == "byte_pair":
        return with_spaces(text, lower=task.lower).strip()
    return join_tokens(tokenize(text, task.level, lower=task.lower), task.level)


def learn_vocabularies(
    dataset: Pairs, task: PairsOptions, train: np.ndarray
) -> tuple[TextVocabulary, TextVocabulary]:
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


def _learn(texts: Sequence[str], task: PairsOptions) -> TextVocabulary:
    least = _OFTEN if task.copy_unknown and task.level == "word" else 1
    return learn_vocabulary(texts, task.level, most=task.vocabulary, min_count=least, lower=task.lower)
