"""The column that people most likely want forecast is proposed; counters, identifiers and flags aren't."""

import numpy as np
import pandas as pd
import pytest

from components.data.target_choice import is_id_name, likely_target

WALK = np.round(50 + np.random.default_rng(3).normal(size=40).cumsum(), 2)
COUNTER = np.arange(40.0)
FLAG = COUNTER % 2


@pytest.mark.parametrize(
    ("columns", "target"),
    [
        ({"Unnamed: 0": COUNTER, "store_nr": WALK * 0 + 5, "is_promo": FLAG, "demand": WALK}, "demand"),
        ({"temp_lag1": WALK, "temp": WALK, "temp_max": WALK + 2}, "temp"),
        ({"latitude": 40 + COUNTER / 7, "longitude": WALK, "wind": WALK}, "wind"),
        ({"step": COUNTER, "loss": WALK, "lr": WALK * 0 + 0.001}, "loss"),
        ({"Open": WALK, "High": WALK + 1, "Low": WALK - 1, "Close": WALK, "Volume": WALK * 1e6}, "Close"),
        ({"HUFL": WALK, "HULL": WALK, "OT": WALK}, "OT"),
        ({"Jahr": 2001 + COUNTER // 12, "Monat": COUNTER % 12 + 1, "Umsatz": WALK}, "Umsatz"),
        ({"decimal": 1990 + COUNTER / 12, "average": WALK}, "average"),
        ({"feiertag": FLAG, "personen": WALK}, "personen"),
        ({"cust_id": WALK, "nights": WALK}, "nights"),
        ({"forecast": WALK, "actual load": WALK}, "actual load"),
        ({"a": WALK, "b": WALK}, "a"),
        ({"n": COUNTER}, "n"),
        ({"empty": WALK * np.nan, "x": WALK}, "x"),
    ],
)
def test_the_likeliest_column_is_proposed(columns, target):
    assert likely_target(pd.DataFrame(columns)) == target


@pytest.mark.parametrize(
    "name",
    ["store", "unique_id", "StationNr", "item_id", "Filiale", "sku", "Customer No", "postcode", "sensor"],
)
def test_what_tells_things_apart_is_known_by_its_name(name):
    assert is_id_name(name)


@pytest.mark.parametrize("name", ["wind", "price", "humid", "paid", "store sales", "keyboard", "value", ""])
def test_a_measurement_is_none(name):
    assert not is_id_name(name)
