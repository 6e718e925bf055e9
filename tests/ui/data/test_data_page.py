"""Data: choose it, bring it or make it; whatever it is, it is shown with its facts and can be trained on."""

import gzip
import json
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from components.data import load
from components.data.isolation import reading
from components.data.sources.samples import SERIES_SAMPLES
from components.data.sources.synthetic.series import SERIES as MADE
from components.errors import DataError, RunError
from components.recipe import Recipe, Sample
from components.tasks import recipe_issues
from components.ui.data import data_page
from tests.data.readers.workbooks import Sheet, xlsx
from tests.ui.conftest import page_text

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


@pytest.mark.parametrize("name", SERIES_SAMPLES)
def test_every_sample_is_shown_with_its_source_and_licence_and_can_be_trained_on(open_page, name):
    bench = open_page("data")
    bench.selectbox(key="data.sample").select(name).run()
    assert not bench.exception
    facts = bench.table[0].value.to_string()
    assert "Licence" in facts
    assert "Source" in facts
    recipe = train_on_it(bench)
    assert recipe.dataset == Sample(name=name)
    assert recipe_issues(recipe, load(recipe.dataset)) == ()


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_follows_its_sliders(open_page, name):
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("generated").run()
    bench.selectbox(key="data.generator").select(name).run()
    before = the_chart(bench)
    parameter = MADE[name].parameters[0]
    bench.slider(key=f"data.{name}.{parameter.name}").set_value(parameter.high).run()
    assert not bench.exception
    assert the_chart(bench) != before
    recipe = train_on_it(bench)
    assert recipe.dataset.parameters[parameter.name] == parameter.high
    assert recipe_issues(recipe, load(recipe.dataset)) == ()


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
    assert "shop.csv" in page_text(bench)
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


def test_a_training_set_is_joined_by_its_test_set(open_page):
    head = "@univariate true\n@classLabel true a b\n@data\n"
    train, test = (
        (head + "".join(f"{at},{at + gain}:{'ab'[at % 2]}\n" for at in range(12))).encode() for gain in (1, 2)
    )
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("upload").run()
    bench.file_uploader(key="data.file").upload("Toy_TRAIN.ts", train).run()
    partner = next(one for one in bench.get("file_uploader") if one.label == "Its test set")
    partner.upload("Toy_TEST.ts", test).run()
    assert not bench.exception and not bench.error
    assert "Toy.zip" in page_text(bench)
    facts = bench.table[0].value["value"]
    assert facts["Split"] == "12 for training, 12 for the test, as given"
    recipe = train_on_it(bench)
    assert recipe.dataset.name == "Toy.zip" and not bench.button(key="train").disabled


def test_what_was_done_to_a_file_is_said(open_page):
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("upload").run()
    bench.file_uploader(key="data.file").upload("shop.csv", CSV.replace(b",1.5", b",cheap")).run()
    assert not bench.error
    assert "“price”" in page_text(bench)


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
    assert "![x]" not in page_text(bench) + bench.table[0].value.to_string()


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


# --- The data doctor ---------------------------------------------------------------------------------

MESSY = b"Sales of the shop\n\nday,sold,shop\n" + b"".join(
    b"2024-01-%02d,%s,A\n" % (day, {5: b"closed", 9: b"", 20: b""}.get(day, b"%d" % (day % 7)))
    for day in range(1, 32)
)
UNCLEAR = b"day,sold\n" + b"".join(
    b"%02d/%02d/2024,%d\n" % (month, day, day) for month in (1, 2, 3) for day in range(1, 13)
)


@pytest.fixture
def bring(open_page):
    """Open the Data page and upload a file."""

    def bring(content, name="shop.csv"):
        bench = open_page("data")
        bench.segmented_control(key="data.source").set_value("upload").run()
        bench.file_uploader(key="data.file").upload(name, content).run()
        assert not bench.exception
        return bench

    return bring


def offers(bench):
    return [button.label for button in bench.button if button.key.startswith("data.mend.")]


def press(bench, label):
    next(button for button in bench.button if button.label == label).click().run()
    assert not bench.exception


