"""Data: each kind of dataset has its view, which says what can't be done with it yet in no promise."""

import json

import pytest

from components.data.sources.samples import SAMPLES
from components.data.sources.synthetic import GENERATORS
from components.recipe import Forecast, Generated, Recipe
from tests.ui.conftest import page_text

MADE = [name for name, generator in GENERATORS.items() if generator.kind != "series"]
TEXTS = [name for name, info in SAMPLES.items() if info.kind != "series"]


def sound(bench):
    assert not bench.exception
    assert not bench.error, bench.error
    offers = "data-train" in [button.key for button in bench.button]
    assert offers != ("No task can be trained on" in page_text(bench))
    facts = bench.table[0].value.to_string()
    assert "Licence" in facts and "Source" in facts


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_that_ships_is_shown(open_page, name):
    bench = open_page("data")
    bench.selectbox(key="data.sample").select(name).run()
    sound(bench)
    assert bench.get("plotly_chart")
    assert SAMPLES[name].title in page_text(bench)


@pytest.mark.parametrize("name", MADE)
def test_whatever_is_made_is_shown_and_follows_its_sliders(open_page, name):
    bench = open_page("data", dataset=json.dumps({"source": "generated", "name": name, "length": 100}))
    sound(bench)
    before = [chart.proto.spec for chart in bench.get("plotly_chart")]
    assert before
    parameter = GENERATORS[name].parameters[0]
    bench.slider(key=f"data.{name}.{parameter.name}").set_value(float(parameter.high)).run()
    sound(bench)
    assert [chart.proto.spec for chart in bench.get("plotly_chart")] != before


def test_a_switch_is_a_switch(open_page):
    bench = open_page("data", dataset='{"source":"generated","name":"sums","length":60}')
    first = bench.dataframe[0].value.iloc[0, 0]
    bench.toggle(key="data.sums.backwards").set_value(True).run()
    assert bench.dataframe[0].value.iloc[0, 0] == first[::-1]


def test_other_examples_are_others(open_page):
    bench = open_page("data", dataset='{"source":"generated","name":"control_charts","length":100}')
    before = bench.get("plotly_chart")[0].proto.spec
    bench.button(key="data-others").click().run()
    sound(bench)
    assert bench.get("plotly_chart")[0].proto.spec != before


def test_the_padding_length_says_how_many_texts_it_cuts(open_page):
    bench = open_page("data", dataset='{"source":"sample","name":"tweets"}')
    (padding,) = [slider for slider in bench.slider if slider.label.startswith("Padded length")]
    padding.set_value(padding.max).run()
    assert "cuts none of them" in page_text(bench)
    assert bench.dataframe[0].value["as the model reads it"].tolist()[-1] == "<pad>"
    (padding,) = [slider for slider in bench.slider if slider.label.startswith("Padded length")]
    padding.set_value(5).run()
    sound(bench)
    assert "A maximum length of 5 cuts" in page_text(bench)
    assert len(bench.dataframe[0].value) == 5


def test_a_smaller_vocabulary_knows_less(open_page):
    bench = open_page("data", dataset='{"source":"sample","name":"tweets"}')

    def unknown() -> float:
        (sentence,) = [line for line in page_text(bench).split("\n") if "in this vocabulary" in line]
        return float(sentence.split("%")[0])

    before = unknown()
    (size,) = [slider for slider in bench.slider if slider.label == "Vocabulary"]
    size.set_value(100).run()
    sound(bench)
    assert unknown() > before


def test_training_says_plainly_that_it_needs_a_series(open_page):
    recipe = Recipe(dataset=Generated(name="sums"), task=Forecast(target="value"))
    bench = open_page("train", recipe=recipe.to_url())
    assert not bench.exception
    assert "needs a time series of numbers" in str(bench.error[0].proto)


def bring(open_page, name: str, content: bytes):
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("upload").run()
    return bench.file_uploader(key="data.file").upload(name, content).run()


def test_files_of_other_kinds_are_shown(open_page):
    head = b"@timeStamps false\n@classLabel true up down\n@data\n"
    bench = bring(open_page, "toy.ts", head + b"1,2,3:up\n3,2:down\n1,3:up\n4,1:down\n")
    sound(bench)
    assert bench.get("plotly_chart")
    bench = bring(open_page, "prose.txt", b"It was a dark night.\nNobody came, and nobody went.\n")
    sound(bench)


def test_a_table_is_read_as_a_person_says(open_page):
    rows = b"".join(b"a good thing number %d,up\nno bad thing number %d,down\n" % (n, n) for n in range(20))
    bench = bring(open_page, "reviews.csv", b"review,stars\n" + rows)
    (shape,) = [box for box in bench.selectbox if box.label == "Read the rows as"]
    shape.select("texts").run()
    sound(bench)
    assert "down, up" in bench.table[0].value.to_string()
    again = open_page("data", dataset=bench.query_params["dataset"])
    sound(again)
    assert "down, up" in again.table[0].value.to_string()


def test_the_columns_of_a_long_table_are_chosen_and_stand_in_the_link(open_page):
    rows = "".join(
        f"{who},{step},{10 * who + step},{step % 2},{'up' if who % 2 else 'down'}\n"
        for who in range(1, 7)
        for step in range(1, 5)
    )
    bench = bring(open_page, "long.csv", f"who,step,x,y,kind\n{rows}".encode())
    box(bench, "Read the rows as").select("sequences").run()
    sound(bench)
    assert box(bench, "Sequence ID column").value == "who"
    assert box(bench, "Time column").value == "step"
    assert box(bench, "Class column").options == ["None", "kind"]
    (channels,) = [one for one in bench.multiselect if one.label == "Channels"]
    assert channels.value == channels.options == ["x", "y"]
    channels.unselect("y").run()
    sound(bench)
    box(bench, "Class column").select("None").run()
    sound(bench)
    facts = bench.table[0].value.to_string()
    assert "x, y" not in facts and "down, up" not in facts
    again = open_page("data", dataset=bench.query_params["dataset"])
    sound(again)
    assert again.table[0].value.to_string() == facts
    assert box(again, "Time column").value == "step" and box(again, "Class column").value is None
    # Another column for the sequences takes away what no longer fits.
    box(bench, "Sequence ID column").select("step").run()
    sound(bench)
    assert box(bench, "Time column").options == ["None: rows are in order", "who", "x", "y"]


def box(bench, label: str):
    (found,) = [one for one in bench.selectbox if one.label == label]
    return found
