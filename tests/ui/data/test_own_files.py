import io

import pytest

from components.errors import DataError, LimitError
from components.settings import settings
from components.storage import Folder
from tests.data.sources.web.conftest import own_folder, web  # noqa: F401 - fixtures
from tests.ui.conftest import ANOTHER, ME, page_text

CSV = b"day,value\n" + b"".join(b"2024-01-%02d,%d\n" % (day, day) for day in range(1, 29))


@pytest.fixture
def own(engine, monkeypatch):
    from components.ui.data import own_files

    monkeypatch.setattr(own_files, "visitor", lambda: ME)
    return own_files


def test_a_file_is_its_visitors_and_goes_when_it_cannot_be_read(own, store):
    kept = own.store_file(io.BytesIO(CSV), "days.csv")
    assert own.accept_file(kept).id == kept.id
    assert [(file.name, file.bytes) for file in store.uploads(ME)] == [("days.csv", len(CSV))]
    broken = own.store_file(io.BytesIO(b"\x00\x01"), "broken.xlsx")
    with pytest.raises(DataError):
        own.accept_file(broken)
    assert [file.name for file in store.uploads(ME)] == ["days.csv"]
    assert not Folder(settings().artifacts).folder("uploads").exists(broken.id)


def test_a_file_too_many_is_refused_before_it_is_stored(own, store):
    store.add_upload("a" * 32, ME, "large.csv", settings().visitor_bytes)
    with pytest.raises(LimitError, match="a visitor may keep"):
        own.store_file(io.BytesIO(CSV), "days.csv")
    assert len(store.uploads(ME)) == 1


def test_what_is_fetched_counts_among_the_files_of_who_fetched_it_first(web, own, store, monkeypatch):  # noqa: F811
    web.give("example.org/days.csv", CSV.decode())
    kept = own.fetch_file("https://example.org/days.csv")
    assert [(file.id, file.bytes) for file in store.uploads(ME)] == [(kept.id, len(CSV))]
    monkeypatch.setattr(own, "visitor", lambda: ANOTHER)
    assert own.fetch_file("https://example.org/days.csv").id == kept.id
    assert store.uploads(ANOTHER) == () and len(store.uploads(ME)) == 1


def test_a_fetched_file_too_many_is_refused_and_not_kept(web, own, store):  # noqa: F811
    web.give("example.org/days.csv", CSV.decode())
    store.add_upload("a" * 32, ME, "large.csv", settings().visitor_bytes - 10)
    with pytest.raises(LimitError, match="a visitor may keep"):
        own.fetch_file("https://example.org/days.csv")
    assert not [name for name in Folder(settings().artifacts).folder("fetched").names() if len(name) == 64]
    assert len(store.uploads(ME)) == 1


def test_a_visitor_sees_and_deletes_their_own_files(open_page, store, engine):
    store.add_upload("a" * 32, ME, "mine.csv", 3 * 2**20)
    store.add_upload("b" * 32, ANOTHER, "another's.csv", 100)
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("upload").run()
    assert not bench.exception
    words = page_text(bench)
    assert "mine.csv" in words and "another" not in words
    assert "1 file with 3.0 MB of the 2,048 MB that one visitor may keep" in words
    bench.button(key=f"delete-file-{'a' * 32}").click().run()
    assert not bench.exception
    assert "mine.csv" not in page_text(bench)
    assert [file.name for file in store.uploads(ANOTHER)] == ["another's.csv"]
