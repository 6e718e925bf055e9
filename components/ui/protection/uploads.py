"""Files on their way to a page: no more than there is room for, and no longer than the page is open."""

import re
import time
from collections import Counter

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from components.ui.protection.sessions import Sessions
from components.ui.visitor import cookie_owner

_PATH = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/(?P<file>[^/]+)/?$")
_FORM_BYTES = 64 << 10  # what a form adds to its file
_SESSIONS_FULL = 2  # how many sessions' worth of files may wait at once
_SECONDS_TO_TAKE = 60  # a page takes a file in a second or so, if it wants it


class UploadGate:
    """Middleware that lets in a file only if a page of the same browser asked for it, and if there is room.

    Streamlit keeps what it is sent in memory until a page takes it, or the session is over.

    Args:
        app: what comes after.
        sessions: which know whose session is whose, and what it was asked for.
        most_bytes: that a session may have waiting.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions, most_bytes: int):
        self.app = app
        self._sessions, self._most_bytes = sessions, most_bytes + _FORM_BYTES
        self._announced: Counter[str] = Counter()  # bytes that are on their way, by their session
        self._received: Counter[str] = Counter()  # those of them that have come
        self._arrived: dict[tuple[str, str], float] = {}  # when, by session and file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a file in, or refuse it; pass on all else."""
        found = _PATH.search(scope["path"]) if scope["type"] == "http" else None
        if found is None or scope["method"] not in ("PUT", "DELETE"):
            await self.app(scope, receive, send)
            return
        session_id, file_id = found["session"], found["file"]
        if not self._sessions.is_of(session_id, cookie_owner(HTTPConnection(scope).cookies)):
            await PlainTextResponse("This page is no longer open.", 403)(scope, receive, send)
        elif scope["method"] == "DELETE":
            await self.app(scope, receive, send)
        else:
            size = Headers(scope=scope).get("content-length", "")
            refusal = self._why_not(session_id, file_id, int(size) if size.isdecimal() else None)
            if refusal is not None:
                await refusal(scope, receive, send)
            else:
                await self._let_in(session_id, file_id, int(size), scope, receive, send)

    def _why_not(self, session_id: str, file_id: str, size: int | None) -> PlainTextResponse | None:
        if size is None:
            return PlainTextResponse("The size of the file must be said first.", 411)
        if size > self._most_bytes:
            return PlainTextResponse("The file is too large.", 413)
        if not self._sessions.accept(session_id, file_id):
            return PlainTextResponse("No page asked for this file.", 403)
        if self._waiting(session_id) + size > self._most_bytes:
            return PlainTextResponse("Another file is still on its way.", 429)
        if not self._make_room(size):
            return _full()
        return None

    async def _let_in(
        self, session_id: str, file_id: str, size: int, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._announced[session_id] += size
        received, has_room = 0, True

        async def receive_counted() -> Message:
            nonlocal received, has_room
            message = await receive()
            came = len(message.get("body", b""))
            received += came
            self._received[session_id] += came
            has_room = self._make_room(0)
            return message if has_room else {"type": "http.disconnect"}

        try:
            await self.app(scope, receive_counted, send)
        except ClientDisconnect:
            if has_room:
                raise
            await _full()(scope, receive, send)
        finally:
            self._announced -= Counter({session_id: size})
            self._received -= Counter({session_id: received})
            self._arrived[session_id, file_id] = time.monotonic()
            if not self._sessions.is_held(session_id):  # its page was closed meanwhile
                _files().remove_session_files(session_id)

    def _waiting(self, session_id: str) -> int:
        """Return the bytes that a session has waiting, or on their way."""
        held = _files().file_storage.get(session_id, {})
        return self._announced[session_id] + sum(len(file.data) for file in tuple(held.values()))

    def _make_room(self, size: int) -> bool:
        """Return whether there is room for so many bytes; what no page has taken in a while goes for it."""
        kept = {
            (session_id, file_id): len(file.data)
            for session_id, files in tuple(_files().file_storage.items())
            for file_id, file in tuple(files.items())
        }
        self._arrived = {key: self._arrived.get(key, 0.0) for key in kept}
        # What is only announced takes no room: else who announces much and sends nothing would keep it.
        excess = sum(kept.values()) + self._received.total() + size - _SESSIONS_FULL * self._most_bytes
        newest = time.monotonic() - _SECONDS_TO_TAKE
        for key, arrived in sorted(self._arrived.items(), key=lambda item: item[1]):
            if excess <= 0 or arrived > newest:
                break
            _files().remove_file(*key)
            excess -= kept[key]
        return excess <= 0


def _full() -> PlainTextResponse:
    return PlainTextResponse("Too many files are on their way. Try again in a minute.", 503)


def _files() -> MemoryUploadedFileManager:
    """Return where Streamlit keeps files until a page takes them."""
    manager = runtime.get_instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)  # `st.App` makes no other
    return manager
