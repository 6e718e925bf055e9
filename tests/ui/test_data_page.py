"""Data: choose it, bring it or make it; whatever it is, it is shown with its facts and can be trained on."""

import gzip
import json

import pytest

from components.data import load
from components.data.samples import SAMPLES
from components.data.synthetic import GENERATORS
from components.recipe import Recipe, Sample
from components.tasks import check
from tests.ui.conftest import said

CSV = b"day,sold,price\n" + b"".join(b"2024-01-%02d,%d,1.5\n" % (day, day % 7) for day in range(1, 32))


def train_on_it(bench):
    bench.button(key="data-train").click().run()
    assert not bench.exception
    assert not bench.error
    return Recipe.from_url(bench.query_params["recipe"])


def the_chart(bench):
    return json.loads(bench.get("plotly_chart")[0].proto.spec)


def test_it_begins_with_something_to_look_at(open_page):
    bench = open_page("data")
    assert not bench.exception
    assert bench.get("plotly_chart")
    assert bench.dataframe
    assert len(bench.dataframe[0].value) > 100


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_shown_with_its_source_and_licence_and_can_be_trained_on(open_page, name):
    bench = open_page("data")
    bench.selectbox(key="data.sample").select(name).run()
    assert not bench.exception
    facts = bench.table[0].value.to_string()
    assert "Licence" in facts
    assert "Source" in facts
    recipe = train_on_it(bench)
    assert recipe.dataset == Sample(name=name)
    assert check(recipe, load(recipe.dataset)) == ()


@pytest.mark.parametrize("name", GENERATORS)
def test_what_is_made_follows_its_sliders(open_page, name):
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("generated").run()
    bench.selectbox(key="data.generator").select(name).run()
    before = the_chart(bench)
    parameter = GENERATORS[name].parameters[0]
    bench.slider(key=f"data.{name}.{parameter.name}").set_value(parameter.high).run()
    assert not bench.exception
    assert the_chart(bench) != before
    recipe = train_on_it(bench)
    assert recipe.dataset.parameters[parameter.name] == parameter.high
    assert check(recipe, load(recipe.dataset)) == ()


def test_nothing_brought_yet_says_what_to_bring(open_page):
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("upload").run()
    assert not bench.exception
    assert not bench.get("plotly_chart")
    assert "No file yet" in bench.info[0].proto.title


def test_a_file_is_shown_and_can_be_trained_on(open_page):
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("upload").run()
    bench.file_uploader(key="data.file").upload("shop.csv", CSV).run()
    assert not bench.exception
    assert not bench.error
    assert "shop.csv" in said(bench)
    assert list(bench.dataframe[0].value.columns) == ["sold", "price"]
    recipe = train_on_it(bench)
    assert recipe.task.target == "sold"
    assert not bench.button(key="train").disabled


def test_a_packed_file_of_another_kind_is_read_too(open_page):
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("upload").run()
    lines = b"".join(b'{"day":"2024-01-%02d","sold":%d}\n' % (day, day % 7) for day in range(1, 32))
    bench.file_uploader(key="data.file").upload("shop.jsonl.gz", gzip.compress(lines)).run()
    assert not bench.exception
    assert not bench.error
    assert train_on_it(bench).task.target == "sold"


def test_what_was_done_to_a_file_is_said(open_page):
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("upload").run()
    bench.file_uploader(key="data.file").upload("shop.csv", CSV.replace(b",1.5", b",cheap")).run()
    assert not bench.error
    assert "“price”" in said(bench)


def test_a_file_that_cannot_be_read_is_said_in_place(open_page):
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("upload").run()
    bench.file_uploader(key="data.file").upload("empty.csv", b"").run()
    assert not bench.exception
    assert len(bench.error) == 1
    assert "empty" in str(bench.error[0].proto)


def test_names_of_columns_cannot_draw_on_the_page(open_page):
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("upload").run()
    wild = CSV.replace(b"sold", b"![x](https://evil.example/x.png)")
    bench.file_uploader(key="data.file").upload("a](b).csv", wild).run()
    assert not bench.exception
    assert "![x]" not in said(bench) + bench.table[0].value.to_string()


@pytest.mark.parametrize(
    "dataset",
    [
        '{"source":"sample","name":"co2"}',
        '{"source":"generated","name":"sine","length":200,"parameters":{"period":7.0},"seed":3}',
    ],
)
def test_a_link_brings_back_the_dataset(open_page, dataset):
    bench = open_page("data", dataset=dataset)
    assert not bench.exception
    assert not bench.error
    chosen = train_on_it(bench).dataset.model_dump()
    assert all(chosen[name] == value for name, value in json.loads(dataset).items() if name != "parameters")
    assert chosen.get("parameters", {}).get("period", 7.0) == 7.0


@pytest.mark.parametrize(
    "dataset",
    [
        "nonsense",
        "{}",
        '{"source":"sample","name":"atlantis"}',
        '{"source":"generated","name":"perpetuum_mobile"}',
        '{"source":"generated","name":"sine","parameters":{"period":-1}}',
        '{"source":"upload","id":"' + "0" * 32 + '","name":"gone.csv"}',
    ],
)
def test_a_damaged_link_is_said_in_place_and_leaves_the_controls(open_page, dataset):
    bench = open_page("data", dataset=dataset)
    assert not bench.exception
    assert len(bench.error) == 1
    assert "broke" not in bench.error[0].proto.title
    assert bench.segmented_control(key="data.source").value
