"""Processes killed at random and at the worst moments: does every run end as the unbroken one did?

A server's engine, its scheduler, a nanny and a worker are real processes, and SIGKILL ends one of them while
a run prepares, trains, validates, writes a checkpoint, is evaluated, is paused or waits in line. A server
that was killed is started again, as whatever runs it would; nobody presses anything else. Both rounds go on
at once, each with a server, a store and a worker of its own.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
from sqlalchemy import select

from components.recipe import Forecast, Generated, Preparation, Recipe, Recurrent, Training
from components.runs import schema
from components.runs.artifacts import RunFiles
from components.runs.event_writer import ACTIVE
from components.runs.store import RunStore
from components.training.events import Pause, Resume
from tests.benchmarks.kill_points import FOLDER, REACHED, WANTED
from tests.benchmarks.ledger import ROOT, Ledger
from tests.benchmarks.measurement import Measurement

VICTIMS = ("worker", "nanny", "scheduler", "server")
PHASES = (
    "preparing",
    "training",
    "validating",
    "writing a checkpoint",
    "evaluating",
    "paused",
    "waiting in line",
)
ROUNDS = 2
KILLED_AT = (40, 150)
"""The step, in each round, from which on a run is killed that trains or is paused."""
EPOCHS = 200
PATIENCE = 240.0  # seconds
OWNER = "a" * 32

SERVER = """
import signal, sys
from components.engine.engine import Engine
from components.runs.store import RunStore
from components.settings import settings

engine = Engine(settings(), RunStore(settings().database), ("tests.benchmarks.kill_points",))
signal.pause()
"""


@dataclass(frozen=True)
class Kill:
    """What became of a run.

    Attributes:
        victim: the process that was killed.
        phase: of the run, at that moment.
        number: of the round.
        status: that the run ended with.
        seconds: from the kill to the run's end.
        same: whether all its losses are those of the unbroken run, bit for bit.
        notice: what its page says.
    """

    victim: str
    phase: str
    number: int
    status: str
    seconds: float
    same: bool
    notice: str

    @property
    def is_well(self) -> bool:
        """Whether nothing was lost."""
        return self.status == "finished" and self.same


@dataclass(frozen=True)
class Pair:
    """The same kill in all rounds."""

    kills: tuple[Kill, ...]


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Kill each process in each phase, and yield how many runs came through, and how long it took."""
    kills: list[Kill] = []
    with TemporaryDirectory() as home, ThreadPoolExecutor(ROUNDS) as rounds:
        stages = [_Stage(Path(home) / str(number), number) for number in range(ROUNDS)]

        def kill(item: tuple[str, str]) -> Pair:
            return Pair(tuple(rounds.map(lambda stage: stage.kill(*item), stages)))

        try:
            for pair in ledger.pieces(Pair, product(PHASES, VICTIMS), kill, " ".join):
                kills += pair.kills
                print("\n".join(map(_row, pair.kills)), flush=True)
        finally:
            for stage in stages:
                stage.close()
    for victim in VICTIMS:
        own = [kill for kill in kills if kill.victim == victim]
        if own:
            well = sum(kill.is_well for kill in own)
            yield Measurement.of(f"runs that came through, {victim} killed", [well], "runs", "all", len(own))
            yield Measurement.of(
                f"from the kill to the end of the run, {victim} killed", [kill.seconds for kill in own], "s"
            )
    print(_table(kills))


