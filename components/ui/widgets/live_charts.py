"""The live charts of a run: they fetch their own numbers, so that the page stands still meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
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


@dataclass(frozen=True)
class SeedBand:
    """Runs that are drawn as one line in a band: what they are called together, and their places."""

    name: str
    runs: tuple[int, ...]


@dataclass(frozen=True)
class CurveSettings:
    """How the curves of runs are drawn.

    Attributes:
        axis: step, epoch or seconds.
        smoothing: weight of the exponential moving average, from 0 for none to below 1.
        bands: whether the runs of a group are drawn as one band.
        difference: whether each run is drawn as its difference to the base.
        base: place of the run that the others are held against.
        comparable: whether their losses can be ranked.
        groups: the runs that differ in the seed only.
    """

    axis: str
    smoothing: float
    bands: bool
    difference: bool
    base: int
    comparable: bool
    groups: tuple[SeedBand, ...]


def show_comparison(
    entries: Sequence[ComparisonRun],
    kind: str,
    loss: str,
    score: str,
    key: str,
    curves: CurveSettings | None = None,
    on_status: Callable[[], None] = lambda: None,
) -> None:
    """Draw several runs in the same charts.

    Args:
        entries: the runs.
        kind: which charts: a key of `COMPARISONS` in live_charts.js.
        loss: what their loss is.
        score: what their task's own mark is; empty where it has none.
        key: a name of its own on the page.
        curves: how they are drawn, for the kind "runs".
        on_status: is called when the status of a run changes.
    """
    runs = [
        {
            "id": one.run.id,
            "name": one.name,
            "note": one.note,
            "status": one.run.status,
            "clips": one.run.recipe.clipping.mode != "none",
            **palette.series_line(line),
        }
        for one, line in zip(entries, _line_places(len(entries), curves), strict=True)
    ]
    own: dict[str, Any] = {"run": " ".join(one.run.id for one in entries), "runs": runs, "kind": kind}
    told = own | {
        "loss": loss,
        "score": score,
        "colours": _colours(),
        "curves": None if curves is None else asdict(curves),
    }
    _component(key=key, data=told, on_status_change=on_status)


def _line_places(many: int, curves: CurveSettings | None) -> list[int]:
    """Return which of the palette's lines each run has: those of a band have one together."""
    groups = curves.groups if curves is not None and curves.bands else ()
    first = {at: group.runs[0] for group in groups for at in group.runs}
    leaders = [first.get(at, at) for at in range(many)]
    lines = {leader: line for line, leader in enumerate(dict.fromkeys(leaders))}
    return [lines[leader] for leader in leaders]


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
