"""Wide tables are offered as what they are, whatever their header's times look like."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.doctor.wide import wide_header
from tests.data.cleaning.loaded_table import load_lines, read_lines

ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
GERMAN = ["Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]
FRENCH = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]
SPANISH = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]
WALK = np.round(50 + np.random.default_rng(8).normal(size=60).cumsum(), 2)
PAIR = np.column_stack([WALK, WALK + 100]).round(2)
DAYS = pd.date_range("2020-01-20", periods=60, freq="D")
MONTHS = pd.date_range("2001-01-01", periods=60, freq="MS")
YEARS = pd.date_range("1960-01-01", periods=60, freq="YS")
QUARTERS = pd.date_range("2001-01-01", periods=60, freq="QS")


def row(cells, apart: str = ",", decimal: str = ".") -> str:
    return apart.join(str(cell).replace(".", decimal) for cell in cells)


@pytest.mark.parametrize(
    ("lines", "times"),
    [
        (['"Data Source","An invented bank",', "", '"Country Name","Country Code","Indicator Name",'
          + ",".join(f'"{year.year}"' for year in YEARS) + ",",
          *(f'"{name}","{name[:3]}","Population, total",{row(PAIR[:, n])},'
            for n, name in enumerate(("Aruba", "Chad")))], YEARS),
        (["unit,geo\\TIME_PERIOD\t" + "\t".join(f"{year.year} " for year in YEARS),
          *(f"PC,{name}\t" + "\t".join(f"{v} {'p' if n % 9 == 0 else ''}" for n, v in enumerate(PAIR[:, k]))
            for k, name in enumerate(("DE", "FR")))], YEARS),
        (["Province/State,Country/Region,Lat,Long," + ",".join(f"{d.month}/{d.day}/{d:%y}" for d in DAYS),
          f",Albania,41.1,20.1,{row(PAIR[:, 0])}", f",France,46.2,2.2,{row(PAIR[:, 1])}"], DAYS),
        (["País\tIndicador\t" + "\t".join(str(year.year) for year in YEARS[::-1]),
          "España\tPIB\t" + row(PAIR[::-1, 0], "\t"), "Perú\tPIB\t" + row(PAIR[::-1, 1], "\t")], YEARS),
        (["Produkt;" + ";".join(f"{month:%b-%y}" for month in MONTHS),
          "Milch;" + row(PAIR[:, 0], ";", ","), "Brot;" + row(PAIR[:, 1], ";", ",")], MONTHS),
        (["Item," + ",".join(f"{quarter:%Y}Q{quarter.quarter}" for quarter in QUARTERS),
          f"Output,{row(PAIR[:, 0])}", f"Jobs,{row(PAIR[:, 1])}"], QUARTERS),
        (["station|" + "|".join(f"{day:%Y%m%d}" for day in DAYS),
          "A|" + row(PAIR[:, 0], "|"), "B|" + row(PAIR[:, 1], "|")], DAYS),
        (["Ort;" + ";".join(f"{day:%d.%m.%Y}" for day in DAYS),
          "Bonn;" + row(PAIR[:, 0], ";", ","), "Ulm;" + row(PAIR[:, 1], ";", ",")], DAYS),
        (["id,item_id,store_id," + ",".join(f"d_{day}" for day in range(1, 61)),
          f"FOODS_1_CA,FOODS_1,CA,{row(PAIR[:, 0])}", f"FOODS_2_CA,FOODS_2,CA,{row(PAIR[:, 1])}"], None),
    ],
)  # fmt: skip
def test_each_row_becomes_a_series(lines, times):
    table = load_lines(*lines)
    np.testing.assert_array_equal(table.to_numpy(), PAIR)
    if times is not None:
        assert (table.index == times).all()


@pytest.mark.parametrize(
    "lines",
    [
        *(
            [row([first, *names], apart), *(row([2001 + n, *WALK[12 * n : 12 * n + 12]], apart, mark)
                                            for n in range(5))]
            for first, names, apart, mark in (
                ("Year", ENGLISH, ",", "."), ("Jahr", GERMAN, ";", ","), ("Année", FRENCH, "\t", "."),
                ("Año", SPANISH, ",", "."), ("Year", [str(month) for month in range(1, 13)], ",", "."),
            )
        ),
        [row(["Month", *range(2001, 2006)]),
         *(row([name, *WALK[month::12]]) for month, name in enumerate(ENGLISH))],
        [row(["Year", *ENGLISH, "Total"]),
         *(row([2001 + n, *WALK[12 * n : 12 * n + 12], 999]) for n in range(5))],
        [row(["Year", *ENGLISH]), *(row([2005 - n, *WALK[48 - 12 * n : 60 - 12 * n]]) for n in range(5))],
        ["country," + ",".join(f"{month:%Y-%m}" for month in MONTHS), "Chad," + row(WALK)],
    ],
)  # fmt: skip
def test_a_square_becomes_one_long_series(lines):
    table = load_lines(*lines)
    np.testing.assert_array_equal(table.to_numpy()[:, 0], WALK)
    assert (table.index == MONTHS).all()


@pytest.mark.parametrize("names", [[f"H{hour}" for hour in range(1, 25)], [f"{h:02d}:00" for h in range(24)],
                                   [f"{n // 2:02d}:{n % 2 * 30:02d}" for n in range(48)]])  # fmt: skip
def test_the_hours_of_a_day_become_one_long_series(names):
    values = np.arange(float(len(names) * 10)) ** 1.5
    days = values.round(3).reshape(10, -1)
    table = load_lines(
        row(["Date", *names]), *(row([f"{DAYS[n]:%Y-%m-%d}", *day]) for n, day in enumerate(days))
    )
    np.testing.assert_array_equal(table.to_numpy()[:, 0], values.round(3))
    assert table.index.equals(pd.date_range(DAYS[0], periods=len(values), freq=f"{1440 // len(names)}min"))


@pytest.mark.parametrize(
    "lines",
    [
        ["date,1,2,3", "2020-01-01,5,6,7", "2020-01-02,6,7,8"],
        ["0,1,2", "5.5,6,7", "6,7.5,8"],
        ["name,x1,x2", "a,1,2", "b,3,4"],
        ["month,1990,1991,1992,2", "x,a,b,c,d", "y,e,f,g,h"],
    ],
)
def test_other_tables_are_not_wide(lines):
    assert wide_header(read_lines(*lines).frame) is None
