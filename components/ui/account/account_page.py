"""The account: logging in and out, and taking along what this browser had before."""

import streamlit as st

from components.engine.engine import engine
from components.runs.catalog import Holdings
from components.ui.accounts import Account, account, providers
from components.ui.formatting import count, escape
from components.ui.visitor import browser

_TAKEN = "account.taken"


def show_account_page() -> None:
    """Show who is logged in, or with whom one can log in."""
    st.title("Account", anchor=False)
    logged_in = account()
    if logged_in is not None:
        _show_account(logged_in)
    elif not providers():
        st.info("This server has no accounts: runs and files belong to the browser.", icon=":material/info:")
    elif st.context.is_embedded:
        # Providers refuse to be shown in a frame, and so does Streamlit.
        st.info("Open Unroll in a tab of its own to log in.", icon=":material/open_in_new:")
    else:
        _show_login()


def _show_login() -> None:
    st.markdown(
        "Your runs and files belong to this browser. Log in to keep them in your account, and to see "
        "them on any device."
    )
    with st.container(horizontal=True):
        for provider in providers():
            st.button(
                provider.label,
                icon=":material/login:",
                type="primary",
                key=f"login-{provider.name}",
                on_click=st.login,
                args=() if provider.name is None else (provider.name,),
            )


def _show_account(logged_in: Account) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Logged in as **{escape(logged_in.name)}**.", width="content")
        st.button("Log out", icon=":material/logout:", key="logout", on_click=st.logout)
    st.caption("Your runs and files belong to your account: you find them on every device where you log in.")
    if taken := st.session_state.pop(_TAKEN, None):
        st.success(f"Moved to your account: {_said(taken)}.", icon=":material/check:")
    earlier = engine().store.catalog.holdings(browser())
    if earlier.total:
        st.subheader("From before you logged in", anchor=False)
        st.markdown(
            f"This browser has {_said(earlier)} from before you logged in. You can move them to your account."
        )
        st.button(
            "Move to my account",
            icon=":material/move_item:",
            type="primary",
            key="take-along",
            help="After that you need to log in to see them, even in this browser.",
            on_click=_take_along,
            args=(logged_in, earlier),
        )


def _take_along(logged_in: Account, earlier: Holdings) -> None:
    engine().store.catalog.take_along(browser(), logged_in.owner)
    st.session_state[_TAKEN] = earlier


def _said(holdings: Holdings) -> str:
    """Return what a browser has, in words."""
    named = {"run": holdings.runs, "file": holdings.files, "collection": holdings.collections}
    parts = [count(number, noun) for noun, number in named.items() if number]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
