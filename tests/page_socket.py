"""A page without a browser: the WebSocket over which it speaks with the server, as anybody could write it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

SECONDS = 180


class PageSocket:
    """An open page.

    Args:
        socket: its connection.
    """

    def __init__(self, socket: ClientConnection):
        self.socket = socket
        self.heard: list[bytes] = []
        self._upload_controls: tuple[dict[str, Any], str] | None = None

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
        return [each.upload_url for each in self._file_urls(count)]

    def _file_urls(self, count: int) -> list[Any]:
        self.say(BackMsg(file_urls_request={"request_id": "1", "file_names": ["a.csv"] * count}))
        return list(self.hear("file_urls_response").file_urls_response.file_urls)

    def show(self, page: str, *widgets: dict[str, Any], query: str = "") -> list[Any]:
        """Have a page run to its end, with widgets in these states, and return the elements that it shows."""
        self.heard.clear()
        state = {"page_name": page, "query_string": query, "widget_states": {"widgets": widgets}}
        self.say(BackMsg(rerun_script=state))
        self.hear("script_finished")
        heard = [ForwardMsg.FromString(data) for data in self.heard]
        return [each.delta.new_element for each in heard if each.delta.HasField("new_element")]

    def bring(self, url: str, cookie: str, name: str, content: bytes) -> list[Any]:
        """Upload a file on the Data page, as a person does, and return what the page shows of it.

        That has come when the page's script has ended: then the file was read, or wasn't.
        """
        source, uploader = self._upload_controls = self._upload_controls or self._find_upload_controls()
        urls = self._file_urls(1)[0]
        assert put(url + urls.upload_url, name, content, cookie) == 204
        file = {"file_id": urls.file_id, "name": name, "size": len(content), "file_urls": urls}
        return self.show(
            "data",
            source,
            {"id": uploader, "file_uploader_state_value": {"uploaded_file_info": [file]}},
        )

    def _find_upload_controls(self) -> tuple[dict[str, Any], str]:
        """Return the state of the choice of a file, and the id of what takes one."""
        source = {
            "id": widget_id(self.show("data"), "data.source"),
            "string_array_value": {"data": ["Upload"]},
        }
        return source, widget_id(self.show("data", source), "data.file")


def widget_id(elements: list[Any], key: str) -> str:
    """Return the id of the widget that has a key."""
    parts = [getattr(each, each.WhichOneof("type")) for each in elements]
    return next(part.id for part in parts if getattr(part, "id", "").endswith(f"-{key}"))


def put(address: str, name: str, content: bytes, cookie: str) -> int:
    """Send a file to where it may go, and return the status of the answer."""
    server = address.partition("/_stcore")[0]
    token = httpx.get(f"{server}/_stcore/health", timeout=SECONDS).cookies["_streamlit_xsrf"]
    return httpx.put(
        address,
        files={"file": (name, content)},
        headers={"cookie": f"{cookie}; _streamlit_xsrf={token}", "x-xsrftoken": token},
        timeout=SECONDS,
    ).status_code


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
