"""What runs made of the same examples: the attention of one example, texts of one seed, a translation."""

from dataclasses import replace

import numpy as np
import pytest

from components.engine import inspect_run
from components.engine.model_server import Prediction
from components.errors import RunError
from components.insight.doctor.remedies import modified_recipe
from components.insight.example import DatasetExample, ExampleView
from components.insight.requests import AttentionView
from components.recipe import Generated, ModelLanguage, Recipe, Sample, Translate
from components.tasks.language_model.generate import GeneratedText, GenerationState
from components.tasks.language_model.result import LanguageResult, Score
from components.tasks.language_model.token_probabilities import Token
from tests.charts import forecast_result as made
from tests.ui.compare.conftest import RECIPE
from tests.ui.conftest import page_text
from tests.ui.tasks.test_seq2seq import found
from tests.ui.tasks.test_seq2seq import result as answered

ATTENTIVE = modified_recipe(RECIPE, model={"attention": "dot"})
WRITER = Recipe(dataset=Sample(name="first_names"), task=ModelLanguage(window=16))
TRANSLATOR = Recipe(dataset=Generated(name="dates", length=60), task=Translate())
WRITTEN = LanguageResult(
    verdict="",
    won=True,
    level="character",
    best_epoch=2,
    scores=(Score("model", "Your model", 1.5, 2.2, 4.5), Score("trigram", "Trigram", 2.0, 2.9, 7.4)),
    tokens=1000,
    characters=1000,
    unknown=0.0,
    vocabulary=55,
    passage=(Token("A", 0.9, ()),),
)


@pytest.fixture
def inspected(monkeypatch):
    asked = []

    def look(run_id, recipe, artifacts, step, view):
        asked.append((run_id, step, view.example))
        names, own = ("Mon", "Tue", "Wed"), np.array([0.1, 0.2, 0.7])
        shown = ExampleView(names, None, (), ("step *1*",), 0, "The window from Monday on.", 9)
        return inspect_run.Inspection(
            AttentionView(
                shown, 0, ("attention",), 0, 1, ("all",), names, own[None], own, own, own, 0.9, 0.8, 0.7
            ),
            1,
        )

    monkeypatch.setattr(inspect_run, "inspect", look)
    return asked


def sections(bench):
    group = next((one for one in bench.button_group if one.key == "compare.results"), None)
    return [] if group is None else list(group.options)


def test_the_attention_of_one_example_stands_side_by_side(open_page, put, inspected):
    ids = [put(name, recipe, made.result(1.0)) for name, recipe in (("One", ATTENTIVE), ("None", RECIPE))]
    ids.append(put("*Other*", modified_recipe(ATTENTIVE, seed=1), made.result(0.5)))
    bench = open_page("compare", runs=",".join(ids))
    assert sections(bench) == ["Forecasts", "Attention"] and not inspected
    bench = open_page("compare", runs=",".join(ids), results="attention", example="3")
    assert not bench.exception and not bench.error
    example = DatasetExample(2)
    assert inspected == [(ids[0], None, example), (ids[2], None, example)]
    assert {"A · One", "C · \\*Other\\*"} <= {heading.value for heading in bench.subheader}
    assert "Asked about: step \\*1\\*." in page_text(bench)
    bench.number_input(key="compare.example").set_value(5).run()
    assert bench.query_params["example"] == "5" and inspected[-1][2] == DatasetExample(4)


def test_a_model_that_cant_be_looked_into_keeps_no_other_from_it(open_page, put, monkeypatch, inspected):
    ids = [put("One", ATTENTIVE, made.result(1.0)), put("Two", ATTENTIVE, made.result(0.5))]
    look = inspect_run.inspect

    def refuse(run_id, *others):
        if run_id == ids[0]:
            raise RunError("These weights are no longer kept.")
        return look(run_id, *others)

    monkeypatch.setattr(inspect_run, "inspect", refuse)
    bench = open_page("compare", runs=",".join(ids), results="attention")
    assert "no longer kept" in bench.error[0].proto.title
    assert "The window from Monday on." in page_text(bench)


def test_of_different_test_sets_no_example_is_the_same(open_page, put):
    other = replace(made.result(), target="something else")
    ids = [put("One", ATTENTIVE, made.result(1.0)), put("Other", ATTENTIVE, other)]
    bench = open_page("compare", runs=",".join(ids), results="attention")
    assert sections(bench) == [] and "Results" not in [header.value for header in bench.header]


def test_each_model_writes_with_the_same_prompt_and_seed(open_page, put, monkeypatch):
    heard = []

    def asked(run, wish):
        heard.append((run.title, wish.length, wish.seed, wish.sampling.temperature))
        place = GenerationState((np.zeros(2),), 1, wish.length)
        return Prediction(GeneratedText((Token(f"{run.title}!", 0.5, ()),) * wish.length, place), 2)

    monkeypatch.setattr("components.ui.tasks.language_model.writing.ask_model", asked)
    ids = [put("One", WRITER, WRITTEN), put("Two", modified_recipe(WRITER, model={"units": 64}), WRITTEN)]
    bench = open_page("compare", runs=",".join(ids))
    assert not heard and "Nothing yet: press Generate." in page_text(bench)
    bench.text_area(key="compare.prompt").set_value("Once <b>upon")
    bench.number_input(key="compare.seed").set_value(7)
    bench.slider(key="compare.length").set_value(20)
    next(button for button in bench.button if button.label == "Generate").click().run()
    assert not bench.exception and not bench.error
    assert heard == [("One", 20, 7, 0.8), ("Two", 20, 7, 0.8)]
    html = "".join(element.proto.body for element in bench.get("html"))
    assert "Once &lt;b&gt;upon" in html and "One!" in html and "Two!" in html


def test_each_model_translates_the_same_text(open_page, put, monkeypatch):
    heard = []

    def asked(run, question):
        heard.append((run.title, question.text))
        return Prediction(found(), 2)

    monkeypatch.setattr("components.ui.compare.texts.ask_model", asked)
    other = modified_recipe(TRANSLATOR, model={"units": 64})
    ids = [put("One", TRANSLATOR, answered()), put("Two", other, answered())]
    bench = open_page("compare", runs=",".join(ids))
    assert "Every model answers the same text" in page_text(bench) and not heard
    bench.text_input(key="compare.text").set_value("a zebra")
    next(button for button in bench.button if button.label == "Translate").click().run()
    assert not bench.exception and not bench.error
    assert heard == [("One", "a zebra"), ("Two", "a zebra")]
    table = bench.dataframe[-1].value
    assert table.to_dict("list") == {"Run": ["A · One", "B · Two"], "Translation": ["un *chat*", "un *chat*"]}