def test_a_messy_file_is_mended_by_clicks_and_trained_on(bring):
    bench = bring(MESSY)
    assert not bench.error
    assert "“closed”" in page_text(bench) and "row 8" in page_text(bench)
    assert "Row 1, above the table, was left out" in page_text(bench)
    assert bench.button(key="data-train").disabled and "Fix what is marked" in page_text(bench)
    press(bench, "Read “1” as 1; treat the others as missing")
    assert "3 values are missing" in page_text(bench) and "“shop” left out" in page_text(bench)
    assert bench.button(key="data-train").disabled
    press(bench, "Repeat the last value")
    assert "found no problems" in page_text(bench)
    assert '"filled"' in bench.get("plotly_chart")[0].proto.spec
    recipe = train_on_it(bench)
    kinds = [mend.kind for mend in recipe.preparation.mends]
    assert kinds == ["set_time", "read_numbers", "drop_columns", "fill_missing"]
    assert load(recipe.dataset, recipe.preparation).table["sold"].iloc[4] == 4
    assert not bench.button(key="train").disabled
    assert "4 cleaning steps" in page_text(bench)


def test_mend_all_mends_and_each_step_can_be_undone(bring):
    bench = bring(MESSY)
    press(bench, "Fix all")
    assert "found no problems" in page_text(bench) and not bench.button(key="data-train").disabled
    assert [button.key for button in bench.button if button.label == "Undo"] == [
        f"data.undo.{step}" for step in (0, 1, 2, 3)
    ]
    bench.button(key="data.undo.3").click().run()
    assert not bench.error and "3 values are missing" in page_text(bench)
    assert bench.button(key="data-train").disabled


def test_a_step_that_others_need_stays(bring):
    first, *rows = UNCLEAR.splitlines()
    bench = bring(b"\n".join([first, *reversed(rows)]))
    press(bench, offers(bench)[0])
    assert "Rows sorted by time" in page_text(bench)
    bench.button(key="data.undo.0").click().run()
    assert bench.error[0].proto.title == "A later step depends on this one\\: “Rows sorted by time”."
    assert "Rows sorted by time" in page_text(bench) and "month first" in page_text(bench)


def test_a_step_made_without_asking_can_be_undone_and_stays_so(bring, open_page):
    first, *rows = CSV.replace(b",1.5", b"").replace(b",price", b"").splitlines()
    bench = bring(b"\n".join([first, *reversed(rows)]))
    assert "found no problems" in page_text(bench) and "Applied automatically" in page_text(bench)
    bench.button(key="data.undo.1").click().run()
    assert "The newest row comes first" in page_text(bench) and bench.button(key="data-train").disabled
    bench.button(key="data.undo.0").click().run()
    assert not bench.exception and not bench.error
    assert not any(
        "cleaning step" in one.label for one in bench.expander
    ) and "Without it, the rows are only numbered" in page_text(bench)
    address = {name: bench.query_params[name] for name in ("dataset", "preparation")}
    again = open_page("data", **address)
    assert "Without it, the rows are only numbered" in page_text(again)
    press(again, "Leave it out and number the rows")
    assert "found no problems" in page_text(again) and "The rows have no times" in page_text(again)
    reference, preparation = dataset_there(again)
    assert load(reference, preparation).table.index.tolist() == list(range(31))
    assert load(reference, preparation).table["sold"].iloc[0] == 3, "as they came: the newest first"


def test_a_step_that_was_undone_is_not_made_again_with_the_next(bring):
    rows = [f'2024-01-{day:02d},"{day},5",{"closed" if day == 5 else day}' for day in range(1, 32)]
    bench = bring("\n".join(["day,x,y", *rows]).encode())
    assert "“x” read as numbers with a comma" in page_text(bench)
    bench.button(key="data.undo.1").click().run()
    assert "“x” read as numbers" not in page_text(bench) and "“x” holds numbers written as text" in page_text(
        bench
    )
    press(bench, "Read “1” as 1; treat the others as missing")
    assert "“y” read as numbers" in page_text(bench) and "“x” read as numbers" not in page_text(bench)
    press(bench, "Fix all")
    assert "“x” read as numbers" in page_text(bench) and "found no problems" in page_text(bench)


