"""What a file's table may be: the likeliest reading is the right one, and says what speaks for it."""

import time

import numpy as np
import pandas as pd
import pytest

from components.data.readings import beginning, likeliest_shape, possible_readings
from components.recipe import AsPairs, AsRows, AsTexts
from tests.data.cleaning.loaded_table import load_lines, read_lines
from tests.dialect import is_sentence

WALK = np.round(50 + np.random.default_rng(4).normal(size=40).cumsum(), 2)
DAYS = pd.date_range("2020-01-01", periods=40, freq="D")
DATED = [f"{day:%Y-%m-%d},{value}" for day, value in zip(DAYS, WALK, strict=True)]
SENTENCES = [f"this is the review with number {n}" for n in range(40)]


@pytest.mark.parametrize(
    ("lines", "shape"),
    [
        (["date,x", *DATED], None),
        (["date,note,x", *(line.replace(",", f",a fine day {n},") for n, line in enumerate(DATED))], None),
        (["label,text", *(f"{n % 2},{text}" for n, text in enumerate(SENTENCES))],
         AsTexts(text="text", label="label")),
        (["review;stars", *(f"{text};{n % 5 + 1}" for n, text in enumerate(SENTENCES))],
         AsTexts(text="review", label="stars")),
        (["tweet\tsentiment", *(f"{text}\t{n % 3 - 1}" for n, text in enumerate(SENTENCES))],
         AsTexts(text="tweet", label="sentiment")),
        (["id,title,body,topic", *(f"{n},a short title {n},{text} and goes on and on,{'abc'[n % 3]}"
                                   for n, text in enumerate(SENTENCES))],
         AsTexts(text="body", label="topic")),
        ([f"{'ham' if n % 3 else 'spam'}\t{text}" for n, text in enumerate(SENTENCES)],
         AsTexts(text="column1", label="column0")),
        (["english,french", *(f"{text},ceci est la phrase {n}" for n, text in enumerate(SENTENCES))],
         AsPairs(source="english", target="french")),
        (["frage;antwort", *(f"Was ist die Zahl {n}?;Das ist die Zahl {n} natürlich." for n in range(40))],
         AsPairs(source="frage", target="antwort")),
        ([f"Nimm die Zahl {n}.\tTake the number {n}.\tCC-BY 2.0 (France) Attribution: nobody #{n}"
          for n in range(40)], AsPairs(source="column0", target="column1")),
        (["tweet\tby", *(f"{text} https://t.co/{n}\t{'abc'[n % 3]}" for n, text in enumerate(SENTENCES))],
         AsTexts(text="tweet", label="by")),
        ([f"Nimm die Zahl {n}.\tTake the number {n}.\tSee https://example.org/{n}" for n in range(40)],
         AsPairs(source="column0", target="column1")),
        (["文,類", *(f"这个地方很好第{n}次我们来了,{'好坏'[n % 2]}" for n in range(40))],
         AsTexts(text="文", label="類")),
        (["レビュー\t評価", *(f"この本はとても面白かったです{n}回目\t{n % 5 + 1}" for n in range(40))],
         AsTexts(text="レビュー", label="評価")),
        (["ข้อความ\tผล", *(f"อาหารอร่อยมากและบริการดี{n}\t{'บวก' if n % 2 else 'ลบ'}" for n in range(40))],
         AsTexts(text="ข้อความ", label="ผล")),
        (["中文\tEnglish", *(f"我们去第{n}个公园散步吧。\tLet us walk in park {n}." for n in range(40))],
         AsPairs(source="中文", target="English")),
        (["pattern\tresponse", *(f"what about number {n}?\tNumber {n % 9} is fine." for n in range(40))],
         AsPairs(source="pattern", target="response")),
        (["body\ttarget", *(f"{text}\tvery {'good' if n % 2 else 'bad'}"
                             for n, text in enumerate(SENTENCES))],
         AsTexts(text="body", label="target")),
        (["label," + ",".join(f"t{n}" for n in range(30)),
          *(",".join([str(n % 3), *(f"{v:.3f}" for v in np.sin(n + np.arange(30) / (3 + n % 3)))])
            for n in range(40))], AsRows(label="label")),
    ],
)  # fmt: skip
def test_a_table_is_read_as_what_it_is(lines, shape):
    readings = possible_readings(read_lines(*lines, name="a.tsv").frame)
    assert likeliest_shape(readings) == shape
    assert [reading.score for reading in readings] == sorted((r.score for r in readings), reverse=True)
    for reading in readings:
        assert all(map(is_sentence, reading.reasons))


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["geo,1990,1991,1992", "a,1,2,3", "b,2,3,4"], "The header holds 3 times, “1990” and so on."),
        (["date,x", *DATED], "“date” holds times."),
        (["shop,date,x", *(f"{shop},{line}" for shop in "abc" for line in DATED)],
         "“shop” tells 3 series apart: each has every time once."),
        (["year,week,x", *(f"{2019 + n // 20},{n % 20 + 1},{v}" for n, v in enumerate(WALK))],
         "“year” and “week” hold times."),
        (["unit,step,x", *(f"{unit},{n},{v}" for unit in "ab" for n, v in enumerate(WALK))],
         "“unit” tells 2 series apart: each has every “step” once."),
    ],
)  # fmt: skip
def test_a_series_says_what_speaks_for_it(lines, reason):
    series = next(r for r in possible_readings(read_lines(*lines).frame) if r.shape is None)
    assert reason in series.reasons


