"""What if: the newest rows and what is known ahead, moved by hand or typed, and the forecast that follows."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from components.charts import what_if as charts
from components.charts.palette import TRUTH
from components.data import time_axis
from components.data.datasets import Series, require_series
from components.data.transforms import transform_lag
from components.recipe import Forecast
from components.runs.store import Run
from components.tasks.forecasting.problem import guess_known
from components.tasks.forecasting.task import ForecastInputs
from components.ui.boundary import fragment
from components.ui.dataset_cache import dataset_of
from components.ui.tasks.ask_model import ask_model
from components.ui.widgets.chart_display import index_column_config, show_chart
from components.ui.widgets.draggable_chart import Handles, MovedPoint, show_draggable_chart

_MOST_EDITABLE_ROWS = 400  # rows of a table to type in


@dataclass(frozen=True, eq=False)
class _Scenario:
    """What a person may change, as it is in the data.

    Attributes:
        past: (lag + window, target and inputs) the newest rows.
        ahead: (horizon, known) the steps to come.
    """

    past: pd.DataFrame
    ahead: pd.DataFrame


def what_if(run: Run) -> None:
    """Let a person change the newest rows and what is known ahead, and forecast what would follow."""
    fold = st.expander("What if?", icon=":material/edit:", on_change="rerun", key="try-open")
    if fold.open:  # else no worker is asked
        with fold:
            _what_if(run)


@fragment
def _what_if(run: Run) -> None:
    task = run.recipe.require_task(Forecast)
    dataset = require_series(dataset_of(run.recipe.dataset, run.recipe.preparation))
    need = transform_lag(task) + task.window
    if need > _MOST_EDITABLE_ROWS:
        st.caption(f"This model reads {need:,} rows, too many to change by hand.")
        return
    was = _Scenario(
        dataset.table[[task.target, *task.inputs]].iloc[-need:],
        pd.DataFrame(
            guess_known(task, dataset), index=dataset.future(task.horizon), columns=pd.Index(task.known)
        ),
    )
    st.caption(
        "Move the points with the mouse, a finger or the arrow keys, or type into the table. The "
        "line that follows is what the model would then forecast."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        column = _column(run, task)
        typed = st.popover("Edit as a table", icon=":material/table:")
    now = _edit_tables(run, was, typed)
    if not (np.isfinite(now.past.to_numpy()).all() and np.isfinite(now.ahead.to_numpy()).all()):
        st.caption("A number is missing.")
        return
    _draw(run, dataset, task, column, was, now)
    if st.session_state.get(_scenario_key(run)) is not None:
        st.button("Reset", icon=":material/undo:", on_click=_reset_scenario, args=(run,))


def _draw(run: Run, dataset: Series, task: Forecast, column: str, was: _Scenario, now: _Scenario) -> None:
    before = _forecast(run, was)
    same = now.past.equals(was.past) and now.ahead.equals(was.ahead)
    after = charts.ScenarioLine(dataset.future(task.horizon), before, before if same else _forecast(run, now))
    chart = charts.what_if_chart(
        task.target, dataset.column_unit(task.target), _line(was.past, now.past, task.target), after
    )
    if column == task.target:
        _show(run, chart, now, column, was.past.index)
        return
    line = _line(was.past, now.past, column)
    if column in task.known:
        more = _line(was.ahead, now.ahead, column)
        line = charts.ScenarioLine(
            line.index.append(more.index),
            np.append(line.original, more.original),
            np.append(line.edited, more.edited),
        )
    drawn = charts.covariate_chart(column, dataset.column_unit(column), line, len(was.past))
    _show(run, drawn, now, column, line.index)
    show_chart(chart, key=f"try-forecast-{run.id}")


def _column(run: Run, task: Forecast) -> str:
    """Let a person choose which column is moved, where there are several."""
    columns = (task.target, *task.inputs)
    if len(columns) == 1:
        return task.target
    return st.selectbox("Column", columns, key=f"try-column-{run.id}")


def _line(was: pd.DataFrame, now: pd.DataFrame, column: str) -> charts.ScenarioLine:
    return charts.ScenarioLine(was.index, was[column].to_numpy(), now[column].to_numpy())


def _forecast(run: Run, what: _Scenario) -> np.ndarray:
    ahead = what.ahead.to_numpy(np.float64) if len(what.ahead.columns) else None
    answer = ask_model(run, ForecastInputs(what.past.to_numpy(np.float64), ahead))
    return answer.value.astype(np.float64)


# --- What was changed --------------------------------------------------------------------------------


def _scenario_key(run: Run) -> str:
    return f"try-held-{run.id}"


def _version(run: Run) -> int:
    return st.session_state.get(f"try-turn-{run.id}", 0)


def _save_scenario(run: Run, what: _Scenario) -> None:
    """Keep what was changed; a table that a person typed in begins anew from there."""
    st.session_state[_scenario_key(run)] = (what.past, what.ahead)
    st.session_state[f"try-turn-{run.id}"] = _version(run) + 1


def _reset_scenario(run: Run) -> None:
    st.session_state[_scenario_key(run)] = None
    st.session_state[f"try-turn-{run.id}"] = _version(run) + 1


def _edit_tables(run: Run, was: _Scenario, place: st.delta_generator.DeltaGenerator) -> _Scenario:
    """Draw the tables to type in, and give what stands in them."""
    held = st.session_state.get(_scenario_key(run))
    past, ahead = (was.past, was.ahead) if held is None else held
    turn = _version(run)
    with place:
        st.caption("The latest rows, oldest first.")
        past = _editor(past, f"try-{run.id}-{turn}")
        if len(ahead.columns):
            st.caption("Future covariates of the steps ahead.")
            ahead = _editor(ahead, f"try-ahead-{run.id}-{turn}")
    now = _Scenario(past, ahead)
    if held is None and not (past.equals(was.past) and ahead.equals(was.ahead)):
        st.session_state[_scenario_key(run)] = (was.past, was.ahead)  # so that there is a way back
    return now


def _editor(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    return st.data_editor(frame, key=key, height=280, column_config=index_column_config(frame.index))


def _show(run: Run, chart: charts.Chart, now: _Scenario, column: str, index: pd.Index) -> None:
    """Draw a line whose points can be moved: the newest rows and, if it is known ahead, the steps to come."""
    known_from = len(now.past)
    first = charts.first_drawn_row(known_from)
    places = charts.handle_positions(len(index), known_from)
    names = time_axis.time_labels(index[first:][places])

    def moved(point: MovedPoint) -> None:
        row = first + point.position
        past, ahead = now.past.copy(), now.ahead.copy()
        side, at = (past, row) if row < known_from else (ahead, row - known_from)
        side.loc[side.index[at], column] = point.value
        _save_scenario(run, _Scenario(past, ahead))

    movable = Handles(0, places, [f"{column}, {name}" for name in names], TRUTH)
    show_draggable_chart(chart, movable, f"try-chart-{run.id}-{column}", moved)
