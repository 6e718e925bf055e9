"""Kinds of files that were read wrongly somewhere, each in some guises: other names, languages and marks."""

import io
import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.doctor import examine, propose
from tests.data.cleaning.loaded_table import read_lines
from tests.data.readers.workbooks import Sheet, xlsx
from tests.data.written_tables import (
    EVEN,
    Written,
    assert_reads_back,
    at,
    lines,
    long_rows,
    one,
    panel,
    random_walk,
    simple,
)

GUISES: dict[str, Callable[[np.ndarray], Written]] = {}


def guise(write: Callable[[np.ndarray], Written]) -> Callable[[np.ndarray], Written]:
    GUISES[write.__name__] = write
    return write


def comma(value: object) -> str:
    return str(value).replace(".", ",")


def days(first: str, x: np.ndarray, freq: str = "D") -> pd.DataFrame:
    return at(pd.date_range(first, periods=len(x), freq=freq), x)


# --- 1. Offsets ------------------------------------------------------------------------------------


@guise
def offsets_over_the_end_of_summer_in_paris(x):
    times = pd.date_range("2022-10-29 12:00", periods=len(x), freq="h", tz="Europe/Paris")
    rows = [f"{time.isoformat()};{comma(v)}" for time, v in zip(times, x, strict=True)]
    return Written(
        lines("Horodatage;Puissance (kW)", *rows), at(times.tz_convert("UTC").tz_localize(None), x)
    )


@guise
def offsets_without_a_colon_behind_the_values(x):
    times = pd.date_range("2022-03-12 12:00", periods=len(x), freq="h", tz="America/New_York")
    rows = [f"{v},{time:%Y-%m-%d %H:%M:%S%z}" for time, v in zip(times, x, strict=True)]
    return Written(lines("load,ts", *rows), at(times.tz_convert(None), x))


@guise
def midnights_of_mumbai(x):
    times = pd.bdate_range("2023-01-02", periods=len(x), tz="Asia/Kolkata")
    rows = [f"XYZ\t{time.isoformat(sep=' ')}\t{v}" for time, v in zip(times, x, strict=True)]
    return Written(lines("Symbol\tDate\tClose", *rows), at(times.tz_localize(None), x), "a.tsv")


@guise
def midnights_of_helsinki_in_parquet(x):
    times = pd.date_range("2023-03-20", periods=len(x), tz="Europe/Helsinki")
    file = io.BytesIO()
    pd.DataFrame({"päivä": times, "lämpö": x}).to_parquet(file)
    return Written(file.getvalue(), at(times.tz_localize(None), x), "a.parquet")


@guise
def milliseconds_of_greenwich(x):
    table = days("2023-10-28 20:00", x, "30min")
    return Written(lines("Zeitpunkt,Wert", *simple(table, "{t:%Y-%m-%dT%H:%M:%S}.000Z,{x}")), table)


# --- 2. Years --------------------------------------------------------------------------------------


@guise
def years_of_two_digits_of_the_sixties(x):
    table = days("1965-01-01", x, "MS")
    return Written(lines("Período;Ventas", *simple(table, "{t:%b-%y};{x}")), table)


@guise
def campaigns(x):
    table = days("1985-01-01", x[:35], "YS")
    rows = [f"{t.year}/{(t.year + 1) % 100:02d};{v}" for t, v in table["x"].items()]
    return Written(lines("Campaña;Trigo", *rows), table)


@guise
def financial_years(x):
    table = days("1990-01-01", x[:32], "YS")
    return Written(lines("Fiscal Year,Revenue", *simple(table, "FY{t:%Y},{x}")), table)


@guise
def buddhist_years(x):
    table = days("1987-01-01", x[:35], "YS")
    return Written(lines("ปี,ผลผลิต", *(f"{t.year + 543},{v}" for t, v in table["x"].items())), table)


@guise
def days_of_two_digits_each(x):
    table = days("1999-11-01", x)
    return Written(lines("datum;stand", *(comma(r) for r in simple(table, "{t:%d-%m-%y};{x}"))), table)


# --- 3. The time in several columns or forms -------------------------------------------------------


@guise
def jahr_and_kw(x):
    table = days("2018-01-01", x, "W-MON")
    rows = [f"{t.isocalendar()[0]};{t.isocalendar()[1]};{v}" for t, v in table["x"].items()]
    return Written(lines("Jahr;KW;Umsatz", *rows), table)


