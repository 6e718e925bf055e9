"""A page without a browser: the WebSocket over which it speaks with the server, as anybody could write it."""

from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

SECONDS = 60


class PageSocket:
    """An open page.

    Args:
        socket: its connection.
    """

    def __init__(self, socket: ClientConnection):
        self.socket = socket
        self.heard: list[bytes] = []

    def say(self, message: BackMsg) -> None:
        self.socket.send(message.SerializeToString())

    def hear(self, kind: str) -> ForwardMsg:
        """Return the next message of a kind."""
        while True:
            data = self.socket.recv(timeout=SECONDS)
            assert isinstance(data, bytes)
            self.heard.append(data)
            message = ForwardMsg.FromString(data)
            if message.WhichOneof("type") == kind:
                return message

    def run(self) -> str:
        """Have the page run, to its end, and return the id of its session."""
        self.say(BackMsg(rerun_script={}))
        session = self.hear("new_session").new_session.initialize.session_id
        self.hear("script_finished")
        return session

    def upload_urls(self, count: int) -> list[str]:
        """Ask where files may be sent to."""
        self.say(BackMsg(file_urls_request={"request_id": "1", "file_names": ["a.csv"] * count}))
        return [each.upload_url for each in self.hear("file_urls_response").file_urls_response.file_urls]


@contextmanager
def page_socket(
    url: str, cookie: str = "", session: str = "", origin: str | None = None, **headers: str
) -> Iterator[PageSocket]:
    """Open a page of a server, as whoever has a cookie, or wants another's session."""
    wanted = [word for word in ("streamlit", "token" if session else "", session) if word]
    more = {name.replace("_", "-"): value for name, value in headers.items()} | (
        {"cookie": cookie} if cookie else {}
    )
    with connect(
        url.replace("http", "ws", 1) + "/_stcore/stream",
        subprotocols=wanted,  # type: ignore[arg-type]
        origin=origin,  # type: ignore[arg-type]
        additional_headers=more,
        max_size=None,
        proxy=None,
    ) as socket:
        yield PageSocket(socket)
