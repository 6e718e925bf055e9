"""The studies of a store: what was planned together, how far it has come, and what it has tried."""

import json
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Row, delete, func, insert, select, update

from components.errors import RunError
from components.runs import schema
from components.studies import LIVE, Search, SettingValue, Sweep, Trial, TrialStatus, read_study

StudyStatus = Literal["running", "evaluating", "stopped", "finished", "failed"]
AT_WORK: tuple[StudyStatus, ...] = ("running", "evaluating")
"""Statuses of a study that a server looks after."""
_studies, _trials = schema.studies.c, schema.trials.c


@dataclass(frozen=True)
class StoredStudy:
    """A study as it stood when it was read.

    Attributes:
        id: 128 random bits in hexadecimal: who has it may look.
        owner: who planned it, and may stop it.
        title: what it is called.
        plan: what is tried.
        status: `evaluating`: its winner is measured on the test set.
        reason: why it has this status, in a sentence, or nothing.
        created: when it was planned.
        seconds: that it has been at work.
    """

    id: str
    owner: str
    title: str
    plan: Sweep | Search
    status: StudyStatus
    reason: str
    created: datetime
    seconds: float

    @property
    def tag(self) -> str:
        """The tag of its runs."""
        return f"{self.plan.kind}-{self.id[:6]}"


@dataclass(frozen=True)
class TrialRun:
    """How the run of a trial stands."""

    id: str
    status: str
    reason: str
    is_submitted: bool


