"""Searching for answers: the best of all there are, given beams enough; and drawing them."""

from itertools import product

import numpy as np
import pytest

from components.models.decoding import END_CODE, START_CODE, beam_search, sample_answer

A, B = 4, 5
TOKENS = 6


def table(seed=0, texts=1):
    """Chances of what comes next, by text, place and last token: (texts, places, tokens, tokens)."""
    return np.log(np.random.default_rng(seed).dirichlet(np.ones(TOKENS), size=(texts, 9, TOKENS)))


def step_of(logs, beams):
    """Make the step of a model that goes by a table."""
    place = -1

    def step(last, origin):
        nonlocal place
        place += 1
        texts = np.arange(len(last)) // beams
        return logs[texts, place, last], np.full((len(last), 2), 0.5)

    return step


def log_p(logs, codes):
    before = [START_CODE, *codes[:-1]]
    return sum(logs[place, last, code] for place, (last, code) in enumerate(zip(before, codes, strict=True)))


def every_answer(logs, longest):
    """Give all answers that end in time."""
    for length in range(longest):
        for middle in product((A, B), repeat=length):
            codes = (*middle, END_CODE)
            yield log_p(logs, codes), codes


@pytest.mark.parametrize("seed", range(5))
def test_with_beams_for_everything_the_best_of_all_answers_is_found(seed):
    logs = table(seed)
    found = beam_search(step_of(logs, 60), 1, 60, 5, penalty=0.0).answers(0)
    score, codes = max(every_answer(logs[0], 5))
    assert tuple(found[0].codes) == codes
    assert found[0].score == pytest.approx(score)


def test_a_beam_finds_what_greed_misses():
    logs = np.full((1, 9, TOKENS, TOKENS), -9.0)
    logs[0, 0, START_CODE, [A, B]] = np.log([0.6, 0.4])
    logs[0, 1, A, [A, B, END_CODE]] = np.log([0.35, 0.33, 0.32])
    logs[0, 1, B, END_CODE] = np.log(0.98)
    logs[0, 2, A, END_CODE] = logs[0, 2, B, END_CODE] = np.log(0.9)
    greedy = beam_search(step_of(logs, 1), 1, 1, 6, penalty=0.0).answers(0)[0]
    beam = beam_search(step_of(logs, 2), 1, 2, 6, penalty=0.0).answers(0)[0]
    assert greedy.codes.tolist() == [A, A, END_CODE]
    assert beam.codes.tolist() == [B, END_CODE]
    assert beam.score > greedy.score


def test_texts_are_answered_together_as_each_alone():
    logs = table(3, texts=4)
    together = beam_search(step_of(logs, 3), 4, 3, 6)
    for text in range(4):
        alone = beam_search(step_of(logs[text : text + 1], 3), 1, 3, 6).answers(0)
        for one, other in zip(together.answers(text), alone, strict=True):
            assert one.codes.tolist() == other.codes.tolist()
            assert one.score == pytest.approx(other.score)


def test_no_answer_holds_what_only_frames_texts_and_its_score_is_its_own():
    logs = table(7)
    for answer in beam_search(step_of(logs, 4), 1, 4, 6).answers(0):
        assert not {0, 1, START_CODE} & set(answer.codes.tolist())
        assert answer.score == pytest.approx(log_p(logs[0], answer.codes.tolist()))
        assert END_CODE not in answer.codes[:-1]
        assert len(answer.weights) == len(answer.codes)


def test_an_answer_that_never_ends_is_cut_and_comes_behind_those_that_do():
    logs = np.full((1, 9, TOKENS, TOKENS), -9.0)
    logs[0, :, :, A] = np.log(0.9)
    logs[0, :, :, END_CODE] = np.log(0.1)
    found = beam_search(step_of(logs, 2), 1, 2, 5, penalty=1.0).answers(0)
    assert found[0].is_complete
    assert not found[-1].is_complete
    assert len(found[-1].codes) == 5


def test_the_best_path_is_that_of_the_best_answer():
    found = beam_search(step_of(table(2), 3), 1, 3, 6)
    path = found.best_path(0)
    assert [found.tokens[step, 0, beam] for step, beam in path] == found.answers(0)[0].codes.tolist()


def test_without_temperature_nothing_is_left_to_chance():
    logs = table(4)
    greedy = beam_search(step_of(logs, 1), 1, 1, 6).answers(0)[0]
    cold = sample_answer(step_of(logs, 1), START_CODE, 6, 0.0, np.random.default_rng(1))
    assert cold.codes.tolist() == greedy.codes.tolist()
    assert cold.score == pytest.approx(greedy.score)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_tokens_are_drawn_as_often_as_the_temperature_has_it(temperature):
    logs = table(5)
    rng = np.random.default_rng(0)
    first = [sample_answer(step_of(logs, 1), START_CODE, 1, temperature, rng).codes[0] for _ in range(4000)]
    allowed = [END_CODE, A, B]
    expected = np.exp(logs[0, 0, START_CODE, allowed] / temperature)
    shares = [np.mean(np.array(first) == token) for token in allowed]
    np.testing.assert_allclose(shares, expected / expected.sum(), atol=0.03)


def test_nothing_is_written_behind_an_end():
    assert len(sample_answer(step_of(table(), 1), END_CODE, 5, 1.0, np.random.default_rng(0)).codes) == 0
