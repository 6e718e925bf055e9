"""Points at which long work can be ended: it asks there whether it may go on; by default it may."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Cancelled(Exception):  # noqa: N818 - it is no error: somebody asked for it
    """The work was ended because a person asked for it."""


def _go_on() -> None:
    pass


_check: ContextVar[Callable[[], None]] = ContextVar("check", default=_go_on)


def raise_if_cancelled() -> None:
    """Raise what whoever watches this work ends it by; return at once where it may go on.

    To be called now and then by whatever may take long: between batches, passes or candidates.
    """
    _check.get()()


@contextmanager
def cancellable(check: Callable[[], None]) -> Iterator[None]:
    """Have `raise_if_cancelled` call a function in all that is done in here, in this thread."""
    token = _check.set(check)
    try:
        yield
    finally:
        _check.reset(token)
