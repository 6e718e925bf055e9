"""Text is read as it was meant, in the encodings that people's files come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.encoding import decode
from components.errors import DataError

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
    assert len(notes) == 1 and name in notes[0] and "guess" in notes[0]


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
        ("ä,ö,ü\n".encode() + b"1,2,\xff\n", ", row 2", "isn't all UTF-8"),
        (b"\xff\xfea\x00b", ", row 1", "isn't all UTF-16"),
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
