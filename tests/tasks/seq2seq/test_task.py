"""Learning to answer: honest parts and vocabularies, a loss without padding, results that hold."""

from types import SimpleNamespace

import numpy as np
import pytest
import sacrebleu
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from components.data.datasets import Pairs, Provenance
from components.data.splits.example_split import split_examples
from components.data.tokenizers.tokenizer import tokenize
from components.errors import DataError
from components.models.decoding import Hypothesis
from components.recipe import Chat, Preparation, Recipe, Recurrent, Sample, Training, Translate
from components.tasks import chat, example_count, plan, recipe_issues, task_of, translate
from components.tasks.metrics import score
from components.tasks.result_file import pack, unpack
from components.tasks.seq2seq import checks
from components.tasks.seq2seq.chat import Utterance
from components.tasks.seq2seq.metrics import METRICS, Answers
from components.tasks.seq2seq.problem import SHOWN
from components.tasks.seq2seq.result import AnswerScore, AnswersResult
from components.tasks.seq2seq.tfidf_neighbours import TfidfNeighbours
from components.tasks.seq2seq.translate import TextToTranslate
from components.tasks.seq2seq.verdict import verdict

WORDS = ("one", "two", "three", "four", "five", "six")


def dataset(many=60, **changed) -> Pairs:
    rng = np.random.default_rng(0)
    sources = [" ".join(rng.choice(WORDS, rng.integers(1, 6))) for _ in range(many)]
    values = {"sources": tuple(sources), "targets": tuple(text.upper()[::-1] for text in sources)}
    return Pairs(Sample(name="toy"), "Toy", Provenance("here", "none"), **values | changed)


def measured(answers, truths, level) -> AnswerScore:
    return score(AnswerScore, "model", "Rule", Answers(answers, truths, level), METRICS)


def recipe(task=None, model=None, preparation=None, **training) -> Recipe:
    return Recipe(
        dataset=Sample(name="toy"),
        preparation=preparation or Preparation(),
        task=task or Translate(),
        model=model or Recurrent(units=4, attention="dot"),
        training=Training(**training),
    )


def ready(task=None, model=None, data=None):
    wanted, data = recipe(task, model), data or dataset()
    asked = task_of(wanted)
    problem = asked.prepare(wanted, data)
    return problem, asked.build(wanted, problem)


def test_a_batch_is_as_long_as_its_longest_pair_and_begins_and_ends_its_answers():
    problem, _ = ready()
    numbers = problem.train[:3]
    (sources, begun), targets = tf.nest.map_structure(lambda t: t.numpy(), problem.batch(numbers))
    longest = max(len(problem.dataset.sources[number].split()) for number in numbers)
    assert sources.shape == (3, longest)
    assert begun.shape == targets.shape == (3, longest + 1)
    for row, number in enumerate(numbers):
        there = targets[row][targets[row] != 0]
        assert problem.answers.vocabulary.decode(there.tolist()) == problem.truth(number)
        assert there[-1] == 3
        np.testing.assert_array_equal(begun[row][: len(there)], [2, *there[:-1]])
        assert problem.sources.vocabulary.decode(sources[row][sources[row] != 0]) == problem.source(number)


def test_the_loss_doesnt_learn_from_padding_and_doesnt_depend_on_the_batches():
    problem, built = ready()
    numbers = problem.train[:8]

    def loss(chosen, more=0):
        (sources, begun), targets = problem.batch(chosen)
        sources, begun, targets = (tf.pad(side, [[0, 0], [0, more]]) for side in (sources, begun, targets))
        return float(problem.loss(targets, built.model([sources, begun])))

    assert loss(numbers, more=4) == pytest.approx(loss(numbers), abs=1e-6)
    halves = [loss(half) for half in (numbers[:4], numbers[4:])]
    assert np.mean(halves) == pytest.approx(loss(numbers), abs=1e-6)


