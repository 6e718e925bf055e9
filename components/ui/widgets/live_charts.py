"""The live charts of a run: they fetch their own numbers, so that the page stands still meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components.charts import palette
from components.glossary import explain
from components.recipe import Recipe
from components.runs.store import Run
from components.ui.widgets.js_component import js_component

_component = js_component("live_charts")
_TERMS = ("Loss", "Gradient norm")  # titles of charts that the field has a word for


def show_live_charts(run: Run, preview: dict[str, Any] | None, key: str) -> None:
    """Draw what a run is doing: its state, loss, gradient norms, and what its task shows of itself.

    The page reruns only when the run's status changes, so that its buttons follow.

    Args:
        run: as it was when the page was drawn.
        preview: what to draw of the snapshots that a run takes of itself after every epoch: its `kind` is
            a key of `PREVIEWS` in live_charts.js, the rest is what that chart needs; None: nothing.
        key: a name of its own on the page.
    """
    _component(key=key, data=_component_data(run, preview), on_status_change=lambda: None)


def show_gradient_charts(run: Run, key: str) -> None:
    """Draw what a look into a run's model says: how much each time step weighs, as it learns or learnt."""
    _component(key=key, data=_component_data(run, None) | {"inside": True}, on_status_change=lambda: None)


@dataclass(frozen=True)
class ComparisonRun:
    """One of several runs that are drawn together: what it is called, and what else is said of it."""

    run: Run
    name: str
    note: str


def show_comparison(entries: Sequence[ComparisonRun], kind: str, loss: str, score: str, key: str) -> None:
    """Draw several runs in the same charts.

    Args:
        entries: the runs.
        kind: which charts: a key of `COMPARISONS` in live_charts.js.
        loss: what their loss is.
        score: what their task's own mark is; empty where it has none.
        key: a name of its own on the page.
    """
    runs = [
        {
            "id": one.run.id,
            "name": one.name,
            "note": one.note,
            "status": one.run.status,
            "clips": one.run.recipe.clipping.mode != "none",
            **palette.series_line(at),
        }
        for at, one in enumerate(entries)
    ]
    own = {"run": " ".join(one.run.id for one in entries), "runs": runs, "kind": kind}
    told = own | {"loss": loss, "score": score, "colours": _colours()}
    _component(key=key, data=told, on_status_change=lambda: None)


def preload_scripts() -> None:
    """Have the browser fetch the scripts of the charts, so that those of the next run are there at once."""
    _component(key="live-ahead", data={})


def _component_data(run: Run, preview: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "run": run.id,
        "status": run.status,
        "clipping": _global_threshold(run.recipe),
        "preview": preview,
        "terms": {term: explain(term) for term in _TERMS},
        "colours": _colours(),
    }


def _colours() -> dict[str, Any]:
    return {
        "training": palette.TRAINING,
        "validation": palette.VALIDATION,
        "before": palette.BEFORE,
        "after": palette.AFTER,
        "truth": palette.TRUTH,
        "model": palette.MODEL,
        "series": palette.SERIES,
        "scale": (palette.with_opacity(palette.BLUE, 0.04), palette.with_opacity(palette.BLUE, 0.8)),
    }


def _global_threshold(recipe: Recipe) -> float | None:
    """Return the threshold where it is one of the global norm; the others are of single tensors and
    numbers."""
    return recipe.clipping.threshold if recipe.clipping.mode == "global_norm" else None
