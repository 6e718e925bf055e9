"""Text that a language model writes, all at once or part by part."""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from components.data.tokenizers.subword_tokenizer import UNKNOWN
from components.models.sampling import SamplingOptions, sample_token, sampling_probabilities
from components.tasks.language_model.problem import RUN_IN, LanguageProblem
from components.tasks.language_model.token_probabilities import Token, token

if TYPE_CHECKING:
    from components.models.language_model import LanguageState, TokenGenerator

LONGEST_PROMPT = 2000
"""Characters of a prompt that are read: its last."""
SAMPLE = {"character": 240, "word": 60, "byte_pair": 80}
"""Tokens that a run writes after every epoch."""
SAMPLE_TASTE = SamplingOptions(temperature=0.8)


@dataclass(frozen=True)
class GenerationState:
    """Where a writing stands, to go on from: the newest token is not yet read."""

    memory: "LanguageState"
    newest: int
    written: int


@dataclass(frozen=True)
class GenerationRequest:
    """What is to be written.

    Attributes:
        start: a text to go on from, or the place where an earlier part of the same writing ended.
        length: tokens of the whole writing.
        sampling: how chance chooses.
        seed: where chance begins; parts of a writing are the same however it is divided.
        seconds: after which the part ends, if it isn't at its end before.
    """

    start: str | GenerationState
    length: int
    sampling: SamplingOptions = field(default_factory=SamplingOptions)
    seed: int = 0
    seconds: float = 60


@dataclass(frozen=True)
class GeneratedText:
    """A part of a writing, and where it ended."""

    tokens: tuple[Token, ...]
    place: GenerationState


def generate(problem: LanguageProblem, pen: "TokenGenerator", request: GenerationRequest) -> GeneratedText:
    """Write as long as a request allows, one token at least. Unknown tokens are never written."""
    lexicon = problem.lexicon
    place = _read_prompt(problem, pen, request.start) if isinstance(request.start, str) else request.start
    until = time.monotonic() + request.seconds
    tokens: list[Token] = []
    while place.written < request.length and (not tokens or time.monotonic() < until):
        logits, memory = pen.read(place.newest, place.memory)
        logits[UNKNOWN] = -np.inf
        code = sample_token(sampling_probabilities(logits, request.sampling), request.seed, place.written)
        tokens.append(token(lexicon, lexicon.tokens[code], code, logits))
        place = GenerationState(memory, code, place.written + 1)
    return GeneratedText(tuple(tokens), place)


def generate_sample(pen: "TokenGenerator", problem: LanguageProblem) -> tuple[Token, ...]:
    """Return what a run writes after every epoch: the same dice each time."""
    request = GenerationRequest("", SAMPLE[problem.task.level], SAMPLE_TASTE, problem.recipe.seed)
    return generate(problem, pen, request).tokens


def _read_prompt(problem: LanguageProblem, pen: "TokenGenerator", prompt: str) -> GenerationState:
    """Read a prompt up to its last token, as on a new line after the end of the training set.

    A model that read on and on hardly knows what it is to remember nothing: it would generate nonsense then.
    """
    prompt = prompt[-LONGEST_PROMPT:]
    if problem.lexicon.level != "character":
        prompt = prompt.rstrip(" ")  # the next token brings its own space
    end = problem.parts[0].stop
    places = range(max(0, end - RUN_IN), end)
    line = next((place for place in reversed(places) if "\n" in problem.pieces[place]), end - 1)
    before = problem.codes[places.start : line + 1]
    codes = [*before.tolist(), *problem.lexicon.encode_tokens(problem.lexicon.tokenize(prompt)).tolist()]
    memory = pen.begin()
    for code in codes[:-1]:
        _, memory = pen.read(code, memory)
    return GenerationState(memory, codes[-1], 0)
