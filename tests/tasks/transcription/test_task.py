"""Transcribing: exact batches, a loss that counts the words, honest scores, an exact way back from logits."""

from dataclasses import replace

import numpy as np
import pytest

from components.data.datasets import Classes, Transcripts
from components.errors import DataError
from components.insight.example import DatasetExample, UserSequence, UserText
from components.recipe import Recurrent, Transcribe, Transformer
from components.tasks import example_count, recipe_issues, suggest_recipe, suitable_tasks
from components.tasks import transcribe as task
from components.tasks.result_file import pack, unpack
from components.tasks.sequences import SequenceInput
from components.tasks.transcription.evaluate import confusions
from components.tasks.transcription.metrics import Transcriptions
from components.training.loop import Loop
from tests.tasks.toys import sequences
from tests.tasks.transcription.speech import tones, tones_recipe


@pytest.fixture(scope="module")
def data():
    return tones()


@pytest.fixture(scope="module")
def problem(data):
    return task.prepare(tones_recipe(), data)


@pytest.fixture(scope="module")
def built(problem):
    return task.build(tones_recipe(), problem)


def knowing(problem, wrong=()):
    """Give the outputs of one who knows the words, but hears the first one wrong in some recordings."""

    def outputs(numbers):
        logits = np.zeros((len(numbers), problem.ragged.width // problem.segment, len(problem.names) + 1))
        logits[:, :, 0] = 9
        for row, number in zip(logits, numbers, strict=True):
            for place, word in enumerate(problem.transcripts.words(number)):
                code = (word + 1) % 3 if place == 0 and number in wrong else word
                row[1 + 2 * place] = 0
                row[1 + 2 * place, code + 1] = 9
        return logits.astype(np.float32)

    return outputs


# --- What it fits, and what can't work ---------------------------------------------------------------


def test_it_fits_recordings_with_transcripts_and_nothing_else(data):
    assert suitable_tasks(data) == ("transcribe",)
    assert "this is a set of sequences" in task.why_unsuitable(sequences())
    with pytest.raises(DataError, match="these have none"):
        task.prepare(tones_recipe(), replace(data, answer=Classes.numbered([0] * data.size)))


def test_what_is_suggested_works_and_reads_no_more_frames_at_once_than_words_allow(data):
    recipe = suggest_recipe(data)
    assert recipe_issues(recipe, data) == () and recipe.task.segment == 3
    crowded = Transcripts.of(["low " * (int(length) // 2) for length in data.lengths])
    dense = replace(data, answer=crowded)
    recipe = suggest_recipe(dense)
    assert recipe_issues(recipe, dense) == () and recipe.task.segment == 1
    (issue,) = recipe_issues(tones_recipe(segment=2), dense)
    assert issue.field == "task.segment" and "too few for its" in issue.message
    with pytest.raises(ValueError, match="skips the rest; choose a size of 3 or more"):
        Transcribe(segment=3, kernel=2)


def test_attention_of_a_recurrent_model_is_refused(data):
    (issue,) = recipe_issues(tones_recipe(Recurrent(units=4, attention="dot")), data)
    assert issue.field == "model.attention"


def test_attention_to_more_segments_than_there_is_memory_for_is_refused(data):
    recipe = tones_recipe(Transformer(units=64, heads=16, layers=4), segment=1)
    batch = recipe.training.model_copy(update={"batch": 4096})
    longer = replace(data, values=np.tile(data.values, (5, 1)), offsets=data.offsets * 5)
    (issue,) = recipe_issues(recipe.model_copy(update={"training": batch}), longer)
    assert issue.field == "task.segment" and "GB for each training step" in issue.message


# --- Data, loss and search ---------------------------------------------------------------------------


def test_a_batch_holds_whole_segments_and_the_words(data, problem):
    inputs, (labels, lengths, steps) = problem.batch(np.array([3, 7], "int32"))
    whole = int(data.lengths[3]) // 3 * 3
    own = (data.sequence(3)[:whole] - problem.scaler.offset) / problem.scaler.scale
    np.testing.assert_allclose(inputs[0, :whole], own, atol=1e-4)
    assert np.isnan(inputs[0, whole:]).all() and inputs.shape[1] % 3 == 0
    words = data.answer.words(7)
    assert labels[1].numpy()[: len(words)].tolist() == (words + 1).tolist()
    assert lengths.numpy().tolist() == data.answer.lengths[[3, 7]].tolist()
    assert steps.numpy().tolist() == (data.lengths[[3, 7]] // 3).tolist()
    assert len(problem.train) == example_count(tones_recipe(), data)


def test_bands_are_scaled_by_the_training_set_alone(data, problem):
    values = data.values.copy()
    for number in problem.test:
        values[data.offsets[number] : data.offsets[number + 1]] = 0
    other = task.prepare(tones_recipe(), replace(data, values=values))
    np.testing.assert_array_equal(other.scaler.offset, problem.scaler.offset)


def test_who_knows_the_words_has_hardly_a_loss_and_an_empty_head_has_one(problem):
    import tensorflow as tf

    numbers = problem.validation
    _, targets = problem.batch(tf.constant(numbers))
    known = problem.loss(targets, tf.constant(knowing(problem)(numbers)))
    nothing = problem.loss(targets, tf.zeros((len(numbers), problem.ragged.width // 3, 4)))
    assert float(known) < 0.1
    assert float(nothing) > 1


def test_it_learns_to_hear_tones(data):
    recipe = tones_recipe(Recurrent(kind="gru", units=12, bidirectional=True))
    recipe = recipe.model_copy(
        update={"optimizer": recipe.optimizer.model_copy(update={"learning_rate": 0.03})}
    )
    problem = task.prepare(recipe, data)
    loop = Loop(task.build(recipe, problem).model, problem, recipe)
    for _ in range(30):
        while not loop.at_epoch_end:
            loop.run(10)
        end = loop.end_epoch()
    assert end.snapshot.numbers[1] < 0.2 and end.snapshot.score == 1 - end.snapshot.numbers[1]
    assert end.snapshot.texts[0] in " ".join(task.preview(recipe, data).said)


# --- Results -----------------------------------------------------------------------------------------


def test_who_knows_wins_and_what_is_wrong_is_counted(problem, built):
    wrong = {*problem.test[:2].tolist()}
    result = task.evaluate(problem, knowing(problem, wrong), built, 3)
    words = problem.transcripts.lengths[problem.test]
    assert [score.name for score in result.scores] == ["model", "usual", "pauses"]
    assert result.scores[0].wer == pytest.approx(2 / words.sum())
    assert result.wrong_words.tolist() == [1, 1] + [0] * (len(words) - 2)
    assert result.confusions.sum() == words.sum() and np.trace(result.confusions) == words.sum() - 2
    assert [one.beams for one in result.searches] == [1, 4, 16] and result.training_wer == 0
    assert {one.place for one in result.alignments} >= {0, 1}
    for one in result.alignments:
        assert one.steps.tolist() == [1 + 2 * place for place in range(len(one.words))]
        np.testing.assert_allclose(one.probabilities.sum(axis=1), 1, atol=1e-5)
    assert result.outcome.measure == "word error rate" and not result.outcome.larger_is_better
    found = unpack(pack(result), task.result_class)
    assert found.scores == result.scores and found.test_set == result.test_set
    assert found.errors.values.tolist() == result.errors.values.tolist()


def test_who_hears_nothing_gets_every_word_wrong_and_loses(problem, built):
    steps = problem.ragged.width // 3
    silent = lambda numbers: np.eye(4, dtype="float32")[np.zeros((len(numbers), steps), int)] * 20  # noqa: E731
    result = task.evaluate(problem, silent, built, 1)
    assert not result.won and result.scores[0].wer == 1 and set(result.heard) == {""}


def test_words_that_were_not_said_and_not_heard_stand_at_the_edges():
    counts = confusions(Transcriptions(["a b b", "", "b"], ["a b", "a", "a"]), ("a", "b"))
    assert counts.tolist() == [[1, 1, 1], [0, 1, 0], [0, 1, 0]]


# --- Asking ------------------------------------------------------------------------------------------


def test_asked_about_a_recording_it_says_what_the_run_says(data, problem, built):
    number = int(problem.test[0])
    found = task.predict(problem, built, SequenceInput(data.sequence(number)))
    logits = built.model(problem.batch(np.array([number], "int32"))[0]).numpy()
    best = problem.search(logits, problem.steps(np.array([number])), 4)[0][0]
    assert found.candidates[0][0] == problem.transcripts.join(best)
    shares = [share for _, share in found.candidates]
    assert 0 < sum(shares) <= 1.0001 and shares[0] == max(shares)
    assert len(found.alignment.probabilities) == data.lengths[number] // 3


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros((9, 2)), "of 6 bands"),
        (np.full((9, 6), np.nan), "of 6 bands"),
        (np.zeros((2, 6)), "too short"),
    ],
)
def test_what_is_no_recording_is_refused(problem, built, values, message):
    with pytest.raises(DataError, match=message):
        task.predict(problem, built, SequenceInput(values))


def test_a_transformer_reads_no_longer_recording_than_it_learnt_from(data):
    recipe = tones_recipe(Transformer(units=4, heads=2, layers=1))
    problem = task.prepare(recipe, data)
    built = task.build(recipe, problem)
    with pytest.raises(DataError, match="the longest that"):
        task.predict(problem, built, SequenceInput(np.zeros((problem.ragged.width + 3, 6))))


def test_looked_into_each_word_can_be_asked_where_it_stands_out(data, problem, built):
    shown = task.sample(problem, built, DatasetExample(0))
    assert shown.steps == len(shown.inputs[0]) and shown.steps % 3 == 0
    assert "the transcript is" in shown.shown.description
    assert all(0 <= answer.place[0] < shown.steps // 3 for answer in shown.answers)
    own = task.sample(problem, built, UserSequence.of(data.sequence(1)))
    assert own.shown.description.startswith("The model hears")
    with pytest.raises(DataError, match="not text"):
        task.sample(problem, built, UserText("three"))
    assert len(task.sample_evenly(problem, 5)) == 5