class _Stage:
    """A server with one worker, started when it's needed, and its store."""

    def __init__(self, home: Path, number: int):
        home.mkdir()
        self._home, self._number = home, number
        self._database, self._artifacts = f"sqlite:///{home / 'runs.sqlite'}", str(home / "artifacts")
        self._store = RunStore(self._database)
        self._process: psutil.Popen | None = None
        self._unbroken: tuple[np.ndarray, list[float]] | None = None

    def kill(self, phase: str, victim: str) -> Kill:
        """Start a run, kill a process once the run is so far, and wait for its end."""
        self._serve()
        if self._unbroken is None:
            self._unbroken = self._losses(self._finish(self._start(_recipe())))
        blocker = self._start(_recipe()) if phase == "waiting in line" else None
        if phase not in ("training", "paused", "waiting in line"):
            (self._home / WANTED).write_text(phase)
        run = self._start(_recipe())
        self._wait_for(run, phase, blocker)
        killed = time.monotonic()
        self._end(victim)
        if self._store.run(blocker or run).step == self._unbroken[0].shape[1] and phase != "evaluating":
            raise RuntimeError(f"the run that was to be killed while {phase} was over before")
        if victim == "server":
            self._process = None
            self._serve()
        if phase == "paused":
            _until(lambda: self._is_paused_again(run))
            self._store.add_command(run, 2, Resume().model_dump_json())
        with suppress(TimeoutError):
            self._finish(run)
        seconds, end = time.monotonic() - killed, self._store.run(run)
        number = self._number + 1
        return Kill(victim, phase, number, end.status, round(seconds, 1), self._is_same(run), end.reason)

    def close(self) -> None:
        """End the server and all its processes."""
        if self._process is not None:
            self._process.kill()
        self._store.close()

    def _serve(self) -> None:
        """Have a server that looks after runs."""
        if self._process is None:
            environment = {
                "UNROLL_WORKERS": "1",
                "UNROLL_DATABASE": self._database,
                "UNROLL_ARTIFACTS": self._artifacts,
                "PYTHONPATH": str(ROOT),
                FOLDER: str(self._home),
            }
            with (self._home / "server.log").open("ab") as log:
                self._process = psutil.Popen(
                    [sys.executable, "-c", SERVER],
                    env=os.environ | environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
        _until(self._server_ids)

    def _server_ids(self) -> list[str]:
        """List the ids of the server in the store; none before it has come up."""
        query = select(schema.servers.c.id).where(schema.servers.c.process == self._process.pid)
        with self._store._database.reader.connect() as connection:
            return list(connection.execute(query).scalars())

    def _start(self, recipe: Recipe) -> str:
        run = self._store.add(recipe, OWNER, "killed")
        (server,) = self._server_ids()
        self._store.begin(run.id, server)
        return run.id

    def _wait_for(self, run: str, phase: str, blocker: str | None) -> None:
        if blocker is not None:
            _until(lambda: self._store.run(blocker).step > 0)
        elif phase == "training":
            _until(lambda: self._store.run(run).step > KILLED_AT[self._number])
        elif phase == "paused":
            _until(lambda: self._store.run(run).step > KILLED_AT[self._number])
            self._store.add_command(run, 1, Pause().model_dump_json())
            _until(lambda: self._store.run(run).status == "paused")
        else:
            _until((self._home / REACHED).exists)
            (self._home / REACHED).unlink()

    def _is_paused_again(self, run: str) -> bool:
        """Return whether a run is paused that lost its worker since it was paused."""
        now = self._store.run(run)
        return now.status not in ACTIVE or (now.status == "paused" and "stopped" in now.reason)

    def _end(self, victim: str) -> None:
        server = self._process
        family = server.children(recursive=True)
        chosen = {
            "server": lambda: server,
            "scheduler": lambda: _of_class(family, "distributed.Scheduler"),
            "nanny": lambda: _of_class(family, "distributed.Nanny"),
            "worker": lambda: max(
                _of_class(family, "distributed.Nanny").children(), key=lambda one: one.memory_info().rss
            ),
        }[victim]()
        os.kill(chosen.pid, signal.SIGKILL)
        if victim == "server":
            server.wait()

    def _finish(self, run: str) -> str:
        _until(lambda: self._store.run(run).status not in ACTIVE)
        return run

    def _losses(self, run: str) -> tuple[np.ndarray, list[float]]:
        """Return every number of each update, and each epoch's validation loss."""
        return self._store.curves(run), [end.validation for end in self._store.epochs(run)]

    def _is_same(self, run: str) -> bool:
        curves, validation = self._losses(run)
        steps, losses = self._unbroken
        return (
            curves.shape == steps.shape
            and curves.tobytes() == steps.tobytes()
            and validation == losses
            and RunFiles.of(self._artifacts, run).has_result()
        )


def _recipe() -> Recipe:
    """Return one of four updates an epoch; of so few rows ETS and ARIMA, which take long, are left out."""
    return Recipe(
        dataset=Generated(name="sine", length=50),
        preparation=Preparation(validation=0.2, test=0.4),
        task=Forecast(target="value", window=6, horizon=2),
        model=Recurrent(kind="lstm", units=16, dropout=0.1),
        training=Training(epochs=EPOCHS, batch=4, patience=None),
    )


def _of_class(family: list[psutil.Process], name: str) -> psutil.Process:
    """Return the process that `dask spec` made of a class."""
    for process in family:
        with suppress(psutil.NoSuchProcess):
            if f'"{name}"' in " ".join(process.cmdline()):
                return process
    raise ProcessLookupError(name)


def _until(holds: object) -> None:
    """Wait until something holds.

    Raises:
        TimeoutError: if it takes too long.
    """
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.01)


def _row(kill: Kill) -> str:
    how = "as unbroken" if kill.is_well else f"NOT SO: {kill.status}, same losses: {kill.same}"
    return f"{kill.victim}, {kill.phase}, {kill.number}: {how}, {kill.seconds:.1f} s. {kill.notice}"


def _table(kills: list[Kill]) -> str:
    """Return how many of each kind came through, a line for each phase."""
    lines = ["| killed while | " + " | ".join(VICTIMS) + " |", "| --- |" + " --- |" * len(VICTIMS)]
    for phase in PHASES:
        own = [[k for k in kills if k.phase == phase and k.victim == victim] for victim in VICTIMS]
        cells = (f"{sum(k.is_well for k in few)} of {len(few)}" for few in own)
        lines.append(f"| {phase} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
