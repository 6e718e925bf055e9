"""Who can't be known again is told so, and what to do about it."""

from urllib.parse import urlencode

import streamlit as st

from components.ui.accounts import account
from components.ui.visitor import has_cookie


def show_cookie_notice() -> None:
    """Say that runs belong to the open page only, where the browser keeps no cookie of this one."""
    if account() is None and not has_cookie():
        st.caption(
            "Your browser keeps no cookie from this page, so you keep runs and files only while the page "
            f"stays open. [Open Unroll in its own tab]({_own_address()}) to keep them."
        )


def _own_address() -> str:
    """Return the address of this page, without what makes it a part of another's."""
    return f"{st.context.url or '/'}?{urlencode(st.query_params.to_dict())}".rstrip("?")
