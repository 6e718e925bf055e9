"""A table is read as texts, pairs or sequences where a person says so, and offered where it fits."""

import pytest

from components import data
from components.data.dataset import Pairs, Sequences, Texts
from components.data.shapes import fitting
from components.data.upload import read
from components.errors import DataError
from components.recipe import AsPairs, AsSequences, AsTexts, Upload
from tests.data.files import keep

REVIEWS = b"review,stars\nI like it,good\nvery bad thing,bad\nso so la,good\nnot my cup,bad\n"
WORDS = b"english;french\nthe red cat;le chat rouge\na bird;\na dog;un chien\n"
LONG = b"id,step,x,y,kind\n7,1,1,10,up\n7,2,2,20,up\n9,1,3,30,down\n9,2,4,40,down\n9,3,5,50,down\n"


def shaped(content: bytes, name: str, shape) -> data.dataset.Dataset:
    return data.load(keep(content, name).model_copy(update={"shape": shape}))


def test_a_column_of_texts_and_one_of_labels():
    found = shaped(REVIEWS, "reviews.csv", AsTexts(text="review", label="stars"))
    assert isinstance(found, Texts) and found.texts[0] == "I like it"
    assert found.classes.names == ("bad", "good") and found.classes.codes.tolist() == [1, 0, 1, 0]
    assert shaped(REVIEWS, "reviews.csv", AsTexts(text="review")).classes is None


def test_two_columns_are_pairs_and_an_empty_side_is_said():
    found = shaped(WORDS, "words.csv", AsPairs(source="english", target="french"))
    assert isinstance(found, Pairs) and found.names == ("english", "french")
    assert found.targets == ("le chat rouge", "un chien") and "1 of 3 rows" in found.notes[0]


def test_a_long_table_is_sequences():
    found = shaped(LONG, "long.csv", AsSequences(id="id", label="kind", columns=("x", "y")))
    assert isinstance(found, Sequences) and found.lengths.tolist() == [2, 3]
    assert found.sequence(1).tolist() == [[3, 30], [4, 40], [5, 50]]
    assert found.answer.names == ("down", "up") and found.answer.codes.tolist() == [1, 0]


def test_what_fits_is_offered():
    def offered(content: bytes) -> tuple:
        return fitting(read(keep(content, "a.csv")).frame)

    assert offered(REVIEWS) == (AsTexts(text="review", label="stars"),)
    assert offered(WORDS)[0] == AsPairs(source="english", target="french")
    assert offered(LONG)[0] == AsSequences(id="id", label="kind", columns=("step", "x", "y"))
    assert offered(b"day,sold\n2024-01-01,1\n2024-01-02,5\n2024-01-03,2\n2024-01-04,9\n") == ()


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (AsTexts(text="x2"), "no column “x2”"),
        (AsSequences(id="id", columns=("kind",)), "“kind” holds something else than numbers"),
        (AsSequences(id="id", label="step", columns=("x",)), "more than one “step”"),
    ],
)
def test_what_does_not_fit_is_said(shape, said):
    with pytest.raises(DataError, match=said):
        shaped(LONG, "long.csv", shape)


def test_links_from_before_keep_working():
    old = '{"source":"upload","id":"' + "0" * 32 + '","name":"a.csv"}'
    assert Upload.model_validate_json(old).shape is None
    shape = AsSequences(id="id", columns=("x",))
    new = Upload(id="0" * 32, name="a.csv", shape=shape)
    assert Upload.model_validate_json(new.model_dump_json()) == new
