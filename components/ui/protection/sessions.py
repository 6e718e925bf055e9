"""Whose session is whose: what a browser can do in one, only the same browser can."""

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

_MOST_INVITATIONS = 1000  # files that a session may be about to send


@dataclass
class _Session:
    """A session of Streamlit's.

    Attributes:
        owner: the name of the visitor who has it.
        connection: through which it is held; None while its visitor is away.
        invited: the files that it was told to send.
        left: when its visitor went away, by the monotonic clock.
    """

    owner: str
    connection: object
    invited: OrderedDict[str, None] = field(default_factory=OrderedDict)
    left: float = 0.0


class Sessions:
    """The sessions whose visitors are here, or may come back. All calls come from the event loop.

    Args:
        most_seconds_away: how long a visitor may be away and still come back to the same session.
    """

    def __init__(self, most_seconds_away: float):
        self._most_seconds_away = most_seconds_away
        self._sessions: dict[str, _Session] = {}

    def may_resume(self, session_id: str, owner: str) -> bool:
        """Return whether a visitor may take up a session again; who has no name may not."""
        found = self._sessions.get(session_id)
        return found is not None and bool(owner) and found.owner == owner

    def hold(self, session_id: str, owner: str, connection: object) -> None:
        """Note that a visitor has a session, through a connection."""
        found = self._sessions.get(session_id)
        if found is None:
            self._forget_lost()
            self._sessions[session_id] = _Session(owner, connection)
        elif found.owner == owner:
            found.connection = connection

    def leave(self, session_id: str, connection: object) -> bool:
        """Note that a connection has ended; return whether its session was held through no other."""
        found = self._sessions.get(session_id)
        if found is None or found.connection is not connection:
            return False
        found.connection, found.left = None, time.monotonic()
        found.invited.clear()
        return True

    def is_held(self, session_id: str) -> bool:
        """Return whether a session's visitor is here."""
        found = self._sessions.get(session_id)
        return found is not None and found.connection is not None

    def is_of(self, session_id: str, owner: str) -> bool:
        """Return whether a session is a visitor's, who is here."""
        return self.is_held(session_id) and self._sessions[session_id].owner == owner

    def invite(self, session_id: str, files: Iterable[str]) -> None:
        """Note the files that a session was told to send; of too many, the oldest are forgotten."""
        if self.is_held(session_id):
            invited = self._sessions[session_id].invited
            invited.update(dict.fromkeys(files))
            while len(invited) > _MOST_INVITATIONS:
                invited.popitem(last=False)

    def accept(self, session_id: str, file: str) -> bool:
        """Return whether a session was told to send a file; it may do so once."""
        if not self.is_held(session_id):
            return False
        invited = self._sessions[session_id].invited
        was_invited = file in invited
        invited.pop(file, None)
        return was_invited

    def _forget_lost(self) -> None:
        """Forget the sessions that nobody can come back to."""
        oldest = time.monotonic() - self._most_seconds_away
        lost = [key for key, each in self._sessions.items() if each.connection is None and each.left < oldest]
        for key in lost:
            del self._sessions[key]
