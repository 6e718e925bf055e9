"""What of the runs the page shows, and in which order, as its address says it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

import streamlit as st

from components.runs.catalog import SORT_KEYS, RunView
from components.runs.run_search import LONGEST_SEARCH
from components.runs.store import RunStatus
from components.tasks import TASKS
from components.ui.address import change_address
from components.ui.recipe_form.labels import MODELS
from components.ui.runs.columns import COLUMNS, DEFAULT_COLUMNS

PAGE_ROWS = 25
STATUSES: tuple[RunStatus, ...] = get_args(RunStatus)

_ID = re.compile(r"[0-9a-f]{32}")
_LISTS: dict[str, tuple[str, ...]] = {
    "status": STATUSES,
    "task": tuple(TASKS),
    "model": tuple(MODELS),
    "columns": tuple(COLUMNS),
}
_KEY = "runs.{}"


@dataclass(frozen=True)
class PageAddress:
    """What the address of the page says; what it can't say is left out."""

    view: RunView
    page: int
    columns: tuple[str, ...]


def read_address(owner: str) -> PageAddress:
    """Return what the address says, and have the controls show it."""
    said = {
        name: st.query_params.get(name, "")
        for name in ("q", "sort", "order", "archived", "collection", "page")
    }
    lists = {name: _chosen(st.query_params.get(name, ""), known) for name, known in _LISTS.items()}
    columns = lists["columns"] or DEFAULT_COLUMNS
    view = RunView(
        owner,
        collection=said["collection"] if _ID.fullmatch(said["collection"]) else None,
        search=said["q"][:LONGEST_SEARCH],
        statuses=lists["status"],
        tasks=lists["task"],
        models=lists["model"],
        archived=said["archived"] == "1",
        sort=next((key for key in SORT_KEYS if key == said["sort"]), "created"),
        descending=said["order"] != "up",
    )
    page = int(said["page"]) if re.fullmatch(r"[1-9][0-9]{0,6}", said["page"]) else 1
    shown: dict[str, Any] = {
        "q": view.search,
        "status": list(view.statuses),
        "task": list(view.tasks),
        "model": list(view.models),
        "archived": view.archived,
        "sort": view.sort,
        "order": view.descending,
        "columns": list(columns),
    }
    for name, value in shown.items():
        st.session_state[_KEY.format(name)] = value
    return PageAddress(view, page, columns)


def control(name: str) -> dict[str, Any]:
    """Return the key of a control, and what brings its choice into the address; the first page is shown."""
    return {"key": _KEY.format(name), "on_change": _write, "args": (name,)}


def turn_page(key: str) -> None:
    """Bring the number of the page that was chosen into the address."""
    _set("page", str(st.session_state[key]), "1")


def _write(name: str) -> None:
    value = st.session_state[_KEY.format(name)]
    _set(name, _TEXTS.get(name, ",".join)(value), _DEFAULTS.get(name, ""))
    change_address({"page": None})


_TEXTS: dict[str, Callable[[Any], str]] = {
    "q": str,
    "sort": str,
    "archived": lambda value: "1" if value else "",
    "order": lambda value: "" if value else "up",
}
_DEFAULTS = {"sort": "created", "columns": ",".join(DEFAULT_COLUMNS)}


def _set(name: str, text: str, default: str) -> None:
    change_address({name: None if text in ("", default) else text})


def _chosen(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in text.split(",") if value in known))
