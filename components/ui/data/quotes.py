"""Share prices on the Data page: search, choice and download."""

from typing import NamedTuple

import streamlit as st

from components.data.sources import yahoo
from components.data.sources.market_data import Listing
from components.data.sources.yahoo import INTERVALS, MOST_TICKERS, PERIODS
from components.recipe import Interval, Period, Quotes
from components.ui.boundary import boundary
from components.ui.formatting import escape, time_ago

_QUOTES = "data.quotes"
_RESULTS = "data.found"
_SYMBOLS = "data.symbols"
_INTERVAL = "data.interval"
_PERIOD = "data.period"
_ADJUSTED = "data.adjusted"
_WANTED = "data.wanted"
_EXAMPLES = (
    ("AAPL", "Apple", ":material/domain:"),
    ("^GSPC", "S&P 500", ":material/monitoring:"),
    ("EURUSD=X", "Euro in dollars", ":material/euro:"),
    ("BTC-USD", "Bitcoin", ":material/currency_bitcoin:"),
)


class _QuoteRequest(NamedTuple):
    """What Yahoo is asked, in the order in which `yahoo.fetch` and `yahoo.newest_quotes` take it."""

    symbols: tuple[str, ...]
    period: Period
    interval: Interval
    adjusted: bool


def choose_quotes() -> Quotes | None:
    """Let a person choose prices, and return those that were fetched last."""
    with boundary():
        _show_search()
    _show_search_results()
    _show_examples()
    question = _QuoteRequest(_choose_symbols(), *_choose_interval(), _choose_adjustment())
    with boundary():
        _fetch_quotes(question)
    return st.session_state.get(_QUOTES)


def set_quotes(reference: Quotes) -> None:
    """Set the controls to quotes that a link names."""
    st.session_state[_QUOTES] = reference
    st.session_state[_SYMBOLS] = list(reference.tickers)
    st.session_state[_INTERVAL] = reference.interval
    st.session_state[_PERIOD] = reference.period
    st.session_state[_ADJUSTED] = reference.adjusted


def show_empty_state() -> None:
    """Show what to do while there are no prices."""
    st.info(
        "Search for a company, add its symbol and press “Fetch prices”, or press one of the examples. Funds, "
        "currencies, indices and cryptocurrencies are found as well.",
        title="No prices yet",
        icon=":material/candlestick_chart:",
    )


# --- Which ones --------------------------------------------------------------------------------------


def _show_search() -> None:
    with (
        st.form("data.search", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        text = st.text_input(
            "Company",
            max_chars=200,
            key="data.searched",
            placeholder="Apple, S&P 500, euro…",
            persist_state="session",
        )
        pressed = st.form_submit_button("Search", icon=":material/search:", key="data.search_now")
    if not (pressed and text):
        return
    st.session_state[_RESULTS] = ()
    with st.spinner("Asking Yahoo Finance…"):
        found = st.session_state[_RESULTS] = yahoo.search(text)
    if not found:
        st.caption(f"No match for “{escape(text)}”. Try a shorter part of the name.")


def _show_search_results() -> None:
    already = st.session_state.get(_SYMBOLS, ())
    with st.container(gap=None):
        for listing in _search_results():
            if listing.symbol not in already:
                st.button(
                    _listing_label(listing),
                    key=f"data.add.{listing.symbol}",
                    type="tertiary",
                    icon=":material/add:",
                    disabled=len(already) >= MOST_TICKERS,
                    on_click=_add_symbol,
                    args=(listing.symbol,),
                )


def _show_examples() -> None:
    """Show a row of what many look for, each fetched by a press."""
    if st.session_state.get(_SYMBOLS):
        return
    st.caption("For example:")
    with st.container(horizontal=True, gap="small"):
        for symbol, label, icon in _EXAMPLES:
            st.button(
                label,
                key=f"data.example.{symbol}",
                icon=icon,
                help=f"Fetches the prices of {symbol}.",
                on_click=_take_example,
                args=(symbol,),
            )


def _take_example(symbol: str) -> None:
    _add_symbol(symbol)
    st.session_state[_WANTED] = True


def _search_results() -> tuple[Listing, ...]:
    return st.session_state.get(_RESULTS, ())


def _listing_label(listing: Listing) -> str:
    parts = (listing.name, listing.symbol, listing.exchange)
    return " · ".join(escape(part) for part in parts if part)


def _add_symbol(symbol: str) -> None:
    st.session_state[_SYMBOLS] = [*st.session_state.get(_SYMBOLS, ()), symbol]


def _choose_symbols() -> tuple[str, ...]:
    already = st.session_state.setdefault(_SYMBOLS, [])
    return tuple(
        st.multiselect(
            "Symbols",
            tuple(dict.fromkeys([*already, *(listing.symbol for listing in _search_results())])),
            key=_SYMBOLS,
            max_selections=MOST_TICKERS,
            accept_new_options=True,
            on_change=_normalise_symbols,
            placeholder="For example AAPL",
            help="The short names of traded assets. Several symbols make one table of all their prices.",
            persist_state="session",
        )
    )


def _normalise_symbols() -> None:
    """Write typed symbols as the exchanges do, each once."""
    typed = (symbol.strip().upper() for symbol in st.session_state[_SYMBOLS])
    st.session_state[_SYMBOLS] = list(dict.fromkeys(typed))


def _choose_interval() -> tuple[Period, Interval]:
    st.session_state.setdefault(_INTERVAL, "1d")
    interval: Interval = st.selectbox(
        "Interval",
        tuple(INTERVALS),
        key=_INTERVAL,
        format_func=lambda name: INTERVALS[name].label if name in INTERVALS else name,
        persist_state="session",
    )
    periods = INTERVALS[interval].periods
    if st.session_state.get(_PERIOD) not in periods:
        st.session_state[_PERIOD] = "5y" if "5y" in periods else periods[-1]
    period: Period = st.selectbox(
        "Period",
        periods,
        key=_PERIOD,
        format_func=lambda name: PERIODS.get(name, name),
        persist_state="session",
    )
    return period, interval


def _choose_adjustment() -> bool:
    st.session_state.setdefault(_ADJUSTED, True)
    adjusted = st.toggle("Adjust for dividends", key=_ADJUSTED, persist_state="session")
    st.caption(
        "When a company pays a dividend, its share price drops by that amount. This removes such drops."
    )
    return adjusted


# --- Fetching ----------------------------------------------------------------------------------------


def _fetch_quotes(question: _QuoteRequest) -> None:
    known = yahoo.newest_quotes(*question) if question.symbols else None
    is_shown = known is not None and known == st.session_state.get(_QUOTES)
    pressed = st.button(
        "Fetch prices",
        key="data.fetch",
        type="secondary" if is_shown else "primary",
        icon=":material/download:",
        disabled=not question.symbols,
        help=None if question.symbols else "Choose a symbol first.",
        width="stretch",
    )
    if known and not is_shown:
        st.button(
            f"Use the prices from {time_ago(yahoo.fetch_time(known))}",
            key="data.kept",
            icon=":material/history:",
            on_click=set_quotes,
            args=(known,),
            width="stretch",
        )
    if pressed or st.session_state.pop(_WANTED, False):
        with st.spinner("Asking Yahoo Finance…"):
            st.session_state[_QUOTES] = yahoo.fetch(*question)
        st.rerun()  # the buttons say what can be done now
