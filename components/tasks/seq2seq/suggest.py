"""First recipes for tasks that write a text in answer to another."""

import numpy as np

from components.data.datasets import Pairs
from components.data.tokenizers.token_stats import first_texts, token_lengths
from components.data.tokenizers.tokenizer import TokenLevel, natural_level
from components.recipe import Preparation, Recipe, Recurrent
from components.tasks.seq2seq.sizes import PairsOptions
from components.tasks.split_check import training_size
from components.tasks.training_length import TrainingLength

_LENGTH = TrainingLength(updates=2500, fewest=5, most=60, batch=64)
_USUAL_SHARE = 0.98  # of the texts that are short enough
_ROOM = 1.2  # how much longer than nearly all texts one may be
_MANY_CHARACTERS = 40
_LOOKED_AT = 500  # pairs that tell whether answers are spelt


def suggest(dataset: Pairs, options: type[PairsOptions], preparation: Preparation) -> Recipe:
    """Size the reading and the training to pairs of texts."""
    unspaced = "character" in (natural_level(dataset.sources), natural_level(dataset.targets))
    level: TokenLevel = "character" if unspaced or _is_spelling(dataset) else "word"
    sides = (dataset.sources, dataset.targets)
    longest = max(_usual_length(token_lengths(first_texts(texts), level)) for texts in sides)
    return Recipe(
        dataset=dataset.reference,
        preparation=preparation,
        task=options(level=level, longest=max(4, min(1000, int(_ROOM * longest)))),
        model=Recurrent(kind="lstm", units=48, bidirectional=True, attention="additive"),
        training=_LENGTH.training(training_size(dataset, preparation)),
    )


def _usual_length(lengths: np.ndarray) -> int:
    return int(np.sort(lengths)[int(_USUAL_SHARE * (len(lengths) - 1))])


def _is_spelling(dataset: Pairs) -> bool:
    """Return whether answers are single words of few letters, as numbers and dates are: letters count."""
    some = slice(None, None, max(1, dataset.size // _LOOKED_AT))
    sources, answers = dataset.sources[some], dataset.targets[some]
    words = sum(len(answer.split()) for answer in answers) / len(answers)
    return words < 1.5 and sum(map(len, sources)) / len(sources) <= _MANY_CHARACTERS
