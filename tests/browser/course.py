"""A course's page on another site, which shows a page of the app in a frame."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import quote, unquote, urlsplit


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        shown = unquote(urlsplit(self.path).query)
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(
            f'<h1>Lesson 3</h1><iframe src="{shown}" width="1200" height="900"></iframe>'.encode()
        )

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def course() -> Iterator[str]:
    """Serve such pages, and return their origin. Its host, `localhost`, is another than 127.0.0.1."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def lesson(origin: str, shown: str) -> str:
    """Return the address of the page that shows an address of the app."""
    return f"{origin}/?{quote(shown, safe='')}"
