"""A recipe is the same after JSON and after a link, and what is impossible is named."""

import base64
import json
import math
import string
import tracemalloc
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components.errors import RecipeError
from components.recipe import (
    LONGEST_RECIPE,
    ClassifySequences,
    ClassifyTexts,
    Clipping,
    DropRepeats,
    FillMissing,
    Forecast,
    Generated,
    Optimizer,
    Preparation,
    Quotes,
    ReadNumbers,
    Recipe,
    Recurrent,
    RegressSequences,
    Resample,
    Sample,
    SetTime,
    SortRows,
    Training,
    Transformer,
    TreatAsMissing,
    Upload,
)
from components.recipe.recipe import _DICTIONARY

# --- Any recipe at all -----------------------------------------------------------------------------

NAMES = st.text(min_size=1, max_size=40)
SLUGS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=30)
SEEDS = st.integers(0, 2**31 - 1)
SHARES = st.floats(0.05, 0.4)
DROPOUTS = st.floats(0, 0.9)

DATASETS = st.one_of(
    st.builds(Sample, name=SLUGS),
    st.builds(Upload, id=st.text("0123456789abcdef", min_size=32, max_size=32), name=NAMES),
    st.builds(
        Generated,
        name=SLUGS,
        length=st.integers(50, 100_000),
        parameters=st.dictionaries(SLUGS, st.floats(allow_nan=False, allow_infinity=False), max_size=6),
        seed=SEEDS,
    ),
    st.builds(
        Quotes,
        id=st.text("0123456789abcdef", min_size=32, max_size=32),
        tickers=st.lists(
            st.sampled_from(["AAPL", "^GSPC", "BRK-B", "EURUSD=X", "0700.HK", "M&M.NS"]),
            min_size=1,
            unique=True,
        ).map(tuple),
    ),
)


@st.composite
def forecasts(draw: st.DrawFn) -> Forecast:
    columns = draw(st.lists(NAMES, min_size=1, max_size=8, unique=True))
    transform = draw(st.sampled_from(["none", "log", "difference", "seasonal_difference"]))
    seasons = st.integers(2, 10_000)
    return Forecast(
        target=columns[0],
        covariates=tuple(columns[1:]),
        window=draw(st.integers(1, 5000)),
        segment=draw(st.integers(1, 1000)),
        fourier=tuple(draw(st.lists(seasons, max_size=3, unique=True))),
        horizon=draw(st.integers(1, 1000)),
        transform=transform,
        season=draw(seasons if transform == "seasonal_difference" else st.none() | seasons),
        scaling=draw(st.sampled_from(["standard", "minmax", "none"])),
    )


