"""The training doctor on a page: a run's fault, the evidence for it, and a recipe that may be better."""

import streamlit as st

from components.charts.doctor import evidence
from components.data.datasets import Dataset
from components.engine import admission
from components.engine.engine import engine
from components.insight.doctor import Finding, Outcome, examine
from components.insight.doctor.remedies import recipe_differences
from components.recipe import Recipe
from components.runs.doctor_case import read_case
from components.runs.event_writer import ACTIVE
from components.runs.store import Run
from components.settings import settings
from components.ui.boundary import boundary
from components.ui.formatting import escape
from components.ui.navigation import Page, open_page, page_button
from components.ui.recipe_form.labels import setting_label, setting_text
from components.ui.run.run_submission import submit_run
from components.ui.run.visible_run import visible_run
from components.ui.widgets.chart_display import folded, show_chart

_REFRESH_SECONDS = 5.0  # seconds between two looks at a run that goes on
_FINDINGS = "doctor.held"
_LIVE_STATUSES = {"running", "paused"}


def show_training_doctor(
    run: Run, dataset: Dataset | None, outcome: Outcome | None = None, *, in_one_line: bool = False
) -> None:
    """Show what the training doctor finds, anew every few seconds while the run goes on.

    Args:
        run: as it was when the page was drawn.
        dataset: what it learns from.
        outcome: what it came to, where it has been measured.
        in_one_line: whether a finding is a line that opens.
    """
    every = _REFRESH_SECONDS if run.status in _LIVE_STATUSES else None
    st.fragment(_examine_run, run_every=every)(run.id, dataset, outcome, in_one_line)


def _examine_run(run_id: str, dataset: Dataset | None, outcome: Outcome | None, in_one_line: bool) -> None:
    with boundary():
        run = visible_run(run_id)
        if run.step == 0:
            return
        finding = _stable_finding(run, examine(read_case(engine().store, run, outcome, dataset)))
        if finding is not None and in_one_line:
            with folded("Training doctor:", finding.title, "doctor-fold") as is_open:
                if is_open:
                    _show_finding(finding, run, dataset, with_evidence=True)
        elif finding is not None:
            _show_headed_finding(finding, run, dataset)
        elif run.status == "finished":
            st.caption(":material/stethoscope: The training doctor found no problem with this run.")


def _stable_finding(run: Run, finding: Finding | None) -> Finding | None:
    """Return what was found at first of an illness, as long as the run goes on and has it.

    A picture that changed every few seconds would lose the zoom that a person chose.
    """
    held: dict[str, Finding] = st.session_state.setdefault(_FINDINGS, {})
    before = held.get(run.id)
    if finding is None or run.status not in ACTIVE:
        held.pop(run.id, None)
    elif before is None or before.key != finding.key:
        held[run.id] = finding
    return held.get(run.id, finding)


def _show_headed_finding(finding: Finding, run: Run, dataset: Dataset | None) -> None:
    with st.container(border=True, key="doctor"):
        st.markdown(f":orange-badge[:material/stethoscope: Training doctor] **{escape(finding.title)}**")
        _show_finding(finding, run, dataset, with_evidence=False)


def _show_finding(finding: Finding, run: Run, dataset: Dataset | None, *, with_evidence: bool) -> None:
    left, right = st.columns([3, 2], gap="large")
    with left:
        _show_evidence(finding, with_evidence)
    with right:
        st.markdown(f"**What to try**\n\n{escape(finding.advice)}")
        if finding.remedy is not None:
            _show_remedy(finding.remedy, run, dataset)


def _show_evidence(finding: Finding, is_drawn: bool) -> None:
    """Draw what shows it, or do so if asked: beside live charts, since these keep a browser busy."""
    if is_drawn:
        show_chart(evidence(finding), key=f"doctor-{finding.key}")
        return
    st.markdown(escape(finding.sentence))
    fold = st.expander("Evidence", icon=":material/monitoring:", on_change="rerun", key="doctor-evidence")
    if fold.open:
        with fold:
            show_chart(evidence(finding), key=f"doctor-{finding.key}")


def _show_remedy(remedy: Recipe, run: Run, dataset: Dataset | None) -> None:
    """Show how a recipe differs from the run's, and let a person train it."""
    for name, old, new in recipe_differences(run.recipe, remedy):
        before, after = (escape(setting_text(name, value)) for value in (old, new))
        st.markdown(f"{setting_label(name, new)}: {before} → **{after}**")
    issues = admission.issues(engine().store, settings(), remedy, dataset) if dataset is not None else ()
    for issue in issues:
        st.markdown(f":red[:material/error: {escape(issue.message)}]")
    with st.container(horizontal=True):
        pressed = st.button(
            "Train with this",
            type="primary" if run.status not in ACTIVE else "secondary",
            icon=":material/play_arrow:",
            disabled=dataset is None or bool(issues),
            key="doctor-train",
        )
        page_button(Page.TRAIN, "Open in Train", ":material/tune:", recipe=remedy.to_url())
    if pressed and dataset is not None:
        open_page(Page.TRAIN, run=submit_run(remedy, dataset))
