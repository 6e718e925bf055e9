"""Share prices on the Data page: finding what is traded, saying which prices, and fetching them."""

from typing import NamedTuple

import streamlit as st

from components.data import yahoo
from components.data.yahoo import INTERVALS, MOST_TICKERS, PERIODS, Listing
from components.engine.engine import engine
from components.recipe import Interval, Period, Quotes
from components.ui.boundary import boundary
from components.ui.words import ago, escape

_HELD = "data.quotes"
_FOUND = "data.found"
_SYMBOLS = "data.symbols"
_INTERVAL = "data.interval"
_PERIOD = "data.period"
_ADJUSTED = "data.adjusted"
_SECONDS = 60  # Yahoo is waited for 25; a worker that still starts takes its time too


class _Question(NamedTuple):
    """What Yahoo is asked, in the order in which `yahoo.fetch` and `yahoo.kept` take it."""

    symbols: tuple[str, ...]
    period: Period
    interval: Interval
    adjusted: bool


def chosen() -> Quotes | None:
    """Let a person say which prices, and give those that were fetched last."""
    with boundary():
        _search()
    _offer_found()
    question = _Question(_symbols(), *_spacing(), _adjusted())
    with boundary():
        _fetch(question)
    return st.session_state.get(_HELD)


def hold(reference: Quotes) -> None:
    """Set the controls to quotes that a link names."""
    st.session_state[_HELD] = reference
    st.session_state[_SYMBOLS] = list(reference.tickers)
    st.session_state[_INTERVAL] = reference.interval
    st.session_state[_PERIOD] = reference.period
    st.session_state[_ADJUSTED] = reference.adjusted


def nothing_yet() -> None:
    """Say what to do while no prices are there."""
    st.info(
        "Search for a company, add its symbol, and press “Fetch the prices”. Funds, currencies, indices and "
        "cryptocurrencies can be found too.",
        title="No prices yet",
        icon=":material/candlestick_chart:",
    )


# --- Which ones --------------------------------------------------------------------------------------


def _search() -> None:
    with (
        st.form("data.search", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        text = st.text_input(
            "Find a company",
            max_chars=200,
            key="data.searched",
            placeholder="Apple, S&P 500, euro…",
            persist_state="session",
        )
        pressed = st.form_submit_button("Search", icon=":material/search:", key="data.search_now")
    if not (pressed and text):
        return
    st.session_state[_FOUND] = ()
    with st.spinner("Asking Yahoo Finance…"):
        found = st.session_state[_FOUND] = engine().ask(yahoo.search, text, timeout=_SECONDS)
    if not found:
        st.caption(f"Nothing is called “{escape(text)}”. Try a shorter part of the name.")


def _offer_found() -> None:
    already = st.session_state.get(_SYMBOLS, ())
    with st.container(gap=None):
        for listing in _found():
            if listing.symbol not in already:
                st.button(
                    _line(listing),
                    key=f"data.add.{listing.symbol}",
                    type="tertiary",
                    icon=":material/add:",
                    disabled=len(already) >= MOST_TICKERS,
                    on_click=_add,
                    args=(listing.symbol,),
                )


def _found() -> tuple[Listing, ...]:
    return st.session_state.get(_FOUND, ())


def _line(listing: Listing) -> str:
    parts = (listing.name, listing.symbol, listing.exchange)
    return " · ".join(escape(part) for part in parts if part)


def _add(symbol: str) -> None:
    st.session_state[_SYMBOLS] = [*st.session_state.get(_SYMBOLS, ()), symbol]


def _symbols() -> tuple[str, ...]:
    already = st.session_state.setdefault(_SYMBOLS, [])
    return tuple(
        st.multiselect(
            "Symbols",
            tuple(dict.fromkeys([*already, *(listing.symbol for listing in _found())])),
            key=_SYMBOLS,
            max_selections=MOST_TICKERS,
            accept_new_options=True,
            on_change=_tidy,
            placeholder="Type one, such as AAPL",
            help="The short names under which things are traded. Several give a table of all their prices.",
            persist_state="session",
        )
    )


def _tidy() -> None:
    """Write typed symbols as the exchanges do, each once."""
    typed = (symbol.strip().upper() for symbol in st.session_state[_SYMBOLS])
    st.session_state[_SYMBOLS] = list(dict.fromkeys(typed))


def _spacing() -> tuple[Period, Interval]:
    st.session_state.setdefault(_INTERVAL, "1d")
    interval: Interval = st.selectbox(
        "A row",
        tuple(INTERVALS),
        key=_INTERVAL,
        format_func=lambda name: INTERVALS[name].label if name in INTERVALS else name,
        persist_state="session",
    )
    periods = INTERVALS[interval].periods
    if st.session_state.get(_PERIOD) not in periods:
        st.session_state[_PERIOD] = "5y" if "5y" in periods else periods[-1]
    period: Period = st.selectbox(
        "How far back",
        periods,
        key=_PERIOD,
        format_func=lambda name: PERIODS.get(name, name),
        persist_state="session",
    )
    return period, interval


def _adjusted() -> bool:
    st.session_state.setdefault(_ADJUSTED, True)
    adjusted = st.toggle("Take dividends out", key=_ADJUSTED, persist_state="session")
    st.caption("On the day a company pays its owners, its price drops by as much. This takes such drops out.")
    return adjusted


# --- Fetching ----------------------------------------------------------------------------------------


def _fetch(question: _Question) -> None:
    known = yahoo.kept(*question) if question.symbols else None
    is_shown = known is not None and known == st.session_state.get(_HELD)
    pressed = st.button(
        "Fetch the prices",
        key="data.fetch",
        type="secondary" if is_shown else "primary",
        icon=":material/download:",
        disabled=not question.symbols,
        help=None if question.symbols else "First choose a symbol.",
        width="stretch",
    )
    if known and not is_shown:
        st.button(
            f"Use the quotes from {ago(yahoo.fetched(known))}",
            key="data.kept",
            icon=":material/history:",
            on_click=hold,
            args=(known,),
            width="stretch",
        )
    if pressed:
        with st.spinner("Asking Yahoo Finance…"):
            st.session_state[_HELD] = engine().ask(yahoo.fetch, *question, timeout=_SECONDS)
        st.rerun()  # the buttons say what can be done now
