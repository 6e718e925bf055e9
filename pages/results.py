"""Results: what a run came to."""

from components.ui.results import show_results

show_results()
