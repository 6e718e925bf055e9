"""Files from the web on the Data page: search, choice, address, and fetching again."""

from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st

from components.data.sources.web import fetch
from components.data.sources.web.any_address import AnyAddress
from components.data.sources.web.changes import describe_changes
from components.data.sources.web.source import Choice, Match, Source
from components.errors import DataError
from components.recipe import Origin, Upload
from components.ui.boundary import boundary
from components.ui.data import cleaning
from components.ui.data.own_files import accept_file, fetch_file, show_own_files
from components.ui.dataset_cache import content_of
from components.ui.formatting import escape, time_ago

_SOURCE = "data.web.source"
_ADDRESS = "data.web.address"
_FOUND = "data.web.found"
_FILE = "data.web.file"
_NEWS = "data.web.news"
_HOUR = 3600  # seconds in which a file is taken as it was fetched


def choose_file() -> Upload | None:
    """Let a person choose a file of the web, and return the one that was fetched last."""
    key = _choose_source()
    source = fetch.SOURCES[key]
    st.caption(
        f"{source.description} Licence: {source.licence}." if source.search_label else source.description
    )
    chosen = {choice.name: _choose(key, choice) for choice in source.choices()}
    with boundary():
        if source.search_label is None:
            _fetch_address()
        else:
            _search(key, source, chosen)
    with boundary():
        _show_matches(key, source, chosen)
    with boundary():
        _show_age()
    show_own_files()
    return held_file()


def held_file() -> Upload | None:
    """Return the file that was fetched last."""
    return st.session_state.get(_FILE)


def set_file(reference: Upload) -> None:
    """Set what is shown to a file that was fetched, or to another reading of it."""
    st.session_state[_FILE] = reference


def set_address(origin: Origin) -> None:
    """Set the controls to an address, so that a press fetches it."""
    st.session_state[_SOURCE] = next(key for key, one in fetch.SOURCES.items() if isinstance(one, AnyAddress))
    st.session_state[_ADDRESS] = origin.address


def show_empty_state() -> None:
    """Show what to do while nothing has been fetched."""
    st.info(
        "Search for something, or press one of the examples. A table appears here as a chart, and a text as "
        "its words. “Address of a file” takes any file on the web.",
        title="Nothing fetched yet",
        icon=":material/cloud_download:",
    )


# --- Which one ---------------------------------------------------------------------------------------


def _choose_source() -> str:
    return st.selectbox(
        "From",
        tuple(fetch.SOURCES),
        key=_SOURCE,
        format_func=lambda key: fetch.SOURCES[key].name if key in fetch.SOURCES else key,
        persist_state="session",
    )


def _choose(source: str, choice: Choice) -> str:
    return st.selectbox(
        choice.label,
        tuple(choice.options),
        key=f"data.web.{source}.{choice.name}",
        format_func=lambda option: choice.options.get(option, option),
        help=choice.help or None,
        persist_state="session",
    )


def _search(key: str, source: Source, chosen: Mapping[str, str]) -> None:
    with (
        st.form(f"data.web.search.{key}", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        text = st.text_input(
            source.search_label or "",
            max_chars=200,
            key=f"data.web.words.{key}",
            placeholder=source.placeholder,
            persist_state="session",
        )
        pressed = st.form_submit_button("Search", icon=":material/search:", key=f"data.web.search_now.{key}")
    if not (pressed and text):
        return
    st.session_state[_FOUND] = (key, ())
    with st.spinner(f"Asking {escape(source.name)}…"):
        found = fetch.search(key, text, chosen)
    st.session_state[_FOUND] = (key, found)
    if not found:
        st.caption(f"No match for “{escape(text)}”. Try other words.")


def _fetch_address() -> None:
    with st.form("data.web.fetch", border=False):
        address = st.text_input(
            "Address",
            max_chars=2000,
            key=_ADDRESS,
            placeholder="https://example.org/prices.csv",
            help="The address of the file itself: on most pages, the link of its download button.",
            persist_state="session",
        )
        pressed = st.form_submit_button(
            "Fetch", icon=":material/download:", key="data.web.fetch_now", type="primary"
        )
    if pressed and address.strip():
        _show(_fetched(address))
    st.caption("The file is kept on this server. Everyone with your link sees its address.")


def _show_matches(key: str, source: Source, chosen: Mapping[str, str]) -> None:
    asked, found = st.session_state.get(_FOUND, (key, ()))
    matches: tuple[Match, ...] = found if asked == key else ()
    shown = matches or source.examples
    if not shown:
        return
    if not matches:
        st.caption("For example:")
    with st.container(gap=None):
        for number, match in enumerate(shown):
            pressed = st.button(
                " · ".join(escape(part) for part in (match.title, match.detail) if part),
                key=f"data.web.match.{key}.{number}",
                type="tertiary",
                icon=":material/download:",
            )
            if pressed:
                _show(_fetched(source.address(match, chosen)))


# --- Fetching ----------------------------------------------------------------------------------------


def _fetched(address: str) -> Upload:
    """Return the file of an address, as it was fetched within the hour or anew.

    Raises:
        DataError: if it can't be had, or not be read.
    """
    known = fetch.newest(address)
    if known is not None and known.origin is not None and _age(known.origin) < _HOUR:
        content_of(known)
        return known
    with st.spinner("Fetching…"):
        reference = fetch_file(address)
    return accept_file(reference)


def _show(reference: Upload) -> None:
    st.session_state.pop(_NEWS, None)
    set_file(reference)


def _show_age() -> None:
    """Show how old a file is, and let a person fetch it again."""
    held = held_file()
    if held is None or held.origin is None:
        return
    st.markdown(f"**{escape(held.name)}**, fetched {time_ago(held.origin.fetched)}")
    if st.button("Fetch again", key="data.web.again", icon=":material/refresh:", width="stretch"):
        st.session_state[_NEWS] = _fetch_again(held, held.origin)
    news = st.session_state.get(_NEWS)
    if news:
        st.info(escape(news), icon=":material/fiber_new:")


def _fetch_again(held: Upload, origin: Origin) -> str:
    """Take the newest of what a file was fetched from, read and cleaned in the same way; return what is new.

    Raises:
        DataError: if it can't be had, or not be read.
    """
    with st.spinner("Fetching…"):
        reference = fetch_file(fetch.source_of(origin.address).latest(origin.address))
    if reference.id == held.id:
        set_file(reference.model_copy(update=_reading(held)))
        cleaning.copy_preparation(held, st.session_state[_FILE])
        return f"Nothing has changed since the file was fetched {time_ago(origin.fetched)}."
    named = accept_file(reference)
    same = named.model_copy(update=_reading(held))
    try:
        content_of(same)
    except DataError:  # it has no such sheet or column any more
        same = named
    news = describe_changes(content_of(held.plain), content_of(same.plain))
    cleaning.copy_preparation(held, same)
    set_file(same)
    return news


def _reading(reference: Upload) -> dict[str, object]:
    """Return what a person chose of how to read a file."""
    return reference.model_dump(include={"sheet", "keep", "header", "uneven"}) | {"shape": reference.shape}


def _age(origin: Origin) -> float:
    return (datetime.now(UTC) - origin.fetched).total_seconds()
