"""Writing an answer token by token: along the best beams, or as chance has it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from components.data.tokenizers.tokenizer import END, PAD, SPECIAL, START, UNKNOWN

START_CODE, END_CODE = SPECIAL.index(START), SPECIAL.index(END)
_NEVER_CODES = [SPECIAL.index(PAD), START_CODE]  # what no answer holds
_EXCLUDED_CODES = [*_NEVER_CODES, SPECIAL.index(UNKNOWN)]  # and what only some hold, to put something there

DecodingStep = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
"""Writes on: given the last token of every answer, (rows,), and which answer of the call before each goes on
from, (rows,), gives log p of every token that may come next, (rows, tokens), and where was looked, (rows, S).
A row is one answer; those to the same text lie beside each other."""


@dataclass(frozen=True)
class Hypothesis:
    """An answer.

    Attributes:
        codes: (T,) its tokens, the end included if it came to it.
        weights: (T, S) where was looked for each.
        score: log p of all of it.
    """

    codes: np.ndarray
    weights: np.ndarray
    score: float

    @property
    def is_complete(self) -> bool:
        """Whether it came to its end, and wasn't cut."""
        return bool(len(self.codes)) and self.codes[-1] == END_CODE


@dataclass(frozen=True)
class BeamSearch:
    """All that a search kept of N texts, with K beams each, step by step.

    Attributes:
        tokens: (steps, N, K) what each beam wrote; 0 where it had ended before.
        parents: (steps, N, K) which beam of the step before it goes on from.
        scores: (steps, N, K) log p of all that it wrote so far; −∞ where there are fewer beams.
        weights: (steps, N, K, S) where it looked.
        penalty: as given to `beam_search`.
    """

    tokens: np.ndarray
    parents: np.ndarray
    scores: np.ndarray
    weights: np.ndarray
    penalty: float

    def answers(self, text: int) -> list[Hypothesis]:
        """Return the answers to a text, the best first; those that came to their end before the others."""
        return [self._hypothesis(text, beam) for beam in self._ranking(text)]

    def best_path(self, text: int) -> list[tuple[int, int]]:
        """Return the step and the beam of every token of the best answer to a text."""
        return self._path(text, self._ranking(text)[0])

    def _ranking(self, text: int) -> list[int]:
        beams = np.flatnonzero(np.isfinite(self.scores[-1, text])).tolist()
        answers = {beam: self._hypothesis(text, beam) for beam in beams}
        return sorted(
            beams, key=lambda beam: (not answers[beam].is_complete, -self._normalised_score(answers[beam]))
        )

    def _normalised_score(self, answer: Hypothesis) -> float:
        return answer.score / len(answer.codes) ** self.penalty

    def _hypothesis(self, text: int, beam: int) -> Hypothesis:
        path = self._path(text, beam)
        codes = np.array([self.tokens[step, text, at] for step, at in path], np.int32)
        weights = np.array([self.weights[step, text, at] for step, at in path])
        return Hypothesis(codes, weights, float(self.scores[-1, text, beam]))

    def _path(self, text: int, beam: int) -> list[tuple[int, int]]:
        """Go back from the last step to the first, and leave out what comes after the answer's end."""
        path = []
        for step in reversed(range(len(self.tokens))):
            if self.tokens[step, text, beam]:
                path.append((step, beam))
            beam = self.parents[step, text, beam]
        return path[::-1]


def beam_search(
    step: DecodingStep,
    texts: int,
    beams: int,
    longest: int,
    penalty: float = 1.0,
    *,
    writes_unknown: bool = False,
) -> BeamSearch:
    """Look for the most probable answers (Graves, 2012; Sutskever, Vinyals and Le, 2014).

    At each step every answer so far is continued by every token, and the best of all these are kept. With one
    beam that is the greedy search.

    Args:
        step: the model.
        texts: N, which are answered at the same time.
        beams: K, answers that are kept of each.
        longest: tokens of an answer at most, one or more.
        penalty: the power of its length by which an answer's log p is divided when answers are compared
            (Wu et al., 2016); with 0 short ones win.
        writes_unknown: whether an answer may hold the unknown token.
    """
    excluded = _NEVER_CODES if writes_unknown else _EXCLUDED_CODES
    rows = np.arange(texts)[:, None] * beams
    last, origin = np.full(texts * beams, START_CODE), np.arange(texts * beams)
    # All beams begin alike, so only the first may go on: else all would write the same.
    scores = np.where(np.arange(beams) == 0, 0.0, -np.inf) * np.ones((texts, 1))
    ended = np.zeros((texts, beams), bool)
    kept: list[tuple[np.ndarray, ...]] = []
    while len(kept) < longest and not ended.all():
        chances, weights = step(last, origin)
        chances = chances.reshape(texts, beams, -1).astype(np.float64)
        chances[..., excluded] = -np.inf
        # An answer that has ended stays as it is: padding follows, for sure.
        chances[ended] = np.where(np.arange(chances.shape[-1]) == 0, 0.0, -np.inf)
        every = (scores[..., None] + chances).reshape(texts, -1)
        best = _top_indices(every, beams)
        parents, tokens = np.divmod(best, chances.shape[-1])
        scores = np.take_along_axis(every, best, axis=1)
        ended = np.take_along_axis(ended, parents, axis=1) | (tokens == END_CODE) | np.isneginf(scores)
        seen = np.take_along_axis(weights.reshape(texts, beams, -1), parents[..., None], axis=1)
        kept.append((np.where(np.isneginf(scores), 0, tokens), parents, scores, seen))
        last, origin = tokens.ravel(), (rows + parents).ravel()
    tokens, parents, scores, seen = (np.stack(part) for part in zip(*kept, strict=True))
    return BeamSearch(tokens, parents, scores, seen, penalty)


def sample_answer(
    step: DecodingStep,
    last: int,
    longest: int,
    temperature: float,
    rng: np.random.Generator,
    *,
    writes_unknown: bool = False,
) -> Hypothesis:
    """Write an answer, or write on, as chance has it.

    Args:
        step: the model, with one text and one beam.
        last: the token that is written already.
        longest: tokens to write at most, one or more.
        temperature: by which log p is divided before a token is drawn: near 0 the most probable one always
            wins, and above 1 chance gets bolder; 0 draws nothing and takes the most probable.
        rng: where chance comes from.
        writes_unknown: whether it may hold the unknown token.
    """
    excluded = _NEVER_CODES if writes_unknown else _EXCLUDED_CODES
    codes: list[int] = []
    weights, score = [], 0.0
    while len(codes) < longest and last != END_CODE:
        chances, seen = step(np.array([last]), np.array([0]))
        logs = chances[0].astype(np.float64)
        logs[excluded] = -np.inf
        if temperature:
            # Gumbel's trick: the largest of log p and noise is drawn with probability p.
            last = int(np.argmax(logs / temperature + rng.gumbel(size=len(logs))))
        else:
            last = int(np.argmax(logs))
        codes.append(last)
        weights.append(seen[0])
        score += float(logs[last])
    return Hypothesis(np.array(codes, np.int32), np.array(weights), score)


def _top_indices(values: np.ndarray, count: int) -> np.ndarray:
    """Return the places of each row's largest values, (rows, many): the largest first, of equals the
    first."""
    if count == 1:
        return values.argmax(axis=1)[:, None]
    return np.argsort(-values, axis=1, kind="stable")[:, :count]
