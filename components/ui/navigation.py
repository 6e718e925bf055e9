"""The pages: where each lies, what it is called, and links to them."""

from enum import StrEnum
from pathlib import Path

import streamlit as st

from components.ui.accounts import account, providers

_FOLDER = Path(__file__).resolve().parents[2] / "pages"


class Page(StrEnum):
    """A page; its value is the path of its script, which is how Streamlit knows it."""

    HOME = str(_FOLDER / "home.py")
    DATA = str(_FOLDER / "data.py")
    TRAIN = str(_FOLDER / "train.py")
    RESULTS = str(_FOLDER / "results.py")
    INSIDE = str(_FOLDER / "inside.py")
    GRADIENTS = str(_FOLDER / "gradients.py")
    RUNS = str(_FOLDER / "runs.py")
    COMPARE = str(_FOLDER / "compare.py")
    TUNE = str(_FOLDER / "tune.py")
    ACCOUNT = str(_FOLDER / "account.py")


def menu_pages() -> list[st.Page]:
    """List the pages in the order of the menu. Home has the address `/`, the others their own."""
    return [
        st.Page(Page.HOME, title="Home", icon=":material/home:", default=True),
        st.Page(Page.DATA, title="Data", icon=":material/ssid_chart:", url_path="data"),
        st.Page(Page.TRAIN, title="Train", icon=":material/model_training:", url_path="train"),
        st.Page(Page.RESULTS, title="Results", icon=":material/insights:", url_path="results"),
        st.Page(Page.RUNS, title="Runs", icon=":material/table_rows:", url_path="runs"),
        st.Page(Page.TUNE, title="Tune", icon=":material/tune:", url_path="tune"),
        st.Page(Page.INSIDE, title="Inside", icon=":material/troubleshoot:", url_path="inside"),
        st.Page(Page.GRADIENTS, title="Gradients", icon=":material/gradient:", url_path="gradients"),
        # Reached with runs to compare, from the table or from a run.
        st.Page(
            Page.COMPARE,
            title="Compare",
            icon=":material/compare_arrows:",
            url_path="compare",
            visibility="hidden",
        ),
        _account_page(),
    ]


def _account_page() -> st.Page:
    """Return the page of the account, which stands in the menu where the server has accounts."""
    return st.Page(
        Page.ACCOUNT,
        title="Log in" if account() is None else "Account",
        icon=":material/person:",
        url_path="account",
        visibility="visible" if providers() else "hidden",
    )


def open_page(page: Page, **query: str) -> None:
    """Turn to a page; what follows isn't run."""
    st.switch_page(page, query_params=query)


def page_link(page: Page, label: str, icon: str = "", **query: str) -> None:
    """Draw a link to a page."""
    st.page_link(page, label=label, icon=icon or None, query_params=query)


def page_button(page: Page, label: str, icon: str, *, primary: bool = False, **query: str) -> None:
    """Draw a button to a page, for the one thing that is to do next."""
    name = f"to-{page.name}-{label}"
    if st.button(label, icon=icon, type="primary" if primary else "secondary", key=name):
        open_page(page, **query)
