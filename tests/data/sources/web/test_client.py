"""The line to the web against a host on loopback that misbehaves in every known way."""

import gzip
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from components.data.sources.web import client, public_address
from components.data.sources.web.client import WebClient
from components.errors import DataError
from components.settings import settings
from tests.fake_web import FakeWeb, Page

TABLE = b"day,price\n2024-01-01,1\n"
MOST = 1 << 20


def fetch(address: str, tmp_path: Path, most: int = MOST, seconds: float = 5) -> bytes:
    target = tmp_path / "file"
    WebClient(seconds).download(address, target, most)
    return target.read_bytes()


def error_of(question: Callable[[], object]) -> DataError:
    with pytest.raises(DataError) as caught:
        question()
    assert caught.value.remedy
    assert caught.value.where
    return caught.value


def test_a_file_comes_as_it_is_for_an_agent_that_names_itself(web: FakeWeb, tmp_path: Path) -> None:
    web.give("example.org/a.csv", TABLE)
    assert fetch("https://example.org/a.csv", tmp_path) == TABLE
    assert web.agents and all(agent.startswith("Unroll/") for agent in web.agents)


def test_what_is_packed_on_the_way_is_unpacked(web: FakeWeb, tmp_path: Path) -> None:
    web.give("example.org/a.csv", gzip.compress(TABLE), Content_Encoding="gzip")
    assert fetch("https://example.org/a.csv", tmp_path) == TABLE


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "nothing at this address"),
        (410, "nothing at this address"),
        (401, "doesn't let everyone have this"),
        (403, "doesn't let everyone have this"),
        (429, "too many requests"),
        (503, "too busy"),
        (500, "fault of its own"),
        (418, "status 418"),
    ],
)
def test_each_refusal_has_its_words(web: FakeWeb, tmp_path: Path, status: int, words: str) -> None:
    web.pages["example.org/a.csv"] = Page(b"<html>no</html>", status)
    assert words in error_of(lambda: fetch("https://example.org/a.csv", tmp_path)).what


def test_a_host_that_wants_a_short_pause_gets_it(web: FakeWeb, tmp_path: Path) -> None:
    web.pages["example.org/a.csv"] = [Page(status=429, headers={"Retry-After": "0"}), Page(TABLE)]
    assert fetch("https://example.org/a.csv", tmp_path) == TABLE
    assert len(web.asked) == 2


def test_a_long_pause_is_told_instead_of_waited_for(web: FakeWeb, tmp_path: Path) -> None:
    web.pages["example.org/a.csv"] = Page(status=429, headers={"Retry-After": "120"})
    assert error_of(lambda: fetch("https://example.org/a.csv", tmp_path)).remedy == "Try again in 2 minutes."
    assert len(web.asked) == 1


def test_a_pause_until_a_date_is_understood(web: FakeWeb, tmp_path: Path) -> None:
    later = {"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"}
    web.pages["example.org/a.csv"] = Page(status=503, headers=later)
    assert "minutes" in error_of(lambda: fetch("https://example.org/a.csv", tmp_path)).remedy


@pytest.mark.parametrize(
    "wait",
    ["9" * 5000, "Mon, 20 Nov 1995 19:12:08 +" + "9" * 30, "Mon, 20 Nov 99999999999 19:12:08 GMT", "²", "-1"],
)
def test_a_pause_that_is_none_is_no_fault_of_ours(web: FakeWeb, tmp_path: Path, wait: str) -> None:
    web.pages["example.org/a.csv"] = Page(status=429, headers={"Retry-After": wait})
    error = error_of(lambda: fetch("https://example.org/a.csv", tmp_path))
    assert error.remedy == "Try again in a few minutes."


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_a_silent_host_is_given_up(web: FakeWeb, tmp_path: Path, fault: str) -> None:
    web.pages["example.org/a.csv"] = Page(TABLE * 10, fault=fault)
    begun = time.monotonic()
    error = error_of(lambda: fetch("https://example.org/a.csv", tmp_path, seconds=0.5))
    assert "doesn't answer in time" in error.what
    assert time.monotonic() - begun < 5


