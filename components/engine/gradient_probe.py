"""Looking into a model while it learns, so that what is seen becomes something that a run says."""

import logging
from dataclasses import astuple
from typing import Any

from components.insight.gradient_watch import GradientWatch
from components.training.events import GradientThroughTime
from components.training.loop import Loop, assign_values

logger = logging.getLogger(__name__)


class GradientProbe:
    """Says how much each time step weighs in the loss: the first time as it was before the first update too.

    Nothing is made ready before it is first asked, so that no run's first step has to wait for it.

    Args:
        loop: that has made no update yet, and not gone on from a kept state either.
        problem: that it trains on.
    """

    def __init__(self, loop: Loop, problem: Any):
        self._loop, self._problem = loop, problem
        self._first = loop.best_variables  # those that it begins with
        self._gradient_watch: GradientWatch | None = None
        self._has_failed = False

    def __call__(self) -> tuple[GradientThroughTime, ...]:
        """Look at the model as it stands. No run ends because nobody could look into it."""
        if self._has_failed:
            return ()
        try:
            return self._measure_due()
        except Exception:
            logger.exception("A model couldn't be looked into; its run goes on without")
            self._has_failed = True
            return ()

    def _measure_due(self) -> tuple[GradientThroughTime, ...]:
        if self._gradient_watch is not None:
            return (self._measure(self._gradient_watch, self._loop.progress.step),)
        self._gradient_watch = GradientWatch(self._loop.model, self._problem)
        now = self._loop.state().variables
        assign_values(self._loop.model.variables, self._first)
        try:
            before = self._measure(self._gradient_watch, 0)
        finally:
            assign_values(self._loop.model.variables, now)
            self._first = []
        step = self._loop.progress.step
        return (before, self._measure(self._gradient_watch, step)) if step else (before,)

    def _measure(self, watch: GradientWatch, step: int) -> GradientThroughTime:
        seen = watch.measure()
        return GradientThroughTime(
            step=step,
            length=seen.length,
            rows=seen.rows,
            norms=seen.norms,
            ratios=seen.ratios,
            pressed=tuple(map(astuple, seen.pressed)),
        )