class StudyStore:
    """The studies of a store. Who may change what, the engine asks.

    Args:
        database: of the store.
    """

    def __init__(self, database: schema.Database):
        self._database = database

    # --- Studies ----------------------------------------------------------------------------------

    def add(self, plan: Sweep | Search, owner: str, title: str, server: str | None) -> StoredStudy:
        """Enter a study, which begins at once.

        Args:
            plan: what is tried.
            owner: whose it is.
            title: what it is called.
            server: that looks after it.
        """
        study_id = secrets.token_hex(16)
        with self._database.writing() as connection:
            connection.execute(
                insert(schema.studies).values(
                    id=study_id,
                    owner=owner,
                    title=title,
                    plan=plan.model_dump_json(),
                    status="running",
                    created=time.time(),
                    server=server,
                )
            )
        return self.study(study_id)

    def study(self, study_id: str) -> StoredStudy:
        """Return a study.

        Raises:
            RunError: if there is none of that id.
        """
        with self._database.reader.connect() as connection:
            row = connection.execute(select(schema.studies).where(_studies.id == study_id)).one_or_none()
        if row is None:
            raise RunError("There is no such search or sweep.", remedy="Check the link, or start a new one.")
        return _study(row)

    def studies(self, owner: str, limit: int = 50) -> tuple[StoredStudy, ...]:
        """List the studies of an owner, the newest first."""
        query = select(schema.studies).where(_studies.owner == owner).order_by(_studies.created.desc())
        with self._database.reader.connect() as connection:
            return tuple(_study(row) for row in connection.execute(query.limit(limit)))

    def at_work(self, server: str) -> tuple[StoredStudy, ...]:
        """Return the studies that a server looks after and that aren't over, the oldest first."""
        query = select(schema.studies).where(_studies.status.in_(AT_WORK), _studies.server == server)
        with self._database.reader.connect() as connection:
            return tuple(_study(row) for row in connection.execute(query.order_by(_studies.created)))

    def count_at_work(self, owner: str) -> int:
        """Count the studies of an owner that aren't over."""
        query = select(func.count()).where(_studies.owner == owner, _studies.status.in_(AT_WORK))
        with self._database.reader.connect() as connection:
            return connection.execute(query).scalar_one()

    def set_status(
        self, study_id: str, status: StudyStatus, reason: str = "", server: str | None = None
    ) -> None:
        """Set the status of a study.

        Args:
            study_id: the study.
            status: the new one.
            reason: why, in a sentence.
            server: that looks after it from now on; None: the same as before.
        """
        values: dict[str, Any] = {"status": status, "reason": reason}
        if server is not None:
            values["server"] = server
        self._update(study_id, **values)

    def add_seconds(self, study_id: str, seconds: float) -> None:
        """Note that a study has been at work for some seconds more."""
        self._update(study_id, seconds=_studies.seconds + seconds)

    def delete(self, study_id: str) -> None:
        """Delete a study; its runs stay."""
        with self._database.writing() as connection:
            connection.execute(delete(schema.studies).where(_studies.id == study_id))

    def delete_old(self, before: float) -> None:
        """Delete the studies that are over and were planned before a moment, in seconds since 1970."""
        with self._database.writing() as connection:
            old = _studies.status.not_in(AT_WORK), _studies.created < before
            connection.execute(delete(schema.studies).where(*old))

    def _update(self, study_id: str, **values: Any) -> None:
        with self._database.writing() as connection:
            connection.execute(update(schema.studies).where(_studies.id == study_id).values(**values))

    # --- Trials -----------------------------------------------------------------------------------

    def begin_trial(
        self, study_id: str, number: int, run_id: str, settings: Mapping[str, SettingValue]
    ) -> None:
        """Enter what a study tries next.

        Args:
            study_id: the study.
            number: of the trial.
            run_id: its run.
            settings: the values of what is varied.
        """
        with self._database.writing() as connection:
            connection.execute(
                insert(schema.trials).values(
                    study=study_id,
                    number=number,
                    run=run_id,
                    settings=json.dumps(dict(settings)),
                    status="running",
                )
            )

    def end_trial(
        self,
        study_id: str,
        number: int,
        status: TrialStatus,
        value: float | None = None,
        notes: Mapping[str, float] | None = None,
    ) -> None:
        """Note how a trial ended, or that it is held or goes on.

        Args:
            study_id: the study.
            number: of the trial.
            status: the new one.
            value: its validation loss.
            notes: of the pruner; None: as they were.
        """
        changed: dict[str, Any] = {"status": status, "value": value}
        if notes is not None:
            changed["notes"] = json.dumps(dict(notes))
        with self._database.writing() as connection:
            own = _trials.study == study_id, _trials.number == number
            connection.execute(update(schema.trials).where(*own).values(**changed))

    def plans(self) -> tuple[str, ...]:
        """Return the plans of all studies, as JSON."""
        with self._database.reader.connect() as connection:
            return tuple(connection.execute(select(_studies.plan)).scalars())

    def is_in_use(self, upload_id: str) -> bool:
        """Return whether a study that isn't over, or may still be resumed, learns from a file."""
        waiting: tuple[StudyStatus, ...] = (*AT_WORK, "stopped")
        query = select(func.count()).where(_studies.status.in_(waiting), _studies.plan.contains(upload_id))
        with self._database.reader.connect() as connection:
            return connection.execute(query).scalar_one() > 0

    def trials(self, study_id: str, with_losses: bool = False, only_live: bool = False) -> tuple[Trial, ...]:
        """Return what a study has tried, in order.

        Args:
            study_id: the study.
            with_losses: whether the validation loss after each epoch is wanted.
            only_live: whether it is wanted of those trials only that aren't over.
        """
        query = select(schema.trials).where(_trials.study == study_id).order_by(_trials.number)
        with self._database.reader.connect() as connection:
            rows = connection.execute(query).all()
            losses: dict[str, dict[int, float]] = {}
            if with_losses:
                epochs = schema.epochs.c
                told = (
                    select(epochs.run, epochs.epoch, epochs.validation)
                    .join(schema.trials, _trials.run == epochs.run)
                    .where(_trials.study == study_id, *([_trials.status.in_(LIVE)] if only_live else []))
                    .order_by(epochs.run, epochs.epoch)
                )
                for run_id, epoch, loss in connection.execute(told):
                    losses.setdefault(run_id, {})[epoch] = float("nan") if loss is None else loss
        return tuple(
            Trial(
                row.number,
                row.run,
                json.loads(row.settings),
                row.status,
                row.value,
                losses.get(row.run, {}),
                json.loads(row.notes),
            )
            for row in rows
        )

    def live_runs(self, study_id: str) -> Mapping[str, TrialRun]:
        """Return how the runs of those trials stand that aren't over, by their ids."""
        return self._runs(study_id, _trials.status.in_(LIVE))

    def runs_of(self, study_id: str, numbers: Iterable[int]) -> Mapping[str, TrialRun]:
        """Return how the runs of some trials stand, by their ids."""
        return self._runs(study_id, _trials.number.in_(list(numbers)))

    def _runs(self, study_id: str, condition: Any) -> Mapping[str, TrialRun]:
        runs = schema.runs.c
        query = (
            select(runs.id, runs.status, runs.reason, runs.submitted)
            .join(schema.trials, _trials.run == runs.id)
            .where(_trials.study == study_id, condition, runs.deleted.is_(None))
        )
        with self._database.reader.connect() as connection:
            return {
                row.id: TrialRun(row.id, row.status, row.reason, row.submitted is not None)
                for row in connection.execute(query)
            }

    def mean_seconds(self, study_id: str) -> float | None:
        """Return how long the runs of a study took that are over, on average; None where none is."""
        runs = schema.runs.c
        query = (
            select(func.avg(runs.ended - runs.started))
            .join(schema.trials, _trials.run == runs.id)
            .where(_trials.study == study_id)
        )
        with self._database.reader.connect() as connection:
            return connection.execute(query).scalar_one()

    def study_of_run(self, run_id: str) -> StoredStudy | None:
        """Return the study that a run is a trial of; None where it is none."""
        query = select(schema.studies).join(schema.trials, _trials.study == _studies.id)
        with self._database.reader.connect() as connection:
            row = connection.execute(query.where(_trials.run == run_id).limit(1)).one_or_none()
        return None if row is None else _study(row)


def _study(row: Row[Any]) -> StoredStudy:
    return StoredStudy(
        row.id,
        row.owner,
        row.title,
        read_study(row.plan),
        row.status,
        row.reason,
        datetime.fromtimestamp(row.created, UTC),
        row.seconds,
    )
