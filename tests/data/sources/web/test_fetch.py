"""A file from the web is kept with where it came from; a link to it repeats it, or says that it changed."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from components import data
from components.data.datasets import Series, Texts
from components.data.sources import upload
from components.data.sources.web import fetch
from components.data.tables.raw_table import RawTable
from components.errors import DataError
from components.recipe import Forecast, Recipe, Upload
from components.settings import settings
from components.storage import Folder
from tests.fake_web import FakeWeb, Page

ROWS = [f"2024-01-{day:02d},{day * 1.5}" for day in range(1, 29)]
TABLE = "\n".join(["day,price", *ROWS, ""])


def test_a_table_by_its_address_is_a_dataset_that_says_where_it_is_from(web: FakeWeb) -> None:
    web.give("example.org/data/prices.csv", TABLE, Content_Type="text/csv")
    reference = fetch.fetch(" https://example.org/data/prices.csv ")
    assert (reference.name, reference.source) == ("prices.csv", "upload")
    found = data.load(reference)
    assert isinstance(found, Series)
    assert found.table["price"].tolist() == [day * 1.5 for day in range(1, 29)]
    facts = {fact.label: fact.value for fact in found.facts()}
    assert facts["Source"].startswith("example.org, as fetched on 20")
    assert found.provenance.url == "https://example.org/data/prices.csv"


def test_a_scheme_neednt_be_typed(web: FakeWeb) -> None:
    web.give("example.org/prices.csv", TABLE)
    assert fetch.fetch("example.org/prices.csv").name == "prices.csv"


def test_a_recipe_names_address_and_hash_and_opens_again(web: FakeWeb) -> None:
    web.give("example.org/prices.csv", TABLE)
    recipe = Recipe(dataset=fetch.fetch("https://example.org/prices.csv"), task=Forecast(target="price"))
    again = Recipe.from_url(recipe.to_url())
    assert isinstance(again.dataset, Upload)
    assert again.dataset.origin is not None
    assert again.dataset.origin.address == "https://example.org/prices.csv"
    assert again == recipe


def lose(reference: Upload) -> None:
    assert reference.origin is not None
    Folder(settings().artifacts).folder("fetched").remove(reference.origin.sha256)


def test_what_is_no_longer_stored_is_fetched_again_if_it_is_the_same(web: FakeWeb) -> None:
    web.give("example.org/prices.csv", TABLE)
    reference = fetch.fetch("https://example.org/prices.csv")
    lose(reference)
    assert isinstance(data.load(reference), Series)
    assert len(web.asked) == 2


def test_a_link_to_what_has_changed_says_so(web: FakeWeb) -> None:
    web.give("example.org/prices.csv", TABLE)
    reference = fetch.fetch("https://example.org/prices.csv")
    lose(reference)
    web.give("example.org/prices.csv", TABLE + "2024-01-29,7\n")
    with pytest.raises(DataError, match="The source has changed since 20") as caught:
        data.load(reference)
    assert caught.value.where == "prices.csv"


def test_nobody_can_have_another_file_stand_under_a_hash(web: FakeWeb) -> None:
    web.give("example.org/prices.csv", TABLE)
    reference = fetch.fetch("https://example.org/prices.csv")
    lose(reference)
    assert reference.origin is not None
    web.give("evil.org/prices.csv", TABLE.replace("1.5", "9.9"))
    forged = reference.model_copy(
        update={"origin": reference.origin.model_copy(update={"address": "https://evil.org/prices.csv"})}
    )
    with pytest.raises(DataError, match="has changed"):
        data.load(forged)
    assert isinstance(data.load(reference), Series)


def test_an_id_that_isnt_of_its_hash_is_refused() -> None:
    origin = {"address": "https://example.org/a.csv", "sha256": "a" * 64, "fetched": "2024-01-01T00:00:00Z"}
    with pytest.raises(ValueError, match="beginning of its hash"):
        Upload.model_validate({"id": "b" * 32, "name": "a.csv", "origin": origin})


def test_the_newest_of_an_address_is_remembered(web: FakeWeb) -> None:
    address = "https://example.org/prices.csv"
    assert fetch.newest(address) is None
    web.give("example.org/prices.csv", TABLE)
    first = fetch.fetch(address)
    assert fetch.newest(address) == first
    web.give("example.org/prices.csv", TABLE + "2024-01-29,7\n")
    second = fetch.fetch(address)
    assert second.id != first.id
    assert fetch.newest(address) == second
    lose(second)
    assert fetch.newest(address) is None


def test_a_file_of_an_unknown_kind_isnt_kept(web: FakeWeb) -> None:
    web.give("example.org/picture.png", b"\x89PNG\r\n\x1a\n", Content_Type="image/png")
    reference = fetch.fetch("https://example.org/picture.png")  # by its beginning it may be a text
    with pytest.raises(DataError):
        upload.accept(reference)
    assert Folder(settings().artifacts).folder("fetched").names() == [fetch._newest_name(_address(reference))]


def _address(reference: Upload) -> str:
    assert reference.origin is not None
    return reference.origin.address


def test_more_than_an_upload_may_have_is_refused(web: FakeWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNROLL_UPLOAD_BYTES", "1000000")
    settings.cache_clear()
    web.pages["example.org/prices.csv"] = Page(TABLE.encode(), claims=2 << 30)
    with pytest.raises(DataError, match="larger than 1 MB"):
        fetch.fetch("https://example.org/prices.csv")
    assert Folder(settings().artifacts).folder("fetched").names() == []


def test_a_text_by_its_address_is_a_text(web: FakeWeb) -> None:
    web.give("example.org/story", "Once upon a time there was a king.\n" * 20, Content_Type="text/plain")
    found = data.load(fetch.fetch("https://example.org/story"))
    assert isinstance(found, Texts)
    assert found.title == "story.txt"


def test_silent_hosts_hold_up_nobody_elses_question(web: FakeWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_FETCH_SECONDS", 0.4)
    web.pages["silent.org/a.csv"] = Page(fault="hang")
    web.give("example.org/prices.csv", TABLE)
    failures: list[str] = []

    def ask() -> None:
        try:
            fetch.fetch("https://silent.org/a.csv")
        except DataError as error:
            failures.append(error.what)

    waiting = [threading.Thread(target=ask) for _ in range(2)]
    for thread in waiting:
        thread.start()
    assert fetch.fetch("https://example.org/prices.csv").name == "prices.csv"
    for thread in waiting:
        thread.join()
    assert len(failures) == 2


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=1)])
def test_every_address_has_a_source(age: timedelta, tmp_path: Path) -> None:
    assert fetch.source_of("https://example.org/") is fetch.SOURCES["address"]
    assert fetch.source_of("https://www.gutenberg.org/ebooks/1342") is fetch.SOURCES["gutenberg"]


def test_search_of_a_garbled_catalogue_is_said_in_words(web: FakeWeb) -> None:
    web.give("gutendex.com/books/", '{"results": [{"name": 1}]}')
    with pytest.raises(DataError, match="garbled"):
        fetch.search("gutenberg", "lighthouse", {})


def test_nothing_is_asked_for_nothing(web: FakeWeb) -> None:
    assert fetch.search("gutenberg", "  ", {}) == ()
    assert not web.asked


def test_a_workbook_without_an_ending_is_read_as_one(web: FakeWeb) -> None:
    from tests.data.readers.workbooks import Sheet, xlsx

    rows = [["day", "sold"], *([f"2024-01-{day:02d}", day] for day in range(1, 20))]
    web.give("example.org/book", xlsx(Sheet(rows, name="Sales")))
    named, found = upload.accept(fetch.fetch("https://example.org/book"))
    assert isinstance(found, RawTable)
    assert named.name == "book.xlsx"
    assert named.origin is not None
    assert found.frame["sold"].tolist() == list(range(1, 20))
