"""First recipes for pairs: subwords where people's words are rare, words or characters elsewhere."""

import numpy as np
import pytest

from components.data.datasets import Pairs, Provenance
from components.recipe import Preparation, Recipe, Sample
from components.tasks import chat, recipe_issues, translate

LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))


def written_pairs(many: int, *, capitals: bool = True, rare: float = 0.1) -> Pairs:
    """Make pairs of a few frequent words and, now and then, one that stands nowhere else."""
    rng = np.random.default_rng(0)
    frequent = ["".join(rng.choice(LETTERS, 4)) for _ in range(60)]

    def sentence() -> str:
        words = rng.choice(frequent, rng.integers(2, 6)).tolist()
        if rng.random() < rare:
            words.append("".join(rng.choice(LETTERS, 9)))
        return f"{' '.join(words)} .".capitalize() if capitals else f"{' '.join(words)} ."

    sources, targets = (tuple(sentence() for _ in range(many)) for _ in range(2))
    return Pairs(Sample(name="toy"), "Toy", Provenance("here", "none"), sources=sources, targets=targets)


@pytest.mark.parametrize("task", [translate, chat])
def test_subwords_are_suggested_where_words_are_rare_and_pairs_many(task):
    found = task.suggest(written_pairs(2000))
    assert found.task.level == "byte_pair"
    assert found.task.tied
    assert found.task.lower
    assert found.optimizer.schedule == "cosine"
    assert recipe_issues(found, written_pairs(2000)) == ()
    assert Recipe.from_url(found.to_url()) == found


def test_words_are_suggested_where_they_are_frequent_or_pairs_few():
    assert translate.suggest(written_pairs(2000, rare=0)).task.level == "word"
    assert translate.suggest(written_pairs(500)).task.level == "word"


def test_lower_case_is_suggested_only_where_it_makes_words_the_same():
    assert not translate.suggest(written_pairs(2000, capitals=False)).task.lower


def test_answers_are_searched_with_four_beams_where_they_are_translations():
    assert translate.suggest(written_pairs(2000)).task.beams == 4


def test_the_suggested_length_leaves_hardly_a_pair_out():
    data = written_pairs(2000)
    problem = translate.prepare(translate.suggest(data, Preparation()), data)
    kept = len(problem.train) + len(problem.validation) + len(problem.test)
    assert kept > 0.97 * data.size
