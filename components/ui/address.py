"""The address of a page, which says what the page shows: a link, a reload and a step back bring it again.

A browser brings its address with every request, and hears a moment later what a script has written into it.
Whoever uses a second control within that moment brings the address from before the first one; taken at its
word, it would undo the first. So an address that was only just replaced stands for the one that replaced it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

import streamlit as st

LAG_SECONDS = 2.0
"""How long after a change an older address is no step back in the history."""
_LATEST = "address.latest"


@dataclass(frozen=True)
class _Written:
    """What was written last.

    Attributes:
        page: whose address it is.
        now: the address.
        before: those that it has replaced, one after the other.
        moment: when, on the monotonic clock.
    """

    page: str
    now: dict[str, str]
    before: list[dict[str, str]]
    moment: float


def settle_address() -> None:
    """Bring a browser's address up to what was just written into it. To be called before a page reads it."""
    written, said = _written(), st.query_params.to_dict()
    if written is None or said == written.now:
        return
    if said in written.before and monotonic() - written.moment < LAG_SECONDS:
        st.query_params.from_dict(written.now)
    else:
        del st.session_state[_LATEST]


def change_address(changes: Mapping[str, str | None]) -> None:
    """Write into the address, and leave the rest of it.

    Args:
        changes: what it is to say of each name; None: nothing.
    """
    written, said = _written(), st.query_params.to_dict()
    # Whoever used a control didn't step back.
    now = written.now if written is not None and said in written.before else said
    replace_address({name: value for name, value in {**now, **changes}.items() if value is not None})


def replace_address(said: Mapping[str, str]) -> None:
    """Have the address say this, and nothing else."""
    written, before, now = _written(), st.query_params.to_dict(), dict(said)
    st.query_params.from_dict(now)
    replaced = [*(written.before if written else []), *([written.now] if written else []), before]
    stale = [one for one in replaced if one != now]
    st.session_state[_LATEST] = _Written(_page(), now, stale, monotonic())


def _written() -> _Written | None:
    written = st.session_state.get(_LATEST)
    return written if isinstance(written, _Written) and written.page == _page() else None


def _page() -> str:
    return urlsplit(st.context.url or "").path
