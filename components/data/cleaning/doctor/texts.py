"""Finds what is wrong with texts, pairs and classes before a model reads them."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from components.data.cleaning.doctor.finding import MOST_ROWS, Finding, count_clause, count_phrase, quote_cell
from components.data.datasets import Classes, Pairs, Recordings, Sequences, Texts
from components.data.splits.example_split import split_examples
from components.data.tokenizers.token_stats import training_and_test_texts
from components.errors import DataError
from components.recipe import Preparation

_HUGE = 20  # times the median length, and
_HUGE_CHARACTERS = 2_000  # characters at least
_LETTERS = 60  # of a text, that tell its script
_MOST_TEXTS = 50_000  # whose script is looked at
_MINOR_SHARE = 0.2  # share of the texts up to which another script is the odd one out
_RARE_SHARE = 0.2  # of an even share, below which a class is seen rarely
_FEW_EXAMPLES = 10  # examples of a class
_SCRIPTS = {"CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}


def examine_texts(dataset: Texts, preparation: Preparation) -> tuple[Finding, ...]:
    """Look at texts: empty, huge or in another script, the same in training and test, classes apart."""
    if dataset.is_corpus:
        return ()
    found = [
        *_find_empty_texts(dataset.texts),
        *_find_huge_texts(dataset),
        *_find_other_scripts(dataset.texts),
    ]
    if dataset.classes:
        found += [
            *_find_contradictions(dataset.texts, dataset.classes),
            *_find_class_problems(dataset.classes, "text"),
        ]
    training, test = training_and_test_texts(dataset, preparation)
    found += _find_leaked_texts(dataset.texts, training, test, "text")
    return tuple(found)


def examine_pairs(dataset: Pairs, preparation: Preparation) -> tuple[Finding, ...]:
    """Look at pairs: several answers to a source, the same source in training and test."""
    found = list(_find_several_targets(dataset))
    try:
        drawn = split_examples(dataset, preparation)
    except DataError:
        return tuple(found)
    return (*found, *_find_leaked_texts(dataset.sources, drawn.train, drawn.test, "source"))


def examine_sequences(dataset: Sequences) -> tuple[Finding, ...]:
    """Look at sequences: their classes."""
    if not isinstance(dataset.answer, Classes):
        return ()
    word = "recording" if isinstance(dataset, Recordings) else "sequence"
    return tuple(_find_class_problems(dataset.answer, word))


# --- One text after the other ----------------------------------------------------------------------


def _find_empty_texts(texts: Sequence[str]) -> Iterator[Finding]:
    empty = [number for number, text in enumerate(texts) if not text.strip()]
    if empty:
        yield Finding(
            key="empty",
            severity="should",
            sentence=(
                f"{count_clause(len(empty), 'text', 'is', 'are')} empty; the first is text {empty[0] + 1:,}."
            ),
            rows=tuple(empty[:MOST_ROWS]),
        )


def _find_huge_texts(dataset: Texts) -> Iterator[Finding]:
    lengths = dataset.characters
    usual = float(np.median(lengths))
    huge = np.flatnonzero(lengths > max(_HUGE * usual, _HUGE_CHARACTERS))
    if len(huge):
        longest = int(np.argmax(lengths))
        yield Finding(
            key="huge",
            severity="note",
            sentence=(
                f"{count_clause(len(huge), 'text', 'is', 'are')} more than {_HUGE} times as long as the "
                f"median of {usual:,.0f} characters; the longest is text {longest + 1:,} with "
                f"{lengths[longest]:,}. Long texts are cut, or short ones padded."
            ),
            rows=tuple(huge[:MOST_ROWS].tolist()),
        )


def _find_other_scripts(texts: Sequence[str]) -> Iterator[Finding]:
    scripts = [_script(text) for text in texts[:_MOST_TEXTS]]
    counts = Counter(script for script in scripts if script)
    if len(counts) < 2:
        return
    usual = counts.most_common(1)[0][0]
    odd = [number for number, script in enumerate(scripts) if script not in ("", usual)]
    if len(odd) <= _MINOR_SHARE * len(scripts):
        first = odd[0]
        yield Finding(
            key="script",
            severity="should",
            sentence=(
                f"{count_clause(len(odd), 'text', 'is', 'are')} in a different script from the others, which "
                f"are {usual}: text {first + 1:,} is {scripts[first]}, {quote_cell(texts[first])}."
            ),
            rows=tuple(odd[:MOST_ROWS]),
        )


def _script(text: str) -> str:
    """Return the script of most of a text's first letters; none where there are no letters."""
    letters: list[str] = []
    for letter in text[: 10 * _LETTERS]:
        if letter.isalpha():
            letters.append(letter)
            if len(letters) == _LETTERS:
                break
    found = Counter(map(_letter_script, letters)).most_common(1)
    return found[0][0] if found else ""


