"""What pages are told of runs: the store is read once a tick for all, and all get the same bytes."""

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from components.errors import RunError
from components.runs.store import MOST_POINTS, RunMoment, RunStore

TICK_SECONDS = 0.2
"""How old what a page is told may be: a page asks four times a second."""
FIRST_TICK_SECONDS = 0.05
"""The same before a run's first step, which is waited for."""
MOST_POINTS_EACH = 1000
"""Points of each of several runs that are drawn together: their curves share a chart."""
MOST_RUNS = 200
"""Runs whose replies are remembered; those that nobody asks for go first."""


@dataclass
class _Tick:
    """A run as it stood when it was last read, and what pages are told of that moment."""

    began: float = float("-inf")
    moment: RunMoment | None = None
    replies: dict[tuple[int, int, int], bytes] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_over(self) -> bool:
        is_first = self.moment is None or self.moment.step == 0
        return time.monotonic() - self.began > (FIRST_TICK_SECONDS if is_first else TICK_SECONDS)


class SharedUpdates:
    """Replies to pages that ask for what is new of a run. Safe to use from many threads.

    Every reply of a tick tells of the same moment, whatever its page knew before. So at the next tick nearly
    all pages know the same, and one reply is made for all of them.

    Args:
        store: where runs are kept.
    """

    def __init__(self, store: RunStore):
        self._store = store
        self._ticks: OrderedDict[str, _Tick] = OrderedDict()
        self._lock = threading.Lock()

    def at_hand(self, run_id: str, since: int, generation: int) -> bytes | None:
        """Return a reply that was made for another page just before; None where there is none."""
        tick = self._ticks.get(run_id)
        return None if tick is None or tick.is_over else tick.replies.get((since, generation, MOST_POINTS))

    def replies(self, asked: Sequence[tuple[str, int, int]]) -> bytes:
        """Return what is new of several runs, each since an earlier reply, as a list in JSON of `RunUpdate`.

        Args:
            asked: of each its id, and `since` and `generation` as the last reply said.

        Returns:
            In the order in which they are asked for; null where there is no such run.
        """
        return b"[" + b",".join(self._reply_or_null(*one) for one in asked) + b"]"

    def _reply_or_null(self, run_id: str, since: int, generation: int) -> bytes:
        try:
            return self.reply(run_id, since, generation, MOST_POINTS_EACH)
        except RunError:
            return b"null"

    def reply(self, run_id: str, since: int, generation: int, most: int = MOST_POINTS) -> bytes:
        """Return what is new of a run since an earlier reply, as JSON of `RunUpdate`.

        Args:
            run_id: the run.
            since: as the last reply said; 0 at first.
            generation: as the last reply said; anything at first.
            most: points of the learning curves that are given at most.

        Raises:
            RunError: if there is no such run.
        """
        tick = self._tick(run_id)
        with tick.lock:
            if tick.moment is None or tick.is_over:
                tick.moment = self._store.moment(run_id)
                tick.began, tick.replies = time.monotonic(), {}
            made = tick.replies.get((since, generation, most))
            if made is None:
                update = self._store.points_at(tick.moment, since, generation, most)
                made = tick.replies[since, generation, most] = update.model_dump_json().encode()
            return made

    def _tick(self, run_id: str) -> _Tick:
        with self._lock:
            tick = self._ticks.setdefault(run_id, _Tick())
            self._ticks.move_to_end(run_id)
            while len(self._ticks) > MOST_RUNS:
                self._ticks.popitem(last=False)
            return tick
