"""A training session: the loop, with a person's hand on it, its states kept and its limits held."""

import math
import os
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Literal

import psutil

from components.errors import LimitError, RunError
from components.storage import Folder
from components.training import checkpoints
from components.training.control import Control
from components.training.limits import Limits
from components.training.loop import Loop, clip_threshold
from components.training.messages import (
    Checkpoint,
    Command,
    Mark,
    Message,
    OneStep,
    Pause,
    Resume,
    Rewind,
    Rewound,
    SetClip,
    SetLearningRate,
    Started,
    Status,
    Steps,
    Stop,
)

CALL_SECONDS = 0.2
"""Time that one compiled call should take: so often do charts move, and so soon is a command obeyed."""

MOST_LOOKS = 200
"""About so many looks into the model a run of an hour has, however long it goes on."""
FIRST_LOOK = 1.5
"""Seconds that a run has before the first, so that its first points come at once."""
PROBE_SHARE = 0.01
"""Share of the training's time that looking into the model may take."""

Outcome = Literal["finished", "stopped", "interrupted"]
Probe = Callable[[], tuple[Message, ...]]


class Session:
    """Trains until the end, a command or a limit; goes on from the latest kept state, if there is one.

    Args:
        loop: a loop that has not run yet.
        emit: takes what the run says.
        control: gives what is said to the run.
        folder: where the run's states are kept.
        limits: what the run may use.
        probe: looks into the model as it stands; None: nobody does.
    """

    def __init__(
        self,
        loop: Loop,
        emit: Callable[[Message], None],
        control: Control,
        folder: Folder,
        limits: Limits,
        probe: Probe | None = None,
    ):
        self._loop, self._emit, self._control = loop, emit, control
        self._folder, self._limits = folder, limits
        self._paused, self._stopped, self._portion = False, False, 1
        self._began = self._kept = self._held = self._probed = time.monotonic()
        self._probe, self._probe_pause, self._probe_cost = probe, FIRST_LOOK, 0.0
        self._process = psutil.Process(os.getpid())

    def train(self) -> Outcome:
        """Train.

        Raises:
            LimitError: if the run outlives its time or its memory; its state is kept.
            RunError: if the loss is no longer a number.
        """
        turns = self.turns(patience=0.5)
        while True:
            try:
                next(turns)
            except StopIteration as end:
                return end.value

    def turns(self, patience: float = 0.0) -> Generator[int | None, None, Outcome]:
        """Train a portion at a time, and say after each at which step it stands; None while it is paused.

        Args:
            patience: seconds that it waits for a command each time that it is asked while it is paused.

        Raises:
            LimitError, RunError: as `train` does.
        """
        self._begin()
        while True:
            heard = self._obey(patience)
            if heard == "parked":
                return "interrupted"
            if heard == "paused":
                yield None
                continue
            if self._stopped or self._loop.is_over:
                self._look_inside(at_once=True)
                self._keep()
                return "stopped" if self._stopped else "finished"
            self._advance(self._portion)
            self._hold_limits()
            yield self._loop.progress.step

    # --- Going on ---------------------------------------------------------------------------------

    def _begin(self) -> None:
        kept = checkpoints.steps(self._folder)
        if kept:
            state, consumed = checkpoints.load(self._folder, kept[-1])
            self._loop.restore(state)
            self._control.skip(consumed)
        recipe = self._loop.recipe
        self._emit(
            Started(
                parameters=sum(math.prod(v.shape) for v in self._loop.model.trainable_variables),
                layers=self._loop.layers,
                steps_per_epoch=self._loop.steps_per_epoch,
                clip=None if recipe.clipping.mode == "none" else float(self._loop.threshold.numpy()),
            )
        )
        if kept:
            self._emit(Rewound(step=kept[-1]))
        self._emit(Status(status="running"))
        if not kept:
            self._keep()

    def _advance(self, portion: int) -> None:
        steps = self._loop.run(portion)
        self._emit(steps)
        self._pace(steps)
        self._refuse_nonsense(steps)
        if self._loop.at_epoch_end:
            self._emit(self._loop.end_epoch())
        if self._is_time_to_keep():
            self._keep()
        self._look_inside()

    def _look_inside(self, at_once: bool = False) -> None:
        """Have the model looked into, at most once a second and ever more rarely as the run grows long."""
        now = time.monotonic()
        rarely = max(self._probe_pause, (now - self._began) / MOST_LOOKS)
        if self._probe is None or not (at_once or now - self._probed > rarely):
            return
        for message in self._probe():
            self._emit(message)
        self._probed = time.monotonic()
        # A look that also makes something ready says nothing of what the next will cost.
        cost, before = self._probed - now, self._probe_cost
        self._probe_pause, self._probe_cost = max(1.0, min(cost, before) / PROBE_SHARE), cost

    def _pace(self, steps: Steps) -> None:
        """Choose how many steps the next call makes; grow gently, since a first call also warms up."""
        fitting = round(CALL_SECONDS * len(steps.losses) / steps.seconds)
        self._portion = max(1, min(fitting, 4 * self._portion))

    def _refuse_nonsense(self, steps: Steps) -> None:
        for number, loss in enumerate(steps.losses, steps.first):
            if not math.isfinite(loss):
                self._look_inside(at_once=True)
                self._emit(self._loop.post_mortem(number))
                raise RunError(
                    f"At step {number} the loss stopped being a number: the training blew up.",
                    remedy="Lower the learning rate or clip the gradients, and train again.",
                )

    def _is_time_to_keep(self) -> bool:
        """Keep often at first and ever more rarely, so that a long run leaves some dozens of states."""
        now = time.monotonic()
        return now - self._kept > max(1.0, (now - self._began) / 6)

    def _keep(self) -> None:
        state = self._loop.state()
        checkpoints.save(self._folder, state, self._control.consumed)
        self._kept = time.monotonic()
        self._emit(Checkpoint(step=state.progress.step, epoch=state.progress.epoch))

    def _hold_limits(self) -> None:
        if time.monotonic() - self._began > self._limits.seconds:
            self._keep()
            raise LimitError(
                f"This run reached the time limit of {self._limits.seconds:.0f} seconds.",
                remedy="Press Resume to go on from where it stands, or train a smaller model.",
            )
        if self._process.memory_info().rss > self._limits.memory:
            self._keep()
            raise LimitError(
                f"This run needs more memory than the {self._limits.memory / 2**30:.1f} GB it may use.",
                remedy="Choose a smaller batch, a shorter window or fewer units.",
            )

    # --- Obeying ----------------------------------------------------------------------------------

    def _obey(self, patience: float) -> Literal["go", "paused", "parked"]:
        """Obey what was said since the last call; while paused, wait a little for more."""
        while not self._stopped:
            command = self._control.take(timeout=patience if self._paused else 0)
            if command is not None:
                self._do(command)
            elif not self._paused:
                break
            elif time.monotonic() - self._held > self._limits.pause_seconds:
                self._keep()
                minutes = self._limits.pause_seconds / 60
                reason = f"Paused for {minutes:.0f} minutes, it made room for others. Press Resume to go on."
                self._emit(Status(status="interrupted", reason=reason))
                return "parked"
            else:
                return "paused"
        return "go"

    def _do(self, command: Command) -> None:
        match command:
            case Pause():
                self._pause()
            case Resume():
                self._resume()
            case OneStep():
                if not self._loop.is_over:
                    self._advance(1)
                self._pause()
            case Stop():
                self._stopped = True
            case Rewind(step=step):
                self._rewind(step)
            case SetLearningRate(value=value):
                self._loop.learning_rate.assign(value)
                self._emit(Mark(step=self._loop.progress.step, what="learning_rate", value=value))
            case SetClip(value=value):
                if clip_threshold(self._loop.recipe.clipping) is not None:
                    self._loop.threshold.assign(value)
                    self._emit(Mark(step=self._loop.progress.step, what="clip", value=value))

    def _pause(self) -> None:
        if not self._paused:
            self._paused, self._held = True, time.monotonic()
        self._emit(Status(status="paused"))

    def _resume(self) -> None:
        if self._paused:
            self._paused = False
            self._began += time.monotonic() - self._held  # a pause costs no training time
        self._emit(Status(status="running"))

    def _rewind(self, step: int) -> None:
        try:
            state, _ = checkpoints.load(self._folder, step)
        except FileNotFoundError:
            return  # a page that had not yet heard of an earlier rewind
        left = self._loop.progress.step
        # What was set by hand stays set: a person rewinds in order to try it from there.
        rate, threshold = (float(v.numpy()) for v in (self._loop.learning_rate, self._loop.threshold))
        self._loop.restore(replace(state, learning_rate=rate, threshold=threshold))
        checkpoints.forget_after(self._folder, step)
        self._emit(Rewound(step=step))
        self._emit(Mark(step=step, what="rewound", value=left))
        self._pause()
