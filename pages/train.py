"""Train: set up a recipe, or watch the run that the address names."""

from components.ui.train.run_page import run_id_from_address, show_run
from components.ui.train.train_setup import show_setup

run = run_id_from_address()
if run is None:
    show_setup()
else:
    show_run(run)
