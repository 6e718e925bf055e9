"""Text that a run's own model writes, as it comes."""

from collections.abc import Iterator
from dataclasses import replace

from components.runs.store import Run
from components.tasks.language_model.generate import GenerationRequest
from components.tasks.language_model.token_probabilities import Token
from components.ui.tasks.ask_model import ask_model

PART_SECONDS = 0.3
"""Seconds after which what is written by then is shown."""


def write_text(run: Run, request: GenerationRequest) -> Iterator[tuple[Token, ...]]:
    """Ask for one part of a text after the other; yield all that is written so far."""
    tokens: tuple[Token, ...] = ()
    start = request.start
    while len(tokens) < request.length:
        part = ask_model(run, replace(request, start=start, seconds=PART_SECONDS)).value
        tokens, start = (*tokens, *part.tokens), part.place
        yield tokens