@st.composite
def transformers(draw: st.DrawFn) -> Transformer:
    heads = draw(st.integers(1, 16))
    return Transformer(
        units=heads * draw(st.integers(1, 1024 // heads)),
        heads=heads,
        layers=draw(st.integers(1, 4)),
        dropout=draw(DROPOUTS),
    )


COLUMNS = st.lists(NAMES, min_size=1, max_size=3).map(tuple)
MENDS = st.one_of(
    st.builds(
        SetTime, columns=NAMES.map(lambda name: (name,)), order=st.sampled_from(["day_first", "month_first"])
    ),
    st.builds(
        ReadNumbers, columns=COLUMNS, decimal=st.just(","), thousands=st.sampled_from(["", ".", " ", "'"])
    ),
    st.builds(
        TreatAsMissing,
        columns=COLUMNS,
        values=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=3).map(tuple),
    ),
    st.just(SortRows()),
    st.builds(DropRepeats, how=st.sampled_from(["first", "last", "mean", "sum"])),
    st.builds(Resample, count=st.integers(1, 60), unit=st.sampled_from(["minute", "day", "month"])),
    st.builds(FillMissing, columns=st.none() | COLUMNS),
)

SIDES = st.sampled_from(["left", "right"])
NUMBERS = st.builds(
    RegressSequences,
    longest=st.integers(1, 5000),
    cut=SIDES,
    scaling=st.sampled_from(["standard", "minmax", "none"]),
    answer=st.sampled_from(["standard", "minmax", "none"]),
)
CLASSES = st.builds(
    ClassifySequences,
    longest=st.integers(1, 5000),
    cut=SIDES,
    scaling=st.sampled_from(["standard", "minmax", "none"]),
    balanced=st.booleans(),
) | st.builds(
    ClassifyTexts,
    level=st.sampled_from(["word", "character", "byte_pair"]),
    lower=st.booleans(),
    vocabulary=st.integers(10, 50_000),
    embedding=st.integers(1, 512),
    longest=st.integers(1, 2000),
    cut=SIDES,
    pad=SIDES,
    balanced=st.booleans(),
)
RECIPES = st.builds(
    Recipe,
    dataset=DATASETS,
    preparation=st.builds(
        Preparation, validation=SHARES, test=SHARES, mends=st.lists(MENDS, max_size=5).map(tuple)
    ),
    task=forecasts() | CLASSES | NUMBERS,
    model=transformers()
    | st.builds(
        Recurrent,
        kind=st.sampled_from(["simple_rnn", "lstm", "gru"]),
        units=st.integers(1, 1024),
        layers=st.integers(1, 4),
        bidirectional=st.booleans(),
        attention=st.sampled_from(["none", "additive", "dot"]),
        dropout=DROPOUTS,
    ),
    optimizer=st.builds(
        Optimizer,
        kind=st.sampled_from(["adam", "adamw", "rmsprop", "sgd"]),
        learning_rate=st.floats(0, 10, exclude_min=True),
        schedule=st.sampled_from(["constant", "cosine", "exponential"]),
        momentum=st.floats(0, 1, exclude_max=True),
        weight_decay=st.floats(0, 1),
    ),
    clipping=st.builds(
        Clipping,
        mode=st.sampled_from(["none", "value", "norm", "global_norm"]),
        threshold=st.floats(0, 1e6, exclude_min=True),
    ),
    training=st.builds(
        Training,
        batch=st.integers(1, 4096),
        epochs=st.integers(1, 10_000),
        patience=st.none() | st.integers(1, 1000),
    ),
    seed=SEEDS,
)


@given(RECIPES)
def test_a_recipe_is_the_same_after_json(recipe: Recipe) -> None:
    assert Recipe.from_json(recipe.to_json()) == recipe


@given(RECIPES)
def test_a_recipe_is_the_same_after_a_link(recipe: Recipe) -> None:
    link = recipe.to_url()
    assert set(link) <= set(string.ascii_letters + string.digits + "-_")
    assert Recipe.from_url(link) == recipe


def test_json_says_every_setting_so_that_no_later_default_changes_it() -> None:
    text = _plain().to_json()
    for name in ("validation", "scaling", "attention", "weight_decay", "threshold", "patience", "seed"):
        assert f'"{name}"' in text


# --- Links -----------------------------------------------------------------------------------------


def _plain() -> Recipe:
    return Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots", season=11))


TYPICAL = {
    "a card": _plain(),
    "another card, tuned": Recipe(
        dataset=Sample(name="seattle_weather"),
        task=Forecast(
            target="temp_max",
            covariates=("precipitation", "temp_min", "wind"),
            window=60,
            horizon=1,
            transform="seasonal_difference",
            season=365,
            scaling="minmax",
        ),
        model=Transformer(units=48, layers=3, heads=6, dropout=0.1),
        optimizer=Optimizer(kind="adamw", learning_rate=0.0005, schedule="cosine", weight_decay=0.01),
        clipping=Clipping(mode="norm", threshold=0.5),
        training=Training(batch=64, epochs=120, patience=None),
        seed=12345,
    ),
    "a file of one's own": Recipe(
        dataset=Upload(id="3f9a0c5e7b1d2468ace013579bdf8642", name="Zählerstände der letzten Jahre.csv"),
        task=Forecast(target="Verbrauch in kWh", covariates=("Außentemperatur", "Feiertag"), season=24),
        model=Recurrent(
            kind="gru", units=64, layers=2, bidirectional=True, attention="additive", dropout=0.2
        ),
    ),
    "a mended table": Recipe(
        dataset=Upload(id="3f9a0c5e7b1d2468ace013579bdf8642", name="AirQualityUCI.csv"),
        preparation=Preparation(
            mends=(
                SetTime(columns=("Date", "Time"), parts=("date", "time")),
                ReadNumbers(columns=("CO(GT)", "C6H6(GT)", "T", "RH", "AH"), decimal=","),
                TreatAsMissing(columns=("CO(GT)", "C6H6(GT)", "T", "RH", "AH"), values=(-200.0,)),
                SortRows(),
                FillMissing(),
            )
        ),
        task=Forecast(target="CO(GT)", covariates=("T", "RH", "AH"), season=24),
    ),
    "texts to tell": Recipe(
        dataset=Sample(name="tweets"),
        task=ClassifyTexts(longest=40, vocabulary=5000, embedding=64, balanced=True),
        model=Recurrent(units=32, attention="dot", dropout=0.5),
    ),
    "texts to tell by subwords": Recipe(
        dataset=Sample(name="tweets"),
        task=ClassifyTexts(level="byte_pair", longest=60, base="tfidf_both", pooling="mean_max"),
        model=Recurrent(kind="gru", units=64, bidirectional=True, dropout=0.4),
    ),
    "sequences to tell": Recipe(
        dataset=Generated(name="control_charts", length=600, parameters={"steps": 60.0, "noise": 2.0}),
        task=ClassifySequences(longest=60),
    ),
    "numbers to tell": Recipe(
        dataset=Generated(name="adding", length=10_000, parameters={"steps": 100.0}),
        task=RegressSequences(longest=100, scaling="none", answer="none"),
    ),
    "a made series": Recipe(
        dataset=Generated(
            name="sine",
            length=2000,
            parameters={"period": 37.5, "amplitude": 2.25, "trend": 0.013, "noise": 0.35},
            seed=99,
        ),
        task=Forecast(target="value", window=100, horizon=50),
    ),
}


@pytest.mark.parametrize("recipe", TYPICAL.values(), ids=TYPICAL)
def test_a_typical_link_is_short_enough_to_paste(recipe: Recipe) -> None:
    assert len(recipe.to_url()) < 400


def test_links_that_were_given_away_still_open() -> None:
    """This one was made with the first version; whoever breaks it breaks every link there is."""
    given_away = (
        "qyY9zaQCQwuYY8uBdAYwPGiRdEpScwviIUkcJfWAbErOLMgsgZiuA1WYCWKCkpUSUvICeRqRvIjJebDEZmxmiiW3YU"
        "lpqEUbNMGBkjUswRnDCzwzlBRliCdFlWNPUgam2IspQinKEHuCwkxJBnqm2FOSmQkiJRkaGaCXOvDEBK5-agE"
    )
    assert Recipe.from_url(given_away) == TYPICAL["another card, tuned"]


def test_a_task_that_does_not_say_its_kind_is_a_forecast() -> None:
    """It was the only one when such recipes were written."""
    assert Recipe(dataset=Sample(name="co2"), task={"target": "co2"}).task == Forecast(target="co2")


def test_a_link_that_was_cut_anywhere_is_refused() -> None:
    link = TYPICAL["another card, tuned"].to_url()
    for end in range(len(link)):
        with pytest.raises(RecipeError, match="Copy the whole link again"):
            Recipe.from_url(link[:end])


@given(st.data())
def test_an_altered_link_gives_a_recipe_or_a_recipe_error(data: st.DataObject) -> None:
    link = list(TYPICAL["a file of one's own"].to_url())
    for _ in range(data.draw(st.integers(1, 3))):
        link[data.draw(st.integers(0, len(link) - 1))] = data.draw(st.characters())
    try:
        assert isinstance(Recipe.from_url("".join(link)), Recipe)
    except RecipeError as error:
        assert error.where
        assert error.remedy


@given(st.text() | st.binary().map(lambda packed: base64.urlsafe_b64encode(packed).decode()))
def test_what_is_no_link_is_refused_as_one(text: str) -> None:
    with pytest.raises(RecipeError):
        Recipe.from_url(text)


def _link_of(content: bytes) -> str:
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS, zdict=_DICTIONARY)
    return base64.urlsafe_b64encode(packer.compress(content) + packer.flush()).decode().rstrip("=")


