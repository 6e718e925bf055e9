"""Pairs that are made are right: dates, sums, and French that a teacher would pass."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from babel.dates import format_date, get_month_names

from components import data
from components.data.datasets import Pairs
from components.data.sources.synthetic import GENERATORS, french
from components.data.sources.synthetic.french import (
    ADJECTIVES,
    LIVING,
    LOCATIONS,
    THINGS,
    add_article,
    join_preposition,
)
from components.data.sources.synthetic.pairs import _FORMATS, LANGUAGES
from components.errors import DataError
from components.recipe import Generated

NAMES = [name for name, generator in GENERATORS.items() if generator.kind == "pairs"]
NOUNS = {
    form: noun for noun in (*LIVING, *THINGS, *LOCATIONS) for form in (noun.french, noun.in_french(True))
}
# The same in both numbers, so the noun alone doesn't tell.
SAME = {"souris"}


def make_pairs(name: str, length: int = 500, seed: int = 0, **parameters: float) -> Pairs:
    return data.load(Generated(name=name, length=length, parameters=parameters, seed=seed))


def text_pairs(dataset: Pairs) -> list[tuple[str, str]]:
    return list(zip(dataset.sources, dataset.targets, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_the_same_reference_gives_the_same_pairs_and_another_seed_others(name):
    assert text_pairs(make_pairs(name)) == text_pairs(make_pairs(name))
    assert text_pairs(make_pairs(name)) != text_pairs(make_pairs(name, seed=1))


@pytest.mark.parametrize("name", NAMES)
def test_as_many_different_ones_as_asked_for(name):
    dataset = make_pairs(name, length=3000)
    assert dataset.size == len(set(dataset.sources)) == 3000


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_said_is_the_default(name):
    defaults = {parameter.name: parameter.default for parameter in GENERATORS[name].parameters}
    assert text_pairs(make_pairs(name)) == text_pairs(make_pairs(name, **defaults))


# --- Dates -----------------------------------------------------------------------------------------


def test_each_date_is_written_as_one_of_its_languages_writes_it():
    for written, iso in text_pairs(make_pairs("dates", languages=len(LANGUAGES))):
        day = date.fromisoformat(iso)
        ways = {
            " ".join(format_date(day, format=style, locale=language).split())
            for language in LANGUAGES
            for style in _FORMATS
        }
        assert written in ways


def test_english_dates_read_back_by_their_month_day_and_year():
    months = {
        name.casefold(): number
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale="en").items()
    }
    for written, iso in text_pairs(make_pairs("dates", languages=1)):
        month = next(months[word] for word in re.findall(r"[a-z]+", written.casefold()) if word in months)
        day, year = sorted(int(digits) for digits in re.findall(r"\d+", written))
        assert date(year, month, day).isoformat() == iso


def test_no_date_can_be_read_in_two_ways():
    read: dict[str, date] = {}
    for shift in range(366):
        day = date(2004, 1, 1) + timedelta(days=shift)
        for language in LANGUAGES:
            for style in _FORMATS:
                written = " ".join(format_date(day, format=style, locale=language).split())
                assert read.setdefault(written, day) == day, written


def test_dates_have_their_years():
    years = {iso[:4] for iso in make_pairs("dates", first_year=1990, years=3).targets}
    assert years == {"1990", "1991", "1992"}


# --- Sums ------------------------------------------------------------------------------------------


def test_sums_come_to_what_they_come_to():
    for written, total in text_pairs(make_pairs("sums", digits=4)):
        one, other = written.split("+")
        assert int(one) + int(other) == int(total)


def test_backwards_they_read_from_the_ones():
    for written, total in text_pairs(make_pairs("sums", backwards=1)):
        one, other = written[::-1].split("+")
        assert int(one) + int(other) == int(total[::-1])


def test_no_sum_stands_there_the_other_way_round():
    keys = [
        tuple(sorted(map(int, written.split("+")))) for written in make_pairs("sums", length=3000).sources
    ]
    assert len(set(keys)) == 3000


def test_more_than_there_are_is_refused():
    with pytest.raises(DataError, match="only about 55 different pairs"):
        make_pairs("sums", length=100, digits=1)


# --- French ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("article", "phrase", "feminine", "plural", "others", "wanted"),
    [
        ("the", "chat", False, False, {}, "le chat"),
        ("the", "île", True, False, {}, "l'île"),
        ("the", "îles", True, True, {}, "les îles"),
        ("a", "fleur", True, False, {}, "une fleur"),
        ("a", "fleurs", True, True, {}, "des fleurs"),
        ("a", "belles fleurs", True, True, {"described": True}, "de belles fleurs"),
        ("a", "arbre", False, False, {"denied": True}, "d'arbre"),
        ("a", "fleurs", True, True, {"denied": True}, "de fleurs"),
        ("the", "fleurs", True, True, {"denied": True}, "les fleurs"),
        ("this", "homme", False, False, {}, "cet homme"),
        ("this", "image", True, False, {}, "cette image"),
        ("this", "jeune homme", False, False, {"described": True}, "ce jeune homme"),
        ("my", "image", True, False, {}, "mon image"),
        ("my", "jolie image", True, False, {"described": True}, "ma jolie image"),
        ("your", "œufs", False, True, {}, "tes œufs"),
    ],
)
def test_articles(article, phrase, feminine, plural, others, wanted):
    how = {"described": False, "denied": False, **others}
    assert add_article(article, phrase, feminine, plural, **how) == wanted


def test_prepositions_melt_into_the_article():
    assert join_preposition("près de", "le jardin") == "près du jardin"
    assert join_preposition("loin de", "la gare") == "loin de la gare"
    assert join_preposition("à côté de", "l'école") == "à côté de l'école"
    assert join_preposition("dans", "le jardin") == "dans le jardin"


def test_old_new_and_beautiful_change_before_a_vowel():
    forms = {adjective.english: adjective for adjective in ADJECTIVES}
    assert forms["old"].in_french(False, False, "arbre") == "vieil"
    assert forms["new"].in_french(False, False, "hôtel") == "nouvel"
    assert forms["beautiful"].in_french(False, False, "oiseau") == "bel"
    assert forms["beautiful"].in_french(False, False, "chat") == "beau"
    assert forms["beautiful"].in_french(False, False) == "beau"
    assert forms["beautiful"].in_french(False, True, "oiseaux") == "beaux"
    assert forms["old"].in_french(True, False, "île") == "vieille"


def test_every_adjective_agrees_with_its_noun_and_stands_where_it_belongs():
    found = 0
    for _, sentence in text_pairs(make_pairs("french", length=2000, adjectives=1)):
        words = re.split(r"[ ']", sentence)
        subject = next(word for word in words if word in NOUNS)
        for place, word in enumerate(words):
            noun = NOUNS.get(word)
            if noun is None or word in SAME:
                continue
            plural = word == noun.in_french(True)
            for adjective in ADJECTIVES:
                agreed = {adjective.forms[2 * plural + noun.feminine]}
                if not plural and not noun.feminine and adjective.liaison:
                    agreed = {adjective.liaison if word[0] in "aeohœ" else adjective.forms[0]}
                before, after = words[place - 1], words[place + 1]
                if before in {*adjective.forms, adjective.liaison} - {""}:
                    assert adjective.before and before in agreed, sentence
                    found += 1
                if after in {*adjective.forms, adjective.liaison} - {""}:
                    assert not adjective.before and after in agreed, sentence
                    found += 1
        assert subject
    assert found > 3000


def test_the_word_order_crosses():
    crossed = kept = 0
    for source, target in text_pairs(make_pairs("french", length=2000, adjectives=1, places=0)):
        english, translated = source.split(), re.split(r"[ ']", target)
        thing = next((noun for noun in THINGS if {noun.english, noun.in_english(True)} & {*english}), None)
        if thing is None:  # such as “the cat is small”
            continue
        noun = next(place for place, word in enumerate(translated) if word in {*_forms(thing)})
        for adjective in ADJECTIVES:
            if adjective.english == english[-3] and not adjective.before:
                assert translated[noun + 1] in adjective.forms
                crossed += 1
            elif adjective.english == english[-3]:
                assert translated[noun - 1] in {*adjective.forms, adjective.liaison}
                kept += 1
    assert crossed > 500 and kept > 200


def _forms(noun: french.Noun) -> tuple[str, str]:
    return noun.french, noun.in_french(True)


def test_denial_and_elision():
    for source, target in text_pairs(make_pairs("french", length=2000, negated=1)):
        assert " not " in source and " pas " in target
        assert not re.search(r"\b(ne|le|la|de|me) [aeiouéèêîhœ]", target.replace("de haut", "")), target
        assert "pas des" not in target and "pas un" not in target and " any " not in target


def test_nobody_has_a_colour_or_a_price():
    people = {noun.english for noun in LIVING if noun.sort == "person"} | {
        noun.in_english(True) for noun in LIVING if noun.sort == "person"
    }
    unsaid = {adjective.english for adjective in ADJECTIVES if adjective.applies_to in ("colour", "thing")}
    for source, _ in text_pairs(make_pairs("french", length=3000, adjectives=1)):
        words = source.split()
        assert not any(one in unsaid and other in people for one, other in pairwise(words))


def test_there_are_many_thousands_of_sentences():
    assert make_pairs("french", length=20_000).size == 20_000
    assert len(french.THINGS) * len(french.VERBS) * len(french.LIVING) > 4000
