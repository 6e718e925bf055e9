"""Home: what this is, and experiments to begin with."""

from components.ui.gallery import gallery
from components.ui.runs import recent_runs
from components.ui.welcome import welcome

welcome()
gallery()
recent_runs()
