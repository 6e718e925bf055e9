"""Articles, asked of a server that answers as Wikipedia does."""

import pytest

from components import data
from components.data.datasets import Texts
from components.data.sources.web import fetch
from components.errors import DataError
from tests.fake_web import FakeWeb


def text_of(address: str) -> Texts:
    found = data.load(fetch.fetch(address))
    assert isinstance(found, Texts)
    return found


def test_an_article_is_found_and_is_plain_text(web: FakeWeb) -> None:
    article, category = fetch.search("wikipedia", "moon", {"language": "en"})
    assert (article.detail, category.detail) == ("article", "category")
    found = text_of(article.address)
    assert found.title == "Moon.txt"
    assert found.texts[0].startswith("The Moon is the only natural satellite")
    assert "\n\n\n" not in found.texts[0]
    assert found.provenance.licence.startswith("CC BY-SA")
    assert found.provenance.url == "https://en.wikipedia.org/wiki/Moon"


def test_a_category_is_the_text_of_its_articles(web: FakeWeb) -> None:
    found = text_of("https://en.wikipedia.org/wiki/Category:Sky")
    assert found.title == "Category:Sky.txt"
    assert "satellite of Earth" in found.texts[0]
    assert "fourth planet" in found.texts[0]


def test_the_language_is_the_hosts(web: FakeWeb) -> None:
    fetch.search("wikipedia", "mond", {"language": "de"})
    assert web.asked[0].startswith("de.wikipedia.org/w/api.php?action=query")
    assert fetch.fetch("https://de.m.wikipedia.org/wiki/Moon").name == "Moon.txt"


def test_an_article_that_isnt_there_is_said_so(web: FakeWeb) -> None:
    with pytest.raises(DataError, match="no such page"):
        fetch.fetch("https://en.wikipedia.org/wiki/Xyzzy_plugh")


def test_a_fault_that_wikipedia_reports_is_passed_on(web: FakeWeb) -> None:
    web.give("en.wikipedia.org/w/api.php", '{"error": {"code": "maxlag", "info": "Waiting for a server"}}')
    with pytest.raises(DataError, match="Waiting for a server"):
        fetch.fetch("https://en.wikipedia.org/wiki/Moon")
