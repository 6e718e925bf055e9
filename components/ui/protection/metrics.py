"""Streamlit's metrics: how many people are here, and how much memory they take."""

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_PATH = "_stcore/metrics"


class HiddenMetrics:
    """Middleware that answers as though there were no metrics."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything else on."""
        is_hidden = scope["type"] == "http" and scope["path"].rstrip("/").endswith(_PATH)
        await (Response(status_code=404) if is_hidden else self.app)(scope, receive, send)
