"""The runs as their visitors keep and find them: a page of a list at a time, and what is said of each."""

import json
import math
import secrets
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal, Self, get_args

from sqlalchemy import Connection, Row, Select, and_, case, delete, func, insert, or_, select, update

from components.errors import RunError
from components.recipe import Recipe
from components.runs import schema
from components.runs.event_writer import ACTIVE
from components.runs.run_search import MODEL, SECONDS, TASK, measure, search_condition
from components.training.events import Evaluation

UNDO_SECONDS = 10
"""How long what was changed, or deleted, can be undone."""
_MARGIN_SECONDS = 60  # for an undo that is pressed at the last moment, on a page that came late
CURVE_POINTS = 40
"""Epochs of a run's loss that a list shows at most."""
LONGEST_TITLE, LONGEST_NOTE, LONGEST_TAG, MOST_TAGS = 200, 5000, 40, 20
MOST_COLLECTED = 200
"""Runs of a collection."""
MOST_COLLECTIONS = 200
"""Of an owner."""

SortKey = Literal["created", "title", "status", "duration", "parameters", "relative_error", "model"]
SORT_KEYS: tuple[SortKey, ...] = get_args(SortKey)
_runs = schema.runs.c
_SORTED = {
    "created": _runs.created,
    "title": func.lower(_runs.title),
    "status": _runs.status,
    "duration": SECONDS,
    "parameters": _runs.parameters,
    # The share of the best baseline's error that is left: no other measure is of all tasks.
    "relative_error": measure("relative_error").as_float(),
    "model": MODEL,
}


@dataclass(frozen=True)
class RunLabels:
    """What an owner says of a run."""

    title: str
    note: str = ""
    tags: tuple[str, ...] = ()
    pinned: bool = False
    archived: bool = False
    without_data: bool = False
    """whether others see it without the data that it used"""

    def __post_init__(self) -> None:
        """Hold what is typed within bounds.

        Raises:
            RunError: if the title is empty, or something is too long.
        """
        if not self.title.strip():
            raise RunError("A run needs a title.", where="title", remedy="Type one.")
        if len(self.title) > LONGEST_TITLE or len(self.note) > LONGEST_NOTE:
            raise RunError(
                "This title or note is too long.",
                remedy=f"Use at most {LONGEST_TITLE} characters for a title and {LONGEST_NOTE:,} for a note.",
            )
        if len(self.tags) > MOST_TAGS or any(not 0 < len(tag) <= LONGEST_TAG for tag in self.tags):
            raise RunError(
                "These are too many tags, or one of them is too long.",
                where="tags",
                remedy=f"Use at most {MOST_TAGS} tags of up to {LONGEST_TAG} characters.",
            )


@dataclass(frozen=True)
class RunView:
    """What of the runs is listed, and in which order; pinned ones come first.

    Attributes:
        owner: whose runs, with those of others that they keep.
        collection: id of a collection whose runs are listed instead.
        search: as `search_condition` reads it.
        statuses, tasks, models: only these; none: all.
        archived: whether only what was archived is listed, or only what wasn't.
    """

    owner: str
    collection: str | None = None
    search: str = ""
    statuses: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    archived: bool = False
    sort: SortKey = "created"
    descending: bool = True


@dataclass(frozen=True)
class CatalogEntry:
    """A run as a list shows it. What its owner notes of it is for them alone: `seen_by` leaves it out."""

    id: str
    owner: str
    labels: RunLabels
    recipe: Recipe
    status: str
    created: datetime
    seconds: float | None
    """of its training and evaluation; None before its end"""
    epoch: int
    parameters: int
    evaluation: Evaluation | None
    curve: tuple[float, ...] = ()
    """training loss of its epochs, thinned"""

    def seen_by(self, visitor: str) -> Self:
        """Return the run as a visitor may see it."""
        return self if self.owner == visitor else replace(self, labels=RunLabels(self.labels.title))


