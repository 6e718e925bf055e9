"""A training session: the loop, with a person's hand on it, its states kept and its limits held."""

import math
import time
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Literal

from components.errors import RunError
from components.storage import Folder
from components.training import checkpoints
from components.training.attempt_start import NEW_RUN, AttemptStart
from components.training.control import CommandQueue
from components.training.events import (
    Checkpoint,
    CheckpointsDiscarded,
    Command,
    EpochEnd,
    Event,
    GradientThroughTime,
    Heartbeat,
    Mark,
    Pause,
    Resume,
    Rewind,
    Rollback,
    SetClip,
    SetLearningRate,
    SingleStep,
    Status,
    Steps,
    Stop,
    TrainingStart,
)
from components.training.limits import Budget
from components.training.loop import Loop, clip_threshold

CALL_SECONDS = 0.2
"""Time that one compiled call should take: so often do charts move, and so soon is a command obeyed."""

MOST_PROBES = 200
"""About so many looks into the model a run of an hour has, however long it goes on."""
FIRST_PROBE_SECONDS = 1.5
"""Seconds that a run has before the first, so that its first points come at once."""
PROBE_SHARE = 0.01
"""Share of the training's time that looking into the model may take."""
CHECKPOINT_SHARE = 0.05
"""Share of the time that keeping states may take: those of a large model would soon fill a disk."""
RECENT_SECONDS = 2.0
"""After which what was said has surely left the process: a letter waits a tenth of a second."""
HEARTBEAT_SECONDS = 5.0
"""After so long a silence a run says that it lives."""

SessionEnd = Literal["finished", "stopped", "interrupted"]
Probe = Callable[[], tuple[Event, ...]]


