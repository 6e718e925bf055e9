"""What the test set costs a language model, beside what it costs the n-gram baselines: for a worker."""

import math
from typing import TYPE_CHECKING

import numpy as np

from components.data.tokenizers.subword_tokenizer import UNKNOWN
from components.tasks.language_model.metrics import METRICS, TextCost
from components.tasks.language_model.model import BuiltLanguageModel
from components.tasks.language_model.ngrams import KneserNey, Speller, unigram
from components.tasks.language_model.problem import RUN_IN, LanguageProblem
from components.tasks.language_model.result import LanguageResult, Score
from components.tasks.language_model.token_probabilities import Token, token
from components.tasks.language_model.verdict import verdict
from components.tasks.metrics import score

if TYPE_CHECKING:
    from components.models.language_model import TokenGenerator

_SHOWN = {"character": 600, "word": 150, "byte_pair": 200}  # tokens of the test set with every guess
_ORDER = 3


def evaluate(problem: LanguageProblem, built: BuiltLanguageModel, best_epoch: int) -> LanguageResult:
    """Measure a trained model on the test set, read in one go, beside the n-gram baselines.

    Args:
        problem: the text.
        built: the model, trained.
        best_epoch: the epoch whose weights these are.
    """
    places = problem.targets(problem.test)
    codes = problem.codes[places]
    speller = Speller(problem.pieces[problem.parts[0]])
    unknown = codes == UNKNOWN
    spelling = np.zeros(len(places))
    spelling[unknown] = [speller.nats(problem.pieces[place]) for place in places[unknown]]
    characters = sum(len(problem.pieces[place]) for place in places)
    costs = {"model": ("Your model", _token_costs(problem, built))} | _rule_costs(problem, places)
    scores = tuple(
        score(Score, name, label, TextCost(nats + spelling, characters), METRICS)
        for name, (label, nats) in costs.items()
    )
    sentence, won = verdict(scores)
    return LanguageResult(
        verdict=sentence,
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


def _token_costs(problem: LanguageProblem, built: BuiltLanguageModel) -> np.ndarray:
    """Read the test set as the training set is read, and give −ln of the probability of each target."""
    import tensorflow as tf  # noqa: PLC0415

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int32)])
    def cost(examples: tf.Tensor) -> tf.Tensor:
        inputs, targets = problem.batch(examples)
        return tf.nn.sparse_softmax_cross_entropy_with_logits(targets, built.model(inputs, training=False))

    batches = problem.test.reshape(-1, problem.streams)
    return np.concatenate([cost(tf.constant(batch)).numpy().ravel() for batch in batches]).astype(np.float64)


def _rule_costs(problem: LanguageProblem, places: np.ndarray) -> dict[str, tuple[str, np.ndarray]]:
    """Return what each target costs the n-gram baselines, in nats."""
    training, vocabulary = problem.codes[problem.parts[0]], len(problem.lexicon)
    single = -np.log(unigram(training, vocabulary))
    trigram = KneserNey(training, vocabulary, _ORDER).probabilities(problem.codes, places)
    return {
        "trigram": ("Trigram (Kneser–Ney)", -np.log(trigram)),
        "unigram": ("Unigram", single[problem.codes[places]]),
        "uniform": ("Uniform", np.full(len(places), math.log(vocabulary))),
    }


def _passage(problem: LanguageProblem, pen: "TokenGenerator") -> tuple[Token, ...]:
    """Read the beginning of the test set, with every guess, by one who has read what stands before it."""
    begin = problem.parts[2].start
    end = min(begin + _SHOWN[problem.task.level], problem.parts[2].stop)
    memory, found = pen.begin(), []
    for place in range(begin - min(begin, RUN_IN), end - 1):
        logits, memory = pen.read(int(problem.codes[place]), memory)
        if place + 1 >= begin:
            asked = int(problem.codes[place + 1])
            found.append(token(problem.lexicon, problem.pieces[place + 1], asked, logits))
    return tuple(found)
