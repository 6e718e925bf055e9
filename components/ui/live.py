"""The live charts of a run: they fetch their own numbers, so that the page stands still meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components.charts import palette
from components.recipe import Recipe
from components.runs.store import Run
from components.ui.scripted import scripted

_draw = scripted("live")


def live_charts(run: Run, preview: dict[str, Any] | None, key: str) -> None:
    """Draw what a run is doing: its state, loss, gradient norms, and what its task shows of itself.

    The page reruns only when the run's status changes, so that its buttons follow.

    Args:
        run: as it was when the page was drawn.
        preview: what to draw of the snapshots that a run takes of itself after every epoch: its `kind` is
            a key of `PREVIEWS` in live.js, the rest is what that chart needs; None: nothing.
        key: a name of its own on the page.
    """
    _draw(key=key, data=_data(run, preview), on_status_change=lambda: None)


def inside_charts(run: Run, key: str) -> None:
    """Draw what a look into a run's model says: how much each time step weighs, as it learns or learnt."""
    _draw(key=key, data=_data(run, None) | {"inside": True}, on_status_change=lambda: None)


@dataclass(frozen=True)
class Beside:
    """One of several runs that are drawn together: what it is called, and what else is said of it."""

    run: Run
    name: str
    note: str


def charts_together(every: Sequence[Beside], kind: str, loss: str, score: str, key: str) -> None:
    """Draw several runs in the same charts.

    Args:
        every: the runs.
        kind: which charts: a key of `CROWDS` in live.js.
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
            "colour": palette.SERIES[at % len(palette.SERIES)],
        }
        for at, one in enumerate(every)
    ]
    own = {"run": " ".join(one.run.id for one in every), "runs": runs, "kind": kind}
    told = own | {"loss": loss, "score": score, "colours": _colours()}
    _draw(key=key, data=told, on_status_change=lambda: None)


def load_ahead() -> None:
    """Have the browser fetch the scripts of the charts, so that those of the next run are there at once."""
    _draw(key="live-ahead", data={})


def _data(run: Run, preview: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "run": run.id,
        "status": run.status,
        "clipping": _global_threshold(run.recipe),
        "preview": preview,
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
        "scale": (palette.faded(palette.BLUE, 0.04), palette.faded(palette.BLUE, 0.8)),
    }


def _global_threshold(recipe: Recipe) -> float | None:
    """Give the threshold where it is one of the global norm; the others are of single tensors and numbers."""
    return recipe.clipping.threshold if recipe.clipping.mode == "global_norm" else None
