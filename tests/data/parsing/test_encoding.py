"""Text is read as it was meant, in the encodings that people's files come in."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.parsing import encoding as encodings
from components.data.parsing.encoding import transcribe
from components.errors import DataError


def decode(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    text = io.BytesIO()
    notes = transcribe(io.BytesIO(content), text, name)
    return text.getvalue().decode(), notes


TEXTS = {
    "Windows-1252": ("cp1252", "année,température moyenne\nété,forêt\n“naïf”,5 €\n"),
    "Windows-1250": ("cp1250", "rok,wartość\nŁódź,śląskie\nKraków,małopolskie\nGdańsk,zażółć gęślą jaźń\n"),
    "Windows-1251": ("cp1251", "дата,температура\nМосква,дождь\nСанкт-Петербург,снег\nНовосибирск,ясно\n"),
    "Windows-1253": ("cp1253", "ημερομηνία,θερμοκρασία\nΑθήνα,1\nΘεσσαλονίκη,2\n"),
    "Windows-1254": ("cp1254", "yıl,sıcaklık,şehir\n1,İstanbul,güneşli\n2,Şanlıurfa,yağmur\n"),
    "ISO-8859-2": ("iso8859_2", "rok,wartość\nŁódź,śląskie\nKraków,małopolskie\nGdańsk,zażółć gęślą jaźń\n"),
    "CP932": ("cp932", "日付,気温\n東京,晴れ\n大阪,雨のち曇り\n"),
    "GB18030": ("gb18030", "日期,温度\n北京,晴天\n上海,下雨\n"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_guess_is_right_and_says_that_it_is_one(name):
    encoding, text = TEXTS[name]
    found, notes = decode(text.encode(encoding), "my.csv")
    assert found == text
    assert len(notes) == 1 and name in notes[0] and "most likely" in notes[0]


@pytest.mark.parametrize("word", ["März", "°C", "µg/m³", "5 €", "señal", "São", "über", "½", "Øre", "l’été"])
def test_a_single_western_word_is_enough(word):
    assert decode(f"a,b\n{word},1\n".encode("cp1252"), "my.csv")[0] == f"a,b\n{word},1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@given(text=st.text(st.characters(exclude_categories=["C"]), min_size=1).filter(str.strip))
def test_unicode_is_beyond_doubt(encoding, text):
    assert decode(text.encode(encoding), "my.csv") == (text, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", ["date,value\n2020-01-01,1\n", "größe,wert\nfünf,1\n", "température,日付\n1,2\n"]
)
def test_utf_16_is_known_without_its_mark(encoding, text):
    assert decode(text.encode(encoding), "my.csv")[0] == text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_with_line_feeds(end):
    assert decode(f"a{end}b{end}".encode(), "my.csv")[0] == "a\nb\n"


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        (b"", "", "is empty"),
        (b"\xef\xbb\xbf \r\n", "", "is empty"),
        (b"a\0b", "", "isn't a text file"),
        (b"\x89PNG\r\n\x1a\n\xff\x00", "", "isn't a text file"),
        (b"PK\x03\x04\xff\xfe", "", "isn't a text file"),
        ("ä,ö,ü\n".encode() + b"1,2,\xff\n", ", row 2", "not all of the file is UTF-8"),
        (b"\xff\xfea\x00b", ", row 1", "not all of the file is UTF-16"),
    ],
)
def test_what_is_no_text_is_said(content, where, what):
    with pytest.raises(DataError) as caught:
        decode(content, "my.csv")
    assert what in caught.value.what and caught.value.where == f"my.csv{where}" and caught.value.remedy


@given(st.binary(max_size=300))
def test_any_bytes_give_a_text_or_a_data_error(content):
    try:
        text, _ = decode(content, "my.csv")
    except DataError:
        return
    assert text.strip() and "\0" not in text and "\r" not in text


# --- In portions -----------------------------------------------------------------------------------


@pytest.fixture(params=[1, 2, 3, 7])
def portion(monkeypatch, request):
    """Files are read in portions of a few bytes: letters and line ends stand across their borders."""
    monkeypatch.setattr(encodings, "CHUNK", request.param)


ACROSS = "größe;wert\r\nfünf €;1\r\n\r\n東京 𝄞;2\rend"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_letters_may_stand_across_the_border_of_two_portions(portion, encoding):
    text = "a;b\n1;2\n" * 3 + ACROSS
    found, notes = decode(text.encode(encoding), "my.csv")
    assert found == text.replace("\r\n", "\n").replace("\r", "\n")
    assert len(notes) == (encoding in {"utf-16-le", "utf-16-be"})


@pytest.mark.parametrize("name", TEXTS)
def test_older_encodings_may_be_read_in_portions(portion, name, monkeypatch):
    encoding, text = TEXTS[name]
    monkeypatch.setattr(encodings, "_find_encoding", lambda *_: (encoding, False))
    assert decode(text.replace("\n", "\r\n").encode(encoding), "my.csv")[0] == text


def test_the_row_of_a_broken_letter_is_counted_over_portions(portion):
    with pytest.raises(DataError) as caught:
        decode("ä,ö,ü\n1,2,3\n".encode() + b"1,2,\xff\n", "my.csv")
    assert caught.value.where == "my.csv, row 3"


def test_a_letter_that_is_cut_off_at_the_end_is_said(portion):
    with pytest.raises(DataError, match="not all of the file is UTF-8"):
        decode("ä,ö,ü\n1,2,é".encode()[:-1], "my.csv")


@given(st.binary(max_size=60), st.integers(1, 9))
def test_portions_make_no_difference(content, portion):
    def result() -> object:
        try:
            return decode(b"x" + content, "my.csv")
        except DataError as error:
            return str(error)

    whole = result()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encodings, "CHUNK", portion)
        assert result() == whole
