"""The attention of several models for the same example, beside each other."""

from collections.abc import Sequence

import streamlit as st

from components.charts.attention_map import attention_map, attribution_comparison
from components.engine.engine import engine
from components.insight.example import DatasetExample
from components.insight.requests import AttentionRequest, AttentionView
from components.runs.store import Run
from components.ui import tasks
from components.ui.boundary import boundary, fragment
from components.ui.compare.address import chosen, control, whole_number
from components.ui.compare.effect import ComparedRun
from components.ui.formatting import escape
from components.ui.inside.inspection import inspect_model
from components.ui.widgets.chart_display import show_chart

_MOST_EXAMPLES = 10**6
_COLUMNS = 2  # beside each other; on a narrow screen they stand below each other


@fragment
def show_attention_beside(pairs: Sequence[tuple[Run, ComparedRun]]) -> None:
    """Draw where each model looks for its answer to the same example of the test set."""
    example = chosen("example", 1, whole_number(1, _MOST_EXAMPLES))
    inspection = tasks.page_of(pairs[0][0].recipe).inspection
    st.number_input(inspection.example, 1, _MOST_EXAMPLES, width=240, **control("example", 1))
    for first in range(0, len(pairs), _COLUMNS):
        for column, (run, one) in zip(st.columns(_COLUMNS), pairs[first : first + _COLUMNS], strict=False):
            with column, boundary():
                st.subheader(escape(one.name), anchor=False)
                _show_attention(run, example)


def _show_attention(run: Run, example: int) -> None:
    kept = engine().store.checkpoints(run.id)
    newest = kept[-1].step if kept else 0
    seen: AttentionView = inspect_model(run, None, newest, AttentionRequest(DatasetExample(example - 1))).view
    answer = seen.shown.answers[seen.answer]
    st.caption(f"{escape(seen.shown.description)} Asked about: {escape(answer)}.")
    if seen.weights is not None and len(seen.weights) > 1:
        show_chart(attention_map(seen, "query"), key=f"compare-attention-{run.id}")
    else:
        show_chart(attribution_comparison(seen), key=f"compare-attribution-{run.id}")
