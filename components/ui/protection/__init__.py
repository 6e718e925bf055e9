"""What stands between strangers and the app: middleware that each request and each message passes first."""

import streamlit as st
from starlette.middleware import Middleware

from components.settings import Settings
from components.ui.protection.connections import ConnectionLimits
from components.ui.protection.headers import SecurityHeaders
from components.ui.protection.messages import MessageFilter
from components.ui.protection.metrics import HiddenMetrics
from components.ui.protection.origins import OriginCheck
from components.ui.protection.sessions import Sessions
from components.ui.protection.uploads import UploadGate


def protection(settings: Settings) -> list[Middleware]:
    """Return the middleware, outermost first."""
    sessions = Sessions(most_seconds_away=float(st.get_option("server.disconnectedSessionTTL")))
    return [
        Middleware(ConnectionLimits),
        Middleware(SecurityHeaders, frame_ancestors=settings.frame_ancestors),
        *([] if settings.metrics else [Middleware(HiddenMetrics)]),
        Middleware(OriginCheck, origins=settings.origins),
        Middleware(MessageFilter, sessions=sessions),
        Middleware(UploadGate, sessions=sessions, most_bytes=settings.upload_bytes),
    ]
