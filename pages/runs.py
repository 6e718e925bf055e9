"""Runs: all that a visitor has trained, to be found, named, kept, compared and deleted."""

from components.ui.runs.runs_page import show_runs_page

show_runs_page()
