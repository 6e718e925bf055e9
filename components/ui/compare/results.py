"""What runs made of the same examples, beside each other: forecasts, predictions, attention, texts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from components.charts.chart import index_label
from components.charts.comparison import confusion_difference, forecast_overlay
from components.recipe import ModelLanguage, Translate
from components.runs.store import Run
from components.tasks.classification.result import ClassesResult
from components.tasks.forecasting.result import ForecastResult
from components.ui.boundary import boundary, fragment
from components.ui.compare.address import chosen, control, one_of, whole_number
from components.ui.compare.attention import show_attention_beside
from components.ui.compare.effect import ComparedRun
from components.ui.compare.texts import show_texts_beside, show_translations_beside
from components.ui.widgets.chart_display import show_chart


@dataclass(frozen=True)
class _Section:
    title: str
    show: Callable[[], None]


def show_results_beside(runs: Sequence[Run], compared: Sequence[ComparedRun], base: int) -> None:
    """Draw what the runs made of the same examples; of several ways to look the one that is chosen."""
    sections = _sections(runs, compared, base)
    if not sections:
        return
    st.header("Results", anchor=False)
    names = tuple(sections)
    name = chosen("results", names[0], one_of(names))
    if len(names) > 1:
        st.segmented_control(
            "Results",
            names,
            format_func=lambda key: sections[key].title,
            required=True,
            label_visibility="collapsed",
            **control("results", names[0]),
        )
    with boundary():
        sections[name].show()


def _sections(runs: Sequence[Run], compared: Sequence[ComparedRun], base: int) -> dict[str, _Section]:
    """Return what can be looked at, by the name that the address has for it."""
    found: dict[str, _Section] = {}
    same = _of_same_test_set(compared, base)
    pairs = [(runs[at], compared[at]) for at in same]
    if len(same) > 1:
        measured, place = [compared[at] for at in same], same.index(base)
        match compared[base].result:
            case ForecastResult():
                found["forecasts"] = _Section("Forecasts", partial(_show_forecasts, measured))
            case ClassesResult():
                found["predictions"] = _Section("Predictions", partial(_show_confusion, measured, place))
    attentive = [one for one in pairs if one[0].recipe.model.has_attention]
    if len(attentive) > 1:
        found["attention"] = _Section("Attention", partial(show_attention_beside, attentive))
    for kind, name, title, show in (
        (ModelLanguage, "texts", "Texts", show_texts_beside),
        (Translate, "translations", "Translations", show_translations_beside),
    ):
        able = [
            (run, one)
            for run, one in zip(runs, compared, strict=True)
            if isinstance(run.recipe.task, kind) and one.result is not None
        ]
        if len(able) > 1:
            found[name] = _Section(title, partial(show, able))
    return found


def _of_same_test_set(compared: Sequence[ComparedRun], base: int) -> list[int]:
    """Return the places of the runs that were measured on the test set of the one at `base`."""
    first = compared[base].result
    return [
        at
        for at, run in enumerate(compared)
        if first is not None and run.result is not None and run.result.test_set == first.test_set
    ]


@fragment
def _show_forecasts(same: Sequence[ComparedRun]) -> None:
    results = [run.result for run in same if run.result is not None]
    many = len(results[0].origins)
    place = 0
    if many > 1:
        times = results[0].times
        place = chosen("window", 1, whole_number(1, many)) - 1
        st.slider("Window", 1, many, **control("window", 1))
        st.caption(f"The last value known is that of {index_label(times[int(results[0].origins[place])])}.")
    show_chart(forecast_overlay([run.name for run in same], results, place), key="compare-forecasts")


@fragment
def _show_confusion(same: Sequence[ComparedRun], base_place: int) -> None:
    base = same[base_place]
    others = {run.letter: run for run in same if run is not base}
    letters = tuple(others)
    letter = chosen("other", letters[0], one_of(letters))
    if len(letters) > 1:
        st.selectbox(
            "Run",
            letters,
            format_func=lambda key: others[key].name,
            width=420,
            **control("other", letters[0]),
        )
    one, two = base.result, others[letter].result
    if one is not None and two is not None:
        drawn = confusion_difference(one.names, one.confusion, two.confusion, base.name, others[letter].name)
        show_chart(drawn, key="compare-confusion")
