"""The way from a run to the search or the sweep that it is a part of."""

from components.engine.engine import engine
from components.ui.formatting import escape
from components.ui.navigation import Page, page_link


def show_study_link(run_id: str) -> None:
    """Draw the link, where a run is a trial of something."""
    study = engine().store.studies.study_of_run(run_id)
    if study is not None:
        page_link(Page.TUNE, f"Part of {escape(study.title)}", ":material/tune:", study=study.id)
