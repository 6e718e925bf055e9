"""Each shape that programs write tables in as JSON gives its rows, by hand."""

import json

import pytest

from components.data.readers.json_tables import Number, RecordRows, find_table
from components.errors import DataError

DAYS = ["2024-01-01", "2024-01-02", "2024-01-03"]


def table(value: object) -> RecordRows:
    read = json.loads(json.dumps(value), parse_int=Number, parse_float=Number, parse_constant=Number)
    return find_table(read, "my.json")


def rows(value: object) -> list[list[str]]:
    found = table(value)
    return [list(found.names), *(row for _, row in found.rows)]


CANDLE = {"1. open": "1.5", "4. close": "2"}
SHAPES = {
    "split, with the names of its rows": (
        {"columns": ["price"], "index": DAYS, "data": [[1], [2], [4.5]]},
        [["index", "price"], [DAYS[0], "1"], [DAYS[1], "2"], [DAYS[2], "4.5"]],
    ),
    "split, of several levels": (
        {"columns": [["a", "x"], ["b", "x"]], "index": [["s", 1], ["t", 1]], "data": [[1, 2], [3, 4]]},
        [["index", "index 2", "a x", "b x"], ["s", "1", "1", "2"], ["t", "1", "3", "4"]],
    ),
    "an object for each time": (
        {day: {"price": n, "sold": 2 * n} for n, day in enumerate(DAYS)},
        [["index", "price", "sold"], [DAYS[0], "0", "0"], [DAYS[1], "1", "2"], [DAYS[2], "2", "4"]],
    ),
    "an object for each column": (
        {"price": {DAYS[0]: 1, DAYS[1]: 2}, "sold": {DAYS[0]: 3, DAYS[1]: 4}},
        [["index", "price", "sold"], [DAYS[0], "1", "3"], [DAYS[1], "2", "4"]],
    ),
    "an object for each of many names": (
        {"Rome": {"size": 3}, "Oslo": {"size": 1}, "Bern": {"size": 2}},
        [["index", "size"], ["Rome", "3"], ["Oslo", "1"], ["Bern", "2"]],
    ),
    "values by their times": (
        {"bpi": {day: n for n, day in enumerate(DAYS)}, "disclaimer": "…"},
        [["index", "value"], [DAYS[0], "0"], [DAYS[1], "1"], [DAYS[2], "2"]],
    ),
    "objects inside": (
        [{"dt": 1, "main": {"temp": 280.1, "wind": {"speed": 3}}}, {"dt": 2, "main": {"temp": 281}}],
        [["dt", "main.temp", "main.wind.speed"], ["1", "280.1", "3"], ["2", "281", ""]],
    ),
    "an object alone in a list inside": (
        [{"dt": 1, "weather": [{"id": 800}]}, {"dt": 2, "weather": [{"id": 500}]}],
        [["dt", "weather.id"], ["1", "800"], ["2", "500"]],
    ),
    "translations": (
        [{"translation": {"en": "Hello", "fr": "Bonjour"}}, {"translation": {"en": "Bye", "fr": "Adieu"}}],
        [["translation.en", "translation.fr"], ["Hello", "Bonjour"], ["Bye", "Adieu"]],
    ),
    "Alpha Vantage": (
        {
            "Meta Data": {"1. Information": "Daily", "2. Symbol": "IBM"},
            "Time Series (Daily)": {DAYS[1]: CANDLE, DAYS[0]: CANDLE},
        },
        [["index", "open", "close"], [DAYS[1], "1.5", "2"], [DAYS[0], "1.5", "2"]],
    ),
    "CoinGecko": (
        {"prices": [[1700000000000, 5.5], [1700086400000, 6]], "total_volumes": [[1700000000000, 9]]},
        [["time", "prices", "total_volumes"], ["1700000000000", "5.5", "9"], ["1700086400000", "6", ""]],
    ),
    "intents": (
        {"intents": [{"tag": "hi", "patterns": ["Hi", "Hello"], "responses": ["Hello!", "Hey!"]},
                     {"tag": "bye", "patterns": ["Bye", "See you", "Ciao"], "responses": ["Goodbye!"]}]},
        [["pattern", "response", "tag"], ["Hi", "Hello!", "hi"], ["Hello", "Hey!", "hi"],
         ["Bye", "Goodbye!", "bye"], ["See you", "Goodbye!", "bye"], ["Ciao", "Goodbye!", "bye"]],
    ),
    "intents without an answer": (
        [{"intent": "hi", "text": ["Hi", "Hey"], "responses": ["Hello!"]},
         {"intent": "x", "text": ["What?"], "responses": []}],
        [["text", "response", "intent"], ["Hi", "Hello!", "hi"], ["Hey", "Hello!", "hi"], ["What?", "", "x"]],
    ),
    "messages": (
        [{"messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"},
                       {"role": "assistant", "content": "Hello!"}]}],
        [["input", "output"], ["Hi", "Hello!"]],
    ),
    "conversations": (
        [{"id": "1", "conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"},
                                       {"from": "human", "value": "c"}, {"from": "gpt", "value": "d"}]}],
        [["input", "output"], ["a", "b"], ["c", "d"]],
    ),
    "questions on paragraphs": (
        {"data": [{"title": "T", "paragraphs": [{"context": "C", "qas": [
            {"question": "Q1", "answers": [{"text": "A1"}, {"text": "A2"}]},
            {"question": "Q2", "answers": []}]}]}]},
        [["question", "answer", "context"], ["Q1", "A1", "C"]],
    ),
    "the World Bank's page": (
        [{"page": 1, "total": 2}, [{"date": "2023", "value": 1}, {"date": "2022", "value": None}]],
        [["date", "value"], ["2023", "1"], ["2022", ""]],
    ),
    "series in a list": (
        [{"name": "a", "data": [[1, 5], [2, 6]]}, {"name": "b", "data": [[1, 7]]}],
        [["name", "time", "value"], ["a", "1", "5"], ["a", "2", "6"], ["b", "1", "7"]],
    ),
    "readings of stations": (
        {"stations": [{"name": "a", "readings": [{"t": 1, "v": 5}, {"t": 2, "v": 6}]},
                      {"name": "b", "readings": [{"t": 1, "v": 7}, {"t": 2, "v": 8}]}]},
        [["name", "t", "v"], ["a", "1", "5"], ["a", "2", "6"], ["b", "1", "7"], ["b", "2", "8"]],
    ),
    "labels and datasets of a chart": (
        {"labels": DAYS, "datasets": [{"label": "sold", "data": [1, 2, 3]}]},
        [["label", "sold"], [DAYS[0], "1"], [DAYS[1], "2"], [DAYS[2], "3"]],
    ),
    "columns and values of a database": (
        {"results": [{"series": [{"name": "cpu", "columns": ["time", "load"], "values": [[1, 2], [3, 4]]}]}]},
        [["time", "load"], ["1", "2"], ["3", "4"]],
    ),
    "an answer in an answer": (
        {"ok": True, "response": {"data": {"rows": [{"day": DAYS[0], "x": 1}, {"day": DAYS[1], "x": 2}]}}},
        [["day", "x"], [DAYS[0], "1"], [DAYS[1], "2"]],
    ),
    "quotes of prices": (
        {"chart": {"result": [{"meta": {"currency": "USD"}, "timestamp": [1, 2],
                               "indicators": {"quote": [{"open": [5, 6], "close": [7, 8]}]}}]}},
        [["timestamp", "open", "close"], ["1", "5", "7"], ["2", "6", "8"]],
    ),
    "features of a map": (
        {"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"mag": 1.5, "time": 9}, "geometry": {"at": [1, 2.5]}},
            {"type": "Feature", "properties": {"mag": 2, "time": 8}, "geometry": {"at": [3, 4]}}]},
        [["type", "properties.mag", "properties.time", "geometry.at"],
         ["Feature", "1.5", "9", "[1, 2.5]"], ["Feature", "2", "8", "[3, 4]"]],
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_gives_its_rows(shape: str) -> None:
    value, wanted = SHAPES[shape]
    assert rows(value) == wanted


