"""Results: what a run came to."""

from components.ui.results.results_page import show_results

show_results()