@guise
def year_and_day_of_year(x):
    table = days("2019-12-10", x)
    return Written(lines("YEAR DOY TEMP", *simple(table, "{t:%Y} {t:%j} {x}")), table, "a.txt")


@guise
def annee_and_trimestre(x):
    table = days("2001-01-01", x, "QS")
    rows = [f"{t.year};T{t.quarter};{comma(v)}" for t, v in table["x"].items()]
    return Written(lines("Année;Trimestre;PIB", *rows), table)


@guise
def hours_from_one_beside_a_pressure_like_a_year(x):
    table = days("2021-02-01", x, "h").assign(p=1012.0 + np.arange(len(x)) % 7)
    rows = [f"{t.year},{t.month},{t.day},{t.hour + 1},{v},{p}" for t, v, p in table.itertuples()]
    return Written(lines("ANO,MES,DIA,HORA,PM10,PRESION", *rows), table)


@guise
def intervals_behind_the_load(x):
    table = days("2022-05-09 22:00", x, "15min")
    rows = [
        f"{v};{t:%d.%m.%Y %H:%M} - {t + pd.Timedelta('15min'):%d.%m.%Y %H:%M}" for t, v in table["x"].items()
    ]
    return Written(lines("Total Load;Time (UTC)", *rows), table)


@guise
def kanji_of_year_and_month(x):
    table = days("2015-01-01", x, "MS")
    return Written(lines("年月,売上", *(f"{t.year}年{t.month}月,{v}" for t, v in table["x"].items())), table)


@guise
def halves_of_years(x):
    table = days("1995-01-01", x, "6MS")
    return Written(
        lines("Period,Index", *(f"{t.year}H{1 + t.month // 7},{v}" for t, v in table["x"].items())), table
    )


# --- 4. Day or month first -------------------------------------------------------------------------


@guise
def days_that_a_spreadsheet_took_for_months(x):
    table = days("2021-01-01", x)
    cells = [
        [t.date().replace(month=t.day, day=t.month) if t.day <= 12 else f"{t:%d/%m/%Y}", v]
        for t, v in table["x"].items()
    ]
    return Written(xlsx(Sheet([["Fecha", "Casos"], *cells], "Hoja1")), table, "a.xlsx")


@guise
def firsts_of_months(x):
    table = days("2011-01-01", x, "MS")
    return Written(lines("date;val", *simple(table, "{t:%d/%m/%Y};{x}")), table)


@guise
def months_first(x):
    table = days("2021-01-01", x)
    return Written(
        lines("Date,Vol", *(f"{t.month}/{t.day}/{t.year},{v}" for t, v in table["x"].items())), table
    )


# --- 5. Several series -----------------------------------------------------------------------------


@guise
def filiale_and_artikel(x):
    table = panel(x, ("1 · Brot", "1 · Milch", "2 · Brot", "2 · Milch"))
    rows = [
        f"{t:%Y-%m};{name[0]};{name[4:]};{comma(v)}" for t, row in table.iterrows() for name, v in row.items()
    ]
    return Written(lines("Monat;Filiale;Artikel;Absatz", *rows), table)


@guise
def twenty_shops(x):
    table = panel(x, tuple(f"L{n:02d}" for n in range(20)))
    return Written(
        lines("loja,dia,vendas", *long_rows(table, lambda s, t, v: f"{s},{t:%Y-%m-%d},{v}")), table
    )


