"""Texts told by subwords, from the vocabulary to the saved model: pieces line up with the text throughout."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from components.data.datasets import Texts
from components.data.tokenizers.subword_tokenizer import SubwordTokenizer
from components.data.tokenizers.subword_vocabulary import with_spaces
from components.data.tokenizers.tokenizer import tokenize
from components.insight.attention import occlusion_scores
from components.insight.example import DatasetExample, UserText
from components.insight.inspector import Inspector
from components.recipe import Recipe, Recurrent, Transformer
from components.storage import Folder
from components.tasks import classify_texts as task
from components.tasks import plan, recipe_issues
from components.tasks.classification.classify_texts import TextInput
from components.tasks.classification.problem import class_probabilities
from components.tasks.classification.result import ClassesResult
from components.tasks.classification.suggest import at_level
from components.tasks.classification.token_counts import subword_texts, tokens_of_texts
from components.tasks.result_file import pack, unpack
from components.training.control import CommandQueue
from components.training.events import Checkpoint
from components.training.limits import Budget, Limits
from components.training.loop import Loop
from components.training.session import Session
from tests.tasks.toys import texts, texts_recipe

TEXT = "Well, THE film was GOOD;  an ungoodly thing ж"


def subwords(model=None, **settings) -> Recipe:
    return texts_recipe(model, **{"level": "byte_pair", "vocabulary": 60, "longest": 9} | settings)


def ready(data=None, model=None, **settings):
    recipe = subwords(model, **settings)
    problem = task.prepare(recipe, data or texts(60))
    return recipe, problem, task.build(recipe, problem)


def chinese() -> Texts:
    """Make texts of 600 different characters."""
    said = ["".join(chr(0x4E00 + (7 * number + place) % 600) for place in range(30)) for number in range(60)]
    return replace(texts(60), texts=tuple(said))


# --- Before a training ----------------------------------------------------------------------------------


def test_what_the_page_counts_is_what_the_model_reads():
    recipe, data = subwords(), texts(60)
    problem, counted = task.prepare(recipe, data), subword_texts(recipe, data)
    assert counted.vocabulary.tokens == problem.vocabulary.tokens
    np.testing.assert_array_equal(tokens_of_texts(recipe, data), np.diff(problem.offsets))
    assert problem.ragged.width == 9 and len(problem.vocabulary) <= 60
    assert subword_texts(texts_recipe(), data) is None


def test_a_vocabulary_without_room_for_all_characters_is_refused_with_the_least_that_has():
    data = texts(60)
    (issue,) = recipe_issues(subwords(vocabulary=10), data)
    assert issue.field == "task.vocabulary" and "different characters" in issue.message
    least = int(issue.message.split()[-3])
    assert recipe_issues(subwords(vocabulary=least), data) == ()
    assert len(recipe_issues(subwords(vocabulary=least - 1), data)) == 1
    assert len(task.prepare(subwords(vocabulary=least), data).vocabulary) == least
    # What is drawn of it meanwhile is its words.
    np.testing.assert_array_equal(
        tokens_of_texts(subwords(vocabulary=10), data), tokens_of_texts(texts_recipe(), data)
    )
    together = recipe_issues(subwords(base="tfidf_both"), data)
    assert together == (), "the words that subwords are pieces of can be counted beside characters"


def test_memory_is_judged_by_the_subwords_that_are_read():
    heavy = subwords(Transformer(), longest=2000).model_copy(
        update={"training": subwords().training.model_copy(update={"batch": 512})}
    )
    assert recipe_issues(heavy, texts())[0].field == "task.longest"
    assert plan(subwords(vocabulary=500)).parameters > plan(subwords()).parameters


@pytest.mark.parametrize("level", ["word", "byte_pair", "character"])
def test_suggested_settings_of_a_level_read_most_texts_whole_and_can_be_trained(level):
    for data in (texts(60), chinese()):
        read = at_level(task.suggest(data), data, level)
        assert read.task.level == level and recipe_issues(read, data) == ()
        assert (tokens_of_texts(read, data) <= read.task.longest).mean() > 0.9
        assert read.task.base == ("tfidf" if level == "character" else "tfidf_both")
    if level == "byte_pair":
        known = task.prepare(read, data).vocabulary
        assert any(len(token.strip()) > 1 for token in known.tokens[4:]), "more than the characters alone"


# --- Trained and measured -------------------------------------------------------------------------------


@pytest.mark.parametrize("base", ["none", "tfidf_both"])
def test_it_is_trained_measured_and_asked_from_end_to_end(tmp_path, base):
    recipe, problem, built = ready(model=Recurrent(kind="gru", units=6), base=base)
    recipe = recipe.model_copy(
        update={
            "training": recipe.training.model_copy(update={"epochs": 12}),
            "optimizer": recipe.optimizer.model_copy(update={"learning_rate": 0.05}),
        }
    )
    loop, said = Loop(built.model, problem, recipe), []
    budget = Budget(Limits(seconds=60, memory=2**40, pause_seconds=60))
    Session(loop, said.append, CommandQueue(), Folder(str(tmp_path)), budget).train()
    assert any(isinstance(one, Checkpoint) for one in said)
    loop.load_selected_weights()
    result = task.evaluate(problem, loop.outputs, built, 12)
    assert result.scores[0].accuracy > 0.9
    assert (result.shrinkage is None) == (base == "none")
    kept = unpack(pack(result), ClassesResult)
    cutter = SubwordTokenizer((), "byte_pair", kept.merges.tobytes())
    assert cutter.tokenize(with_spaces(TEXT, lower=True)) == problem.vocabulary.tokenize(TEXT)
    predicted = {
        word: task.predict(problem, built, TextInput(text)).prediction.probabilities
        for word, text in (("good", "the film good thing"), ("bad", "it was a bad thing"))
    }
    names = problem.names
    assert predicted["good"][names.index("good")] > 0.5 > predicted["bad"][names.index("good")]


def test_of_other_tokens_and_of_sequences_nothing_is_kept_that_cuts_texts():
    recipe = texts_recipe()
    problem = task.prepare(recipe, texts())
    built = task.build(recipe, problem)
    outputs = lambda examples: built.model(problem.batch(examples)[0]).numpy()  # noqa: E731
    assert task.evaluate(problem, outputs, built, 1).merges is None


# --- Asked, looked into, downloaded ---------------------------------------------------------------------


@pytest.mark.parametrize(("cut", "base"), [("right", "none"), ("left", "tfidf"), ("right", "tfidf_both")])
def test_its_pieces_line_up_with_the_text_and_each_is_left_out_in_turn(cut, base):
    _, problem, built = ready(base=base, cut=cut)
    answer = task.predict(problem, built, TextInput(TEXT))
    spaced = with_spaces(TEXT, lower=True)
    read = "".join(answer.tokens)
    assert spaced.endswith(read) if cut == "left" else spaced.startswith(read)
    assert len(answer.tokens) == len(answer.known) == len(answer.prediction.occlusion) == 9
    every = problem.vocabulary.tokenize(TEXT)
    assert answer.cut == len(every) - 9
    if cut == "left":
        assert answer.tokens[-1].strip() == "ж" and not answer.known[-1]
    first = len(every) - 9 if cut == "left" else 0
    codes = problem.vocabulary.encode(TEXT)[first : first + 9]

    def probabilities(kept, counted):
        given = [np.where(kept, codes, 0)[None]]
        if base != "none":
            given.append(problem.start.logits([tokenize(counted, "word", lower=True)]).astype(np.float32))
        return class_probabilities(built.model(given if len(given) > 1 else given[0]).numpy())[0]

    whole = probabilities(np.ones(9, bool), TEXT)
    np.testing.assert_allclose(answer.prediction.probabilities, whole, atol=1e-5)
    code = whole.argmax()
    for place in range(9):
        at = first + place
        left = f"{''.join(every[:at])} {''.join(every[at + 1 :])}"
        change = whole[code] - probabilities(np.arange(9) != place, left)[code]
        np.testing.assert_allclose(answer.prediction.occlusion[place], change, atol=1e-5)
    assert task.predict(problem, built, TextInput(" \t")).prediction is None


@pytest.mark.parametrize("model", [Recurrent(units=3, attention="additive"), Transformer(units=4, heads=2)])
def test_it_can_be_looked_into_by_subwords(model):
    _, problem, built = ready(model=model, base="tfidf")
    asked = task.sample(problem, built, DatasetExample(1))
    text = problem.dataset.texts[problem.test[1]]
    assert with_spaces(text, lower=True).startswith("".join(asked.shown.names))
    assert len(asked.shown.names) == np.count_nonzero(asked.inputs[0])
    inspector = Inspector(built.model, lambda one: asked, lambda most: task.sample_evenly(problem, most))
    scores = occlusion_scores(inspector, asked, asked.answers[0])
    assert scores.shape[-1] == len(asked.shown.names) and np.isfinite(scores).all()
    typed = task.sample(problem, built, UserText("good ungoodly"))
    assert "".join(typed.shown.names) == " good ungoodly"


@pytest.mark.parametrize(("cut", "base"), [("left", "none"), ("right", "tfidf"), ("left", "tfidf_both")])
def test_the_saved_model_says_what_the_run_says(tmp_path, base, cut):
    _, problem, built = ready(base=base, cut=cut)
    rng = np.random.default_rng(0)
    layer = built.model.get_layer("classes")
    layer.set_weights([rng.normal(0, 3, size=weight.shape) for weight in layer.get_weights()])
    task.export_model(problem, built.model).save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    known = problem.vocabulary
    for text in (*problem.dataset.texts[:4], TEXT, "", "Äpfel – ÇA 🙂 ß"):
        pieces = " ".join(piece.replace(" ", "▁") for piece in known.tokenize(text))
        given = keras.ops.convert_to_tensor([pieces])
        if base != "none":
            words = " ".join(tokenize(text, "word", lower=True))
            given = {"subwords": given, "words": keras.ops.convert_to_tensor([words])}
        said = loaded(given)
        codes = known.encode(text)
        kept = codes[-9:] if cut == "left" else codes[:9]
        inputs = [np.array([[*kept, 0]], "int32")]
        if base != "none":
            inputs.append(problem.start.logits([problem.start.tokens(text)]).astype(np.float32))
        ours = class_probabilities(built.model(inputs if len(inputs) > 1 else inputs[0]).numpy())[0]
        np.testing.assert_allclose(said["probabilities"][0], ours, atol=1e-5, err_msg=repr(text))
        assert said["class"].numpy()[0].decode() == problem.names[ours.argmax()]
