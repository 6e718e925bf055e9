"""A recipe that is given away repeats the run, and opens nothing that the run didn't use."""

import io

import pandas as pd
import pytest

from components.data import load
from components.data.datasets import Pairs, Sequences, Series, Texts
from components.data.sharing import shared_recipe, without_data
from components.data.sources import upload
from components.errors import DataError
from components.recipe import (
    AsPairs,
    AsRows,
    AsSequences,
    AsTexts,
    DropColumns,
    FillMissing,
    Forecast,
    KeepColumns,
    Preparation,
    Recipe,
    Sample,
    SetTime,
    SpreadColumn,
    Upload,
)

SECRET = "4111-1111"
TABLE = "day,sold,rain,card\n" + "".join(
    f"2024-{1 + day // 28:02d}-{1 + day % 28:02d},{day % 7},{'' if day == 5 else day % 3},{SECRET}-{day}\n"
    for day in range(80)
)


def bring(content: str, name: str = "shop.csv") -> Upload:
    reference, _ = upload.accept(upload.store(io.BytesIO(content.encode()), name))
    return reference


def files_of(recipe: Recipe) -> bytes:
    """Return all that can be had with a recipe."""
    assert isinstance(recipe.dataset, Upload)
    with upload._folder().local_file(recipe.dataset.id) as path:
        return path.read_bytes() + recipe.to_json().encode()


def frame_of(recipe: Recipe) -> pd.DataFrame:
    with upload._folder().local_file(recipe.dataset.id) as path:
        return pd.read_parquet(path)


STEPS = (SetTime(columns=("day",)), DropColumns(columns=("card",)), FillMissing(how="interpolate"))
FORECAST = Forecast(target="sold", window=8, horizon=2)


@pytest.mark.parametrize(
    ("steps", "task", "left"),
    [
        (STEPS, FORECAST, {"day", "sold"}),
        ((STEPS[0], KeepColumns(columns=("sold", "rain")), STEPS[2]), FORECAST, {"day", "sold"}),
        (STEPS, FORECAST.model_copy(update={"covariates": ("rain",)}), {"day", "sold", "rain"}),
        ((*STEPS[:2], FillMissing(how="drop")), FORECAST, {"day", "sold"}),
        ((DropColumns(columns=("day", "card")), FillMissing(how="forward")), FORECAST, {"sold"}),
        ((), FORECAST, {"day", "sold"}),
    ],
)
def test_what_a_forecast_did_not_use_stays_at_home(steps, task, left) -> None:
    content = TABLE if steps else TABLE.replace(f",{SECRET}-", ",9").replace(",,", ",1,")
    own = Recipe(dataset=bring(content), preparation=Preparation(mends=steps), task=task)
    shared = shared_recipe(own)
    assert set(frame_of(shared)) == left
    assert SECRET.encode() not in files_of(shared)
    assert own.dataset.id not in shared.to_json()
    ours, theirs = (load(one.dataset, one.preparation) for one in (own, shared))
    assert isinstance(ours, Series)
    assert isinstance(theirs, Series)
    assert ours.table[list(theirs.columns)].equals(theirs.table)
    assert (shared.task, shared.model, shared.seed) == (own.task, own.model, own.seed)


def test_a_panel_keeps_the_step_that_makes_it_one() -> None:
    content = "day,shop,sold,card\n" + "".join(
        f"2024-{1 + day // 28:02d}-{1 + day % 28:02d},{shop},{day % 7 + at},{SECRET}\n"
        for day in range(80)
        for at, shop in enumerate(("north", "south"))
    )
    steps = (
        DropColumns(columns=("card",)),
        SetTime(columns=("day",)),
        SpreadColumn(column="shop", values=("north", "south")),
    )
    reference = bring(content)
    dataset = load(reference, Preparation(mends=steps))
    assert isinstance(dataset, Series)
    first, second = dataset.columns
    task = Forecast(target=first, together=(second,), window=8, horizon=2)
    shared = shared_recipe(Recipe(dataset=reference, preparation=Preparation(mends=steps), task=task))
    assert set(frame_of(shared)) == {"day", "shop", "sold"}
    theirs = load(shared.dataset, shared.preparation)
    assert isinstance(theirs, Series)
    assert theirs.is_panel
    assert theirs.table.equals(dataset.table)


@pytest.mark.parametrize(
    ("shape", "kind", "left"),
    [
        (AsTexts(text="said", label="mood"), Texts, {"said", "mood"}),
        (AsPairs(source="said", target="reply"), Pairs, {"said", "reply"}),
        (AsSequences(id="who", columns=("size",)), Sequences, {"who", "size"}),
        (AsRows(label="mood"), Sequences, {"mood", "size"}),
    ],
)
def test_of_a_table_in_another_shape_only_its_columns_are_given(shape, kind, left) -> None:
    rows = "".join(
        f"w{at // 5},w{at % 4} word {at},yes {at},{'ab'[at % 2]},{at}.5,{SECRET}\n" for at in range(60)
    )
    reference = bring(f"who,said,reply,mood,size,card\n{rows}").model_copy(update={"shape": shape})
    own = Recipe(dataset=reference, task=FORECAST)  # the shape alone says what is used
    shared = shared_recipe(own)
    assert set(frame_of(shared)) == left
    assert isinstance(load(shared.dataset), kind)
    assert SECRET.encode() not in files_of(shared)


def test_it_is_made_once_and_again_when_it_is_no_longer_kept() -> None:
    own = Recipe(dataset=bring(TABLE), preparation=Preparation(mends=STEPS), task=FORECAST)
    shared = shared_recipe(own)
    assert shared_recipe(own) == shared
    upload._folder().remove(shared.dataset.id)
    assert shared_recipe(own) == shared
    load(shared.dataset, shared.preparation)


def test_what_is_nobodys_file_is_given_as_it_is() -> None:
    own = Recipe(dataset=Sample(name="sunspots"), task=FORECAST)
    assert shared_recipe(own) == own == without_data(own)


def test_without_its_data_a_recipe_opens_nothing() -> None:
    own = Recipe(dataset=bring(TABLE), preparation=Preparation(mends=STEPS), task=FORECAST)
    given = without_data(own)
    assert own.dataset.id not in given.to_json()
    assert (given.task, given.model, given.training) == (own.task, own.model, own.training)
    with pytest.raises(DataError):
        load(given.dataset)