def test_a_truncated_file_is_none(web: FakeWeb, tmp_path: Path) -> None:
    web.pages["example.org/a.csv"] = Page(TABLE, fault="truncated")
    assert "broke off" in error_of(lambda: fetch("https://example.org/a.csv", tmp_path)).what


def test_an_empty_file_is_none(web: FakeWeb, tmp_path: Path) -> None:
    web.give("example.org/a.csv", b"")
    assert "empty file" in error_of(lambda: fetch("https://example.org/a.csv", tmp_path)).what


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "text/html"),
        (b"\n  <!-- hello -->\n<HTML>Log in</HTML>", "text/csv"),
        (b"<div>Log in</div>", "text/html; charset=utf-8"),
    ],
)
def test_a_page_instead_of_a_table_is_refused(
    web: FakeWeb, tmp_path: Path, content: bytes, kind: str
) -> None:
    web.give("example.org/a.csv", content, Content_Type=kind)
    assert "web page" in error_of(lambda: fetch("https://example.org/a.csv", tmp_path)).what


def test_two_gigabytes_are_refused_before_they_come(web: FakeWeb, tmp_path: Path) -> None:
    web.pages["example.org/a.csv"] = Page(TABLE, claims=2 << 30)
    assert "larger than 1 MB" in error_of(lambda: fetch("https://example.org/a.csv", tmp_path)).what
    assert (tmp_path / "file").stat().st_size == 0


def test_what_unpacks_to_too_much_is_refused(web: FakeWeb, tmp_path: Path) -> None:
    web.give("example.org/a.csv", gzip.compress(b"0" * (8 << 20)), Content_Encoding="gzip")
    assert "larger than 1 MB" in error_of(lambda: fetch("https://example.org/a.csv", tmp_path)).what
    assert (tmp_path / "file").stat().st_size <= MOST


def test_redirects_are_followed_a_few_times(web: FakeWeb, tmp_path: Path) -> None:
    web.pages["example.org/old"] = Page(status=302, headers={"Location": "/new"})
    web.pages["example.org/new"] = Page(status=301, headers={"Location": "https://files.example.org/a.csv"})
    web.give("files.example.org/a.csv", TABLE)
    assert fetch("https://example.org/old", tmp_path) == TABLE
    web.pages["example.org/round"] = Page(status=302, headers={"Location": "/round"})
    assert "again and again" in error_of(lambda: fetch("https://example.org/round", tmp_path)).what


@pytest.mark.parametrize(
    "goal", ["http://127.0.0.1:8080/", "http://169.254.169.254/latest", "http://[::1]/", "http://2130706433/"]
)
def test_a_redirect_into_our_own_network_is_refused(web: FakeWeb, tmp_path: Path, goal: str) -> None:
    web.pages["example.org/a.csv"] = Page(status=302, headers={"Location": goal})
    assert "private network" in error_of(lambda: fetch("https://example.org/a.csv", tmp_path)).what
    assert len(web.asked) == 1


@pytest.mark.parametrize("goal", ["http://[::1", "//[", "http://a]/", "https://b:99999999/"])
def test_a_redirect_to_what_is_no_address_is_refused(web: FakeWeb, tmp_path: Path, goal: str) -> None:
    web.pages["example.org/a.csv"] = Page(status=302, headers={"Location": goal})
    assert "that isn't an address" in (
        what := error_of(lambda: fetch("https://example.org/a.csv", tmp_path)).what
    ) or (what == "This isn't a web address.")


@pytest.mark.parametrize("goal", ["file:///etc/passwd", "ftp://example.org/", "gopher://example.org/"])
def test_a_redirect_away_from_the_web_is_refused(web: FakeWeb, tmp_path: Path, goal: str) -> None:
    web.pages["example.org/a.csv"] = Page(status=302, headers={"Location": goal})
    assert "isn't a web address" in error_of(lambda: fetch("https://example.org/a.csv", tmp_path)).what


