"""Looking into a model while it learns, so that what is seen becomes something that a run says."""

import logging
from dataclasses import astuple
from typing import Any

from components.insight.watch import Watch
from components.training.loop import Loop, assign
from components.training.messages import ThroughTime

logger = logging.getLogger(__name__)


class Looker:
    """Says how much each time step weighs in the loss: the first time as it was before the first update too.

    Nothing is made ready before it is first asked, so that no run's first step has to wait for it.

    Args:
        loop: that has made no update yet, and not gone on from a kept state either.
        problem: that it trains on.
    """

    def __init__(self, loop: Loop, problem: Any):
        self._loop, self._problem = loop, problem
        self._first = loop.best_variables  # those that it begins with
        self._watch: Watch | None = None
        self._is_blind = False

    def __call__(self) -> tuple[ThroughTime, ...]:
        """Look at the model as it stands. No run ends because nobody could look into it."""
        if self._is_blind:
            return ()
        try:
            return self._looks()
        except Exception:
            logger.exception("A model couldn't be looked into; its run goes on without")
            self._is_blind = True
            return ()

    def _looks(self) -> tuple[ThroughTime, ...]:
        if self._watch is not None:
            return (self._look(self._watch, self._loop.progress.step),)
        self._watch = Watch(self._loop.model, self._problem)
        now = self._loop.state().variables
        assign(self._loop.model.variables, self._first)
        try:
            before = self._look(self._watch, 0)
        finally:
            assign(self._loop.model.variables, now)
            self._first = []
        step = self._loop.progress.step
        return (before, self._look(self._watch, step)) if step else (before,)

    def _look(self, watch: Watch, step: int) -> ThroughTime:
        seen = watch.look()
        return ThroughTime(
            step=step,
            length=seen.length,
            rows=seen.rows,
            norms=seen.norms,
            ratios=seen.ratios,
            pressed=tuple(map(astuple, seen.pressed)),
        )
