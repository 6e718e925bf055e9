"""The live charts of a run: they fetch their own numbers, so that the page stands still meanwhile."""

from pathlib import Path
from typing import Any

import streamlit as st

from components.charts import palette
from components.recipe import Recipe
from components.runs.store import Run
from components.ui.routes import address

# The script itself comes by a route, once for a browser; this goes with every mount.
_MOUNT = """
export default function (component) {
  const { data, parentElement } = component;
  const live = import(new URL(data.script, new URL("./", document.baseURI)));
  live.then(
    (script) => (data.run ? script.show(component) : script.plotly(data.plotly).catch(() => {})),
    () => (parentElement.firstElementChild.textContent = "The charts didn't load. Reload the page."),
  );
  return () => live.then((script) => script.hide(parentElement), () => {});
}
"""

_CHARTS = st.components.v2.component(
    "unroll_live",
    html="<div></div>",
    css=(Path(__file__).parent / "assets" / "live.css").read_text(encoding="utf-8"),
    js=_MOUNT,
    isolate_styles=False,  # plotly.js writes its styles into the document's head
)

_SCRIPTS = {"script": address("live.js"), "plotly": address("plotly.js")}


def live_charts(run: Run, preview: dict[str, Any] | None, key: str) -> None:
    """Draw what a run is doing: its state, loss, gradient norms, and what its task shows of itself.

    The page reruns only when the run's status changes, so that its buttons follow.

    Args:
        run: as it was when the page was drawn.
        preview: what to draw of the snapshots that a run takes of itself after every epoch: its `kind` is
            a key of `PREVIEWS` in live.js, the rest is what that chart needs; None: nothing.
        key: a name of its own on the page.
    """
    _CHARTS(key=key, data=_SCRIPTS | _data(run, preview), on_status_change=lambda: None)


def load_ahead() -> None:
    """Have the browser fetch the scripts of the charts, so that those of the next run are there at once."""
    _CHARTS(key="live-ahead", data=_SCRIPTS)


def _data(run: Run, preview: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "run": run.id,
        "status": run.status,
        "clipping": _global_threshold(run.recipe),
        "preview": preview,
        "colours": {
            "training": palette.TRAINING,
            "validation": palette.VALIDATION,
            "before": palette.BEFORE,
            "after": palette.AFTER,
            "truth": palette.TRUTH,
            "model": palette.MODEL,
            "series": palette.SERIES,
            "scale": (palette.faded(palette.BLUE, 0.04), palette.faded(palette.BLUE, 0.8)),
        },
    }


def _global_threshold(recipe: Recipe) -> float | None:
    """Give the threshold where it is one of the global norm; the others are of single tensors and numbers."""
    return recipe.clipping.threshold if recipe.clipping.mode == "global_norm" else None
