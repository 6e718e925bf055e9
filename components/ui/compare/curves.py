"""The curves of runs in the same charts: the controls of how, the charts, and all of them as CSV."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from components.engine.engine import engine
from components.export.curves import Curves, curves_csv
from components.runs.store import Run
from components.tasks import task_of
from components.ui.boundary import fragment
from components.ui.compare.address import chosen, control, one_of, switch, whole_number
from components.ui.compare.effect import ComparedRun
from components.ui.compare.seed_groups import SeedGroup
from components.ui.formatting import joined
from components.ui.runs.columns import dataset_title
from components.ui.widgets.live_charts import ComparisonRun, CurveSettings, SeedBand, show_comparison

_AXES = {"step": "Step", "epoch": "Epoch", "seconds": "Seconds"}
_MOST_SMOOTHING = 99  # per cent
_STATUS_CHANGED = "compare.status-changed"


@fragment
def show_curves(
    runs: Sequence[Run], compared: Sequence[ComparedRun], groups: Sequence[SeedGroup], base: int
) -> None:
    """Draw loss, validation loss and gradient norms of all runs, live where they go on."""
    entries = [
        ComparisonRun(run, one.name, dataset_title(run.recipe.dataset))
        for run, one in zip(runs, compared, strict=True)
    ]
    settings = _choose_settings(compared, groups, base)
    show_comparison(entries, "runs", "loss", "", "compare", settings, on_status=_note_status)
    # A run that has ended has results, which the rest of the page shows.
    if st.session_state.pop(_STATUS_CHANGED, False):
        st.rerun()


def _note_status() -> None:
    st.session_state[_STATUS_CHANGED] = True


def _choose_settings(
    compared: Sequence[ComparedRun], groups: Sequence[SeedGroup], base: int
) -> CurveSettings:
    bands = [group for group in groups if group.is_spread]
    axis = chosen("axis", "step", one_of(tuple(_AXES)))
    smoothing = chosen("smoothing", 0, whole_number(0, _MOST_SMOOTHING))
    is_banded = chosen("bands", True, switch)
    is_difference = chosen("difference", False, switch)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            "Horizontal axis",
            list(_AXES),
            format_func=_AXES.__getitem__,
            required=True,
            help="Seconds count training alone: neither waiting nor validation.",
            **control("axis", "step"),
        )
        st.slider(
            "Smoothing",
            0,
            _MOST_SMOOTHING,
            format="%d%%",
            width=220,
            help="An exponential moving average. The numbers of single steps stay visible behind it.",
            **control("smoothing", 0),
        )
        if bands:
            st.toggle(
                "Bands of seeds",
                help="Runs that differ in the seed only are one line, their mean, in a band from the lowest "
                "to the highest of them.",
                **control("bands", True),
            )
        st.toggle(
            f"Difference from {compared[base].letter}",
            help="Draws every run as its difference from the run that the others are compared with.",
            **control("difference", False),
        )
    return CurveSettings(
        axis,
        smoothing / 100,
        bool(bands) and is_banded,
        is_difference,
        base,
        _are_comparable(compared),
        tuple(_band(compared, group) for group in bands),
    )


def _band(compared: Sequence[ComparedRun], group: SeedGroup) -> SeedBand:
    letters = joined([compared[at].letter for at in group.places])
    return SeedBand(f"{letters} (mean of {len(group.places)} seeds)", group.places)


def _are_comparable(compared: Sequence[ComparedRun]) -> bool:
    """Return whether losses say which run is better: they are of the same kind and data, and of the same
    question."""
    kinds = {
        (
            run.recipe.task.kind,
            *(getattr(run.recipe.task, name) for name in task_of(run.recipe).loss_settings),
            run.recipe.dataset.model_dump_json(),
            run.recipe.preparation.model_dump_json(),
        )
        for run in compared
    }
    return len(kinds) == 1


def comparison_csv(runs: Sequence[Run], compared: Sequence[ComparedRun]) -> bytes:
    """Return all curves of runs as CSV: a row for every step."""
    return curves_csv(_curves(run, one.name) for run, one in zip(runs, compared, strict=True))


def _curves(run: Run, name: str) -> Curves:
    store = engine().store
    values = store.curves(run.id)[:3].astype(float)
    steps = pd.RangeIndex(1, values.shape[1] + 1, name="step")
    clock = store.clock(run.id)
    known = np.array([(0, 0.0), *clock])
    seconds = np.interp(steps, known[:, 0], known[:, 1]) if clock else np.nan
    columns = {
        "seconds": seconds,
        "loss": values[0],
        "gradient_norm": values[1],
        "gradient_norm_after_clipping": values[2],
    }
    return name, pd.DataFrame(columns, index=steps), store.epochs(run.id)
