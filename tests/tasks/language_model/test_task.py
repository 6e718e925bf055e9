"""The language task: honest parts, batches that go on, runs that resume the same, a writer that obeys."""

import math
from dataclasses import replace

import numpy as np
import pytest

from components.data.datasets import Pairs, Provenance, Texts
from components.data.tokenizers.subword_tokenizer import UNKNOWN
from components.errors import DataError
from components.models.sampling import SamplingOptions
from components.recipe import ModelLanguage, Preparation, Recipe, Recurrent, Sample, Training, Transformer
from components.storage import Folder
from components.tasks import example_count, plan, recipe_issues
from components.tasks import model_language as language
from components.tasks.language_model.generate import GenerationRequest, generate
from components.tasks.result_file import pack, unpack
from components.training import checkpoints
from components.training.loop import Loop

LEVELS = ["character", "word", "byte_pair"]
VERSE = "the owl and the cat went to sea\nin a small green boat they took honey and money\n"


def dataset(*texts: str) -> Texts:
    return Texts(Sample(name="toy"), "Toy", Provenance("here", "none"), texts or (VERSE * 40,))


def recipe(model=None, batch=4, epochs=2, **task) -> Recipe:
    return Recipe(
        dataset=Sample(name="toy"),
        task=ModelLanguage(**{"window": 8, "embedding": 4, "vocabulary": 60} | task),
        model=model or Recurrent(kind="lstm", units=6),
        training=Training(batch=batch, epochs=epochs, patience=None),
    )


def prepared(wanted: Recipe):
    problem = language.prepare(wanted, dataset())
    built = language.build(wanted, problem)
    return problem, built


def test_a_batch_is_a_window_of_every_stream_and_the_next_batch_goes_on():
    problem, _ = prepared(recipe())
    rows = [""] * 4
    for begin in range(0, len(problem.train), 4):
        (codes, fresh), targets = problem.batch(problem.train[begin : begin + 4])
        assert np.array(fresh).tolist() == [begin == 0] * 4
        np.testing.assert_array_equal(codes[:, 1:], targets[:, :-1])
        rows = [row + problem.lexicon.decode(line) for row, line in zip(rows, np.array(codes), strict=True)]
    text = (VERSE * 40)[: math.floor(len(VERSE * 40) * 0.7)]
    assert all(row in text for row in rows)
    assert "".join(rows) == text[: len("".join(rows))]


@pytest.mark.parametrize("level", LEVELS)
def test_nothing_of_the_training_changes_when_the_test_part_is_garbage(level):
    text = VERSE * 40
    spoilt = text[: math.floor(len(text) * 0.85) + 1]
    spoilt += ("a€" * len(text))[: len(text) - len(spoilt)]
    one, other = (language.prepare(recipe(level=level), dataset(each)) for each in (text, spoilt))
    assert one.lexicon.tokens == other.lexicon.tokens
    np.testing.assert_array_equal(one.codes[one.parts[0]], other.codes[other.parts[0]])
    np.testing.assert_array_equal(one.train, other.train)


@pytest.mark.parametrize("level", ["character", "word"])
def test_as_many_examples_and_parameters_are_promised_as_there_are(level):
    wanted = recipe(level=level)
    problem, built = prepared(wanted)
    assert example_count(wanted, dataset()) == len(problem.train)
    assert plan(wanted, dataset()).parameters == sum(
        int(np.prod(v.shape)) for v in built.model.trainable_variables
    )


def test_of_byte_pairs_about_as_many_are_promised():
    problem, _ = prepared(recipe(level="byte_pair"))
    assert example_count(recipe(level="byte_pair"), dataset()) == pytest.approx(len(problem.train), rel=0.2)


@pytest.mark.parametrize(
    "model", [Recurrent(kind="gru", units=6, layers=2, dropout=0.2), Transformer(units=4, heads=2, layers=1)]
)
def test_a_run_that_goes_on_from_the_middle_of_an_epoch_has_the_very_losses_of_an_unbroken_one(
    model, tmp_path
):
    def loop():
        problem, built = prepared(recipe(model))
        return Loop(built.model, problem, recipe(model))

    def rest(running):
        losses = []
        while not running.is_over:
            losses += running.run(5).losses
            if running.at_epoch_end:
                end = running.end_epoch()
                losses += [end.validation, *end.snapshot.numbers]
        return losses

    unbroken = loop()
    unbroken.run(7)
    checkpoints.save(Folder(str(tmp_path)), unbroken.state(), 0)
    expected = rest(unbroken)
    resumed = loop()
    resumed.run(3)  # whatever it did before
    resumed.restore(checkpoints.load(Folder(str(tmp_path)), 7).state)
    assert rest(resumed) == expected


