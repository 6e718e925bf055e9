"""A small English and French grammar: sentences in both, with French agreement, elision and word order.

A French adjective stands behind its noun, save for a few that stand before it; it takes the noun's gender
and number. That makes word by word translation go wrong, and attention cross over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

T = TypeVar("T")

_VOWELS = "aeiouhàâéèêëîïôœùûAEIOUHÉ"
_TWO_ADJECTIVES = 0.25  # share of the described nouns that are described twice


NounSort = Literal["person", "animal", "thing"]
# What may be said of what: nobody is yellow or expensive, and no lamp is happy.
_APPLIES_TO: dict[str, tuple[NounSort, ...]] = {
    "all": ("person", "animal", "thing"),
    "living": ("person", "animal"),
    "colour": ("animal", "thing"),
    "thing": ("thing",),
}


@dataclass(frozen=True)
class Noun:
    """A noun with its plurals and its French gender."""

    english: str
    french: str
    feminine: bool
    english_plural: str = ""
    french_plural: str = ""
    sort: NounSort = "thing"

    def in_english(self, plural: bool) -> str:
        """Return the English form."""
        return (self.english_plural or f"{self.english}s") if plural else self.english

    def in_french(self, plural: bool) -> str:
        """Return the French form."""
        return (self.french_plural or f"{self.french}s") if plural else self.french


@dataclass(frozen=True)
class Adjective:
    """An adjective with its French forms.

    Attributes:
        forms: masculine and feminine singular, masculine and feminine plural.
        before: whether it stands before its noun in French.
        liaison: the masculine singular before a vowel, where it is another.
        applies_to: what it may describe: all, living, colour (all but people) or thing.
    """

    english: str
    forms: tuple[str, str, str, str]
    before: bool = False
    liaison: str = ""
    applies_to: str = "all"

    def in_french(self, feminine: bool, plural: bool, following: str = "") -> str:
        """Return the form for a gender, a number and the word that follows."""
        if self.liaison and not feminine and not plural and _is_vowel(following):
            return self.liaison
        return self.forms[2 * plural + feminine]


@dataclass(frozen=True)
class Verb:
    """A verb in the third person of the present: English he and they, French il and ils."""

    english: tuple[str, str]
    french: tuple[str, str]


@dataclass(frozen=True)
class Preposition:
    """A preposition; in French it may end in “de”, which melts into the article."""

    english: str
    french: str


Article = Literal["the", "a", "this", "my", "your"]

_FRENCH_ARTICLES: dict[Article, tuple[str, str, str]] = {
    # masculine, feminine, plural
    "the": ("le", "la", "les"),
    "a": ("un", "une", "des"),
    "this": ("ce", "cette", "ces"),
    "my": ("mon", "ma", "mes"),
    "your": ("ton", "ta", "tes"),
}
_ENGLISH_PLURAL: dict[Article, str] = {
    "the": "the",
    "a": "some",
    "this": "these",
    "my": "my",
    "your": "your",
}


def _regular_adjective(english: str, french: str, applies_to: str = "all") -> Adjective:
    """Make an adjective that takes -e and -s, as most do."""
    feminine = french if french.endswith("e") else f"{french}e"
    masculine_plural = french if french.endswith("s") else f"{french}s"
    return Adjective(english, (french, feminine, masculine_plural, f"{feminine}s"), applies_to=applies_to)


LIVING = (
    Noun("boy", "garçon", False, sort="person"),
    Noun("girl", "fille", True, sort="person"),
    Noun("man", "homme", False, "men", sort="person"),
    Noun("woman", "femme", True, "women", sort="person"),
    Noun("teacher", "professeur", False, sort="person"),
    Noun("neighbour", "voisin", False, sort="person"),
    Noun("baker", "boulanger", False, sort="person"),
    Noun("nurse", "infirmière", True, sort="person"),
    Noun("child", "enfant", False, "children", sort="person"),
    Noun("queen", "reine", True, sort="person"),
    Noun("king", "roi", False, sort="person"),
    Noun("singer", "chanteuse", True, sort="person"),
    Noun("cat", "chat", False, sort="animal"),
    Noun("dog", "chien", False, sort="animal"),
    Noun("horse", "cheval", False, french_plural="chevaux", sort="animal"),
    Noun("bird", "oiseau", False, french_plural="oiseaux", sort="animal"),
    Noun("mouse", "souris", True, "mice", "souris", sort="animal"),
    Noun("cow", "vache", True, sort="animal"),
)
THINGS = (
    Noun("car", "voiture", True),
    Noun("book", "livre", False),
    Noun("house", "maison", True),
    Noun("flower", "fleur", True),
    Noun("tree", "arbre", False),
    Noun("letter", "lettre", True),
    Noun("apple", "pomme", True),
    Noun("table", "table", True),
    Noun("boat", "bateau", False, french_plural="bateaux"),
    Noun("hat", "chapeau", False, french_plural="chapeaux"),
    Noun("shirt", "chemise", True),
    Noun("umbrella", "parapluie", False),
    Noun("picture", "image", True),
    Noun("lamp", "lampe", True),
    Noun("knife", "couteau", False, "knives", "couteaux"),
    Noun("bottle", "bouteille", True),
    Noun("egg", "œuf", False),
    Noun("watch", "montre", True, "watches"),
    Noun("pencil", "crayon", False),
    Noun("island", "île", True),
)
LOCATIONS = (
    Noun("garden", "jardin", False),
    Noun("kitchen", "cuisine", True),
    Noun("school", "école", True),
    Noun("forest", "forêt", True),
    Noun("station", "gare", True),
    Noun("church", "église", True, "churches"),
    Noun("hotel", "hôtel", False),
    Noun("market", "marché", False),
    Noun("river", "rivière", True),
    Noun("castle", "château", False, french_plural="châteaux"),
)
ADJECTIVES = (
    _regular_adjective("red", "rouge", "colour"),
    _regular_adjective("black", "noir", "colour"),
    _regular_adjective("green", "vert", "colour"),
    _regular_adjective("blue", "bleu", "colour"),
    _regular_adjective("yellow", "jaune", "colour"),
    _regular_adjective("grey", "gris", "colour"),
    Adjective("white", ("blanc", "blanche", "blancs", "blanches"), applies_to="colour"),
    _regular_adjective("strange", "étrange"),
    _regular_adjective("strong", "fort", "living"),
    _regular_adjective("elegant", "élégant"),
    _regular_adjective("modern", "moderne", "thing"),
    _regular_adjective("round", "rond", "thing"),
    _regular_adjective("famous", "célèbre"),
    Adjective("dangerous", ("dangereux", "dangereuse", "dangereux", "dangereuses"), applies_to="colour"),
    Adjective("happy", ("heureux", "heureuse", "heureux", "heureuses"), applies_to="living"),
    Adjective("expensive", ("cher", "chère", "chers", "chères"), applies_to="thing"),
    Adjective("small", ("petit", "petite", "petits", "petites"), before=True),
    Adjective("big", ("grand", "grande", "grands", "grandes"), before=True),
    Adjective("pretty", ("joli", "jolie", "jolis", "jolies"), before=True),
    Adjective("bad", ("mauvais", "mauvaise", "mauvais", "mauvaises"), before=True),
    Adjective("good", ("bon", "bonne", "bons", "bonnes"), before=True),
    Adjective("young", ("jeune", "jeune", "jeunes", "jeunes"), before=True, applies_to="living"),
    Adjective("old", ("vieux", "vieille", "vieux", "vieilles"), before=True, liaison="vieil"),
    Adjective("new", ("nouveau", "nouvelle", "nouveaux", "nouvelles"), before=True, liaison="nouvel"),
    Adjective("beautiful", ("beau", "belle", "beaux", "belles"), before=True, liaison="bel"),
)
VERBS = (
    Verb(("sees", "see"), ("voit", "voient")),
    Verb(("buys", "buy"), ("achète", "achètent")),
    Verb(("sells", "sell"), ("vend", "vendent")),
    Verb(("looks for", "look for"), ("cherche", "cherchent")),
    Verb(("finds", "find"), ("trouve", "trouvent")),
    Verb(("likes", "like"), ("aime", "aiment")),
    Verb(("carries", "carry"), ("porte", "portent")),
    Verb(("hides", "hide"), ("cache", "cachent")),
    Verb(("loses", "lose"), ("perd", "perdent")),
    Verb(("washes", "wash"), ("lave", "lavent")),
    Verb(("draws", "draw"), ("dessine", "dessinent")),
    Verb(("breaks", "break"), ("casse", "cassent")),
    Verb(("admires", "admire"), ("admire", "admirent")),
    Verb(("forgets", "forget"), ("oublie", "oublient")),
)
PREPOSITIONS = (
    Preposition("in", "dans"),
    Preposition("behind", "derrière"),
    Preposition("in front of", "devant"),
    Preposition("near", "près de"),
    Preposition("far from", "loin de"),
    Preposition("beside", "à côté de"),
)


class SentenceGenerator:
    """Makes sentences in both languages.

    Args:
        rng: where chance comes from.
        adjectives: share of the nouns that are described.
        negated: share of the sentences that are denied.
        places: share of the sentences that say where.
    """

    def __init__(self, rng: np.random.Generator, *, adjectives: float, negated: float, places: float):
        self._rng, self._adjectives, self._negated, self._places = rng, adjectives, negated, places

    def sentence(self) -> tuple[str, str]:
        """Make a sentence: in English, and in French."""
        subject, plural = self._pick(LIVING), self._chance(0.4)
        english_subject, french_subject = self._phrase(subject, plural)
        denied = self._chance(self._negated)
        if self._chance(0.2):
            english, french = self._state(subject, plural, denied)
        else:
            english, french = self._action(plural, denied)
        english, french = f"{english_subject} {english}", f"{french_subject} {french}"
        if self._chance(self._places):
            place, spot = self._pick(PREPOSITIONS), self._pick(LOCATIONS)
            there, la = self._phrase(spot, False, articles=("the",))
            english, french = (
                f"{english} {place.english} {there}",
                f"{french} {join_preposition(place.french, la)}",
            )
        return f"{english} .", f"{french} ."

    def _state(self, subject: Noun, plural: bool, denied: bool) -> tuple[str, str]:
        adjective = self._pick(_matching_adjectives(subject))
        is_, est = ("are", "sont") if plural else ("is", "est")
        english = f"{is_} not {adjective.english}" if denied else f"{is_} {adjective.english}"
        agreed = adjective.in_french(subject.feminine, plural)
        return english, f"{_negate(est) if denied else est} {agreed}"

    def _action(self, plural: bool, denied: bool) -> tuple[str, str]:
        verb, plural_object = self._pick(VERBS), self._chance(0.4)
        noun = self._pick(THINGS)
        english, french = self._phrase(noun, plural_object, denied=denied)
        if denied:
            do = "do" if plural else "does"
            return f"{do} not {verb.english[1]} {english}", f"{_negate(verb.french[plural])} {french}"
        return f"{verb.english[plural]} {english}", f"{verb.french[plural]} {french}"

    def _phrase(
        self,
        noun: Noun,
        plural: bool,
        *,
        denied: bool = False,
        articles: tuple[Article, ...] = ("the", "the", "a", "this", "my", "your"),
    ) -> tuple[str, str]:
        article = self._pick(articles)
        before, after = self._choose_adjectives(noun)
        english = [
            *(adjective.english for adjective in (*before, *after)),
            noun.in_english(plural),
        ]
        french = noun.in_french(plural)
        for adjective in before:
            french = f"{adjective.in_french(noun.feminine, plural, french)} {french}"
        french = add_article(article, french, noun.feminine, plural, described=bool(before), denied=denied)
        for adjective in after:
            french = f"{french} {adjective.in_french(noun.feminine, plural)}"
        first = _ENGLISH_PLURAL[article] if plural else article
        if article == "a" and not plural:
            first = "an" if english[0][0] in "aeiou" else "a"
        if denied and first == "some":
            first = "any"
        return " ".join([first, *english]), french

    def _choose_adjectives(self, noun: Noun) -> tuple[tuple[Adjective, ...], tuple[Adjective, ...]]:
        """Choose the adjectives that stand before the French noun, and those that stand behind it."""
        if not self._chance(self._adjectives):
            return (), ()
        fitting = _matching_adjectives(noun)
        chosen = self._pick(fitting)
        both = [chosen]
        if self._chance(_TWO_ADJECTIVES):
            both.append(self._pick([other for other in fitting if other.before != chosen.before]))
        before = tuple(adjective for adjective in both if adjective.before)
        return before, tuple(adjective for adjective in both if not adjective.before)

    def _chance(self, share: float) -> bool:
        return bool(self._rng.random() < share)

    def _pick(self, of: Sequence[T]) -> T:
        return of[int(self._rng.integers(len(of)))]


def _matching_adjectives(noun: Noun) -> list[Adjective]:
    return [adjective for adjective in ADJECTIVES if noun.sort in _APPLIES_TO[adjective.applies_to]]


def add_article(
    article: Article, phrase: str, feminine: bool, plural: bool, *, described: bool, denied: bool
) -> str:
    """Put the French article before a phrase.

    Args:
        described: whether an adjective stands first: then “des” becomes “de”.
        denied: whether the phrase is what isn't so: then “un”, “une” and “des” become “de”.
    """
    vowel = _is_vowel(phrase)
    if article == "a" and (denied or (plural and described)):
        return f"d'{phrase}" if vowel else f"de {phrase}"
    masculine_form, feminine_form, plural_form = _FRENCH_ARTICLES[article]
    if plural:
        return f"{plural_form} {phrase}"
    if vowel and article == "the":
        return f"l'{phrase}"
    if vowel and article == "this" and not feminine:
        return f"cet {phrase}"
    # “ma amie” would be hard to say: it is “mon amie”.
    chosen = feminine_form if feminine and not (vowel and article in ("my", "your")) else masculine_form
    return f"{chosen} {phrase}"


def join_preposition(preposition: str, phrase: str) -> str:
    """Join a preposition and a phrase: “près de” and “le jardin” are “près du jardin”."""
    if preposition.endswith(" de") and phrase.startswith("le "):
        return f"{preposition[:-3]} du {phrase[3:]}"
    return f"{preposition} {phrase}"


def _negate(verb: str) -> str:
    return f"n'{verb} pas" if _is_vowel(verb) else f"ne {verb} pas"


def _is_vowel(word: str) -> bool:
    return word != "" and word[0] in _VOWELS