def test_a_link_that_unpacks_to_more_than_a_recipe_is_not_unpacked() -> None:
    bomb = _link_of(b" " * 50_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(RecipeError):
            Recipe.from_url(bomb)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20 * LONGEST_RECIPE


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 30_000, b'"text"'])
def test_a_whole_link_that_holds_no_recipe_is_refused(content: bytes) -> None:
    with pytest.raises(RecipeError):
        Recipe.from_url(_link_of(content))


# --- Impossible values -----------------------------------------------------------------------------


def _with(path: str, value: object) -> Recipe:
    """Read the plain recipe with one value changed, as a link or a file would bring it."""
    settings: dict[str, Any] = _plain().model_dump()
    *parents, name = path.split(".")
    place = settings
    for parent in parents:
        place = place[parent]
    place[name] = value
    return Recipe.from_json(json.dumps(settings))


IMPOSSIBLE: list[tuple[str, object, str]] = [
    ("seed", -1, "0"),
    ("version", 2, "1"),
    ("dataset.name", "Sun Spots", "a-z0-9_"),
    ("preparation.validation", 0.5, "0.4"),
    ("preparation.test", 0.01, "0.05"),
    ("task.target", "", "1 character"),
    ("task.window", 0, "1"),
    ("task.window", 5001, "5000"),
    ("task.window", "many", "integer"),
    ("task.window", 12.5, "integer"),
    ("task.horizon", 1001, "1000"),
    ("task.transform", "square", "seasonal_difference"),
    ("task.season", 1, "2"),
    ("task.scaling", "robust", "minmax"),
    ("model.units", 0, "1"),
    ("model.units", 1025, "1024"),
    ("model.layers", 5, "4"),
    ("model.attention", "cosine", "additive"),
    ("model.dropout", 0.95, "0.9"),
    ("optimizer.kind", "no_such", "rmsprop"),
    ("optimizer.learning_rate", 0, "0"),
    ("optimizer.learning_rate", 11, "10"),
    ("optimizer.schedule", "linear", "cosine"),
    ("optimizer.momentum", 1, "1"),
    ("clipping.mode", "clipnorm", "global_norm"),
    ("clipping.threshold", 0, "0"),
    ("training.batch", 0, "1"),
    ("training.epochs", 10_001, "10000"),
    ("training.patience", 0, "1"),
]