@dataclass(frozen=True)
class CatalogPage:
    """Some of the runs of a view."""

    entries: tuple[CatalogEntry, ...]
    total: int
    """runs of the view"""
    statuses: Mapping[str, int] = field(default_factory=dict)
    """runs of each status among those that are searched, and so for tasks and models, whatever of these is
    chosen"""
    tasks: Mapping[str, int] = field(default_factory=dict)
    models: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Collection:
    """Runs that are shown together to whoever has its id, 128 random bits."""

    id: str
    owner: str
    title: str


@dataclass(frozen=True)
class Holdings:
    """How much somebody has."""

    runs: int
    """their own, and those of others that they keep"""
    files: int
    collections: int

    @property
    def total(self) -> int:
        """How much it is together."""
        return self.runs + self.files + self.collections


_OWNED = (schema.runs, schema.kept_runs, schema.uploads, schema.collections)


class Catalog:
    """The lists of runs of a store. Who may change what, the engine asks.

    Args:
        database: of the store.
    """

    def __init__(self, database: schema.Database):
        self._database = database

    # --- Lists ------------------------------------------------------------------------------------

    def page(self, view: RunView, first: int = 0, most: int = 25) -> CatalogPage:
        """Return some of the runs of a view.

        Args:
            view: what is listed.
            first: how many are passed over.
            most: how many are returned.

        Raises:
            SearchError: if the search can't be read.
        """
        searched = and_(_listed(view), search_condition(view.search, view.owner))
        chosen = and_(
            searched,
            *(
                column.in_(values)
                for column, values in (
                    (_runs.status, view.statuses),
                    (TASK, view.tasks),
                    (MODEL, view.models),
                )
                if values
            ),
        )
        order, pinned = _SORTED[view.sort], case((_runs.owner == view.owner, _runs.pinned), else_=False)
        ordered = (order.desc() if view.descending else order.asc()).nulls_last()
        ids = select(_runs.id).where(chosen).order_by(pinned.desc(), ordered, _runs.id)
        groups = (
            select(_runs.status, TASK, MODEL, func.count())
            .where(searched)
            .group_by(_runs.status, TASK, MODEL)
        )
        with self._database.reader.connect() as connection:
            found = connection.execute(ids.offset(first).limit(most)).scalars().all()
            counts = [Counter[str](), Counter[str](), Counter[str]()]
            total = 0
            for *group, many in connection.execute(groups):
                for counter, value in zip(counts, group, strict=True):
                    counter[value] += many
                wanted = zip((view.statuses, view.tasks, view.models), group, strict=True)
                total += many if all(not values or value in values for values, value in wanted) else 0
            entries = {entry.id: entry.seen_by(view.owner) for entry in _entries(connection, found)}
        return CatalogPage(tuple(entries[run_id] for run_id in found), total, *counts)

    def entries(self, run_ids: Sequence[str], visitor: str) -> tuple[CatalogEntry, ...]:
        """Return runs as a visitor may see them, in the order in which they are named, without those that
        aren't there."""
        with self._database.reader.connect() as connection:
            entries = {entry.id: entry.seen_by(visitor) for entry in _entries(connection, run_ids)}
        return tuple(entries[run_id] for run_id in run_ids if run_id in entries)

    # --- What is said of runs ---------------------------------------------------------------------

    def set_labels(self, labels: Mapping[str, RunLabels]) -> None:
        """Write what is said of runs."""
        with self._database.writing() as connection:
            for run_id, said in labels.items():
                connection.execute(
                    update(schema.runs)
                    .where(_runs.id == run_id)
                    .values(
                        title=said.title.strip(),
                        note=said.note,
                        tags=json.dumps(said.tags, ensure_ascii=False),
                        pinned=said.pinned,
                        archived=said.archived,
                        without_data=said.without_data,
                    )
                )

    def set_evaluation(self, run_id: str, evaluation: Evaluation) -> None:
        """Write what a run came to, of one that was measured before that was noted."""
        with self._database.writing() as connection:
            own = _runs.id == run_id
            connection.execute(update(schema.runs).where(own).values(evaluation=evaluation.model_dump_json()))

    # --- Deletion ---------------------------------------------------------------------------------

    def owner(self, run_id: str) -> str:
        """Return whose a run is, also of one that is deleted and not yet gone.

        Raises:
            RunError: if there is no such run.
        """
        with self._database.reader.connect() as connection:
            owner = connection.execute(select(_runs.owner).where(_runs.id == run_id)).scalar_one_or_none()
        if owner is None:
            raise RunError("There is no such run.", remedy="Check the link or train a new model.")
        return str(owner)

    def set_deleted(self, run_ids: Sequence[str], deleted: bool) -> None:
        """Have runs not be found any more, until their rows go; or be found again."""
        with self._database.writing() as connection:
            moment = schema.database_time(connection) if deleted else None
            connection.execute(update(schema.runs).where(_runs.id.in_(run_ids)).values(deleted=moment))

    def due_deletions(self) -> tuple[str, ...]:
        """Return the runs whose deletion can't be undone any more, and that are over."""
        with self._database.reader.connect() as connection:
            before = schema.database_time(connection) - UNDO_SECONDS - _MARGIN_SECONDS
            query = select(_runs.id).where(_runs.deleted < before, _runs.status.not_in(ACTIVE))
            return tuple(connection.execute(query).scalars())

    # --- Runs of others ---------------------------------------------------------------------------

    def keep(self, run_id: str, owner: str) -> None:
        """List a run of someone else among a visitor's own."""
        with self._database.writing() as connection:
            _forget(connection, run_id, owner)
            connection.execute(insert(schema.kept_runs).values(owner=owner, run=run_id))

    def forget(self, run_id: str, owner: str) -> None:
        """List it no more."""
        with self._database.writing() as connection:
            _forget(connection, run_id, owner)

    def is_kept(self, run_id: str, owner: str) -> bool:
        """Return whether a run of someone else is listed among a visitor's own."""
        kept = schema.kept_runs.c
        query = select(func.count()).where(kept.owner == owner, kept.run == run_id)
        with self._database.reader.connect() as connection:
            return connection.execute(query).scalar_one() > 0

    # --- Owners -----------------------------------------------------------------------------------

    def holdings(self, owner: str) -> Holdings:
        """Return how much somebody has."""
        with self._database.reader.connect() as connection:
            runs, kept, files, collections = (
                connection.execute(select(func.count()).where(table.c.owner == owner)).scalar_one()
                for table in _OWNED
            )
        return Holdings(runs + kept, files, collections)

    def take_along(self, earlier: str, owner: str) -> None:
        """Have all that somebody has belong to another owner, who is the same person."""
        kept = schema.kept_runs.c
        known = select(kept.run).where(kept.owner == owner)
        mine = select(_runs.id).where(_runs.owner.in_((earlier, owner)))
        with self._database.writing() as connection:
            doubled = kept.run.in_(known.scalar_subquery()) | kept.run.in_(mine.scalar_subquery())
            connection.execute(delete(schema.kept_runs).where(kept.owner == earlier, doubled))
            connection.execute(
                delete(schema.kept_runs).where(kept.owner == owner, kept.run.in_(mine.scalar_subquery()))
            )
            for table in (*_OWNED, schema.studies):
                connection.execute(update(table).where(table.c.owner == earlier).values(owner=owner))

    # --- Collections ------------------------------------------------------------------------------

    def add_collection(self, owner: str, title: str, run_ids: Sequence[str]) -> Collection:
        """Make a collection of runs.

        Raises:
            RunError: if it has no title or too many runs, or its owner has too many collections.
        """
        if not title.strip() or len(title) > LONGEST_TITLE:
            raise RunError(
                "A collection needs a title.", remedy=f"Type one of at most {LONGEST_TITLE} characters."
            )
        if not 0 < len(run_ids) <= MOST_COLLECTED:
            raise RunError(f"A collection holds 1 to {MOST_COLLECTED} runs.", remedy="Choose other runs.")
        if len(self.collections(owner)) >= MOST_COLLECTIONS:
            raise RunError(
                f"You have {MOST_COLLECTIONS} collections, the most that a visitor can have.",
                remedy="Delete one on its own page.",
            )
        made = Collection(secrets.token_hex(16), owner, title.strip())
        with self._database.writing() as connection:
            connection.execute(
                insert(schema.collections).values(
                    id=made.id, owner=owner, title=made.title, created=time.time()
                )
            )
            connection.execute(
                insert(schema.collected_runs), [{"collection": made.id, "run": one} for one in run_ids]
            )
        return made

    def collection(self, collection_id: str) -> Collection:
        """Return a collection.

        Raises:
            RunError: if there is none of that id.
        """
        own = schema.collections.c.id == collection_id
        with self._database.reader.connect() as connection:
            row = connection.execute(select(schema.collections).where(own)).one_or_none()
        if row is None:
            raise RunError("There is no such collection.", remedy="Check the link, or look at your own runs.")
        return Collection(row.id, row.owner, row.title)

    def collections(self, owner: str) -> tuple[Collection, ...]:
        """Return the collections of an owner, the newest first."""
        columns = schema.collections.c
        query = select(schema.collections).where(columns.owner == owner).order_by(columns.created.desc())
        with self._database.reader.connect() as connection:
            return tuple(Collection(row.id, row.owner, row.title) for row in connection.execute(query))

    def drop_collection(self, collection_id: str) -> None:
        """Remove a collection; its runs stay."""
        with self._database.writing() as connection:
            connection.execute(delete(schema.collections).where(schema.collections.c.id == collection_id))


