"""The keeper of studies: it begins what a study tries next, gives up what isn't worth it, and ends it.

It looks by itself, twice a second. The store is the truth: a study goes on wherever the server is that looks
after it. Its runs go through the same waiting line as everybody's, and at most as many at once as there are
workers.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from components.data.datasets import Dataset
from components.engine import admission
from components.errors import LimitError, RunError, UnrollError
from components.recipe import Recipe
from components.runs.catalog import RunLabels
from components.runs.event_writer import ACTIVE
from components.runs.store import Run, RunStore
from components.runs.studies import AT_WORK, StoredStudy, TrialRun
from components.settings import Settings
from components.studies import LIVE, Search, SettingValue, Sweep, Trial, TrialStatus, with_settings
from components.studies.sampling import is_given_up, suggest, winner
from components.training.attempt_start import TRIAL_REASON, Aim
from components.training.events import Command, Stop

SECONDS_BETWEEN_LOOKS = 0.5
MOST_AT_WORK = 5
"""Studies of a visitor that are at work at once."""
_SECONDS_BETWEEN_NOTES = 5.0  # of how long a study has been at work
_NO_WINNER = "None of its trials finished, so there is nothing to choose from."

logger = logging.getLogger(__name__)


class StudyKeeper:
    """Looks after the studies of this server.

    Args:
        submit, control, workers: the engine's: puts a visitor's run in the waiting line, says something to
            one, counts the workers that are up.
        store: where runs and studies are kept.
        server: this server's id in it.
        settings: what a run and a visitor may use.
    """

    def __init__(
        self,
        submit: Callable[[Run, str, Aim], None],
        control: Callable[[str, Command, str], None],
        workers: Callable[[], int],
        store: RunStore,
        server: str,
        settings: Settings,
    ):
        self._submit_run, self._control, self._workers = submit, control, workers
        self._store, self._server, self._settings = store, server, settings
        self._noted: dict[str, float] = {}  # study → when its seconds were last noted
        self._lock = threading.Lock()  # one at a time: a look, or what a person asks for
        self._wake, self._closed = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="studies", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more. The studies go on with the next server."""
        self._closed.set()
        self._wake.set()
        self._thread.join()

    # --- What a person asks for -------------------------------------------------------------------

    def start(self, plan: Sweep | Search, title: str, visitor: str, dataset: Dataset) -> StoredStudy:
        """Begin a study.

        Args:
            plan: what is tried.
            title: what it is called.
            visitor: whose it is.
            dataset: what it learns from.

        Raises:
            LimitError: if one of its runs can't end within the limits of a run, or the visitor has too many
                studies at work.
        """
        if self._store.studies.count_at_work(visitor) >= MOST_AT_WORK:
            raise LimitError(
                f"You have {MOST_AT_WORK} searches and sweeps running, the most that a visitor can have.",
                remedy="Wait until one ends, or stop one.",
            )
        for recipe in _distinct(plan):
            admission.admit(self._store, self._settings, recipe, dataset)
        made = self._store.studies.add(plan, visitor, title, self._server)
        self._wake.set()
        return made

    def stop(self, study_id: str, visitor: str) -> None:
        """Stop a study with what it is trying, all of which goes on when it is resumed.

        Raises:
            RunError: if there is no such study, or it is another's.
        """
        with self._lock:
            if self._require_own(study_id, visitor).status not in AT_WORK:
                return
            self._store.studies.set_status(study_id, "stopped")
            for trial in self._store.studies.trials(study_id):
                if trial.status == "running":
                    self._hold(study_id, trial, visitor)

    def resume(self, study_id: str, visitor: str) -> None:
        """Have a stopped study go on.

        Raises:
            RunError: if there is no such study, or it is another's.
        """
        if self._require_own(study_id, visitor).status == "stopped":
            self._store.studies.set_status(study_id, "running", server=self._server)
            self._wake.set()

    def conclude(self, study_id: str, visitor: str) -> None:
        """Have a stopped search try nothing more, and measure the best that it has found.

        Raises:
            RunError: if there is no such study, or it is another's.
        """
        study = self._require_own(study_id, visitor)
        if study.status != "stopped":
            return
        for trial in self._store.studies.trials(study_id):
            if trial.status == "held":
                self._store.studies.end_trial(study_id, trial.number, "pruned")
        self._store.studies.set_status(study_id, "running", server=self._server)
        with self._lock:
            self._end_trying(self._store.studies.study(study_id))
        self._wake.set()

    def delete(self, study_id: str, visitor: str) -> None:
        """Delete a study; its runs stay.

        Raises:
            RunError: if there is no such study, or it is another's.
        """
        self.stop(study_id, visitor)
        self._store.studies.delete(study_id)

    def _require_own(self, study_id: str, visitor: str) -> StoredStudy:
        study = self._store.studies.study(study_id)
        if study.owner != visitor:
            raise RunError("This belongs to someone else.", remedy="Start a search or a sweep of your own.")
        return study

    # --- Looking ----------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._closed.is_set():
            self._wake.wait(SECONDS_BETWEEN_LOOKS)
            self._wake.clear()
            try:
                self._look()
            except UnrollError as error:
                if not self._closed.is_set():
                    logger.warning("The studies can't go on: %s", error)
            except Exception:
                if not self._closed.is_set():
                    logger.exception("The keeper couldn't look after the studies")

    def _look(self) -> None:
        at_work = self._store.studies.at_work(self._server)
        self._noted = {study.id: self._noted.get(study.id, time.monotonic()) for study in at_work}
        for study in at_work:
            if self._closed.is_set():
                return
            with (
                self._lock,
                suppress(LimitError),
            ):  # where there is no room for it now, the next look tries again
                self._advance(study)
            self._note_seconds(study)

    def _note_seconds(self, study: StoredStudy) -> None:
        now = time.monotonic()
        if now - self._noted[study.id] > _SECONDS_BETWEEN_NOTES:
            self._store.studies.add_seconds(study.id, now - self._noted[study.id])
            self._noted[study.id] = now

    def _advance(self, study: StoredStudy) -> None:
        """Do what is due for a study, if it is still at work."""
        study = self._store.studies.study(study.id)
        if study.status == "evaluating":
            self._evaluate(study)
        if study.status != "running":
            return
        self._settle(study)
        trials = self._store.studies.trials(study.id)
        live = [trial for trial in trials if trial.status in LIVE]
        if _is_out_of_time(study):
            for trial in live:
                self._give_up(study, trial, trial.notes)
            live = []
        if not _is_exhausted(study, trials):
            if len(live) < self._workers():
                self._begin(study, trials)
                self._wake.set()  # there may be room for another
        elif not live:
            self._end_trying(study)

    # --- Trials -----------------------------------------------------------------------------------

    def _begin(self, study: StoredStudy, trials: Sequence[Trial]) -> None:
        """Begin the next trial, as soon as its owner may have another run in line."""
        admission.require_place(self._store, self._settings, study.owner)
        number, plan = len(trials), study.plan
        settings: Mapping[str, SettingValue]
        if isinstance(plan, Sweep):
            settings, recipe = plan.trials[number]
        else:
            settings = suggest(plan, self._store.studies.trials(study.id, with_losses=True))
            recipe = with_settings(plan.recipe, settings)
        title = _trial_title(study, number, settings)
        run = self._store.add(recipe, study.owner, title, self._store.studies.mean_seconds(study.id))
        self._store.catalog.set_labels({run.id: RunLabels(title, tags=(study.tag,))})
        self._store.studies.begin_trial(study.id, number, run.id, settings)
        self._submit(study, run.id)

    def _submit(self, study: StoredStudy, run_id: str) -> None:
        # Where there is no room for it now, the next look tries again.
        with suppress(RunError, LimitError):
            aim: Aim = "train" if isinstance(study.plan, Search) else "whole"
            self._submit_run(self._store.run(run_id), study.owner, aim)

    def _settle(self, study: StoredStudy) -> None:
        """Note which trials are over, have those go on that were held, and give up what isn't worth it."""
        is_search = isinstance(study.plan, Search)
        trials = self._store.studies.trials(study.id, with_losses=is_search, only_live=True)
        runs = self._store.studies.live_runs(study.id)
        for trial in trials:
            if trial.status not in LIVE:
                continue
            run = runs.get(trial.run or "")
            if run is not None and _is_to_go_on(trial, run):
                self._submit(study, run.id)
                self._store.studies.end_trial(study.id, trial.number, "running")
            elif run is not None and run.status in ACTIVE:
                if isinstance(study.plan, Search):
                    self._judge(study, study.plan, trials, trial)
            else:
                self._end(study, trial, run)

    def _judge(self, study: StoredStudy, plan: Search, trials: Sequence[Trial], trial: Trial) -> None:
        is_over, notes = is_given_up(plan, trials, trial.number)
        if is_over:
            self._give_up(study, trial, notes)
        elif notes != trial.notes:
            self._store.studies.end_trial(study.id, trial.number, "running", notes=notes)

    def _give_up(self, study: StoredStudy, trial: Trial, notes: Mapping[str, float]) -> None:
        self._store.studies.end_trial(study.id, trial.number, "pruned", notes=notes)
        self._stop_run(trial, study.owner)

    def _end(self, study: StoredStudy, trial: Trial, run: TrialRun | None) -> None:
        """Note how a trial ended."""
        status = _end_of(run)
        every = self._store.studies.trials(study.id, with_losses=True)
        own = next(one for one in every if one.number == trial.number)
        losses = {at: loss for at, loss in own.losses.items() if math.isfinite(loss)}
        keeps_best = study.plan.recipe.training.weights == "best"
        value = (min(losses.values()) if keeps_best else losses[max(losses)]) if losses else None
        if status == "complete" and value is None:
            status = "failed"
        self._store.studies.end_trial(study.id, trial.number, status, value if status == "complete" else None)

    def _hold(self, study_id: str, trial: Trial, owner: str) -> None:
        self._store.studies.end_trial(study_id, trial.number, "held")
        self._stop_run(trial, owner)

    def _stop_run(self, trial: Trial, owner: str) -> None:
        if trial.run:
            with suppress(RunError):  # of one that has just ended by itself, or was deleted
                self._control(trial.run, Stop(), owner)

    # --- The end ----------------------------------------------------------------------------------

    def _end_trying(self, study: StoredStudy) -> None:
        """Turn to the end of a study that tries nothing more."""
        if isinstance(study.plan, Sweep):
            self._store.studies.set_status(study.id, "finished")
        elif winner(self._store.studies.trials(study.id)) is None:
            self._store.studies.set_status(study.id, "failed", _NO_WINNER)
        else:
            self._store.studies.set_status(study.id, "evaluating")

    def _evaluate(self, study: StoredStudy) -> None:
        """Measure the winner on the test set, and the recipe that the search began with beside it."""
        best = winner(self._store.studies.trials(study.id))
        runs = self._store.studies.runs_of(study.id, {0, best.number} if best else {0})
        for run in runs.values():
            if run.status == "stopped" and run.reason == TRIAL_REASON:
                with suppress(RunError, LimitError):  # the next look tries again
                    self._submit_run(self._store.run(run.id), study.owner, "evaluate")
        runs = self._store.studies.runs_of(study.id, {0, best.number} if best else {0})
        if not any(run.status in ACTIVE or run.reason == TRIAL_REASON for run in runs.values()):
            self._store.studies.set_status(study.id, "finished")