@lru_cache(maxsize=20_000)
def _letter_script(letter: str) -> str:
    name = unicodedata.name(letter, "unknown").split(" ")[0]
    return _SCRIPTS.get(name, name.capitalize())


# --- Between texts ---------------------------------------------------------------------------------


def _find_leaked_texts(
    texts: Sequence[str], training: np.ndarray, test: np.ndarray, word: str
) -> Iterator[Finding]:
    marks = _marks(texts)
    again = [int(number) for number in test[np.isin(marks[test], marks[training])] if texts[number].strip()]
    if again:
        yield Finding(
            key="copies",
            severity="should",
            sentence=(
                f"{len(again) / len(test):.1%} of the test set ({count_phrase(len(again), word)}) also "
                f"appears in the training set, such as {quote_cell(texts[again[0]])}. A model that "
                "memorises looks good on it."
            ),
            rows=tuple(again[:MOST_ROWS]),
        )


def _find_contradictions(texts: Sequence[str], classes: Classes) -> Iterator[Finding]:
    torn = [first for first, _ in _with_several(_marks(texts), classes.codes) if texts[first].strip()]
    if torn:
        yield Finding(
            key="contradictions",
            severity="note",
            sentence=(
                f"{count_clause(len(torn), 'text', 'appears', 'appear')} with more than one class, such as "
                f"{quote_cell(_normalise(texts[torn[0]]))}: no model can get it right every time."
            ),
        )


def _find_several_targets(dataset: Pairs) -> Iterator[Finding]:
    targets = np.fromiter(map(hash, dataset.targets), np.int64, dataset.size)
    several = _with_several(_marks(dataset.sources), targets)
    if several:
        first, answers = several[0]
        yield Finding(
            key="answers",
            severity="note",
            sentence=(
                f"{count_clause(len(several), 'source', 'has', 'have')} more than one answer, such as "
                f"{quote_cell(_normalise(dataset.sources[first]))} with {answers:,}: an exact match then "
                "depends partly on chance. All answers of a source are in the same set."
            ),
        )


def _marks(texts: Sequence[str]) -> np.ndarray:
    """Return a number for each text, (N,) int64, the same for those that differ in nothing but their case and
    spaces: the texts themselves would be in memory twice."""
    return np.fromiter((hash(_normalise(text)) for text in texts), np.int64, len(texts))


def _with_several(marks: np.ndarray, others: np.ndarray) -> list[tuple[int, int]]:
    """Return the first place of each mark that stands beside more than one other, and how many these are."""
    _, first, inverse = np.unique(marks, return_index=True, return_inverse=True)
    beside = np.unique(np.stack([inverse.ravel(), others]), axis=1)[0]
    counts = np.bincount(beside, minlength=len(first))
    return sorted((int(first[at]), int(counts[at])) for at in np.flatnonzero(counts > 1))


def _normalise(text: str) -> str:
    return " ".join(text.split()).casefold()


# --- Classes ---------------------------------------------------------------------------------------


def _find_class_problems(classes: Classes, word: str) -> Iterator[Finding]:
    counts, names = classes.counts, classes.names
    if (counts > 0).sum() < 2:
        yield Finding(
            key="one class",
            severity="must",
            sentence=f"Every {word} is “{names[int(counts.argmax())]}”, so there is nothing to classify.",
        )
        return
    rare = int(counts.argmin())
    if counts[rare] < _RARE_SHARE * counts.sum() / len(names):
        yield Finding(
            key="imbalance",
            severity="note",
            sentence=(
                f"The classes are imbalanced: {count_clause(int(counts[rare]), word, 'is', 'are')} "
                f"“{names[rare]}”, and {counts.max():,} are “{names[int(counts.argmax())]}”. Look at the "
                "balanced accuracy, which weights every class equally."
            ),
        )
    elif counts[rare] < _FEW_EXAMPLES:
        yield Finding(
            key="few examples",
            severity="note",
            sentence=(
                f"There {_are_only_phrase(int(counts[rare]), word)} of “{names[rare]}”: too few to learn "
                "much from."
            ),
        )


def _are_only_phrase(number: int, word: str) -> str:
    return f"{'is' if number == 1 else 'are'} only {count_phrase(number, word)}"
