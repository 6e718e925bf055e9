"""What a browser is told to hold the app's pages to."""

import re
from base64 import b64encode
from collections.abc import Collection
from functools import cache
from hashlib import sha256
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


class SecurityHeaders:
    """Middleware that adds them to every answer.

    Args:
        app: what comes after.
        frame_ancestors: whose pages may show the app in a frame, beside its own.
    """

    def __init__(self, app: ASGIApp, frame_ancestors: Collection[str] = ()):
        self.app = app
        self._headers = {
            "content-security-policy": content_security_policy(frame_ancestors),
            "x-content-type-options": "nosniff",
            # An address can hold the link of a run, which is nobody else's business.
            "referrer-policy": "same-origin",
            # A page that opens the app in a window can't send it messages.
            "cross-origin-opener-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and add the headers to the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def content_security_policy(frame_ancestors: Collection[str] = ()) -> str:
    """Return the policy: nothing comes from another host, and no script runs but the app's own.

    Streamlit's parts need what else there is: it writes styles into the page, and hands a component's script
    to the browser as a blob. What it can show but the app doesn't, such as maps, isn't allowed for.
    """
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", "blob:", *_inline_script_hashes()]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "'self' data: blob:",
        "connect-src": "'self' blob:",
        "worker-src": "'self' blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": " ".join(["'self'", *frame_ancestors]),
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


@cache
def _inline_script_hashes() -> tuple[str, ...]:
    """Return the hashes of the scripts that stand in Streamlit's page itself."""
    page = Path(streamlit.__file__).with_name("static") / "index.html"
    scripts = _INLINE_SCRIPT.findall(page.read_text(encoding="utf-8"))
    return tuple(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts)
