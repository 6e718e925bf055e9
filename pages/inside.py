"""Inside: what a run's own model looks at, holds in memory, and how far back it looks."""

from components.ui.inside.inside_page import show_inside

show_inside()
