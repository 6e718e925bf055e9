"""Files that wait for a page: few enough, and none that nobody asked for."""

from types import SimpleNamespace

import pytest
from starlette.requests import Request
from starlette.responses import Response
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from components.ui.protection import uploads
from components.ui.protection.sessions import Sessions
from components.ui.protection.uploads import UploadGate
from components.ui.visitor import COOKIE, cookie_owner
from tests.async_runner import run_coroutine

ANN = {COOKIE: "a" * 64}
MOST = 1 << 20


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> MemoryUploadedFileManager:
    kept = MemoryUploadedFileManager("/_stcore/upload_file")
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(uploaded_file_mgr=kept))
    return kept


class Gate:
    """The gate before an endpoint that keeps what it is sent, as Streamlit's does."""

    def __init__(self, files: MemoryUploadedFileManager):
        self.sessions = Sessions(120)
        self.files = files
        self.meanwhile = lambda: None
        self.gate = UploadGate(self._keep, self.sessions, MOST)

    async def _keep(self, scope, receive, send):
        _, session, file = scope["path"].rsplit("/", 2)
        size = int(dict(scope["headers"])[b"content-length"])
        self.meanwhile()
        self.files.add_file(session, UploadedFileRec(file, file, "text/csv", bytes(size)))
        await Response(status_code=204)(scope, receive, send)

    def open(self, session: str, *invited: str) -> object:
        connection = object()
        self.sessions.hold(session, cookie_owner(ANN), connection)
        self.sessions.invite(session, invited)
        return connection

    def put(self, session: str, file: str, size: int | None, method: str = "PUT") -> int:
        answers = []

        async def send(message):
            answers.append(message)

        headers = [(b"cookie", f"{COOKIE}={'a' * 64}".encode())]
        headers += [(b"content-length", str(size).encode())] if size is not None else []
        path = f"/_stcore/upload_file/{session}/{file}"
        scope = {"type": "http", "method": method, "path": path, "headers": headers}
        run_coroutine(self.gate(scope, None, send))
        return answers[0]["status"]


@pytest.fixture
def gate(files: MemoryUploadedFileManager) -> Gate:
    return Gate(files)


def held(files: MemoryUploadedFileManager) -> set[str]:
    return {file for each in files.file_storage.values() for file in each}


def test_only_what_was_asked_for_comes_in(gate: Gate, files: MemoryUploadedFileManager) -> None:
    gate.open("s", "a")
    assert gate.put("s", "b", 1) == 403
    assert gate.put("another", "a", 1) == 403
    assert gate.put("s", "a", None) == 411
    assert gate.put("s", "a", 2 * MOST) == 413
    assert gate.put("s", "a", 1) == 204
    assert gate.put("s", "a", 1) == 403
    assert gate.put("another", "a", None, "DELETE") == 403
    assert held(files) == {"a"}


def test_a_session_has_no_more_waiting_than_one_file_may_have(gate: Gate) -> None:
    gate.open("s", *"abc")
    assert gate.put("s", "a", MOST // 2) == 204
    assert gate.put("s", "b", MOST // 2) == 204
    assert gate.put("s", "c", MOST // 2) == 429
    gate.files.remove_session_files("s")  # a page took them
    gate.sessions.invite("s", "d")
    assert gate.put("s", "d", MOST // 2) == 204


def test_all_sessions_together_are_bounded_and_who_waits_long_makes_room(
    gate: Gate, files: MemoryUploadedFileManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    for session in ("one", "two", "three"):
        gate.open(session, f"of {session}")
    assert gate.put("one", "of one", MOST) == 204
    assert gate.put("two", "of two", MOST) == 204
    assert gate.put("three", "of three", MOST) == 503
    monkeypatch.setattr(uploads, "_SECONDS_TO_TAKE", 0)
    gate.sessions.invite("three", ["again"])
    assert gate.put("three", "again", MOST) == 204
    assert held(files) == {"of two", "again"}


def test_a_file_that_comes_after_its_page_was_closed_does_not_stay(
    gate: Gate, files: MemoryUploadedFileManager
) -> None:
    connection = gate.open("s", "a")
    gate.meanwhile = lambda: gate.sessions.leave("s", connection)
    assert gate.put("s", "a", 10) == 204
    assert held(files) == set()


def test_what_is_announced_and_never_sent_takes_nobodys_room(
    gate: Gate, files: MemoryUploadedFileManager
) -> None:
    answers = []
    for session in ("one", "two", "three"):
        gate.open(session, session)

    def others() -> None:
        gate.meanwhile = lambda: None
        answers.extend(gate.put(session, session, MOST) for session in ("two", "three"))
        files.remove_session_files("two")

    gate.meanwhile = others
    assert gate.put("one", "one", MOST) == 204
    assert answers == [204, 204]


def test_what_there_is_no_room_for_is_stopped_on_its_way(
    files: MemoryUploadedFileManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, portions = [], [bytes(MOST // 4)] * 4

    async def read(scope, receive, send):
        await Request(scope, receive).body()
        await Response(status_code=204)(scope, receive, send)

    async def receive():
        body = portions.pop()
        if len(portions) == 2:  # meanwhile others fill what there was
            monkeypatch.setattr(uploads, "_SESSIONS_FULL", 0)
        return {"type": "http.request", "body": body, "more_body": bool(portions)}

    async def send(message):
        answers.append(message)

    sessions = Sessions(120)
    sessions.hold("s", cookie_owner(ANN), object())
    sessions.invite("s", ["a"])
    headers = [(b"cookie", f"{COOKIE}={'a' * 64}".encode()), (b"content-length", str(MOST).encode())]
    scope = {
        "type": "http",
        "method": "PUT",
        "path": "/_stcore/upload_file/s/a",
        "headers": headers,
    }
    run_coroutine(UploadGate(read, sessions, MOST)(scope, receive, send))
    assert answers[0]["status"] == 503
    assert portions, "the rest wasn't even heard"