@guise
def series_that_end_when_they_do(x):
    table = panel(x, ("Oslo", "Bern", "Rome"))
    table.iloc[len(x) * 3 // 4 :, 1] = np.nan
    table.iloc[len(x) // 2 :, 2] = np.nan
    rows = [row for row in long_rows(table, lambda s, t, v: f"{s}\t{t:%Y-%m}\t{v}") if "nan" not in row]
    return Written(lines("city\tmonth\tco2", *rows), table, "a.tsv")


@guise
def totals_among_regions(x):
    table = panel(x, ("North", "South"))
    rows = [
        f"{region},{t:%Y-%m-%d},{v:.2f}"
        for t, north, south in table.itertuples()
        for region, v in (("North", north), ("South", south), ("Total", north + south))
    ]
    return Written(lines("region,date,sales", *rows), table)


@guise
def a_sum_that_no_name_gives_away(x):
    table = panel(x, ("A", "B", "C"))
    whole = table.assign(ABC=table.sum(axis=1).round(2))
    rows = long_rows(whole, lambda s, t, v: f"{s},{t:%Y-%m-%d},{v}")
    return Written(lines("area,date,sales", *rows), table)


# --- 6. Wide tables --------------------------------------------------------------------------------


@guise
def laender_and_jahre(x):
    table = panel(x[:12], ("Ungarn", "Polen", "Malta")).set_axis(pd.date_range("1999", periods=12, freq="YS"))
    rows = [f"{name};{';'.join(map(comma, table[name]))}" for name in table]
    return Written(lines(f"Land;{';'.join(str(t.year) for t in table.index)}", *rows), table)


@guise
def eurostat_with_its_joined_column(x):
    table = panel(x[:10], ("AT", "BE", "CH")).set_axis(pd.date_range("2010", periods=10, freq="YS"))
    table.iloc[4, 1] = (table.iloc[3, 1] + table.iloc[5, 1]) / 2
    rows = [
        f"A,PC,{name}\t"
        + "\t".join(
            ": " if (name, n) == ("BE", 4) else f"{v} {('', 'p', 'e')[n % 3]}"
            for n, v in enumerate(table[name])
        )
        for name in table
    ]
    head = "\t".join(f"{t.year} " for t in table.index)
    filled = table.copy()
    before, after = pd.Timestamp("2013"), pd.Timestamp("2015")
    share = (pd.Timestamp("2014") - before) / (after - before)
    filled.iloc[4, 1] = table.iloc[3, 1] + (table.iloc[5, 1] - table.iloc[3, 1]) * share
    content = lines(f"freq,unit,geo\\TIME_PERIOD\t{head}", *rows)
    return Written(content, filled[["AT", "CH", "BE"]], "a.tsv")  # what has a gap comes last


@guise
def days_of_an_outbreak_as_columns(x):
    table = panel(x, ("Italy", "Spain", "Hubei · China"))
    table = table.set_axis(pd.date_range("2020-01-22", periods=len(x)), axis=0)
    head = ",".join(f"{t.month}/{t.day}/{t:%y}" for t in table.index)
    places = {"Italy": ",Italy", "Spain": ",Spain", "Hubei · China": "Hubei,China"}
    rows = [f"{places[name]},{n}.5,{-n}.5,{','.join(map(str, table[name]))}" for n, name in enumerate(table)]
    return Written(lines(f"Province/State,Country/Region,Lat,Long,{head}", *rows), table)


@guise
def a_square_of_austrian_months_and_their_mean(x):
    whole = x[: len(x) // 12 * 12].reshape(-1, 12)
    rows = [
        f"{2001 + n};{';'.join(map(comma, row))};{comma(round(row.mean(), 2))}" for n, row in enumerate(whole)
    ]
    head = "Jahr;Jän;Feb;Mär;Apr;Mai;Jun;Jul;Aug;Sep;Okt;Nov;Dez;Jahresmittel"
    return Written(lines(head, *rows), one(whole.reshape(-1)))


@guise
def days_of_the_month_as_columns(x):
    table = days("2020-01-01", np.resize(x, 121) + np.arange(121))
    rows = [
        f"{year},{month}," + ",".join([*map(str, part["x"]), *[""] * (31 - len(part))])
        for (year, month), part in table.groupby([table.index.year, table.index.month])
    ]
    return Written(lines("Year,Month," + ",".join(map(str, range(1, 32))), *rows), table)


@guise
def hours_as_columns(x):
    table = days("2021-03-05", np.resize(x, 24 * 20) + np.arange(480) / 100, "h").round(2)
    rows = [f"{day:%d/%m/%Y};{';'.join(map(str, part['x']))}" for day, part in table.resample("D")]
    return Written(lines("Fecha;" + ";".join(f"H{n:02d}" for n in range(1, 25)), *rows), table)


# --- 7. Headers ------------------------------------------------------------------------------------


@guise
def a_row_of_units_in_german(x):
    table = days("2020-01-01", x)
    rows = [comma(row) for row in simple(table, "{t:%d/%m/%Y};{x}")]
    return Written(lines("Datum;Temperatur", ";°C", *rows), table)


@guise
def two_shares_in_two_rows(x):
    table = days("2020-01-01", x, "B").assign(
        y=x + 1, u=10.0 * np.arange(len(x)), v=20.0 * np.arange(len(x)) ** 2
    )
    rows = [f"{t:%Y-%m-%d},{','.join(map(str, row))}" for t, *row in table.itertuples()]
    head = (",Adj Close,Adj Close,Volume,Volume", ",SAP.DE,BMW.DE,SAP.DE,BMW.DE", "Date,,,,")
    return Written(lines(*head, *rows), table)


@guise
def two_header_rows_of_a_workbook(x):
    table = days("2015-01-01", x, "MS").assign(a=x + 1, b=x * 2, c=x * 3)
    head = [["", "Import", "", "Export", ""], ["Month", "Goods", "Services", "Goods", "Services"]]
    cells = [[t.date(), *map(float, row)] for t, *row in table.itertuples()]
    return Written(xlsx(Sheet([*head, *cells], "Trade")), table, "a.xlsx")


@guise
def two_rows_of_remarks_below_the_names(x):
    table = days("2020-01-01", x)
    below = ("date of observation,maximum temperature", "yyyy-mm-dd,C")
    return Written(lines("DATE,TMAX", *below, *simple(table)), table)


# --- 9. JSON ---------------------------------------------------------------------------------------


@guise
def json_of_the_orient_split(x):
    table = days("2021-01-01", x)
    frame = pd.DataFrame({"fecha": [f"{t:%Y-%m-%d}" for t in table.index], "valor": x})
    return Written(frame.to_json(orient="split").encode(), table, "a.json")


@guise
def json_of_the_orient_index(x):
    table = days("2021-01-01", x)
    return Written(
        json.dumps({f"{t:%Y-%m-%d}": {"valor": v} for t, v in table["x"].items()}).encode(), table, "a.json"
    )


@guise
def records_with_records_inside(x):
    table = days("2021-01-01", x, "h").assign(rh=np.arange(len(x)) ** 2.0)
    rows = (
        json.dumps({"when": f"{t:%Y-%m-%dT%H:00:00Z}", "sensor": {"t": v, "rh": {"raw": r}}})
        for t, v, r in table.itertuples()
    )
    return Written("\n".join(rows).encode(), table, "a.jsonl")


@guise
def shares_by_day_the_newest_first(x):
    table = days("2021-01-01", x, "B").assign(high=x + 1)
    inner = {f"{t:%Y-%m-%d}": {"1. open": str(v), "2. high": str(h)} for t, v, h in table[::-1].itertuples()}
    whole = {"Meta Data": {"2. Symbol": "ABC"}, "Time Series (Daily)": inner}
    return Written(json.dumps(whole).encode(), table, "a.json")


@guise
def columns_below_a_key_with_their_units(x):
    table = days("2021-01-01", x, "h")
    hourly = {"time": [f"{t:%Y-%m-%dT%H:%M}" for t in table.index], "temperature_2m": x.tolist()}
    whole = {"latitude": 52.5, "hourly_units": {"time": "iso8601", "temperature_2m": "C"}, "hourly": hourly}
    return Written(json.dumps(whole).encode(), table, "a.json")


# --- 11. Nothing useful is dropped -----------------------------------------------------------------


@guise
def feiertag_and_wetter(x):
    holiday, sky = np.arange(len(x)) % 7 == 0, np.arange(len(x)) % 3
    table = days("2021-01-01", x).assign(
        h=holiday.astype(float), **{f"sky{n}": (sky == n).astype(float) for n in range(3)}
    )
    rows = [
        f"{t:%d/%m/%Y};{comma(v)};{'Ja' if h else 'Nein'};{('heiter', 'Regen', 'Schnee')[n]}"
        for (t, v), h, n in zip(table["x"].items(), holiday, sky, strict=True)
    ]
    return Written(lines("Datum;Absatz;Feiertag;Wetter", *rows), table)


@guise
def flags_in_french(x):
    promo = (np.arange(len(x)) % 5 == 0).astype(float)
    table = days("2021-01-01", x).assign(promo=promo)
    rows = [f"{t:%Y-%m-%d},{v},{'oui' if p else 'non'}" for t, v, p in table.itertuples()]
    return Written(lines("date,ventes,promo", *rows), table)


@guise
def dutch_months(x):
    names = ("jan.", "feb.", "mrt.", "apr.", "mei", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec.")
    table = days("2015-01-01", x, "MS")
    return Written(
        lines("maand;omzet", *(f"{names[t.month - 1]} {t.year};{v}" for t, v in table["x"].items())), table
    )


@guise
def french_months(x):
    names = (
        *("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    )
    table = days("2015-01-01", x, "MS")
    rows = [f"{names[t.month - 1]} {t.year};{comma(v)}" for t, v in table["x"].items()]
    return Written(lines("mois;indice", *rows), table)


@guise
def limits_and_estimates(x):
    table = days("2021-01-01", x)
    table.iloc[::11, 0] = 0.5
    rows = [
        f"{t:%Y-%m-%d},{'<0.5' if n % 11 == 0 else f'{v} e' if n % 13 == 0 else v}"
        for n, (t, v) in enumerate(table["x"].items())
    ]
    return Written(lines("date,level", *rows), table)


# --- 12. Ragged files ------------------------------------------------------------------------------


@guise
def a_comment_in_german_and_a_blank_line(x):
    rows = simple(days("2021-01-01", x), "{t:%Y-%m-%d};{x}")
    return Written(lines("Tag;a", *rows[:20], "# Sensor getauscht", "", *rows[20:]), days("2021-01-01", x))


@guise
def a_source_above_and_remarks_below(x):
    rows = simple(days("2021-01-01", x), "{t:%Y-%m-%d};{x};")
    below = ("", "Stand: 1. Januar 2022", "Alle Angaben ohne Gewähr")
    return Written(lines("Quelle: erfunden", "", "Tag;a;", *rows, *below), days("2021-01-01", x))


@guise
def names_behind_a_percent_sign(x):
    table = days("1990-01-01", x, "MS")
    rows = [f"  {t.year}  {t.month:2d}  {v:7.2f}" for t, v in table["x"].items()]
    return Written(lines("% invented", "% year  month  anomaly", *rows), table, "a.txt")


@guise
def decimal_commas_in_quotation_marks(x):
    table = days("2021-01-01", x)
    return Written(lines("date,a", *(f'{t:%Y-%m-%d},"{comma(v)}"' for t, v in table["x"].items())), table)


# --- 13. Zeros -------------------------------------------------------------------------------------


@guise
def spare_parts(x):
    table = days("2021-01-01", np.where(np.arange(len(x)) % 8 == 0, np.floor(x / 20), 0.0))
    return Written(lines("Tag;Bedarf", *simple(table, "{t:%d/%m/%Y};{x:.0f}")), table)


@pytest.mark.parametrize("name", GUISES)
def test_each_guise_of_a_kind_gives_the_table_that_was_written(name):
    assert_reads_back(GUISES[name](random_walk(48, seed=len(name))))


@pytest.mark.parametrize(
    ("rows", "asked"),
    [
        (["Semana,Total", "04-01-2021,1.5", "11-01-2021,2.5", "08-02-2021,3.5", "08-03-2021,4.5"],
         "can be read with the day or the month first"),
        (["date,visits", *(f"2020-01-{d:02d},{d}" for d in range(1, 29)), "2020-01-09,909", "2020-01-18,918"],
         "the same time as another row, but with other values"),
        (["date,flux", *(f"2020-01-{d:02d},{'1e20' if d == 9 else d % 3 * 1.5}" for d in range(1, 29))],
         "Is it a real value?"),
        (["date,v", "1920-01-01,3", "1950-01-04,5", "1971-02-01,9", "1999-05-01,4"], "would be made up"),
        (["asset,x", *(f"{'ABC' * (n == 30)}{n % 7 + 100},{n}.5" for n in range(31))], "come with “ABC”"),
    ],
)  # fmt: skip
def test_what_only_a_person_can_tell_is_asked(rows, asked):
    raw = read_lines(*rows)
    made = propose(raw.frame, EVEN)
    findings = examine(raw.frame, made, EVEN).findings
    assert any(asked in found.sentence for found in (*findings, *examine(raw.frame, (), EVEN).findings))
    assert "drop_repeats" not in {step.kind for step in made} and "resample" not in {
        step.kind for step in made
    }