def _forget(connection: Connection, run_id: str, owner: str) -> None:
    kept = schema.kept_runs.c
    connection.execute(delete(schema.kept_runs).where(kept.owner == owner, kept.run == run_id))


def _listed(view: RunView) -> Any:
    """Return the condition that a run is in the list that a view is a part of."""
    if view.collection is not None:
        collected = schema.collected_runs.c
        member = select(collected.run).where(collected.collection == view.collection)
        return and_(_runs.deleted.is_(None), _runs.id.in_(member))
    kept = select(schema.kept_runs.c.run).where(schema.kept_runs.c.owner == view.owner)
    own = and_(_runs.owner == view.owner, _runs.archived.is_(view.archived))
    return and_(_runs.deleted.is_(None), own if view.archived else or_(own, _runs.id.in_(kept)))


def _entries(connection: Connection, run_ids: Sequence[str]) -> Iterator[CatalogEntry]:
    query: Select[Any] = select(schema.runs).where(_runs.id.in_(run_ids), _runs.deleted.is_(None))
    rows = connection.execute(query).all()
    curves = _curves(connection, run_ids)
    for row in rows:
        yield _entry(row, curves.get(row.id, ()))


def _entry(row: Row[Any], curve: Sequence[float]) -> CatalogEntry:
    return CatalogEntry(
        row.id,
        row.owner,
        RunLabels(
            row.title, row.note, tuple(json.loads(row.tags)), row.pinned, row.archived, row.without_data
        ),
        Recipe.from_json(row.recipe),
        row.status,
        datetime.fromtimestamp(row.created, UTC),
        row.ended - row.started if row.ended and row.started else None,
        row.epoch,
        row.parameters,
        Evaluation.model_validate_json(row.evaluation) if row.evaluation else None,
        tuple(curve),
    )


def _curves(connection: Connection, run_ids: Sequence[str]) -> dict[str, list[float]]:
    """Return the training loss of runs, of every so many epochs that there are at most `CURVE_POINTS`."""
    epochs = schema.epochs.c
    query = (
        select(epochs.run, epochs.training)
        .join(schema.runs, _runs.id == epochs.run)
        .where(epochs.run.in_(run_ids), (_runs.epoch - epochs.epoch) % (1 + _runs.epoch // CURVE_POINTS) == 0)
        .order_by(epochs.run, epochs.epoch)
    )
    found: dict[str, list[float]] = {}
    for run_id, loss in connection.execute(query):
        found.setdefault(run_id, []).append(math.nan if loss is None else loss)
    return found
