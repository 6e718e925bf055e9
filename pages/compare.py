"""Compare: what differs between runs, and what difference it made."""

from components.ui.compare.compare_page import show_comparison_page

show_comparison_page()