def test_of_several_tables_the_longest_is_read_and_said() -> None:
    value = {
        "daily": {"time": DAYS[:2], "rain": [1, 2]},
        "hourly": {"time": DAYS, "rain": [1, 2, 3]},
        "units": {"time": ["a", "b", "c", "d"], "rain": ["e", "f", "g", "h"]},
    }
    found = table(value)
    assert len(list(found.rows)) == 3
    assert found.notes == ("Of 2 tables in the file, “hourly” was read, the longest.",)


def test_what_was_made_of_records_is_said() -> None:
    value, _ = SHAPES["intents"]
    (note,) = table(value).notes
    assert note == "Each of the “patterns” is paired with one of the “responses” of the same record."


@pytest.mark.parametrize("value", [{"a": 1}, {"message": "limit reached"}, {}, [], "text", {"a": {"b": {}}}])
def test_what_holds_no_table_says_so(value: object) -> None:
    with pytest.raises(DataError, match="holds no table"):
        table(value)


def test_records_of_other_kinds_between_the_first_are_said() -> None:
    with pytest.raises(DataError, match="isn't an object") as caught:
        rows([{"a": 1}, 3])
    assert caught.value.where == "my.json, record 2"


def test_names_that_clash_keep_their_numbers() -> None:
    found = table({DAYS[0]: {"1. a": 1, "2. a": 2}, DAYS[1]: {"1. a": 3, "2. a": 4}})
    assert found.names == ["index", "1. a", "2. a"]
