"""What somebody who knows the protocol can't do: the server is asked without a browser."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from components.ui.protection.connections import MOST_OF_VISITOR
from components.ui.visitor import COOKIE
from tests.live_server import ROOT, LiveServer
from tests.page_socket import PageSocket, page_socket, put

ANN, BOB = (f"{COOKIE}={letter * 64}" for letter in "ab")
MEGABYTE = 2**20


@pytest.fixture
def page(server: LiveServer) -> Iterator[PageSocket]:
    with page_socket(server.url, ANN) as opened:
        yield opened


def send(server: LiveServer, path: str, size: int, cookie: str = ANN) -> int:
    """Send a file and return the status of the answer."""
    return put(server.url + path, "a.csv", bytes(size), cookie)


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null", "http://localhost"])
def test_another_sites_page_is_refused_at_once(server: LiveServer, origin: str) -> None:
    began = time.monotonic()
    with pytest.raises(InvalidStatus) as refused, page_socket(server.url, origin=origin):
        pass
    assert refused.value.response.status_code == 403
    assert time.monotonic() - began < 20  # an address service that doesn't answer takes longer, each time
    assert server.outgoing.read_text() == ""


def test_own_pages_come_in_also_through_a_proxy(server: LiveServer) -> None:
    with page_socket(server.url, origin=server.url) as opened:
        assert opened.run()
    with page_socket(
        server.url, origin="https://unroll.example", x_forwarded_host="unroll.example"
    ) as opened:
        assert opened.run()


def test_a_session_is_not_taken_over_by_who_knows_its_id(server: LiveServer, page: PageSocket) -> None:
    session = page.run()
    for cookie in (BOB, ""):
        with page_socket(server.url, cookie, session=session) as thief:
            assert thief.run() != session
    assert page.run() == session, "its visitor has it still"


def test_a_visitor_comes_back_to_the_same_session(server: LiveServer) -> None:
    with page_socket(server.url, ANN) as opened:
        session = opened.run()
    with page_socket(server.url, ANN, session=session) as again:
        assert again.run() == session


@pytest.mark.parametrize(
    "message",
    [
        BackMsg(clear_cache=True),
        BackMsg(load_git_info=True),
        BackMsg(set_run_on_save=True),
        BackMsg(debug_shutdown_runtime=True),
        BackMsg(backend_operation_request={"request_id": "1", "install_skills": {}}),
    ],
    ids=lambda message: message.WhichOneof("type"),
)
def test_what_no_page_of_ours_says_is_not_heard(page: PageSocket, message: BackMsg) -> None:
    page.run()
    page.heard.clear()
    page.say(message)
    page.run()
    heard = [ForwardMsg.FromString(data) for data in page.heard]
    kinds = {each.WhichOneof("type") for each in heard}
    assert not kinds & {"git_info_changed", "backend_operation_response", "session_event"}
    assert not any(each.new_session.initialize.session_status.run_on_save for each in heard)


def test_a_page_says_neither_where_the_app_lies_nor_what_it_runs_on(page: PageSocket) -> None:
    for name in ("", "data", "train", "results", "inside", "gradients"):
        page.say(BackMsg(rerun_script={"page_name": name}))
        page.hear("script_finished")
    said = b"".join(page.heard)
    assert len(said) > 10_000
    assert str(ROOT).encode() not in said
    assert b"site-packages" not in said
    new = [data for data in page.heard if ForwardMsg.FromString(data).HasField("new_session")]
    assert new
    for data in new:
        assert not re.search(rb"\d+\.\d+\.\d+|[Ll]inux", data), data


def test_a_file_that_no_page_asked_for_is_refused(server: LiveServer, page: PageSocket) -> None:
    session = page.run()
    assert send(server, f"/_stcore/upload_file/{session}/made-up", MEGABYTE) == 403
    asked = page.upload_urls(1)[0]
    assert send(server, asked, MEGABYTE, cookie=BOB) == 403, "it is another's page"
    assert send(server, asked, MEGABYTE) == 204
    assert send(server, asked, MEGABYTE) == 403, "once is enough"


def test_files_that_no_page_takes_are_bounded_and_go_with_their_session(server: LiveServer) -> None:
    size = 130 * MEGABYTE  # four are more than a file may have
    before = server.process.memory_info().rss
    with page_socket(server.url, ANN) as opened:
        opened.run()
        answers = [send(server, url, size) for url in opened.upload_urls(5)]
        assert answers == [204, 204, 204, 429, 429]
    deadline = time.monotonic() + 60
    while server.process.memory_info().rss > before + 100 * MEGABYTE:
        assert time.monotonic() < deadline, "they stayed"
        time.sleep(0.1)


def test_nobody_learns_how_many_are_here(server: LiveServer) -> None:
    for path in ("/_stcore/metrics", "/_stcore/metrics/", "/_stcore/metrics?families=active_sessions"):
        answer = httpx.get(server.url + path)
        assert answer.status_code == 404 or "sessions" not in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/train", "/_stcore/health", "/_stcore/metrics", "/api/runs/x/points", "/media/x"]
)
def test_every_answer_holds_the_browser_to_the_rules(server: LiveServer, path: str) -> None:
    headers = httpx.get(server.url + path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert "unsafe" not in policy["script-src"]
    assert not re.search(r"https?:|\*", headers["content-security-policy"])


def test_two_hundred_silent_pages_take_little_and_hold_up_nobody(server: LiveServer) -> None:
    before = server.process.memory_info().rss
    with ExitStack() as stack:
        for number in range(200):
            cookie = f"{COOKIE}={number:064x}"
            stack.enter_context(page_socket(server.url, cookie))
        began = time.monotonic()
        assert httpx.get(f"{server.url}/_stcore/health", timeout=30).status_code == 200
        with page_socket(server.url, ANN) as opened:
            assert opened.run()
        assert time.monotonic() - began < 20
        assert server.process.memory_info().rss - before < 100 * MEGABYTE


def test_a_browser_has_only_so_many_pages_open(server: LiveServer) -> None:
    with ExitStack() as stack:
        for _ in range(MOST_OF_VISITOR):
            stack.enter_context(page_socket(server.url, BOB))
        with pytest.raises(InvalidStatus), page_socket(server.url, BOB):
            pass
        with page_socket(server.url, ANN) as another:
            assert another.run()


def test_a_large_message_of_a_page_is_refused_before_it_is_whole(server: LiveServer) -> None:
    with page_socket(server.url, ANN) as opened:
        opened.run()
        opened.socket.send(bytes(2 << 20))
        with pytest.raises(ConnectionClosedError) as closed:
            opened.hear("script_finished")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
