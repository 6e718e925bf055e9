"""The shipped texts are whole, equal their origins, and say what was done to them."""

import hashlib
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import yaml

from components import data
from components.data.datasets import Pairs, Texts
from components.data.sources.text_samples import TEXT_SAMPLES
from components.recipe import Sample


def texts(name: str) -> Texts:
    return data.load(Sample(name=name))


@pytest.mark.parametrize("name", TEXT_SAMPLES)
def test_says_what_it_is(name):
    info, dataset = TEXT_SAMPLES[name], data.load(Sample(name=name))
    assert dataset.kind == info.kind and dataset.notes == info.notes
    assert info.description and info.provenance.source and info.provenance.licence and info.provenance.url


def test_the_novel_is_that_of_its_package():
    # SHA-256 of data/data.txt in the package that the card names.
    (novel,) = texts("moby_dick").texts
    digest = hashlib.sha256(novel.encode()).hexdigest()
    assert digest == "fe282a57094ed62e7144fb7c804a9748fc1c909bf3b49d06e7276015f9f67240"
    assert len(novel) > 1_190_000 and "Call me Ishmael." in novel and texts("moby_dick").is_corpus


def test_the_names_are_those_of_their_packages():
    # data/names.txt of the two packages has 4,951 and 3,898 lines.
    dataset = texts("first_names")
    assert dataset.classes.names == ("female", "male") and dataset.classes.counts.tolist() == [4951, 3898]
    female, male = (np.array(dataset.texts)[dataset.classes.codes == code] for code in (0, 1))
    assert len({*female} & {*male}) == 419
    assert len(female) - len({*female}) + len(male) - len({*male}) == 8
    assert (female[0], male[0], female[-1]) == ("Aaren", "Aaron", "Zuzana")


def test_the_posts_are_rated_and_none_is_coarse():
    dataset = texts("tweets")
    assert dataset.size == 4200 - 123 and dataset.classes.counts.tolist() == [989, 759, 2329]
    assert (
        "123 of the 4,200" in dataset.notes[1] and f"{dataset.size:,}" in TEXT_SAMPLES["tweets"].description
    )
    assert all(text == " ".join(text.split()) != "" for text in dataset.texts)
    assert not any(re.search(r"&(amp|lt|gt|quot);|fuck|bitch", text, re.IGNORECASE) for text in dataset.texts)
    feeling = dict(zip(dataset.texts, dataset.classes.codes, strict=True))
    assert dataset.classes.names[feeling["LMAO, AMAZING!"]] == "positive"
    assert dataset.classes.names[feeling["Yay. Another good phone interview."]] == "positive"


def test_the_talk_is_that_of_its_package():
    import chatterbot_corpus

    folder = Path(chatterbot_corpus.__file__).parent / "data" / "english"
    wanted: dict[tuple[str, str], None] = {}
    for name in ("conversations", "greetings", "food", "science", "trivia", "tech_support"):
        for talk in yaml.safe_load((folder / f"{name}.yml").read_text())["conversations"]:
            said = [" ".join(str(sentence).split()) for sentence in talk if isinstance(talk, list)]
            wanted |= dict.fromkeys((one, other) for one, other in pairwise(said) if other)
    dataset = data.load(Sample(name="small_talk"))
    assert isinstance(dataset, Pairs)
    assert list(zip(dataset.sources, dataset.targets, strict=True)) == list(wanted)