def test_vocabularies_know_the_training_part_only():
    clean = dataset()
    drawn = split_examples(clean, Preparation())
    held = {*drawn.validation, *drawn.test}
    group = clean.kept_together.codes  # pairs of the same source stay such
    sources = tuple(f"garbage{group[n]}" if n in held else text for n, text in enumerate(clean.sources))
    problem, _ = ready(data=dataset(sources=sources, targets=sources))
    assert held == {*problem.validation.tolist(), *problem.test.tolist()}
    for side in (problem.sources, problem.answers):
        assert not any(side.vocabulary.contains(f"garbage{group[n]}") for n in held)
        assert side.vocabulary.contains("one")


def test_pairs_that_are_too_long_are_in_no_part():
    problem, _ = ready(Translate(longest=3))
    for part in (problem.train, problem.validation, problem.test):
        assert max(len(problem.dataset.sources[number].split()) for number in part) <= 3
    assert len(problem.train) < len(ready()[0].train)


@pytest.mark.parametrize(
    "task",
    [
        Translate(),
        Translate(longest=3),
        Chat(level="character"),
        Translate(level="byte_pair", vocabulary=40, longest=8, tied=True, shared=True, input_feeding=True),
        Chat(copy_unknown=True, shared=True),
    ],
)
def test_what_is_promised_is_prepared(task):
    wanted, data = recipe(task), dataset()
    problem = task_of(wanted).prepare(wanted, data)
    built = task_of(wanted).build(wanted, problem)
    assert example_count(wanted, data) == len(problem.train)
    assert plan(wanted, data).parameters == built.model.count_params()
    shown = task_of(wanted).preview(wanted, data)
    snapshot = problem.snapshot(lambda numbers: numbers)
    assert (
        len(snapshot.texts) == len(shown.sources) == len(shown.truths) == min(SHOWN, len(problem.validation))
    )
    assert 0 <= snapshot.numbers[0] <= 1


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"task": Translate(longest=1), "data": dataset(targets=("a b",) * 60)}, "task.longest"),
        ({"data": dataset(2)}, "dataset"),
        ({"task": Translate(level="byte_pair", vocabulary=10), "data": dataset()}, "task.vocabulary"),
        (
            {
                "model": Recurrent(units=1024, attention="additive"),
                "training": {"batch": 4096},
                "data": dataset(
                    sources=tuple(f"{n} " + "a " * 49 for n in range(60)), targets=("b " * 50,) * 60
                ),
            },
            "model.attention",
        ),
    ],
)
def test_what_cannot_work_is_said_at_its_control(settings, field):
    wanted = recipe(settings.get("task"), settings.get("model"), **settings.get("training", {}))
    assert [complaint.field for complaint in recipe_issues(wanted, settings["data"])] == [field]
    assert recipe_issues(recipe(), dataset()) == ()


def test_more_text_than_can_be_counted_while_a_person_waits_is_refused_uncounted(monkeypatch):
    monkeypatch.setattr(checks, "sizes", None)
    found = recipe_issues(recipe(), dataset(sources=("x" * 11_000_000,) * 3, targets=("y",) * 3))
    assert [issue.field for issue in found] == ["dataset"]
    assert "more than 20,000,000 characters" in found[0].message


def test_other_data_is_refused():
    other = SimpleNamespace(kind_phrase="a series", title="Toy")
    assert "pairs of texts" in translate.why_unsuitable(other)
    with pytest.raises(DataError, match="pairs of texts"):
        translate.pairs(other)


# --- Results -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "task",
    [
        Translate(beams=2),
        Translate(level="character"),
        Chat(),
        Translate(level="byte_pair", vocabulary=60, beams=2, copy_unknown=True),
    ],
)
def test_a_result_holds_the_model_beside_the_simple_rules_and_comes_back_from_its_file(task):
    problem, built = ready(task)
    result = task_of(recipe(task)).evaluate(problem, lambda numbers: numbers, built, best_epoch=2)
    assert [one.name for one in result.scores] == ["model", "nearest", "copy"]
    assert len(result.answers) == len(result.truths) == len(problem.test) == result.unseen
    assert result.truths == tuple(problem.truth(number) for number in problem.test)
    assert result.scores[0].exact == pytest.approx(result.right.mean())
    back = unpack(pack(result), AnswersResult)
    assert (back.scores, back.answers, back.verdict) == (result.scores, result.answers, result.verdict)
    for one, other in zip(back.alignments, result.alignments, strict=True):
        assert one.weights.shape == (len(one.answer), len(one.source))
        np.testing.assert_allclose(one.weights.sum(axis=1), 1, rtol=1e-4)
        np.testing.assert_array_equal(one.weights, other.weights)


