"""A table is read as texts, pairs or sequences where a person says so, and offered where it fits."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import data
from components.data.datasets import Pairs, Provenance, Sequences, Texts
from components.data.readings import possible_readings
from components.data.sources.upload import open_upload
from components.data.tables import long_format
from components.errors import DataError
from components.recipe import MOST_COLUMNS, AsPairs, AsSequences, AsTexts, Upload
from tests.data.readers.file_helpers import upload_bytes

REVIEWS = b"review,stars\nI like it,good\nvery bad thing,bad\nso so la,good\nnot my cup,bad\n"
WORDS = b"english;french\nthe red cat;le chat rouge\na bird;\na dog;un chien\n"
LONG = b"id,step,x,y,kind\n7,1,1,10,up\n7,2,2,20,up\n9,1,3,30,down\n9,2,4,40,down\n9,3,5,50,down\n"


def load_as(content: bytes, name: str, shape) -> data.datasets.Dataset:
    return data.load(upload_bytes(content, name).model_copy(update={"shape": shape}))


def test_a_column_of_texts_and_one_of_labels():
    found = load_as(REVIEWS, "reviews.csv", AsTexts(text="review", label="stars"))
    assert isinstance(found, Texts) and found.texts[0] == "I like it"
    assert found.classes.names == ("bad", "good") and found.classes.codes.tolist() == [1, 0, 1, 0]
    assert load_as(REVIEWS, "reviews.csv", AsTexts(text="review")).classes is None


def test_a_chosen_shape_makes_a_table_of_what_reads_like_prose():
    prose = b"review,stars\nI like it, it's good\nA very bad thing indeed\nSo so, la la, good\n"
    assert data.load(upload_bytes(prose, "reviews.txt")).is_corpus
    assert not load_as(prose, "reviews.txt", AsTexts(text="review")).is_corpus


def test_two_columns_are_pairs_and_an_empty_side_is_said():
    found = load_as(WORDS, "words.csv", AsPairs(source="english", target="french"))
    assert isinstance(found, Pairs) and found.names == ("english", "french")
    assert found.targets == ("le chat rouge", "un chien") and "1 of 3 rows" in found.notes[0]


def test_a_long_table_is_sequences():
    found = load_as(LONG, "long.csv", AsSequences(id="id", label="kind", columns=("x", "y")))
    assert isinstance(found, Sequences) and found.lengths.tolist() == [2, 3]
    assert found.sequence(1).tolist() == [[3, 30], [4, 40], [5, 50]]
    assert found.answer.names == ("down", "up") and found.answer.codes.tolist() == [1, 0]


MIXED = "".join(
    f"2024-01-{day:02d},{shop},{10 * at + day},{'N' if at else 'S'}\n"
    for day in (2, 1, 3)
    for at, shop in enumerate("AB")
)
STACKED = "".join(
    f"{person},{step},{what},{100 * person + 10 * step + at},{'ill' if person == 2 else 'well'}\n"
    for person in (2, 1)
    for step in (1, 2, 3)
    for at, what in enumerate(("pulse", "temp"))
)


def test_the_steps_of_each_sequence_are_put_in_order_of_a_column():
    shape = AsSequences(id="shop", time="day", label="side", columns=("sold",))
    found = load_as(f"day,shop,sold,side\n{MIXED}".encode(), "shops.csv", shape)
    assert found.values[:, 0].tolist() == [1, 2, 3, 11, 12, 13] and found.offsets.tolist() == [0, 3, 6]
    assert found.answer.names == ("N", "S") and found.answer.codes.tolist() == [1, 0]
    assert found.notes == ("Steps were sorted by “day”.",)


@pytest.mark.parametrize("time", ["step", None])
def test_channels_under_each_other_come_side_by_side(time):
    shape = AsSequences(id="who", time=time, channel="what", label="state", columns=("value",))
    found = load_as(f"who,step,what,value,state\n{STACKED}".encode(), "people.csv", shape)
    assert found.channels == ("pulse", "temp") and found.lengths.tolist() == [3, 3] and not found.notes
    assert found.sequence(0).tolist() == [[210, 211], [220, 221], [230, 231]]
    assert found.sequence(1).tolist() == [[110, 111], [120, 121], [130, 131]]
    assert found.answer.names == ("ill", "well") and found.answer.codes.tolist() == [0, 1]


def test_a_channel_that_a_step_lacks_is_said():
    rows = STACKED.splitlines()
    del rows[3]
    shape = AsSequences(id="who", time="step", channel="what", columns=("value",))
    with pytest.raises(DataError, match="Not every time step has each “what” exactly once"):
        load_as("\n".join(["who,step,what,value,state", *rows]).encode(), "people.csv", shape)
    with pytest.raises(ValueError, match="exactly one other column must hold their values"):
        AsSequences(id="who", channel="what", columns=("value", "step"))


@given(st.data())
def test_whatever_the_order_of_its_rows_a_long_table_gives_the_same_sequences(data):
    steps = data.draw(st.lists(st.integers(1, 5), min_size=2, max_size=5))
    places = [(who, step) for who, count in enumerate(steps) for step in range(count)]
    rows = [
        (who, step, what, 100 * who + 10 * step + at) for who, step in places for at, what in enumerate("ab")
    ]
    frame = pd.DataFrame(data.draw(st.permutations(rows)), columns=["who", "step", "what", "x"])
    frame = frame.astype({"who": float, "step": float, "what": "str", "x": float})
    shape = AsSequences(id="who", time="step", channel="what", columns=("x",))
    found = long_format.read_sequences(
        frame, shape, Upload(id="0" * 32, name="a.csv"), Provenance("here", "none")
    )
    names = list(dict.fromkeys(frame["what"]))
    for at, who in enumerate(dict.fromkeys(frame["who"])):
        expected = [
            [100 * who + 10 * step + "ab".index(name) for name in names] for step in range(steps[int(who)])
        ]
        assert found.sequence(at).tolist() == expected


def test_columns_are_offered_for_what_they_may_be():
    frame = open_upload(upload_bytes(f"who,step,what,value,state\n{STACKED}".encode(), "a.csv").plain).frame
    found = long_format.column_choices(frame, "who")
    assert found.ids == ("who", "step", "what", "state") and found.times == ("step", "value")
    assert found.channels == ("what", "state") and found.labels == ("state",)
    assert found.numbers == ("step", "value")


def test_what_fits_is_offered():
    def offered(content: bytes) -> tuple:
        frame = open_upload(upload_bytes(content, "a.csv").plain).frame
        return tuple(one.shape for one in possible_readings(frame) if one.shape is not None)

    assert offered(REVIEWS) == (AsTexts(text="review", label="stars"),)
    assert offered(WORDS)[0] == AsPairs(source="english", target="french")
    assert offered(LONG)[0] == AsSequences(id="id", time="step", label="kind", columns=("x", "y"))
    assert offered(f"day,shop,sold,side\n{MIXED}".encode()) == (
        AsSequences(id="shop", time="day", label="side", columns=("sold",)),
    )
    assert offered(f"who,step,what,value,state\n{STACKED}".encode()) == (
        AsSequences(id="who", time="step", channel="what", label="state", columns=("value",)),
    )
    assert offered(
        "标签,评论\n0,前台非常差，不会再来了。\n1,卫生特别方便。\n1,好用好吃又便宜\n0,太吵了".encode()
    ) == (AsTexts(text="评论", label="标签"),)
    assert offered("en,ja\nThe red cat,赤い猫です\nA small bird,小さい鳥です\n".encode())[0] == AsPairs(
        source="en", target="ja"
    )
    assert offered(b"day,sold\n2024-01-01,1\n2024-01-02,5\n2024-01-03,2\n2024-01-04,9\n") == ()


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (AsTexts(text="x2"), "no column “x2”"),
        (AsSequences(id="id", columns=("kind",)), "“kind” has missing values, or values that aren't numbers"),
        (AsSequences(id="id", label="step", columns=("x",)), "more than one “step”"),
        (AsSequences(id="id", time="kind", columns=("x",)), "“kind” holds neither numbers nor times"),
        (AsSequences(id="id", time="when", columns=("x",)), "no column “when”"),
        (AsSequences(id="id", channel="x", columns=("y",)), "Not every time step has each “x” exactly once"),
    ],
)
def test_what_does_not_fit_is_said(shape, said):
    with pytest.raises(DataError, match=said):
        load_as(LONG, "long.csv", shape)


def test_links_from_before_keep_working():
    old = '{"source":"upload","id":"' + "0" * 32 + '","name":"a.csv"}'
    assert Upload.model_validate_json(old).shape is None
    shape = AsSequences(id="id", columns=("x",))
    new = Upload(id="0" * 32, name="a.csv", shape=shape)
    assert Upload.model_validate_json(new.model_dump_json()) == new


def test_of_very_many_channels_the_first_five_hundred_are_proposed():
    steps = pd.DataFrame({f"x{n}": np.arange(40.0) % 7 + n for n in range(520)})
    frame = steps.assign(id=np.repeat(["a", "b"], 20)).astype({"id": "str"})
    assert len(long_format.propose_columns(frame).columns) == MOST_COLUMNS
