"""The model as a drawing, the small pictures of the cards, and the palette."""

from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from components.charts.model_diagram import model_diagram
from components.charts.palette import GREY, SERIES, with_opacity
from components.charts.thumbnails.series import series_thumbnail
from components.models.head_spec import HeadSpec
from components.models.summary import ModelSummary, summarize_forecaster
from components.recipe import Recurrent, Transformer


def test_every_layer_of_a_small_model_is_drawn_with_its_shape_and_parameters() -> None:
    plan = summarize_forecaster(Recurrent(kind="lstm", units=8, layers=2), window=24, features=1, horizon=6)
    drawing = model_diagram(plan)
    for layer in plan.layers:
        assert layer.title in drawing.html
        assert " × ".join(map(str, layer.shape)) in drawing.html
        assert not layer.parameters or f"{layer.parameters:,} parameters" in drawing.html
    assert f"{plan.parameters:,} parameters" in drawing.sentence
    assert list(drawing.table["layer"]) == [layer.title for layer in plan.layers]


@pytest.mark.parametrize("layers", [2, 3, 4])
def test_repeated_blocks_are_drawn_once_with_their_number(layers: int) -> None:
    plan = summarize_forecaster(
        Transformer(units=8, layers=layers, heads=2), window=24, features=1, horizon=6
    )
    drawing = model_diagram(plan)
    assert f"× {layers}</div>" in drawing.html
    assert drawing.html.count("Self-attention") == 1
    assert len(drawing.table) == len(plan.layers)


def test_what_a_change_made_of_a_model_is_marked_beside_what_was_there() -> None:
    def summary(**fields: Any) -> ModelSummary:
        return summarize_forecaster(Recurrent(kind="gru", **fields), window=24, features=1, horizon=6)

    before, after = summary(units=8), summary(units=16, dropout=0.2)
    drawing = model_diagram(after, before)
    assert "· changed</span>" in drawing.html and "· new</span>" in drawing.html
    assert '<s style="opacity:.7">8</s> 16' in drawing.html
    gone, now = (next(one.parameters for one in plan.layers if one.parameters) for plan in (before, after))
    assert f"{gone:,}</s> {now:,} parameters" in drawing.html
    assert f"it had {before.parameters:,} parameters (changed: GRU" in drawing.sentence
    assert "new: Dropout" in drawing.sentence
    assert "gone: Dropout" in model_diagram(before, after).sentence
    for same in (None, after):
        unchanged = model_diagram(after, same)
        assert unchanged.html.replace(drawing.sentence, "").count("changed") == 0
        assert "Before the last change" not in unchanged.sentence


def test_a_thumbnail_is_small_well_formed_and_within_its_frame() -> None:
    values = np.sin(np.arange(30_000) / 500) * 1e9
    picture = series_thumbnail(values, values[:900], label='a "wave" & more')
    assert len(picture) < 10_000
    root = ElementTree.fromstring(picture)
    assert root.get("aria-label") == 'a "wave" & more'
    _, _, width, height = map(float, root.get("viewBox").split())
    line = root.findall("{*}path")[1].get("d")
    points = np.array([point.split() for point in line[1:].split("L")], float)
    assert points.min() >= 0
    assert points[:, 0].max() <= width
    assert points[:, 1].max() <= height


@pytest.mark.parametrize("values", [np.full(10, 3.0), np.array([1.0, np.nan, 2.0])])
def test_a_flat_series_and_one_with_gaps_have_a_thumbnail(values: np.ndarray) -> None:
    assert "nan" not in series_thumbnail(values)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ground", ["#fcfbf8", "#12161f"], ids=["light", "dark"])
def test_the_first_colours_are_seen_on_light_and_dark(ground: str) -> None:
    """WCAG 2.1 asks for 3:1 of what is no text; the lines that mean something alone have these colours."""
    for colour in (*SERIES[:3], GREY):
        one, other = sorted([luminance(colour), luminance(ground)])
        assert (other + 0.05) / (one + 0.05) >= 3


def test_a_colour_can_be_let_through() -> None:
    assert with_opacity("#0072B2", 0.3) == "rgba(0,114,178,0.3)"


def test_members_of_an_ensemble_are_drawn_once_and_counted_together():
    alone, together = (
        summarize_forecaster(Recurrent(units=4), 6, 1, 3, HeadSpec(members=members)) for members in (1, 3)
    )
    drawn = model_diagram(together)
    assert "× 3 seeds" in drawn.html and "Median" in drawn.html
    assert f"3 networks of 2 layers with weights have {3 * alone.parameters:,} parameters" in drawn.sentence
