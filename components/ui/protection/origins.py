"""Pages of other sites: none of them may speak for a visitor."""

import logging
from collections.abc import Collection
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_POLICY_VIOLATION = 1008  # RFC 6455, section 7.4.1

log = logging.getLogger(__name__)


class OriginCheck:
    """Middleware that refuses what a browser sends on behalf of another site's page.

    The app's own pages are those of the host that was asked: by the header Host or, behind a proxy,
    X-Forwarded-Host, which no page can make a browser send. Who sends no Origin is no browser's page.

    Streamlit has such a check, too, but asks an address service on the internet before it refuses, and
    holds up everybody meanwhile. So a WebSocket reaches it as though the host of its Origin had been asked.
    The Origin itself it needs: an account's cookie counts only on the pages that its provider was told of.

    Args:
        app: what comes after.
        origins: others that are allowed, as `https://host` or `https://host:port`.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str] = ()):
        self.app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        is_socket = scope["type"] == "websocket"
        if not is_socket and (scope["type"] != "http" or scope["method"] in _SAFE_METHODS):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        foreign = [origin for origin in headers.getlist("origin") if not self._is_allowed(origin, headers)]
        if foreign:
            log.warning("Refused a page of %.200r; UNROLL_ORIGINS can allow it", foreign[0])
            refusal = WebSocketClose(_POLICY_VIOLATION) if is_socket else Response(status_code=403)
            await refusal(scope, receive, send)
            return
        if is_socket and "origin" in headers:
            scope = _as_of_its_origin(scope, headers["origin"])
        await self.app(scope, receive, send)

    def _is_allowed(self, origin: str, headers: Headers) -> bool:
        if not st.get_option("server.enableCORS"):  # Streamlit's own switch; some hosts turn it off
            return True
        if origin in self._origins or origin in st.get_option("server.corsAllowedOrigins"):
            return True
        hosts = [*headers.getlist("host"), *headers.get("x-forwarded-host", "").split(",")]
        return any(is_of_host(origin, host.strip()) for host in hosts)


def _as_of_its_origin(scope: Scope, origin: str) -> Scope:
    """Return a handshake that says one Origin, and asks that one's host."""
    others = [pair for pair in scope["headers"] if pair[0] not in (b"host", b"origin")]
    own = [(b"host", urlsplit(origin).netloc.encode("latin-1")), (b"origin", origin.encode("latin-1"))]
    return {**scope, "headers": own + others}


def is_of_host(origin: str, host: str) -> bool:
    """Return whether a page's origin is that of a host, given as `name` or `name:port`."""
    try:
        page = urlsplit(origin)
        asked = urlsplit(f"{page.scheme}://{host}")
        default = _DEFAULT_PORTS[page.scheme]
        return bool(page.hostname) and (page.hostname, page.port or default) == (
            asked.hostname,
            asked.port or default,
        )
    except (KeyError, ValueError):  # neither http nor https, or no port at all
        return False