def test_what_only_a_person_can_tell_is_asked(bring):
    bench = bring(UNCLEAR)
    assert "day or the month first" in page_text(bench)
    assert not [button for button in bench.button if button.label == "Fix all"]
    assert offers(bench)[:2] == ["01/02/2024 is 2 January 2024", "01/02/2024 is 1 February 2024"]
    press(bench, "01/02/2024 is 2 January 2024")
    assert "month first" in page_text(bench)
    assert load(*dataset_there(bench)).table.index[1].day == 2


def dataset_there(bench):
    recipe = train_on_it(bench)
    return recipe.dataset, recipe.preparation


def test_a_link_brings_back_the_mends(bring, open_page):
    bench = bring(MESSY)
    press(bench, "Fix all")
    address = {name: bench.query_params[name] for name in ("dataset", "preparation")}
    again = open_page("data", **address)
    assert not again.exception and not again.error
    assert "found no problems" in page_text(again)
    assert dataset_there(again) == dataset_there(bench)


def test_a_damaged_link_to_mends_is_said_in_place(open_page):
    bench = open_page("data", dataset='{"source":"sample","name":"co2"}', preparation='{"mends":[{}]}')
    assert len(bench.error) == 1 and not bench.exception


def test_what_is_not_mended_is_said_at_train(bring, open_page):
    bench = bring(MESSY)
    recipe = Recipe.model_validate(
        {"dataset": json.loads(bench.query_params["dataset"]), "task": {"target": "sold"}}
    )
    train = open_page("train", recipe=recipe.to_url())
    assert not train.exception
    assert "Fix it on the Data page first" in train.error[0].value


def test_words_alone_are_said_to_be_no_numbers(bring):
    bench = bring(b"name\nann\nbob\ncid\n", "notes.csv")
    assert "No column holds numbers" in bench.error[0].value
    assert bench.button(key="data-train").disabled and "Upload another one" in page_text(bench)


def test_another_sheet_can_be_chosen(bring):
    rows = [["day", "x"], *([f"2024-01-{day:02d}", day] for day in range(1, 20))]
    book = xlsx(Sheet(rows, "First"), Sheet([["day", "y"], *rows[1:]], "Second"))
    bench = bring(book, "book.xlsx")
    sheet = next(box for box in bench.selectbox if box.label == "Sheet")
    assert (sheet.value, sheet.options) == ("First", ["First", "Second"])
    sheet.select("Second").run()
    assert not bench.exception and not bench.error
    recipe = train_on_it(bench)
    assert (recipe.dataset.sheet, recipe.task.target) == ("Second", "y")


def test_a_sheet_without_a_table_can_be_left_again(bring):
    rows = [["day", "x"], *([f"2024-01-{day:02d}", day] for day in range(1, 20))]
    bench = bring(xlsx(Sheet(rows, "First"), Sheet([], "Second")), "book.xlsx")
    for chosen, is_read in (("Second", False), ("First", True)):
        next(box for box in bench.selectbox if box.label == "Sheet").select(chosen).run()
        assert not bench.exception and bool(bench.error) != is_read
    assert train_on_it(bench).dataset.sheet == "First"


def test_a_table_is_read_once_whatever_shapes_are_tried(bring, monkeypatch):
    read, times = reading.read, []
    monkeypatch.setattr(reading, "read", lambda *args: times.append(args) or read(*args))
    bench = bring(b"review,kind\n" + b"".join(b"it was day %d,%d\n" % (n, n % 2) for n in range(40)))
    kind = next(box for box in bench.selectbox if box.label == "Read the rows as")
    kind.select("texts").run()
    label = next(box for box in bench.selectbox if box.label == "Class column")
    label.select(None).run()
    label.select("kind").run()
    assert not bench.exception and not bench.error and len(times) == 1
    assert bench.get("plotly_chart")


