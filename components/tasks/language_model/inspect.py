"""A passage of a text as an example to look into."""

import numpy as np

from components.data.tokenizers.subword_tokenizer import UNKNOWN
from components.errors import DataError
from components.insight.example import Example, ExampleView, ModelOutput
from components.recipe import Transformer
from components.tasks.language_model.model import BuiltLanguageModel
from components.tasks.language_model.problem import LanguageProblem


def window_example(problem: LanguageProblem, start: int) -> Example:
    """Return the window that starts at a token, with what follows after each."""
    length = problem.task.window
    read, after = slice(start, start + length), slice(start + 1, start + length + 1)
    return _example(
        problem, problem.codes[read], problem.pieces[read], problem.codes[after], problem.pieces[after]
    )


def typed_example(problem: LanguageProblem, built: BuiltLanguageModel, text: str) -> Example:
    """Return a text that a person writes; after its last token comes what the model holds likeliest.

    Raises:
        DataError: if there is nothing in it to read.
    """
    pieces = problem.lexicon.tokenize(text)[-problem.task.window :]
    if not pieces:
        raise DataError("The text is empty.", remedy="Enter a text.")
    codes = problem.lexicon.encode_tokens(pieces)
    memory = built.generator.begin()
    for code in codes.tolist():
        logits, memory = built.generator.read(code, memory)
    logits[UNKNOWN] = -np.inf
    likeliest = int(logits.argmax())
    following = [*pieces[1:], problem.lexicon.tokens[likeliest]]
    return _example(problem, codes, pieces, np.append(codes[1:], likeliest), following)


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
            description=f"The token after the last one is “{names[-1]}”.",
            example_count=len(problem.test),
        ),
    )
