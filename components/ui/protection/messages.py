"""What a page and the server say to each other: only what the app needs goes either way."""

from collections.abc import Iterator
from contextlib import suppress

from google.protobuf.message import DecodeError
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from components.ui.protection.sessions import Sessions
from components.ui.visitor import cookie_owner

_ACCEPTED = frozenset(
    {"rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "backend_operation_request"}
)
_ACCEPTED_OPERATIONS = frozenset({"deferred_file", "dataframe_chunk"})
MOST_BYTES = 1 << 19
"""That a page may say at once. Files go another way; all else on a page has a state of a few kilobytes."""
_READ_FIELDS = frozenset({ForwardMsg.NEW_SESSION_FIELD_NUMBER, ForwardMsg.FILE_URLS_RESPONSE_FIELD_NUMBER})
_PROTOCOL_HEADER = "sec-websocket-protocol"


class MessageFilter:
    """Middleware around the WebSocket of a page.

    - A session is taken up again only by the browser that had it, whoever else may know its id.
    - A message that would empty the cache of all visitors, install something on the server or ask for its
      Git repository never reaches Streamlit.
    - What the server would tell of itself (paths, versions, the machine's ids) never reaches the browser.

    Args:
        app: what comes after.
        sessions: where it is noted whose session is whose.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions):
        self.app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        owner = cookie_owner(HTTPConnection(scope).cookies)
        connection = _Connection(self._sessions, owner)

        async def receive_accepted() -> Message:
            while True:
                message = await receive()
                if is_accepted(message.get("bytes") or b""):
                    return message

        async def send_checked(message: Message) -> None:
            if message.get("bytes"):
                message = {**message, "bytes": connection.check(message["bytes"])}
            await send(message)

        try:
            await self.app(self._without_foreign_session(scope, owner), receive_accepted, send_checked)
        finally:
            connection.end()

    def _without_foreign_session(self, scope: Scope, owner: str) -> Scope:
        """Return a handshake without the session that it asks for, if that is another's.

        The id is the third of the subprotocols; see `_parse_subprotocols` of Streamlit's.
        """
        scope = {**scope, "headers": list(scope["headers"])}
        headers = MutableHeaders(scope=scope)
        entries = [entry.strip() for entry in headers.get(_PROTOCOL_HEADER, "").split(",")]
        if len(entries) > 2 and not self._sessions.may_resume(entries[2], owner):
            headers[_PROTOCOL_HEADER] = ", ".join(entries[:2])
        return scope


class _Connection:
    """One WebSocket, and the session that is held through it."""

    def __init__(self, sessions: Sessions, owner: str):
        self._sessions, self._owner = sessions, owner
        self._session_id: str | None = None

    def check(self, data: bytes) -> bytes:
        """Return what may be sent of a message; note what it says of the session."""
        if _READ_FIELDS.isdisjoint(top_level_fields(data)):
            return data
        message = ForwardMsg.FromString(data)
        if message.HasField("new_session"):
            self._session_id = message.new_session.initialize.session_id
            self._sessions.hold(self._session_id, self._owner, self)
            remove_environment(message)
            return message.SerializeToString()
        if self._session_id is not None:
            self._sessions.invite(
                self._session_id, (each.file_id for each in message.file_urls_response.file_urls)
            )
        return data

    def end(self) -> None:
        """Let go of the session, and of the files that were sent to it and that no page has taken."""
        if self._session_id is not None and self._sessions.leave(self._session_id, self):
            runtime.get_instance().uploaded_file_mgr.remove_session_files(self._session_id)


def is_accepted(data: bytes) -> bool:
    """Return whether a message of a browser's may reach Streamlit; what is none at all, Streamlit refuses.

    How long a text field's text may be, Streamlit leaves to the browser; so a message as a whole is bounded.
    """
    if len(data) > MOST_BYTES:
        return False
    with suppress(DecodeError):
        message = BackMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "backend_operation_request":
            return message.backend_operation_request.WhichOneof("payload") in _ACCEPTED_OPERATIONS
        return kind is None or kind in _ACCEPTED
    return True


def remove_environment(message: ForwardMsg) -> None:
    """Remove from a message of a new session where the app lies, what it runs on and the machine's ids."""
    session = message.new_session
    session.main_script_path = session.name
    session.initialize.ClearField("environment_info")
    session.initialize.environment_info.SetInParent()  # the page wants it, if only empty
    session.initialize.ClearField("user_info")
    session.initialize.user_info.SetInParent()


def top_level_fields(data: bytes) -> Iterator[int]:
    """Yield the numbers of the fields of a protobuf message, without reading what is in them.

    Reading megabytes of a chart at each turn would hold up the server.

    Raises:
        IndexError: if it ends too early.
    """
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        yield key >> 3
        match key & 7:
            case 0:
                _, at = _varint(data, at)
            case 1:
                at += 8
            case 2:
                length, at = _varint(data, at)
                at += length
            case _:
                at += 4


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number that begins at a place, and the place after it."""
    value, shift = 0, 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
