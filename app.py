"""The server: the pages of components/ui/shell.py, with the app's own routes, cookie, start and stop."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from components.engine.engine import close_engine, engine
from components.settings import settings
from components.ui.boundary import show_error
from components.ui.disconnect import QuietDisconnect
from components.ui.document import document_routes
from components.ui.home.gallery import draw_thumbnails
from components.ui.process_memory import freeze_modules, limit_malloc
from components.ui.protection import protection
from components.ui.routes import routes
from components.ui.visitor import VisitorCookie

# So that the log says of each line whose it is; Streamlit has a format of its own for its own.
logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Start the engine before the first visitor comes, and stop it after the last has gone."""
    await asyncio.to_thread(draw_thumbnails)  # first, since the engine's start keeps the processor busy
    await asyncio.to_thread(engine)
    freeze_modules()
    try:
        yield
    finally:
        await asyncio.to_thread(close_engine)


limit_malloc()
app = st.App(
    Path(__file__).parent / "components" / "ui" / "shell.py",
    lifespan=lifespan,
    routes=[*document_routes(), *routes(lambda: engine().store)],
    middleware=[*protection(settings()), Middleware(VisitorCookie), Middleware(QuietDisconnect)],
    on_script_error=show_error,
)