@pytest.mark.parametrize(
    ("field", "value", "allowed"), IMPOSSIBLE, ids=[f"{field}={value}" for field, value, _ in IMPOSSIBLE]
)
def test_an_impossible_value_is_named_with_its_field_and_what_is_allowed(
    field: str, value: object, allowed: str
) -> None:
    with pytest.raises(RecipeError) as caught:
        _with(field, value)
    assert caught.value.where == field
    assert repr(value) in caught.value.what
    assert allowed in caught.value.remedy


@pytest.mark.parametrize(
    ("step", "field", "words"),
    [
        ({"kind": "polish"}, "preparation.mends.1.kind", "'polish'"),
        ({"kind": "fill_missing", "how": "guess"}, "preparation.mends.1.how", "'guess'"),
        ({"kind": "set_time", "columns": ["day"], "parts": ["hour"]}, "preparation.mends.1", "don't make up"),
        ({"kind": "read_numbers", "columns": ["x"], "thousands": "."}, "preparation.mends.1", "decimal mark"),
    ],
)
def test_an_impossible_mend_is_named_with_its_place(step: dict[str, object], field: str, words: str) -> None:
    with pytest.raises(RecipeError) as caught:
        _with("preparation.mends", [{"kind": "sort_rows"}, step])
    assert caught.value.where == field
    assert words in caught.value.what


