"""Visitors who leave: a browser may close its connection at any time, which is no error of ours."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class QuietDisconnect:
    """Middleware that lets go what is sent over a WebSocket whose other end has closed it.

    That the visitor has left comes in as a message of its own, which ends the session in good order. Until it
    is read, Uvicorn answers whatever is sent with an error; Streamlit then takes the connection for closed by
    itself, closes it again, and two tracebacks are in the log.
    """

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and keep quiet about what no longer arrives."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        is_accepted = False

        async def send_while_open(message: Message) -> None:
            nonlocal is_accepted
            try:
                await send(message)
            except (OSError, RuntimeError):  # Uvicorn raises either, as it finds the connection closed
                if not is_accepted:
                    raise
            is_accepted |= message["type"] == "websocket.accept"

        await self.app(scope, receive, send_while_open)