def test_what_cuts_subwords_comes_with_the_result():
    task = Translate(level="byte_pair", vocabulary=60)
    problem, built = ready(task)
    result = translate.evaluate(problem, lambda numbers: numbers, built, 1)
    for side, merges in ((problem.sources, result.source_merges), (problem.answers, result.answer_merges)):
        assert merges.tobytes() == side.vocabulary.byte_pairs.merges
    assert result.level == "word"
    assert ready()[0].task.level == "word"


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_label_smoothing_wants_a_share_for_all_tokens_alike(share):
    problem, _ = ready(Translate(label_smoothing=share))
    targets = np.array([[4, 3], [5, 0]], np.int32)
    logits = np.random.default_rng(0).normal(size=(2, 2, 7)).astype(np.float32)
    logs = tf.nn.log_softmax(logits).numpy()
    wanted = share / 7 + (1 - share) * np.eye(7)[targets]
    surprise = -(wanted * logs).sum(axis=-1)
    expected = np.mean([surprise[0].mean(), surprise[1, 0]])
    assert float(problem.loss(targets, tf.constant(logits))) == pytest.approx(expected, rel=1e-5)


def test_an_unknown_word_is_the_one_of_the_text_that_got_most_attention():
    problem, _ = ready(Translate(copy_unknown=True))
    weights = np.array([[0.9, 0.1, 0], [0.2, 0.8, 0], [0.5, 0.5, 0]])
    found = Hypothesis(np.array([4, 1, 3], np.int32), weights, -1.0)
    known = problem.answers.vocabulary.tokens[4]
    assert problem.answer(found, ("two", "Zed")) == f"{known} Zed"
    assert problem.written(found, ("two", "Zed")) == (known, "Zed", "<end>")
    blind = Hypothesis(found.codes, np.zeros((3, 2)), -1.0)
    assert problem.answer(blind, ("two", "Zed")) == f"{known} �"


def test_words_met_once_are_unknown_where_they_are_copied_and_known_elsewhere():
    data = dataset(targets=tuple(f"x y{number}" for number in range(60)))
    (plain, _), (copies, _) = (ready(Translate(copy_unknown=copies), data=data) for copies in (False, True))
    assert len(plain.answers.vocabulary) == len(plain.train) + 5
    assert copies.answers.vocabulary.tokens[4:] == ("x",)
    assert (copies.answers.of(int(copies.train[0]))).tolist() == [4, 1]


def test_a_shared_vocabulary_has_the_tokens_of_both_sides():
    problem, _ = ready(Translate(shared=True))
    assert problem.sources.vocabulary is problem.answers.vocabulary
    assert all(problem.sources.vocabulary.contains(word) for word in ("one", "ENO"))


def test_without_attention_no_alignment_is_shown():
    problem, built = ready(model=Recurrent(units=4))
    assert translate.evaluate(problem, lambda numbers: numbers, built, 1).alignments == ()


def test_right_answers_score_full_marks_and_others_by_what_they_share():
    truths = ["the black cat sleeps .", "a dog runs home ."]
    right = measured(truths, truths, "word")
    assert (right.exact, right.tokens) == (1.0, 1.0)
    assert right.bleu == pytest.approx(100)
    assert right.chrf == pytest.approx(100)
    half = score(
        AnswerScore, "model", "", Answers(["the black cat sleeps .", "a dog"], truths, "word"), METRICS
    )
    assert half.exact == 0.5
    assert half.tokens == pytest.approx((6 + 2) / 12)


@given(st.lists(st.text("ab ", min_size=1, max_size=9).filter(str.strip), min_size=1, max_size=6), st.data())
def test_bleu_is_always_given_and_full_marks_are_right_answers_of_any_length(truths, data):
    right = measured(truths, truths, "word")
    assert right.bleu == pytest.approx(100)
    others = data.draw(st.lists(st.text("abc "), min_size=len(truths), max_size=len(truths)))
    assert 0 <= measured(others, truths, "word").bleu <= 100 + 1e-9


