"""Gradient clipping: the same run with and without it, side by side."""

import streamlit as st

from components.charts.chart import number
from components.recipe import (
    Clipping,
    Generated,
    Optimizer,
    Preparation,
    Recipe,
    Recurrent,
    RegressSequences,
    Training,
)
from components.runs.store import Run
from components.training.events import Divergence
from components.ui.boundary import boundary
from components.ui.gradients import side_by_side
from components.ui.gradients.lesson import Lesson
from components.ui.navigation import Page, page_link
from components.ui.widgets.live_charts import ComparisonRun, show_comparison

_VIEW = "twins"
_NAMES = ("Not clipped", "Clipped")
_MAX_EXAMPLES = 8  # sequences of the batch
_EXPLODING, _SURVIVING = 0.1, 0.005
"""Learning rates: at the one the twin without clipping blows up, at the other both live."""


def _show() -> None:
    """Draw the two runs, or their setup."""
    runs = side_by_side.runs_from_address()
    if not runs:
        _show_setup()
        return
    side_by_side.show_run_controls([run.id for run in runs], _VIEW)
    every = [
        ComparisonRun(run, name, _clipping_note(run.recipe)) for run, name in zip(runs, _NAMES, strict=False)
    ]
    show_comparison(every, _VIEW, loss="mean squared error", score="", key="twins")
    for one in every:
        if one.run.death is not None:
            _show_post_mortem(one)
    st.caption(
        "Clipping shortens a step and keeps its direction (Pascanu, Mikolov and Bengio, 2013). It protects a "
        "run from exploding gradients, but can't restore vanished ones: in both runs the first time steps "
        "contribute just as little."
    )


def clipping_recipe(rate: float, threshold: float | None, steps: int = 100, seed: int = 0) -> Recipe:
    """Return the recipe of a run with or without clipping: a simple RNN on the adding problem.

    Args:
        rate: learning rate of plain gradient descent.
        threshold: that the global norm is clipped to; None: it isn't.
        steps: of the sequences.
        seed: of its weights and batches.
    """
    clipping = Clipping(mode="none") if threshold is None else Clipping(threshold=threshold)
    return Recipe(
        dataset=Generated(name="adding", length=10_000, parameters={"steps": float(steps)}),
        preparation=Preparation(validation=0.05, test=0.05),
        task=RegressSequences(longest=steps, scaling="none", answer="none"),
        model=Recurrent(kind="simple_rnn", units=50),
        optimizer=Optimizer(kind="sgd", learning_rate=rate, momentum=0.0),
        clipping=clipping,
        training=Training(batch=64, epochs=3, patience=None),
        seed=seed,
    )


def _clipping_note(recipe: Recipe) -> str:
    clipping = recipe.clipping
    return (
        f"at {clipping.threshold:g}"
        if clipping.mode != "none"
        else f"learning rate {recipe.optimizer.learning_rate:g}"
    )


# --- Their start -------------------------------------------------------------------------------------


def _show_setup() -> None:
    exploding, surviving = st.columns(2, gap="large")
    with exploding, st.container(border=True, height="stretch"):
        st.markdown("**Exploding**")
        st.caption(
            f"Learning rate {_EXPLODING:g}. Without clipping, a few huge steps destroy everything that the "
            "model has learnt."
        )
        st.space("stretch")
        first = st.button(
            f"Train both at learning rate {_EXPLODING:g}",
            icon=":material/bolt:",
            type="primary",
            width="stretch",
            key="twins.exploding",
        )
    with surviving, st.container(border=True, height="stretch"):
        st.markdown("**Surviving**")
        st.caption(
            f"Learning rate {_SURVIVING:g}. Steps are so small that both runs survive, clipped or not. "
            "Neither remembers any better."
        )
        st.space("stretch")
        second = st.button(
            f"Train both at learning rate {_SURVIVING:g}",
            icon=":material/spa:",
            type="primary",
            width="stretch",
            key="twins.surviving",
        )
    with st.expander("Choose your own settings", icon=":material/tune:"):
        rate = st.select_slider(
            "Learning rate",
            (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
            0.1,
            key="twins.rate",
            format_func="{:g}".format,
        )
        threshold = st.select_slider(
            "Clipping threshold",
            (0.1, 0.3, 1.0, 3.0, 10.0),
            1.0,
            key="twins.threshold",
            format_func="{:g}".format,
        )
        steps = st.select_slider("Sequence length (steps)", (20, 50, 100, 200), 100, key="twins.length")
        seed = st.number_input("Seed", 0, 2**31 - 1, 0, key="twins.seed")
        third = st.button("Start both runs", icon=":material/play_arrow:", key="twins.start")
    if first:
        _start_runs(_EXPLODING)
    elif second:
        _start_runs(_SURVIVING)
    elif third:
        _start_runs(rate, threshold, steps, seed)


def _start_runs(rate: float, threshold: float = 1.0, steps: int = 100, seed: int = 0) -> None:
    with boundary():
        twins = [clipping_recipe(rate, clip, steps, seed=seed) for clip in (None, threshold)]
        side_by_side.start_runs(
            _VIEW, [(f"Clipping · {name}", twin) for name, twin in zip(_NAMES, twins, strict=True)]
        )


# --- Post-mortem -----------------------------------------------------------------------------------


def _show_post_mortem(twin: ComparisonRun) -> None:
    """Show at which update a run diverged, by which weight's gradient, and in which batch."""
    death = twin.run.death
    assert death is not None
    with st.container(border=True):
        st.markdown(f"#### :material/monitor_heart: Why “{twin.name}” diverged")
        grid = st.grid(4, min_column_width=150)
        grid.metric("Loss is NaN from update", f"{death.step:,}")
        grid.metric("Explosion at update", f"{death.blamed:,}")
        grid.metric(
            "Largest gradient", number(death.norm), help="Norm of one weight's gradient, before clipping."
        )
        grid.metric(
            "Usual gradient", number(death.usual), help="Median of the same weight's earlier gradient norms."
        )
        st.markdown(_death_report(death, twin.run.recipe.optimizer.learning_rate))
        _clipping_link(twin.run)


def _death_report(death: Divergence, rate: float) -> str:
    """Return how a run diverged, in sentences."""
    norm, usual = number(death.norm), number(death.usual)
    times = f", {number(death.norm / death.usual)} times the usual" if death.usual > 0 else ""
    shown = ", ".join(f"{example + 1:,}" for example in death.examples[:_MAX_EXAMPLES])
    more = ", …" if len(death.examples) > _MAX_EXAMPLES else ""
    return (
        f"At update {death.blamed:,} the gradient of `{death.weight}` had a norm of {norm} instead of about "
        f"{usual}{times}. This was batch {death.batch} of epoch {death.epoch}, with sequences {shown}{more}. "
        f"Multiplied by the learning rate, that is a step of length {number(death.norm * rate)}. From update "
        f"{death.step:,} on, the loss was not a number (NaN)."
    )


def _clipping_link(run: Run) -> None:
    clipped = run.recipe.model_copy(update={"clipping": Clipping()})
    page_link(Page.TRAIN, "Open in Train with clipping", ":material/content_cut:", recipe=clipped.to_url())


LESSON = Lesson(
    title="Gradient clipping",
    icon=":material/content_cut:",
    description=(
        "The same simple RNN is trained twice, with the same seed and the same batches. One uses every "
        "gradient as it is; in the other, gradients above a threshold are **clipped**."
    ),
    show=_show,
)