def test_rows_that_were_cut_are_kept_by_a_click_and_cut_again(bring, open_page):
    bench = bring(MESSY.rstrip() + b"\nTotal,99,\n")
    assert "Row 1, above the table, was left out" in page_text(bench)
    assert "Row 35, below the table, was left out\\: “Total 99”" in page_text(bench)
    press(bench, "Read “1” as 1; treat the others as missing")
    bench.button(key="data.keep.below").click().run()
    assert not bench.exception and not bench.error
    assert "Row 35, below the table, is kept as part of it" in page_text(bench)
    assert "Row 1, above the table, was left out" in page_text(bench)
    assert "read as numbers" in page_text(bench), "the mends are still made"
    assert "1 row has no time" in page_text(bench)
    address = {name: bench.query_params[name] for name in ("dataset", "preparation")}
    assert "Row 35, below the table, is kept as part of it" in page_text(open_page("data", **address))
    press(bench, "Remove it")
    assert "Row 35, below the table, was left out" in page_text(bench) and "no time" not in page_text(bench)
    bench.button(key="data.keep.above").click().run()
    assert not bench.exception and "Sales of the shop" in bench.dataframe[0].value.columns


def test_rows_that_cannot_be_kept_are_said_and_nothing_is_lost(bring, monkeypatch):
    bench = bring(MESSY)

    def fail(*_):
        raise DataError("Row 1 is odd.", where="shop.csv", remedy="Leave it.")

    monkeypatch.setattr("components.ui.data.import_notes.content_of", fail)
    bench.button(key="data.keep.above").click().run()
    assert not bench.exception and bench.error[0].proto.title == "Row 1 is odd."
    assert "Row 1, above the table, was left out" in page_text(bench)


def test_a_clean_sample_is_not_nagged_about(open_page):
    bench = open_page("data")
    assert "found no problems" in page_text(bench)
    assert not offers(bench)


def test_notes_offer_mends_too(bring):
    values = [10 + day % 5 for day in range(60)]
    values[30] = 500
    rows = b"".join(
        b"%s,%d\n" % (str(day.date()).encode(), value)
        for day, value in zip(pd.date_range("2024", periods=60), values, strict=True)
    )
    bench = bring(b"day,x\n" + rows)
    assert "found no problems" in page_text(bench) and not bench.button(key="data-train").disabled
    assert "Notes (1)" in [one.label for one in bench.expander]
    press(bench, "Treat as missing")
    assert "1 value is missing" in page_text(bench)
    press(bench, "Fix all")
    assert train_on_it(bench).preparation.mends[1].kind == "treat_as_missing"


# --- Pictures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        ("Distribution", "Half of the values lie below"),
        ("Autocorrelation", "seems to repeat every 12 rows"),
        ("Decomposition", "season of 12 rows explains"),
        ("Split", "the test set, from"),
    ],
)
def test_each_picture_is_drawn_with_its_sentence(open_page, picture, sentence):
    bench = open_page("data", dataset='{"source":"sample","name":"el_nino"}')
    bench.segmented_control(key="data.picture").set_value(picture).run()
    assert not bench.exception and not bench.error
    assert len(bench.get("plotly_chart")) == 1
    assert sentence in page_text(bench)


def test_the_parts_can_be_moved_and_go_into_the_recipe(open_page):
    bench = open_page("data", dataset='{"source":"sample","name":"el_nino"}')
    bench.segmented_control(key="data.picture").set_value("Split").run()
    slider = next(one for one in bench.slider if one.label.startswith("Start of validation"))
    assert slider.value == (70, 85)
    slider.set_range(60, 90).run()
    assert not bench.exception and not bench.error
    recipe = train_on_it(bench)
    assert (recipe.preparation.validation, recipe.preparation.test) == (0.3, 0.1)


def test_parts_that_do_not_fit_are_brought_to_the_nearest_that_do(open_page):
    bench = open_page("data", dataset='{"source":"sample","name":"el_nino"}')
    bench.segmented_control(key="data.picture").set_value("Split").run()
    next(one for one in bench.slider if one.label.startswith("Start of validation")).set_range(0, 100).run()
    assert not bench.exception and not bench.error
    assert next(one for one in bench.slider if one.label.startswith("Start of validation")).value == (55, 95)


def test_a_picture_that_fails_leaves_the_rest_of_the_page(open_page, engine, monkeypatch):
    def fail(*_, **__):
        raise RunError("The worker didn't answer.", remedy="Try again.")

    monkeypatch.setattr(engine, "ask", fail)
    bench = open_page("data", dataset='{"source":"generated","name":"sine","length":151}')
    bench.segmented_control(key="data.picture").set_value("Decomposition").run()
    assert bench.error[0].proto.title == "The worker didn't answer."
    assert not bench.button(key="data-train").disabled