def test_validation_is_the_mean_cost_of_its_part_read_from_its_beginning():
    problem, built = prepared(recipe())
    loop = Loop(built.model, problem, recipe())
    while not loop.at_epoch_end:
        loop.run(100)
    validation = loop.end_epoch().validation
    stretches = problem.starts[problem.validation].reshape(-1, 4).T  # a row for each stream
    costs = []
    for starts in stretches:
        memory = built.generator.begin()
        for place in range(starts[0], starts[-1] + 8):
            logits, memory = built.generator.read(int(problem.codes[place]), memory)
            costs.append(np.log(np.exp(logits).sum()) - logits[problem.codes[place + 1]])
    assert validation == pytest.approx(np.mean(costs), rel=1e-4)


@pytest.mark.parametrize("level", LEVELS)
def test_scores_are_what_the_text_costs(level):
    problem, built = prepared(recipe(level=level))
    result = language.evaluate(problem, None, built, 1)
    scores = {score.name: score for score in result.scores}
    assert list(scores) == ["model", "trigram", "unigram", "uniform"]
    for score in scores.values():
        assert score.perplexity == pytest.approx(math.exp(score.nats))
        assert score.bits == pytest.approx(score.nats * result.tokens / math.log(2) / result.characters)
    if level != "word":
        assert scores["uniform"].nats == pytest.approx(math.log(len(problem.lexicon)))
    assert scores["trigram"].bits < scores["unigram"].bits < scores["uniform"].bits
    assert scores["model"].bits == pytest.approx(scores["uniform"].bits, rel=0.2), "it has learnt nothing yet"
    assert (result.won, result.unknown) == (False, 0 if level != "word" else pytest.approx(0, abs=0.1))
    shown = "".join(each.text for each in result.passage)
    test = "".join(problem.pieces[problem.parts[2]])
    assert test.startswith(shown)
    assert shown
    back = unpack(pack(result), language.result_class)
    assert replace(back, merges=None) == replace(result, merges=None)
    assert (back.merges is None) == (level != "byte_pair")
    if back.merges is not None:
        assert back.merges.tobytes() == problem.lexicon.merges


def test_what_is_not_known_has_to_be_spelt():
    text = VERSE * 35 + "the owl and the zebra went to sea\n" * 8
    wanted = recipe(level="word", batch=1)
    problem = language.prepare(wanted, dataset(text))
    result = language.evaluate(problem, None, language.build(wanted, problem), 1)
    assert 0 < result.unknown < 1
    uniform = result.scores[-1]
    assert uniform.nats > math.log(len(problem.lexicon)) + result.unknown * 5


def test_a_better_model_than_counting_is_said_to_be_one():
    wanted = recipe(Recurrent(kind="gru", units=24), epochs=12)
    problem, built = prepared(wanted)
    loop = Loop(built.model, problem, wanted)
    loop._optimizer.learning_rate.assign(0.01)
    loop.learning_rate.assign(0.02)
    while not loop.is_over:
        loop.run(100)
        if loop.at_epoch_end:
            loop.end_epoch()
    result = language.evaluate(problem, None, built, 12)
    assert result.won
    assert result.verdict.startswith("The model beats the n-gram baselines")
    sure = [each for each in result.passage if each.chance > 0.9]
    assert len(sure) > len(result.passage) / 2, "the text repeats itself"
    assert sure[0].others[0][0] == sure[0].text