def test_a_host_is_asked_one_thing_at_a_time(web: FakeWeb, tmp_path: Path) -> None:
    web.pages["example.org/a.csv"] = Page(TABLE, fault="slow")
    threads = [
        threading.Thread(target=WebClient(10).get, args=("https://example.org/a.csv",)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(web.asked) == 4
    assert web.together == 1


def test_an_answer_is_kept_on_disk_for_a_while(web: FakeWeb) -> None:
    web.give("example.org/list.json", '{"a": 1}')
    for _ in range(3):
        assert WebClient(5).get_json("https://example.org/list.json", timedelta(hours=1)) == {"a": 1}
    assert len(web.asked) == 1
    assert WebClient(5).get_json("https://example.org/list.json") == {"a": 1}
    assert len(web.asked) == 2


def test_the_cache_keeps_the_newest_alone(web: FakeWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_MOST_KEPT", 2)
    for n in range(4):
        web.give(f"example.org/{n}", "{}")
        WebClient(5).get(f"https://example.org/{n}", timedelta(hours=1))
    assert len(list((settings().cache / "web").iterdir())) == 2


def test_what_isnt_json_is_said_to_be_garbled(web: FakeWeb) -> None:
    web.give("example.org/list.json", "[1, 2")
    assert "garbled" in error_of(lambda: WebClient(5).get_json("https://example.org/list.json")).what


def test_a_setting_switches_all_of_it_off(
    web: FakeWeb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNROLL_FETCH", "false")
    settings.cache_clear()
    with pytest.raises(DataError, match="switched off"):
        fetch("https://example.org/a.csv", tmp_path)
    assert not web.asked


# --- Without a stand-in: the wall itself ---------------------------------------------------------------


def port_of(web: FakeWeb) -> str:
    return web.url.rpartition(":")[2]


def test_a_host_on_loopback_isnt_asked_at_all(bare_web: FakeWeb, tmp_path: Path) -> None:
    assert "private network" in error_of(lambda: fetch(f"{bare_web.url}/a.csv", tmp_path)).what
    assert not bare_web.asked


def test_the_address_that_was_checked_is_the_one_that_is_asked(
    bare_web: FakeWeb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is looked up once. Nobody else knows it, so only the checked address can lead there."""
    asked: list[str] = []

    def look_up(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port))]

    monkeypatch.setattr(public_address.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(public_address, "is_public", lambda ip: str(ip) == "127.0.0.1")
    address = f"rebinding.example.org:{port_of(bare_web)}/a.csv"
    bare_web.give(address, TABLE)
    assert fetch(f"http://{address}", tmp_path) == TABLE
    assert asked == ["rebinding.example.org"]
    # The second time it leads elsewhere, and that is seen before anything is asked.
    assert "private network" in error_of(lambda: fetch(f"http://{address}", tmp_path)).what
    assert len(bare_web.asked) == 1


def test_a_host_that_isnt_known_is_said_so(own_folder: None, tmp_path: Path) -> None:
    assert "can't be found" in error_of(lambda: fetch("https://nowhere.invalid/a.csv", tmp_path)).what


def test_a_proxy_of_the_servers_own_is_asked_instead(
    bare_web: FakeWeb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", bare_web.url)
    bare_web.pages["http:"] = Page(TABLE)
    target = tmp_path / "file"
    monkeypatch.setattr(FakeWeb, "page", lambda *_: Page(TABLE))
    WebClient(5).download("http://nowhere.invalid/a.csv", target, MOST)
    assert target.read_bytes() == TABLE
    assert any("nowhere.invalid/a.csv" in asked for asked in bare_web.asked)
    assert "private network" in error_of(lambda: fetch("http://127.0.0.1/a.csv", tmp_path)).what
    monkeypatch.setenv("no_proxy", "nowhere.invalid")
    assert "can't be found" in error_of(lambda: fetch("http://nowhere.invalid/a.csv", tmp_path)).what
