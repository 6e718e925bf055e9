"""Tune: better settings by a search, and what one setting does by a sweep."""

from components.ui.studies.study_page import show_study_page

show_study_page()
