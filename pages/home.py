"""Home: what this is, and experiments to begin with."""

from components.ui.home.gallery import show_gallery
from components.ui.home.welcome import show_welcome
from components.ui.run.run_list import show_recent_runs

show_welcome()
show_recent_runs()
show_gallery()