def test_an_unknown_setting_is_named() -> None:
    with pytest.raises(RecipeError) as caught:
        _with("training.warmup", 3)
    assert caught.value.where == "training.warmup"


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(RecipeError, match="missing") as caught:
        _with("dataset", {"source": "generated"})
    assert caught.value.where == "dataset.name"


@pytest.mark.parametrize(
    ("field", "value"),
    [("model.kind", "mamba"), ("task.kind", "guess"), ("dataset.source", "kaggle"), ("dataset.source", 7)],
)
def test_an_unknown_kind_is_named_with_those_there_are(field: str, value: object) -> None:
    with pytest.raises(RecipeError) as caught:
        _with(field, value)
    assert caught.value.where == field
    assert repr(value) in caught.value.what
    known = {"model.kind": "transformer", "task.kind": "classify_texts", "dataset.source": "upload"}
    assert known[field] in caught.value.remedy


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"transform": "seasonal_difference", "season": None}, "task", "season"),
        ({"target": "CO₂ Level", "covariates": ["CO₂ Level"]}, "task", "CO₂ Level"),
        ({"covariates": ["a", "b", "a"]}, "task", "twice"),
        ({"fourier": [48, 336, 48]}, "task", "twice"),
    ],
)
def test_settings_that_contradict_each_other_are_named(
    changes: dict[str, object], field: str, words: str
) -> None:
    task = _plain().model_dump()["task"] | changes
    with pytest.raises(RecipeError) as caught:
        _with("task", task)
    assert caught.value.where == field
    assert words in str(caught.value)


def test_units_that_heads_cannot_share_are_named() -> None:
    with pytest.raises(RecipeError, match="30 units can't be divided evenly among 4 heads"):
        _with("model", {"kind": "transformer", "units": 30, "heads": 4})


@pytest.mark.parametrize(
    "address", ["http://[::1", "http://[v1", "https://a:b/", "https://a:99999/", "https://:80/"]
)
def test_where_a_file_comes_from_must_be_an_address(address: str) -> None:
    origin = {"address": address, "sha256": "0" * 64, "fetched": "2024-01-01T00:00:00Z"}
    with pytest.raises(ValidationError):
        Upload.model_validate({"id": "0" * 32, "name": "a.csv", "origin": origin})


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_finite_number_is_refused(number: str) -> None:
    text = _plain().to_json().replace('"learning_rate":0.003', f'"learning_rate":{number}')
    assert number in text
    with pytest.raises(RecipeError, match="learning_rate"):
        Recipe.from_json(text)


def test_a_message_stays_short_however_long_the_value() -> None:
    with pytest.raises(RecipeError) as caught:
        _with("task.transform", "x" * 10_000)
    assert len(str(caught.value)) < 400


def test_a_recipe_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        _plain().seed = 1


def test_a_generated_series_keeps_its_numbers_to_the_last_digit() -> None:
    parameters = {"a": 0.1 + 0.2, "b": math.pi * 1e-300, "c": 1e308, "d": -0.0}
    recipe = Recipe(dataset=Generated(name="sine", parameters=parameters), task=Forecast(target="value"))
    read = Recipe.from_url(recipe.to_url())
    assert isinstance(read.dataset, Generated)
    assert {name: value.hex() for name, value in read.dataset.parameters.items()} == {
        name: value.hex() for name, value in parameters.items()
    }
