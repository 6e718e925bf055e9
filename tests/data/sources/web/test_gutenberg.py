"""Books, asked of servers that answer as Project Gutenberg and its catalogue do."""

import pytest

from components import data
from components.data.datasets import Texts
from components.data.sources.web import fetch
from components.data.sources.web.gutenberg import strip_licence
from components.errors import DataError
from tests.fake_web import FakeWeb

BEGIN, END = "*** START OF THE PROJECT GUTENBERG EBOOK X ***", "*** END OF THE PROJECT GUTENBERG EBOOK X ***"


def test_a_book_is_found_and_read_without_header_and_licence(web: FakeWeb) -> None:
    (match,) = fetch.search("gutenberg", "lighthouse", {})
    assert (match.title, match.detail) == ("The Lighthouse", "No Body · en · no. 99")
    book = data.load(fetch.fetch(match.address))
    assert isinstance(book, Texts)
    assert book.title == "The Lighthouse.txt"
    (text,) = book.texts
    assert text.startswith("The lamp was lit at dusk")
    assert text.rstrip().endswith("the light that he kept.")
    assert any("licence were cut off" in note for note in book.notes)
    assert book.provenance.licence.startswith("Public domain")


def test_a_number_asks_for_that_book(web: FakeWeb) -> None:
    fetch.search("gutenberg", " 99 ", {})
    assert web.asked == ["gutendex.com/books/?ids=99"]


@pytest.mark.parametrize(
    "address",
    [
        "https://www.gutenberg.org/ebooks/99",
        "https://www.gutenberg.org/ebooks/99.txt.utf-8",
        "https://gutenberg.org/files/99/99-0.txt",
        "https://www.gutenberg.org/cache/epub/99/pg99-images.html",
    ],
)
def test_every_address_of_a_book_leads_to_its_text(web: FakeWeb, address: str) -> None:
    assert fetch.fetch(address).name == "The Lighthouse.txt"


@pytest.mark.parametrize(
    "text",
    [
        f"Title: X\n{BEGIN}\nOnce.\n{END}\nLicence",
        f"Title: X\r\n{BEGIN}\r\nOnce.\r\n{END}\r\nLicence",
        "***START OF THIS PROJECT GUTENBERG EBOOK X***\n\nOnce.\n\n***END OF THIS PROJECT GUTENBERG EBOOK***",
        f"{BEGIN}\n\nProduced by Ann\nand Bo\n\nOnce.\nEnd of the Project Gutenberg EBook\n{END}",
        "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04*END*\n\nOnce.\nEnd of Project Gutenberg's\n",
        "Once.\n",
    ],
)
def test_headers_and_licences_of_all_times_are_cut_off(text: str) -> None:
    assert strip_licence(text) == "Once.\n"


def test_a_book_that_isnt_there_is_said_so(web: FakeWeb) -> None:
    with pytest.raises(DataError, match="nothing at this address"):
        fetch.fetch("https://www.gutenberg.org/ebooks/123456789")


def test_a_book_of_nothing_but_a_licence_is_none(web: FakeWeb) -> None:
    web.give("www.gutenberg.org/cache/epub/5/pg5.txt", f"{BEGIN}\n{END}\n", Content_Type="text/plain")
    with pytest.raises(DataError, match="no text"):
        fetch.fetch("https://www.gutenberg.org/ebooks/5")