def _distinct(plan: Sweep | Search) -> tuple[Recipe, ...]:
    """Return the recipes that are held against the limits of a run: one a value, whatever its seed."""
    if isinstance(plan, Search):
        return (plan.recipe,)
    return tuple(recipe for _, recipe in plan.trials[: len(plan.values)])


def _is_out_of_time(study: StoredStudy) -> bool:
    plan = study.plan
    return isinstance(plan, Search) and plan.seconds is not None and study.seconds >= plan.seconds


def _is_exhausted(study: StoredStudy, trials: Sequence[Trial]) -> bool:
    """Return whether nothing more is to be tried."""
    plan = study.plan
    planned = len(plan.trials) if isinstance(plan, Sweep) else plan.trials
    return len(trials) >= planned or _is_out_of_time(study)


def _is_to_go_on(trial: Trial, run: TrialRun) -> bool:
    """Return whether the run of a trial that isn't over has to be put in line."""
    if run.status in ACTIVE:
        return not run.is_submitted
    if run.status == "interrupted":
        return True
    return trial.status == "held" and run.status == "stopped" and run.reason != TRIAL_REASON


def _end_of(run: TrialRun | None) -> TrialStatus:
    if run is None or run.status == "failed":
        return "failed"
    if run.status == "finished" or run.reason == TRIAL_REASON:
        return "complete"
    return "pruned"  # somebody stopped it


def _trial_title(study: StoredStudy, number: int, settings: Mapping[str, SettingValue]) -> str:
    if isinstance(study.plan, Sweep):
        value = settings[study.plan.setting]
        return f"{study.title} {_text(value)}, seed {settings['seed']}"
    return f"{study.title}, trial {number + 1}"


def _text(value: SettingValue) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