@pytest.mark.parametrize("lines", [["address,city", "120 any st.,Anytown WW"], ["a,b", "1,2"], ["x", "a b"]])
def test_a_single_row_is_no_set_of_texts(lines):
    assert [reading.shape for reading in possible_readings(read_lines(*lines).frame)] == [None]


@pytest.mark.parametrize(
    "lines",
    [
        ["Datum;Wert;", *(f"{line};".replace(",", ";").replace(".", ",") for line in DATED)],
        ["date,x", *DATED, "", "Source: an invented office", "Downloaded 2024-01-01"],
        ["date,x", *DATED, "Total,2000"],
        ["date,x", *DATED[:9], "% the sensor was moved", *DATED[9:]],
        ["date,x", *DATED[:9], "", "", *DATED[9:]],
        ["date,x", *DATED[:9], "date,x", *DATED[9:]],
        ["  date    x", *(f"  {line.replace(',', '   ')}" for line in DATED)],
        ["date,x", *DATED, "2020-0"],
        ["An invented record,", "date,x", *DATED],
    ],
)
def test_ragged_files_give_the_same_series(lines):
    np.testing.assert_array_equal(load_lines(*lines).to_numpy()[:, 0], WALK)


@pytest.mark.parametrize("mark", ["{}*", "{} (p)", "<{}", "~{}", "{} e", "{}¹"])
@pytest.mark.parametrize("marked", [{0, 5}, {38, 39}, {20}])
def test_numbers_with_marks_are_kept(mark, marked):
    rows = [line if n not in marked else f"{line[:11]}{mark.format(WALK[n])}" for n, line in enumerate(DATED)]
    np.testing.assert_array_equal(load_lines("date,x", *rows).to_numpy()[:, 0], WALK)


@pytest.mark.parametrize(
    "yes, no", [("Ja", "Nein"), ("yes", "no"), ("oui", "non"), ("TRUE", "FALSE"), ("sí", "no")]
)
def test_flags_become_numbers(yes, no):
    rows = [f"{line},{yes if n % 6 == 0 else no}" for n, line in enumerate(DATED)]
    table = load_lines("date,x,open", *rows)
    np.testing.assert_array_equal(table["open"], [float(n % 6 == 0) for n in range(40)])


def test_a_table_of_long_texts_is_judged_by_their_beginnings():
    text = "The keeper climbs the stairs of the tower again, and lights the lamp. " * 4000
    frame = pd.DataFrame({"text": pd.Series([f"{number} {text}" for number in range(200)], dtype="str")})
    began = time.thread_time()
    best = possible_readings(frame)[0]
    assert time.thread_time() - began < 5
    assert best.shape == AsTexts(text="text")
    assert "words or more per row" in best.reasons[0]
    assert sum(beginning(frame)["text"].str.len()) <= 4_000_000
