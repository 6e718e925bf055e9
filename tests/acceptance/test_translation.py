"""Translating as well as is published: dates, sums, and a French whose adjectives change place."""

import numpy as np
import pytest

from components.charts.alignment import crossings
from components.data import load
from components.data.datasets import Pairs
from components.data.sources.synthetic.french import ADJECTIVES, LIVING, LOCATIONS, THINGS
from components.data.splits.random_split import RandomSplit
from components.recipe import Generated, Optimizer, Preparation, Recipe, Recurrent, Training, Translate
from components.tasks import translate
from components.tasks.metrics import score
from components.tasks.seq2seq.metrics import METRICS, Answers
from components.tasks.seq2seq.problem import Seq2SeqProblem
from components.tasks.seq2seq.result import AnswerScore, AnswersResult
from components.training.loop import Loop

SEEDS = (0, 1, 2)
UNSEEN = 1000

DATES = Recipe(
    dataset=Generated(name="dates", length=12_000),
    preparation=Preparation(validation=0.05, test=0.1),
    task=Translate(level="character"),
    model=Recurrent(kind="lstm", units=32, bidirectional=True, attention="additive"),
    optimizer=Optimizer(learning_rate=0.005),
    training=Training(batch=100, epochs=6, patience=None),
)
SUMS = Recipe(
    dataset=Generated(name="sums", length=50_000, parameters={"digits": 3, "backwards": 1}),
    preparation=Preparation(validation=0.05, test=0.05),
    task=Translate(level="character"),
    model=Recurrent(kind="lstm", units=128),
    training=Training(batch=128, epochs=10, patience=None),
)
FRENCH = Recipe(
    dataset=Generated(name="french", length=12_000),
    task=Translate(level="word"),
    model=Recurrent(kind="lstm", units=64, bidirectional=True, attention="additive"),
    training=Training(batch=64, epochs=10, patience=None),
)


def train(recipe: Recipe, problem: Seq2SeqProblem) -> None:
    """Train and keep the best weights."""
    built = translate.build(recipe, problem)
    loop = Loop(built.model, problem, recipe)
    while not loop.is_over:
        loop.run(50)
        if loop.at_epoch_end:
            loop.end_epoch()
    loop.load_selected_weights()


def problem_of(recipe: Recipe, train: int) -> Seq2SeqProblem:
    """Prepare a recipe with so many training pairs, and as many unseen ones as are asked for."""
    problem = translate.prepare(recipe, load(recipe.dataset))
    problem.train = problem.train[:train]
    assert len(problem.train) == train
    problem.test = problem.test[:UNSEEN]
    assert len(problem.test) == UNSEEN
    return problem


@pytest.mark.acceptance
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", SEEDS)
def test_dates_become_iso_and_the_year_is_read_where_it_stands(seed):
    recipe = DATES.model_copy(update={"seed": seed})
    problem = problem_of(recipe, 10_000)
    train(recipe, problem)
    on_the_year = []
    right = 0
    for number, (best, *_) in zip(problem.test, problem.write(problem.test), strict=True):
        text, truth = problem.dataset.sources[number], problem.dataset.targets[number]
        right += problem.decode(best.codes) == truth
        place = text.index(truth[:4])
        on_the_year.append(best.weights[:4, place : place + 4].sum(axis=1).mean())
    assert right >= 0.98 * UNSEEN
    assert np.mean(on_the_year) >= 0.6


@pytest.mark.acceptance
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", SEEDS)
def test_sums_of_three_digits_are_added_up(seed):
    recipe = SUMS.model_copy(update={"seed": seed})
    problem = problem_of(recipe, 45_000)
    train(recipe, problem)
    answers = [problem.decode(best.codes) for best, *_ in problem.write(problem.test)]
    truths = [problem.truth(number) for number in problem.test]
    assert score(AnswerScore, "model", "", Answers(answers, truths, "character"), METRICS).tokens >= 0.95


# --- English to French -------------------------------------------------------------------------------

_ADJECTIVES = {adjective.english for adjective in ADJECTIVES}
_NOUNS = {
    noun.in_english(plural): noun.english
    for noun in (*LIVING, *THINGS, *LOCATIONS)
    for plural in (False, True)
}
_BEHIND = {
    form: adjective.english for adjective in ADJECTIVES if not adjective.before for form in adjective.forms
}


def described(sentence: str) -> set[tuple[str, str]]:
    """Return what is said of what in an English sentence: adjectives with their nouns."""
    pairs, waiting, subject = set(), list[str](), ""
    for word in sentence.split():
        if word in _ADJECTIVES:
            waiting.append(word)
        elif word in _NOUNS or word == ".":
            subject = subject or _NOUNS[word]
            pairs |= {(adjective, _NOUNS.get(word, subject)) for adjective in waiting}
            waiting = []
    return pairs


def parted(dataset: Pairs) -> RandomSplit:
    """Hold back a seventh of all that may be said of anything, and every sentence in which it is said.

    What is trained on holds none of these word pairs, and what is tested on no other ones.
    """
    rng = np.random.default_rng(0)
    every = [described(sentence) for sentence in dataset.sources]
    held = {pair for pair in sorted(set().union(*every)) if rng.random() < 1 / 7}
    seen = rng.permutation([number for number, pairs in enumerate(every) if not pairs & held])
    unseen = [number for number, pairs in enumerate(every) if pairs and pairs <= held]
    many = len(seen) // 20
    return RandomSplit(np.sort(seen[many:]), np.sort(seen[:many]), np.array(unseen))


def french_shares(seed: int) -> tuple[float, float]:
    """Train on French → the share of unseen sentences that are right, and of adjectives at which noun and
    adjective look at each other's places."""
    recipe = FRENCH.model_copy(update={"seed": seed})
    dataset = load(recipe.dataset)
    problem = Seq2SeqProblem(recipe.task, dataset, parted(dataset))
    train(recipe, problem)
    result: AnswersResult = translate.evaluate(problem, lambda numbers: numbers, problem.built, 0)
    assert len(result.answers) >= 300
    crossed = []
    for number, (best, *_) in zip(problem.test, problem.write(problem.test), strict=True):
        english, french = dataset.sources[number].split(), problem.decode(best.codes).split()
        back = crossings(best.weights[: len(french)])
        for place, word in enumerate(french):
            adjective = _BEHIND.get(word)
            if (
                place == 0
                or english.count(adjective) != 1
                or english[english.index(adjective) + 1] not in _NOUNS
            ):
                continue
            # “a red car”, “une voiture rouge”: noun and adjective look at each other's places.
            before = english.index(adjective)
            looked = best.weights[place - 1 : place + 1].argmax(axis=1).tolist()
            crossed.append(looked == [before + 1, before] and place in back)
    assert len(crossed) >= 100
    return result.scores[0].exact, float(np.mean(crossed))


@pytest.mark.acceptance
@pytest.mark.timeout(1200)
def test_words_that_were_never_seen_together_are_translated_and_attention_crosses():
    # Of the middle seed: one in three learns to translate as well while its attention stands a word aside,
    # which a bidirectional reader, whose states know their neighbours, leaves it free to do.
    exact, crossed = np.median([french_shares(seed) for seed in SEEDS], axis=0)
    assert exact >= 0.95
    assert crossed >= 0.95
