"""Influence of past steps on the page."""

import numpy as np

from components.charts.influence import half_life_over_training, influence
from components.insight.requests import InfluenceRequest, InfluenceView, half_life
from components.runs.store import Run
from components.ui.formatting import count
from components.ui.inside.layout import Places
from components.ui.inside.training_step import choose_training_step
from components.ui.widgets.chart_display import show_chart

_MAX_EARLIER = 6  # earlier moments that are measured too


def show_influence(run: Run, places: Places) -> None:
    """Draw the influence of each step back, and how it changed while the model learned."""
    picture, controls = places.picture, places.controls
    with controls:
        moment = choose_training_step(run)
    until = moment.steps[-1] if moment.step is None else moment.step
    before = [step for step in moment.steps if step <= until]
    chosen = np.unique(np.linspace(0, len(before) - 1, min(_MAX_EARLIER, len(before))).round().astype(int))
    earlier = tuple(before[at] for at in chosen)
    with picture:
        reach: InfluenceView = moment.inspect(InfluenceRequest(earlier)).view
        show_chart(influence(reach), key="inside-influence")
    half = half_life(reach.influence)
    if half:
        controls.metric("Half-life", count(half, "step"))
        controls.caption("This many of the newest steps have half of all influence on the output.")
    if len(reach.steps) > 1:
        show_chart(half_life_over_training(reach), key="inside-reach-training")