# --- Writing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("model", [Recurrent(units=6, layers=2), Transformer(units=4, heads=2, layers=1)])
def test_parts_of_a_writing_are_the_whole(model, level):
    problem, built = prepared(recipe(model, level=level))
    whole = language.predict(
        problem, built, GenerationRequest("the owl ", 30, SamplingOptions(0.9, 12, 0.95), seed=3)
    )
    assert len(whole.tokens) == 30
    place, parts = "the owl ", ()
    while len(parts) < 30:
        part = language.predict(
            problem, built, GenerationRequest(place, len(parts) + 7, SamplingOptions(0.9, 12, 0.95), seed=3)
        )
        parts, place = parts + part.tokens[: 30 - len(parts)], part.place
    assert parts == whole.tokens
    other = language.predict(
        problem, built, GenerationRequest("the owl ", 30, SamplingOptions(0.9, 12, 0.95), seed=4)
    )
    assert other.tokens != whole.tokens


def test_each_token_says_how_likely_it_was_and_what_else_could_have_been():
    problem, built = prepared(recipe())
    for each in generate(
        problem, built.generator, GenerationRequest("", 40, SamplingOptions(temperature=0))
    ).tokens:
        chances = [chance for _, chance in each.others]
        assert each.text == each.others[0][0]
        assert each.chance == chances[0] == max(chances)
        assert chances == sorted(chances, reverse=True)
        assert sum(chances) <= 1


def test_what_is_unknown_is_never_written_but_may_be_prompted():
    problem, built = prepared(recipe(level="word", vocabulary=4))
    assert UNKNOWN in problem.codes
    written = generate(problem, built.generator, GenerationRequest("zebra €", 60)).tokens
    assert {each.text for each in written} <= set(problem.lexicon.tokens[1:])


def test_a_writing_begins_on_a_new_line_after_the_end_of_the_training_part():
    problem, built = prepared(recipe())
    read = []
    pen = type(
        "Noting",
        (),
        {
            "begin": built.generator.begin,
            "read": lambda _, *given: read.append(given[0]) or built.generator.read(*given),
        },
    )()
    generate(problem, pen, GenerationRequest("the cat", 1))
    training = "".join(problem.pieces[problem.parts[0]])
    before = training[-200 : training.rindex("\n") + 1]
    assert problem.lexicon.decode(read) == before + "the cat"


def test_a_wish_ends_in_time():
    problem, built = prepared(recipe())
    part = generate(problem, built.generator, GenerationRequest("the", 10**6, seconds=0.2))
    assert 0 < len(part.tokens) == part.place.written < 10**6


# --- What can't work ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"model": Recurrent(bidirectional=True)}, "model.bidirectional"),
        ({"model": Recurrent(attention="dot")}, "model.attention"),
        ({"level": "byte_pair", "vocabulary": 5}, "task.vocabulary"),
        ({"batch": 4096}, "training.batch"),
        ({"window": 1000}, "training.batch"),
    ],
)
def test_what_cannot_work_is_said_at_its_control(settings, field):
    assert field in [complaint.field for complaint in recipe_issues(recipe(**settings), dataset())]


def test_answers_that_need_too_much_memory_are_refused():
    text = " ".join(f"word{number}" for number in range(9000)) + "\n"
    wanted = recipe(level="word", vocabulary=32_000, batch=64, window=1000)
    *_, complaint = recipe_issues(wanted, dataset(text * 13))
    assert (complaint.field, "GB" in complaint.message) == ("training.batch", True)


@pytest.mark.parametrize("level", LEVELS)
def test_what_just_fits_works(level):
    wanted = recipe(level=level, batch=2)
    assert recipe_issues(wanted, dataset()) == ()
    problem = language.prepare(wanted, dataset())
    assert min(map(len, (problem.train, problem.validation, problem.test))) >= 2


def test_only_texts_are_read():
    pairs = Pairs(Sample(name="toy"), "Toy", Provenance("here", "none"), ("a",), ("b",))
    assert "pairs" in language.why_unsuitable(pairs)
    assert language.why_unsuitable(dataset()) == ""
    assert recipe_issues(recipe(), pairs)[0].field == "dataset"
    with pytest.raises(DataError):
        language.prepare(recipe(), pairs)


def test_preparations_divide_the_text():
    wanted = Recipe(**dict(recipe()) | {"preparation": Preparation(validation=0.3, test=0.3)})
    problem = language.prepare(wanted, dataset())
    lengths = [part.stop - part.start for part in problem.parts]
    assert lengths == pytest.approx(
        [0.4 * len(VERSE) * 40, 0.3 * len(VERSE) * 40, 0.3 * len(VERSE) * 40], abs=1
    )
