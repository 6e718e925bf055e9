"""Who looks: an account where somebody has logged in, else the browser, by a random cookie."""

import re
import secrets
from collections.abc import Mapping
from hashlib import sha256

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.ui.accounts import account

COOKIE = "unroll_visitor"
FRAMED_COOKIE = "unroll_visitor_framed"
"""The same for a page in a frame of another site: each such site has one of its own."""
YEAR_SECONDS = 365 * 24 * 3600

_SECRET = re.compile(r"[0-9a-f]{64}")
_XSRF_COOKIE = "_streamlit_xsrf="
_FRAMED = "SameSite=None; Secure; Partitioned"
_LAX = re.compile(r"SameSite=Lax(; Secure)?", re.IGNORECASE)


def visitor() -> str:
    """Name who looks at this page: 32 hexadecimal digits, of their account or else of their browser."""
    logged_in = account()
    return browser() if logged_in is None else logged_in.owner


def browser() -> str:
    """Name the browser that shows this page: 32 hexadecimal digits that tell nobody the cookie.

    Where no cookie can be had, a name that lasts as long as the page stays open.
    """
    secret = _secret(st.context.cookies) or st.session_state.setdefault(COOKIE, _new_secret())
    return _name(secret)


def has_cookie() -> bool:
    """Return whether the browser that shows this page can be known again."""
    return bool(_secret(st.context.cookies))


def cookie_owner(cookies: Mapping[str, str]) -> str:
    """Return the name of the browser that a request's cookies belong to; an empty one where none is ours."""
    secret = _secret(cookies)
    return _name(secret) if secret else ""


def _secret(cookies: Mapping[str, str]) -> str:
    found = (str(cookies.get(name)) for name in (COOKIE, FRAMED_COOKIE))  # a test bench's are no text
    return next((value for value in found if _SECRET.fullmatch(value)), "")


def _name(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()[:32]


class VisitorCookie:
    """Middleware that hands a browser without the cookie one, together with the page that it asks for.

    A browser gives a frame none of the cookies that its site has elsewhere. Over HTTPS, though, a frame may
    have cookies of its own for each site that it stands in (CHIPS: partitioned cookies), so it is handed one.
    There, Streamlit's cookie against forged requests is made such a one too: without it no file could be
    sent.
    """

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; add the cookie to the answer where it is due."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        is_due = _is_due(request)
        is_framed = _is_secure(request) and _is_framed(request)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                if is_framed:
                    _partition_xsrf(message)
                if is_due:
                    cookie = _set_cookie(_is_secure(request), is_framed)
                    MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self.app(scope, receive, send_with_cookie if is_due or is_framed else send)


def _is_due(request: HTTPConnection) -> bool:
    """Return whether a browser asks for a page; the many requests that follow it would each get another."""
    return "text/html" in request.headers.get("accept", "") and not _secret(request.cookies)


def _is_framed(request: HTTPConnection) -> bool:
    """Return whether a page in a frame asks; its first request says so, the others bring its cookie."""
    return request.headers.get("sec-fetch-dest") == "iframe" or FRAMED_COOKIE in request.cookies


def _is_secure(request: HTTPConnection) -> bool:
    """Return whether the browser came by HTTPS, which may have ended at a proxy before this server."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto"))


def _set_cookie(secure: bool, framed: bool) -> str:
    # Written out: Python's own cookies learn of Partitioned in 3.14.
    name = FRAMED_COOKIE if framed else COOKIE
    reach = _FRAMED if framed else "SameSite=lax" + "; Secure" * secure
    return f"{name}={_new_secret()}; HttpOnly; Max-Age={YEAR_SECONDS}; Path=/; {reach}"


def _partition_xsrf(message: Message) -> None:
    message["headers"] = [
        (name, _LAX.sub(_FRAMED, value.decode("latin-1")).encode("latin-1"))
        if name == b"set-cookie" and value.startswith(_XSRF_COOKIE.encode())
        else (name, value)
        for name, value in message["headers"]
    ]


def _new_secret() -> str:
    return secrets.token_hex(32)
