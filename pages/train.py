"""Train: set up a recipe, or watch the run that the address names."""

from components.ui.watching import watch, watched
from components.ui.workshop import set_up

run = watched()
if run is None:
    set_up()
else:
    watch(run)