def test_rows_without_times_are_given_some_by_hand(bring, open_page):
    bench = bring(b"sold\n" + b"".join(b"%d\n" % (n % 7) for n in range(60)))
    assert "The rows have no times" in page_text(bench)
    bench.datetime_input(key="data.times.start").set_value(datetime(2021, 1, 31, 6))
    bench.number_input(key="data.times.count").set_value(2)
    bench.selectbox(key="data.times.unit").set_value("month").run()
    assert "The last row is then at 2030-11-30 06:00." in page_text(bench)
    press(bench, "Set the times")
    assert r"Times from 2021-01-31 06\:00 on, one every 2 months" in page_text(bench)
    again = open_page("data", **{name: bench.query_params[name] for name in ("dataset", "preparation")})
    index = load(*dataset_there(again)).table.index
    assert [str(time) for time in index[:3]] == [
        "2021-01-31 06:00:00", "2021-03-31 06:00:00", "2021-05-31 06:00:00"
    ]  # fmt: skip
    bench.button(key="data.undo.0").click().run()
    assert "The rows have no times" in page_text(bench)


def test_times_that_go_too_far_are_said_in_place(bring):
    bench = bring(b"sold\n" + b"".join(b"%d\n" % (n % 7) for n in range(60)))
    bench.number_input(key="data.times.count").set_value(1000)
    bench.selectbox(key="data.times.unit").set_value("year").run()
    assert "beyond the year 9999" in page_text(bench) or "beyond the year 9999" in bench.error[0].proto.title
    assert not bench.exception


def test_a_table_shows_how_its_texts_begin():
    table = pd.DataFrame({"text": ["y" * 300_000, None, "short"], "x": [1.0, 2.0, 3.0]}).astype(
        {"text": "str"}
    )
    table.columns = ["same", "same"]
    shown = data_page._short_texts(table)
    assert list(shown.columns) == ["same", "same"]
    assert shown.iloc[:, 0].str.len().max() == 100 and shown.iloc[2, 0] == "short"
    assert shown.iloc[:, 1].tolist() == [1, 2, 3]


def wide_csv(columns: int) -> bytes:
    random = np.random.default_rng(2)
    days = pd.date_range("2024-01-01", periods=60)
    rows = (
        f"{day:%Y-%m-%d},{','.join(map(str, values))}"
        for day, values in zip(days, random.normal(size=(60, columns)).round(2), strict=True)
    )
    return "\n".join(["day," + ",".join(f"s{n}" for n in range(columns)), *rows, ""]).encode()


def test_of_too_many_columns_those_stay_that_a_person_chooses(bring):
    bench = bring(wide_csv(560))
    assert "The table has 560 columns; at most 500 can be learnt from." in page_text(bench)
    assert bench.button(key="data-train").disabled
    bench.multiselect(key="data.columns.kept").set_value(["s7", "s3"]).run()
    bench.button(key="data.columns.keep").click().run()
    assert not bench.exception
    assert list(bench.dataframe[0].value.columns) == ["s3", "s7"]
    assert train_on_it(bench).task.target == "s3"


def test_of_too_many_columns_five_hundred_stay_by_one_click(bring):
    bench = bring(wide_csv(560))
    bench.button(key="data.mend_all").click().run()
    assert not bench.exception
    assert len(bench.dataframe[0].value.columns) == 500
    assert not bench.button(key="data-train").disabled


def test_rows_are_read_as_sequences_and_by_a_click_as_a_series(bring):
    waves = np.sin(np.arange(40)[:, None] + np.arange(30) / (3 + np.arange(40)[:, None] % 3))
    rows = (",".join([str(n % 3), *map(str, wave.round(4))]) for n, wave in enumerate(waves))
    bench = bring("\n".join([*rows, ""]).encode())
    assert "“column00” names 3 classes." in page_text(bench)
    press(bench, "Read them as time series instead")
    assert bench.dataframe[0].value.shape == (40, 31)
    press(bench, "Read them as sequences, one in each row instead")
    assert train_on_it(bench).task.kind == "classify_sequences"
