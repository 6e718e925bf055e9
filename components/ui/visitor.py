"""Who looks: a random cookie, which is all that owns a run where nobody logs in."""

import re
import secrets
from collections.abc import Mapping
from hashlib import sha256

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "unroll_visitor"
YEAR_SECONDS = 365 * 24 * 3600

_SECRET = re.compile(r"[0-9a-f]{64}")


def visitor() -> str:
    """Name who looks at this page: 32 hexadecimal digits that tell nobody the cookie.

    Where no cookie can be had, a name that lasts as long as the page stays open.
    """
    secret = str(st.context.cookies.get(COOKIE))  # Streamlit's test bench has cookies that are no text
    if not _SECRET.fullmatch(secret):
        secret = st.session_state.setdefault(COOKIE, _new_secret())
    return _name(secret)


def cookie_owner(cookies: Mapping[str, str]) -> str:
    """Return the name of whom a request's cookies belong to; an empty one where none of them is ours."""
    secret = cookies.get(COOKIE, "")
    return _name(secret) if _SECRET.fullmatch(secret) else ""


def _name(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()[:32]


class VisitorCookie:
    """Middleware that hands a browser without the cookie one, together with the page that it asks for."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; add the cookie to the answer where it is due."""
        if not _is_due(scope):
            await self.app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", _set_cookie(secure=_is_secure(scope)))
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _is_due(scope: Scope) -> bool:
    """Return whether a browser asks for a page; the many requests that follow it would each get another."""
    if scope["type"] != "http":
        return False
    request = HTTPConnection(scope)
    asks_for_a_page = "text/html" in request.headers.get("accept", "")
    return asks_for_a_page and not _SECRET.fullmatch(request.cookies.get(COOKIE, ""))


def _is_secure(scope: Scope) -> bool:
    """Return whether the browser came by HTTPS, which may have ended at a proxy before this server."""
    return "https" in (scope["scheme"], HTTPConnection(scope).headers.get("x-forwarded-proto"))


def _set_cookie(secure: bool) -> str:
    answer = Response()
    answer.set_cookie(
        COOKIE, _new_secret(), max_age=YEAR_SECONDS, httponly=True, samesite="lax", secure=secure
    )
    return answer.headers["set-cookie"]


def _new_secret() -> str:
    return secrets.token_hex(32)
