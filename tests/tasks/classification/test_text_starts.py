"""A classifier of texts that starts from the linear TF-IDF model: what is learnt is added to it, shrunk."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_union

from components.data.datasets import Classes, Texts
from components.data.tokenizers.text_vocabulary import text_level
from components.data.tokenizers.tokenizer import tokenize
from components.insight.attention import occlusion_scores
from components.insight.example import DatasetExample, UserText
from components.insight.inspector import Inspector
from components.recipe import Recurrent, Sample, Transformer
from components.storage import Folder
from components.tasks import classify_texts as task
from components.tasks.classification.classify_texts import TextInput
from components.tasks.classification.problem import class_probabilities
from components.tasks.classification.shrinkage import apply_shrinkage
from components.tasks.classification.tfidf import TfidfClassifier
from components.tasks.result_file import pack, unpack
from components.training.control import CommandQueue
from components.training.events import EpochEnd
from components.training.limits import Budget, Limits
from components.training.loop import Loop
from components.training.session import Session
from tests.tasks.toys import HERE, texts, texts_recipe

WORDS = ("good", "bad", "fine", "GOOD", "film", "not", "Äpfel", "so", "!", "the")


def three_classes(many=60) -> Texts:
    """Make texts of three classes, of which each has a word that is usual in it."""
    rng = np.random.default_rng(0)
    codes = np.arange(many) % 3
    said = [" ".join([WORDS[code], *rng.choice(WORDS, 6)]) for code in codes]
    return Texts(
        Sample(name="toy"), "Toy", HERE, tuple(said), Classes(codes.astype(np.int32), ("a", "b", "c"))
    )


def ready(data=None, model=None, **settings):
    recipe = texts_recipe(model=model, **{"base": "tfidf", "longest": 6} | settings)
    problem = task.prepare(recipe, data or three_classes())
    return recipe, problem, task.build(recipe, problem)


def outputs_of(problem, built):
    return lambda examples: built.model(problem.batch(examples)[0]).numpy()


def spoil(built, seed=0):
    """Give the layer that is added some weights, as if it had learnt nonsense."""
    layer, rng = built.model.get_layer("classes"), np.random.default_rng(seed)
    layer.set_weights([rng.normal(0, 3, size=weight.shape) for weight in layer.get_weights()])


def scikit_learn(problem) -> np.ndarray:
    """Return the probabilities of the test set by scikit-learn alone."""
    options = problem.task

    level = text_level(options.level)

    def words(text):
        return tokenize(text, level, lower=options.lower)

    shared = {"token_pattern": None, "lowercase": False}
    counting = TfidfVectorizer(tokenizer=words, ngram_range=(1, 1) if level == "word" else (1, 4), **shared)
    if options.base == "tfidf_both":
        spelled = TfidfVectorizer(
            tokenizer=lambda text: list(" ".join(words(text))), ngram_range=(1, 4), **shared
        )
        counting = make_union(counting, spelled)
    said, codes = problem.dataset.texts, problem.classes.codes
    model = LogisticRegression(solver="newton-cg", class_weight="balanced" if options.balanced else None)
    model.fit(counting.fit_transform([said[n] for n in problem.train]), codes[problem.train])
    return model.predict_proba(counting.transform([said[n] for n in problem.test]))


@settings(deadline=None, max_examples=12)
@given(
    read=st.sampled_from(
        [
            ("word", "tfidf"),
            ("word", "tfidf_both"),
            ("byte_pair", "tfidf"),
            ("byte_pair", "tfidf_both"),
            ("character", "tfidf"),
        ]
    ),
    lower=st.booleans(),
    balanced=st.booleans(),
    is_pair=st.booleans(),
    model=st.sampled_from([Recurrent(units=2), Transformer(units=2, heads=1, layers=1)]),
    seed=st.integers(0, 9),
)
def test_with_lambda_0_its_probabilities_are_the_linear_models(read, lower, balanced, is_pair, model, seed):
    (level, base), data = read, texts(60) if is_pair else three_classes()
    _, problem, built = ready(data, model, level=level, base=base, lower=lower, balanced=balanced)
    expected = scikit_learn(problem)
    untrained = class_probabilities(outputs_of(problem, built)(problem.test))
    np.testing.assert_allclose(untrained, expected, atol=1e-6)
    spoil(built, seed)
    moved = class_probabilities(outputs_of(problem, built)(problem.test))
    apply_shrinkage(built.model, 0.0)
    found = class_probabilities(outputs_of(problem, built)(problem.test))
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert np.abs(moved - expected).max() > 1e-3


def test_a_training_text_starts_from_a_model_that_has_not_seen_it():
    """What it would say of a text under another label is what it says of it, and far from knowing it."""
    data = three_classes()
    _, problem, _ = ready(data)
    one = int(problem.train[5])
    codes = data.classes.codes.copy()
    codes[one] = (codes[one] + 1) % 3
    counts = np.bincount(codes)
    assert counts.max() - counts.min() <= 2
    known = problem.linear.logits([problem.linear.tokens(data.texts[one])])[0]
    assert np.abs(problem.starts[one] - known).max() > 1e-3
    folds = problem.linear.logits_of_unseen()
    np.testing.assert_allclose(problem.starts[problem.train], folds, rtol=1e-6)
    # Of noise nothing can be told of what is unseen, though all of it is known by heart.
    rng = np.random.default_rng(1)
    noise = [" ".join(map(str, rng.integers(0, 4000, 8))) for _ in range(200)]
    labels = rng.integers(0, 2, 200).astype(np.int32)
    model = TfidfClassifier(noise, labels, 2, level="word", lower=True)
    by_heart = model.logits([model.tokens(text) for text in noise])[:, 0] > 0
    unseen = model.logits_of_unseen()[:, 0] > 0
    assert (by_heart == labels).mean() > 0.95 and 0.3 < (unseen == labels).mean() < 0.7


@pytest.mark.parametrize("classes", [2, 3, 4])
def test_classes_without_an_example_are_unlikely_and_never_an_error(classes):
    said = ["good film", "bad film"] * 10
    for seen in ([0, 1], [classes - 1, 0], [1, 1], [0, 0]):
        codes = np.array(seen * 10, np.int32)
        model = TfidfClassifier(said, codes, classes, level="word", lower=True)
        for logits in (model.logits([["good"], ["bad"]]), model.logits_of_unseen()[:2]):
            shares = class_probabilities(logits)
            assert shares.argmax(axis=1).tolist() == seen
            assert all(0 < shares[:, code].max() < 0.1 for code in set(range(classes)) - set(seen))


def test_nonsense_is_not_added_and_the_verdict_says_so():
    _, problem, built = ready()
    spoil(built)
    result = task.evaluate(problem, outputs_of(problem, built), built, 1)
    assert result.shrinkage.weight == 0 and result.shrinkage.origins == len(problem.validation)
    assert "Your data taught the network nothing that lasts (λ = 0): the prediction is" in result.verdict
    model, _, linear, _ = result.scores
    assert model.balanced == linear.balanced and model.log_loss == pytest.approx(linear.log_loss, abs=1e-6)
    assert unpack(pack(result), type(result)).shrinkage == result.shrinkage
    again = task.build(texts_recipe(base="tfidf", longest=6), problem)
    spoil(again)
    task.restore(problem, again, result)
    np.testing.assert_allclose(
        class_probabilities(outputs_of(problem, again)(problem.test)), result.probabilities
    )


def test_what_helps_is_added_and_the_verdict_says_what_it_adds():
    """Whoever knows the truth is added whole."""
    codes = np.random.default_rng(2).permutation(80) % 2  # which no text tells of
    data = replace(texts(80), classes=Classes(codes.astype(np.int32), ("bad", "good")))
    _, problem, built = ready(data, longest=4, balanced=True)
    sure = np.where(problem.classes.codes == 1, 4.0, -4.0).astype(np.float32)[:, None]
    layer = built.model.get_layer("classes")
    kernel, _ = layer.get_weights()
    layer.set_weights([np.ones_like(kernel), np.zeros(1, np.float32)])

    def outputs(examples):  # of a network that is right
        return problem.starts[examples] + layer.get_weights()[0][0, 0] * sure[examples]

    result = task.evaluate(problem, outputs, built, 1)
    assert result.shrinkage.weight == 1 and result.shrinkage.error < result.shrinkage.start_error
    assert "The network adds all of what it learnt to its start" in result.verdict
    start = next(score for score in result.scores if score.name == "balanced")
    gain = 100 * (result.scores[0].balanced - start.balanced)
    assert f"the network adds {gain:+.1f} percentage points to the start's" in result.verdict


def test_to_be_surer_of_the_same_is_nothing_that_was_learnt():
    _, problem, _ = ready()
    numbers = np.arange(60)
    truth = np.eye(3)[problem.classes.codes]
    start = truth + np.random.default_rng(0).normal(0, 1, truth.shape)
    ours, surer = (problem.cross_entropies(numbers, factor * start) for factor in (1, 2))
    np.testing.assert_allclose(surer, ours, rtol=1e-6)
    assert problem.cross_entropies(numbers, -start).mean() > ours.mean()


def test_a_training_begins_at_its_start_and_ends_no_worse_on_the_validation_set(tmp_path):
    recipe, problem, built = ready(texts(60), model=Recurrent(units=3), longest=5)
    loop, said = Loop(built.model, problem, recipe), []
    budget = Budget(Limits(seconds=60, memory=2**40, pause_seconds=60))
    Session(loop, said.append, CommandQueue(), Folder(str(tmp_path)), budget).train()
    ends = [one for one in said if isinstance(one, EpochEnd)]
    shares = class_probabilities(problem.starts[problem.validation])
    truth = problem.classes.codes[problem.validation]
    start = -np.log(shares[np.arange(len(truth)), truth]).mean()
    assert ends[0].epoch == 0 and ends[0].validation == pytest.approx(start, rel=1e-4)
    loop.load_selected_weights()
    assert loop.mean_loss(problem.validation) <= ends[0].validation
    # It goes on from its checkpoint to the same numbers.
    again = Loop(task.build(recipe, problem).model, problem, recipe)
    again.restore(loop.state())
    np.testing.assert_array_equal(again.outputs(problem.test), loop.outputs(problem.test))


# --- Asked, looked into, downloaded ---------------------------------------------------------------------


@pytest.mark.parametrize("level", ["word", "character"])
def test_asked_about_a_text_it_counts_what_the_network_does_not_read(level):
    data = three_classes()
    for cut in ("left", "right"):
        _, problem, built = ready(data, level=level, cut=cut, longest=4)
        spoil(built)
        text = "The GOOD film is not bad, so fine!"
        answer = task.predict(problem, built, TextInput(text))
        pieces = problem.linear.tokens(text)
        codes = problem.vocabulary.encode(text)
        begin = len(codes) - 4 if cut == "left" else 0
        read = codes[begin : begin + 4]

        def said(kept, left, read=read, problem=problem, built=built):
            start = problem.linear.logits([left]).astype(np.float32)
            return class_probabilities(built.model([np.where(kept, read, 0)[None], start]).numpy())[0]

        whole = said(np.ones(4, bool), pieces)
        np.testing.assert_allclose(answer.prediction.probabilities, whole, atol=1e-5)
        code = whole.argmax()
        for place in range(4):
            without = said(np.arange(4) != place, pieces[: begin + place] + pieces[begin + place + 1 :])
            change = whole[code] - without[code]
            np.testing.assert_allclose(answer.prediction.occlusion[place], change, atol=1e-5)
    assert task.predict(problem, built, TextInput("")).prediction is None


@pytest.mark.parametrize("model", [Recurrent(units=3, attention="additive"), Transformer(units=4, heads=2)])
def test_it_can_be_looked_into(model):
    _, problem, built = ready(model=model)
    spoil(built)
    asked = task.sample(problem, built, DatasetExample(0))
    assert [part.shape for part in asked.inputs] == [(6,), (3,)]
    np.testing.assert_allclose(asked.inputs[1], problem.starts[problem.test[0]], rtol=1e-6)
    inspector = Inspector(built.model, lambda one: asked, lambda most: task.sample_evenly(problem, most))
    assert np.isfinite(occlusion_scores(inspector, asked, asked.answers[0])).all()
    assert len(task.sample_evenly(problem, 4)) == 4
    assert "predicts" in task.sample(problem, built, UserText("good film")).shown.description


@pytest.mark.parametrize(
    ("level", "base", "lower"),
    [("word", "tfidf", True), ("word", "tfidf_both", True), ("character", "tfidf", True)],
)
def test_the_saved_model_has_the_linear_model_inside(tmp_path, level, base, lower):
    _, problem, built = ready(level=level, base=base, lower=lower, longest=4)
    spoil(built)
    task.export_model(problem, built.model).save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    for text in (*problem.dataset.texts[:3], "Äpfel – ÇA 🙂 ß", "", "a", "GOOD  good\tÄPFEL so"):
        given = text if level == "character" else " ".join(tokenize(text, level, lower=lower))
        said = loaded(keras.ops.convert_to_tensor([given, "the film is bad"]))
        start = problem.start.logits([problem.start.tokens(text)]).astype(np.float32)
        read = problem.vocabulary.encode(text)[:4]
        ours = class_probabilities(built.model([np.array([[*read, 0]], "int32"), start]).numpy())[0]
        np.testing.assert_allclose(said["probabilities"][0], ours, atol=1e-5, err_msg=repr(text))


def test_words_and_characters_together_need_words():
    wanted = texts_recipe(base="tfidf_both", level="character")
    assert [issue.field for issue in task.issues(wanted, texts())] == ["task.base"]
    _, problem, built = ready(base="tfidf_both")
    result = task.evaluate(problem, outputs_of(problem, built), built, 0)
    assert [score.name for score in result.scores] == ["model", "prior", "linear", "balanced", "both"]
    assert result.scores[0].log_loss == pytest.approx(result.scores[-1].log_loss, abs=1e-6)
    assert "TF-IDF of words and characters" in result.verdict