def test_bleu_of_long_answers_is_sacrebleus_usual_one():
    truths = ["the black cat sleeps on the mat .", "a dog runs home to eat ."]
    answers = ["the black cat sat on the mat .", "a dog runs to eat ."]
    assert measured(answers, truths, "word").bleu == sacrebleu.corpus_bleu(answers, [truths]).score


def test_bleu_of_short_answers_falls_as_their_ngrams_differ():
    scores = [measured([text], ["va vite"], "word").bleu for text in ("va vite", "va lentement", "non")]
    assert pytest.approx(scores[0]) == 100 and scores[0] > scores[1] > scores[2] == 0


def test_the_verdict_says_when_a_simple_rule_is_as_good():
    good, bad = (measured([text], ["the black cat"], "word") for text in ("the black cat", "xyz"))
    assert verdict(good, [bad], 1)[1]
    assert not verdict(bad, [good], 1)[1]
    assert "about the same" in verdict(good, [good], 1)[0]


@pytest.mark.parametrize("level", ["word", "character"])
def test_the_most_similar_texts_are_those_that_scikit_learn_finds(level):
    texts, asked = dataset(80).sources, ["two two six", "five one", "seven"]
    cut = TfidfVectorizer(
        tokenizer=lambda text: tokenize(text, level),
        token_pattern=None,
        lowercase=False,
        ngram_range=(1, 2) if level == "word" else (1, 3),
        sublinear_tf=True,
    )
    cosines = (cut.fit_transform(texts) @ cut.transform(asked).T).toarray().T
    places, likeness = TfidfNeighbours(texts, level, lower=False).find(asked, 3)
    np.testing.assert_allclose(likeness, -np.sort(-cosines, axis=1)[:, :3], atol=1e-5)
    np.testing.assert_allclose(np.take_along_axis(cosines, places, axis=1), likeness, atol=1e-5)


# --- Asking ------------------------------------------------------------------------------------------


def test_a_text_is_answered_with_its_beams_as_a_tree_and_the_pairs_like_it():
    problem, built = ready()
    found = translate.predict(problem, built, TextToTranslate("two seven", 3))
    assert (found.source, found.known) == (("two", "seven"), (True, False))
    assert len(found.candidates) == 3
    best = [branch for branch in found.branches if branch.is_best]
    assert tuple(branch.token for branch in best) == found.candidates[0].tokens
    assert np.exp(best[-1].score) == pytest.approx(found.candidates[0].chance)
    for branch in found.branches:
        assert branch.parent < 0 or found.branches[branch.parent].step == branch.step - 1
    assert len(found.neighbours) == 3
    assert "two" in found.neighbours[0].source


@pytest.mark.parametrize("text", ["", "   ", "one " * 61])
def test_what_cannot_be_answered_is_said(text):
    problem, built = ready()
    with pytest.raises(DataError):
        translate.predict(problem, built, TextToTranslate(text, 1))


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_reply_in_portions_is_the_same_every_time(temperature):
    problem, built = ready(Chat())

    def reply(most):
        codes = ()
        while True:
            said = chat.predict(problem, built, Utterance("two six", temperature, 7, codes, most))
            assert len(said.tokens) == len(said.weights) <= most
            assert bool(said.neighbours) == (not codes)
            codes += said.codes
            if said.is_whole:
                assert said.training_copies is not None
                return codes

    assert reply(2) == reply(2)
    if not temperature:
        assert reply(2) == reply(50)


def test_a_reply_that_was_learnt_by_heart_is_told_from_an_invented_one():
    problem, _ = ready(Chat(level="character"))
    answer = problem.truth(problem.train[0])
    codes = tuple(problem.answers.vocabulary.encode(answer).tolist())
    assert problem.times_in_training((*codes, 3)) >= 1
    assert problem.times_in_training((*codes, codes[0], codes[0], codes[0], 3)) == 0