class Session:
    """Trains until the end, a command or a limit; goes on from the newest kept state, if there is one.

    Args:
        loop: a loop that has not run yet.
        emit: takes what the run says.
        control: gives what is said to the run.
        folder: where the run's states are kept.
        budget: what the run may use, and has used.
        probe: looks into the model as it stands; None: nobody does.
        start: what is known of the attempts before.
    """

    def __init__(
        self,
        loop: Loop,
        emit: Callable[[Event], None],
        control: CommandQueue,
        folder: Folder,
        budget: Budget,
        probe: Probe | None = None,
        start: AttemptStart = NEW_RUN,
    ):
        self._loop, self._send, self._control = loop, emit, control
        self._recent = deque[tuple[float, Event]]()
        self._folder, self._budget = folder, budget
        self._start = start
        self._paused, self._stopped, self._portion = False, False, 1
        self._start_time = self._checkpoint_time = self._probe_time = self._said_time = time.monotonic()
        self._probe, self._probe_spent = probe, 0.0
        self._checkpoint_cost = 0.0  # seconds that keeping the last state took
        self._probe_cost: float | None = None  # of the last look; None before the first

    def train(self) -> SessionEnd:
        """Train.

        Raises:
            LimitError: if the run outlives its time or its memory; its state is kept.
            RunError: if the loss is no longer a number.
        """
        turns = self.portions(patience=0.5)
        while True:
            try:
                next(turns)
            except StopIteration as end:
                return end.value

    def portions(self, patience: float = 0.0) -> Generator[int | None, None, SessionEnd]:
        """Train a portion at a time, and say after each at which step it stands; None while it is paused.

        Args:
            patience: seconds that it waits for a command each time that it is asked while it is paused.

        Raises:
            LimitError, RunError: as `train` does.
        """
        self._begin()
        while True:
            heard = self._apply_commands(patience)
            if heard == "parked":
                return "interrupted"
            if heard == "paused":
                self.beat()
                yield None
                continue
            if self._stopped or self._loop.is_over:
                self._run_probe(at_once=True)
                self._save_checkpoint()
                return "stopped" if self._stopped else "finished"
            self._advance(self._portion)
            self._check_limits()
            self.beat()
            yield self._loop.progress.step

    # --- Going on ---------------------------------------------------------------------------------

    def restore(self) -> bool:
        """Take the loop to the newest state that is whole; tell whether there is one."""
        kept = checkpoints.newest(self._folder, self._start.stored)
        if kept is None:
            return False
        self._loop.restore(kept.state)
        self._control.skip(kept.consumed)
        self._paused = self._start.is_recovery and kept.paused
        return True

    def beat(self) -> None:
        """Say that the run lives, if it has said nothing for long."""
        if time.monotonic() - self._said_time > HEARTBEAT_SECONDS:
            self._emit(Heartbeat())

    def _begin(self) -> None:
        is_restored = self.restore()
        recipe, step = self._loop.recipe, self._loop.progress.step
        self._emit(
            TrainingStart(
                parameters=sum(math.prod(v.shape) for v in self._loop.model.trainable_variables),
                layers=self._loop.layers,
                steps_per_epoch=self._loop.steps_per_epoch,
                clip=None if recipe.clipping.mode == "none" else float(self._loop.threshold.numpy()),
            )
        )
        if is_restored:
            # A worker that died may have kept this state before its last words had left it.
            for event in checkpoints.recent_events(self._folder):
                self._send(event)
        if is_restored or self._start.is_recovery:
            # What is kept of later steps isn't whole, or more than the store can be told.
            checkpoints.discard_after(self._folder, step)
            self._emit(Rollback(step=step))
        if is_restored:
            self._emit(Checkpoint(step=step, epoch=self._loop.progress.epoch))
        if self._paused:
            self._budget.pause()
        self._emit(Status(status="paused" if self._paused else "running"))
        if not is_restored and (start := self._loop.measure_start()) is not None:
            self._emit(start)
        if not is_restored or not self._start.is_recovery:
            self._save_checkpoint()  # also in place of that of a paused run: from now on it isn't

    def _advance(self, portion: int) -> None:
        steps = self._loop.run(portion)
        self._emit(steps)
        self._choose_portion(steps)
        self._check_finite(steps)
        if self._loop.at_epoch_end:
            self._emit(self._loop.end_epoch())
        if self._is_checkpoint_due():
            self._save_checkpoint()
        self._run_probe()

    def _run_probe(self, at_once: bool = False) -> None:
        """Have the model looked into, at most once a second and ever more rarely as the run grows long.

        All looks after the first, which also makes itself ready, take at most a hundredth of the time.
        """
        now = time.monotonic()
        if self._probe is None or not (at_once or self._is_probe_due(now)):
            return
        for message in self._probe():
            self._emit(message)
        is_first, self._probe_time = self._probe_cost is None, time.monotonic()
        self._probe_cost = 0.0 if is_first else self._probe_time - now
        self._probe_spent += self._probe_cost

    def _is_probe_due(self, now: float) -> bool:
        running = now - self._start_time
        if self._probe_cost is None:
            return running > FIRST_PROBE_SECONDS
        is_time = now - self._probe_time > max(1.0, running / MOST_PROBES)
        return is_time and self._probe_spent + self._probe_cost <= PROBE_SHARE * running

    def _choose_portion(self, steps: Steps) -> None:
        """Choose how many steps the next call makes; grow gently, since a first call also warms up."""
        fitting = round(CALL_SECONDS * len(steps.losses) / steps.seconds)
        self._portion = max(1, min(fitting, 4 * self._portion))

    def _check_finite(self, steps: Steps) -> None:
        for number, loss in enumerate(steps.losses, steps.first):
            if not math.isfinite(loss):
                self._run_probe(at_once=True)
                self._emit(self._loop.post_mortem(number))
                raise RunError(
                    f"The training diverged: at step {number} the loss wasn't a finite number any more.",
                    remedy="Lower the learning rate or clip the gradients, then train again.",
                )

    def _emit(self, event: Event) -> None:
        """Say something, and remember for a while what belongs to a step."""
        now = self._said_time = time.monotonic()
        if isinstance(event, Steps | EpochEnd | GradientThroughTime | Mark | Rollback):
            self._recent.append((now, event))
        while self._recent and now - self._recent[0][0] > RECENT_SECONDS:
            self._recent.popleft()
        self._send(event)

    def _is_checkpoint_due(self) -> bool:
        """Keep often at first and ever more rarely, so that a long run leaves some dozens of states."""
        now = time.monotonic()
        least = max(1.0, self._checkpoint_cost / CHECKPOINT_SHARE)
        return now - self._checkpoint_time > max(least, (now - self._start_time) / 6)

    def _save_checkpoint(self) -> None:
        begin, state = time.monotonic(), self._loop.state()
        checkpoints.save_recent_events(self._folder, [event for _, event in self._recent])
        checkpoints.save(self._folder, state, self._control.consumed, self._paused)
        self._checkpoint_time = time.monotonic()
        self._checkpoint_cost = self._checkpoint_time - begin
        self._emit(Checkpoint(step=state.progress.step, epoch=state.progress.epoch))
        oldest = checkpoints.discard_oldest(self._folder, self._budget.limits.checkpoint_bytes)
        if oldest is not None:
            self._emit(CheckpointsDiscarded(step=oldest))

    def _check_limits(self) -> None:
        excess = self._budget.excess()
        if excess is not None:
            self._save_checkpoint()
            raise excess

    # --- Obeying ----------------------------------------------------------------------------------

    def _apply_commands(self, patience: float) -> Literal["go", "paused", "parked"]:
        """Obey what was said since the last call; while paused, wait a little for more."""
        while not self._stopped:
            command = self._control.take(timeout=patience if self._paused else 0)
            if command is not None:
                self._apply_command(command)
            elif not self._paused:
                break
            elif self._budget.paused_seconds > self._budget.limits.pause_seconds:
                self._save_checkpoint()
                minutes = self._budget.limits.pause_seconds / 60
                reason = (
                    f"The run was paused for {minutes:.0f} minutes and made room for others. Press Resume to "
                    "continue."
                )
                self._emit(Status(status="interrupted", reason=reason))
                return "parked"
            else:
                return "paused"
        return "go"

    def _apply_command(self, command: Command) -> None:
        match command:
            case Pause():
                self._pause()
            case Resume():
                self._resume()
            case SingleStep():
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
        self._paused = True
        self._budget.pause()
        self._emit(Status(status="paused"))

    def _resume(self) -> None:
        self._paused = False
        self._start_time += self._budget.paused_seconds
        self._budget.resume()
        self._emit(Status(status="running"))

    def _rewind(self, step: int) -> None:
        try:
            kept = checkpoints.load(self._folder, step)
        except FileNotFoundError:
            return  # a page that had not yet heard of an earlier rewind
        left = self._loop.progress.step
        # What was set by hand stays set: a person rewinds in order to try it from there.
        rate, threshold = (float(v.numpy()) for v in (self._loop.learning_rate, self._loop.threshold))
        self._loop.restore(replace(kept.state, learning_rate=rate, threshold=threshold))
        checkpoints.discard_after(self._folder, step)
        self._recent.clear()
        self._emit(Rollback(step=step))
        self._emit(Mark(step=step, what="rewound", value=left))
        self._pause()
