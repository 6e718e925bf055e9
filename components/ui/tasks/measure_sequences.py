"""The task of telling a number of sequences, on the pages."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from components.charts import regression as charts
from components.charts.chart import number
from components.charts.residuals import error_histogram
from components.data import NO_PREPARATION
from components.data.datasets import Numbers, Sequences
from components.export.regression import regression_csv
from components.recipe import Optimizer, Preparation, Recipe, Recurrent, RegressSequences, Training
from components.runs.store import Run
from components.tasks import measure_sequences
from components.tasks.measure_sequences import Measured
from components.tasks.numbers.result import NumbersResult
from components.training.events import EpochEnd
from components.ui.formatting import count, escape
from components.ui.tasks import sequences, ways
from components.ui.tasks.download import Download
from components.ui.tasks.inside import Inside
from components.ui.tasks.scaling import SCALINGS, scaling_control
from components.ui.tasks.scoring import Measure, show_scores
from components.ui.tasks.ways import way_of
from components.ui.tasks.ways.numbers import ask_about
from components.ui.train.form_fields import RecipeForm
from components.ui.widgets.chart_display import show_chart

NAME = "Tell a number"
ABOUT = "Read a whole sequence and tell one number of it."
ICON = ":material/speed:"
COUNTED, TEST_IS = "sequences", ", drawn by chance,"
EXAMPLES = "Sequences of the training part to learn from. All of them are gone through in every epoch."
MODEL_TAKES = f"{sequences.MODEL_TAKES} Scaling is inside; it gives numbers in their own units."
SCORE = "share explained"
"""What a snapshot's mark is: 1 − squared error / variance."""
INSIDE = Inside("Sequence of the test part", "Number")
ESSENTIAL = "task.longest task.cut"
RULES: dict[str, str] = {}

_LONGEST = 500
_UPDATES = 3000  # about what a small model needs to find a rule
_BATCH = 64
_DRAWN = 6  # sequences that are looked at

_MEASURES = {
    "mae": Measure("MAE", "Mean absolute error: by how much it is off on average, in the number’s own unit."),
    "rmse": Measure("RMSE", "Root mean squared error: like MAE, but large misses weigh more."),
    "mse": Measure("MSE", "Mean squared error, which most training is judged by: the square of RMSE."),
    "r2": Measure(
        "R²",
        "The share of the numbers’ differences that is explained: 1 is perfect, 0 is no better than always "
        "saying the mean, below 0 is worse.",
        larger_is_better=True,
        written="{:.3f}".format,
    ),
}


# --- Setting it up -----------------------------------------------------------------------------------


def suggest(dataset: Sequences, preparation: Preparation = NO_PREPARATION) -> Recipe:
    """Size the model and the training to a dataset.

    Args:
        dataset: sequences with numbers.
        preparation: how it is divided.
    """
    train = int(dataset.size * (1 - preparation.validation - preparation.test))
    epochs = max(15, min(200, _UPDATES * _BATCH // max(1, train)))
    return Recipe(
        dataset=dataset.reference,
        preparation=preparation,
        task=RegressSequences(longest=min(_LONGEST, int(dataset.lengths.max()))),
        model=Recurrent(kind="gru", units=32),
        optimizer=Optimizer(learning_rate=0.003),
        training=Training(batch=_BATCH, epochs=epochs),
    )


def settle() -> None:
    """There is nothing that could disagree."""


def essential_controls(panel: RecipeForm, dataset: Sequences) -> None:
    """Draw what a beginner chooses: how much is read, and from which end."""
    sequences.longest_control(panel, dataset)
    sequences.cut_control(panel)


def data_controls(panel: RecipeForm, dataset: Sequences) -> None:
    """Draw what is done to the data before the model sees it."""
    scaling_control(panel)
    panel.choice(
        "task.answer",
        "Scaling of the number",
        tuple(SCALINGS),
        "The number that is to be told is brought to a common size too, and back again when it is told.",
        SCALINGS,
    )


def look(recipe: Recipe, dataset: Sequences) -> None:
    """Draw some sequences with their numbers, and how long they are."""
    if dataset.notes:
        st.info(escape(" ".join(dataset.notes)), icon=":material/info:")
    way, answer = way_of(dataset), _answer(dataset)
    chosen = [
        (f"{way.EACH} {at + 1}: {number(float(answer.values[at]))}", at)
        for at in range(min(_DRAWN, dataset.size))
    ]
    show_chart(way.drawn(dataset, chosen, f"Some {way.COUNTED} and their numbers"), key="train-examples")
    st.caption(escape(f"The number of each is {answer.name}."))
    sequences.show_lengths(dataset, recipe.require_task(RegressSequences).longest)


def said(dataset: Sequences) -> str:
    """Return how many sequences there are, and what is to be told."""
    return f"{count(dataset.size, way_of(dataset).EACH)}; to be told: {_answer(dataset).name}"


def summary(recipe: Recipe, dataset: Sequences) -> str:
    """Return what is asked, in Markdown."""
    return f"{escape(_answer(dataset).name)}, for each of {count(dataset.size, way_of(dataset).EACH)}"


def picture(recipe: Recipe) -> str:
    """Draw what a card's recipe is about, as SVG."""
    return ways.picture(recipe.dataset)


def _answer(dataset: Sequences) -> Numbers:
    assert isinstance(dataset.answer, Numbers)  # as `fits` saw to
    return dataset.answer


# --- While it trains, and after ----------------------------------------------------------------------


def live(recipe: Recipe, dataset: Sequences) -> dict[str, Any]:
    """Return the live charts the true numbers beside which they draw the guesses."""
    shown = measure_sequences.preview(recipe, dataset)
    unscaled = recipe.require_task(RegressSequences).answer == "none"
    loss = "mean squared error" if unscaled else "mean squared error (scaled units)"
    return {
        "kind": "guesses",
        "what": shown.what,
        "truth": shown.truth.tolist(),
        "loss": loss,
        "score": SCORE,
    }


def replay(run: Run, ends: Sequence[EpochEnd], dataset: Sequences) -> None:
    """Draw by how much the numbers of the validation part were missed after each epoch."""
    truth = measure_sequences.preview(run.recipe, dataset).truth
    told = [end for end in ends if len(end.snapshot.numbers) == len(truth)]
    missed = np.array([np.abs(truth - np.array(end.snapshot.numbers)).mean() for end in told])
    if np.isfinite(missed).any():
        of_the_mean = float(np.abs(truth - truth.mean()).mean())
        show_chart(
            charts.error_by_epoch([end.epoch for end in told], missed, of_the_mean), key=f"replay-{run.id}"
        )


def show_results(run: Run, result: NumbersResult) -> None:
    """Draw the scores, the guesses against the truth, and what was missed."""
    if result.notes:
        st.info(escape(" ".join(result.notes)), icon=":material/info:")
    show_scores(
        result.scores,
        _MEASURES,
        who="Teller",
        alt="Scores of the model and of the simple rules on the test part",
        said=f"On {count(len(result.truth), 'sequence')} that nothing looked at before, of "
        f"{escape(result.what)}; the best of each column is marked.",
    )
    st.header("What it guessed, and what it missed", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        show_chart(charts.prediction_scatter(result.truth, result.said), key="guesses")
    with right:
        show_chart(error_histogram(result.residuals, "guess", plural="guesses"), key="missed")
    sequences.note_neighbour("the number")


def downloads(result: NumbersResult) -> tuple[Download, ...]:
    """Offer what was said of the test part as a table."""
    return (
        Download(
            "What it said (CSV)",
            "unroll-numbers.csv",
            "text/csv",
            ":material/table:",
            lambda: regression_csv(result),
        ),
    )


# --- Trying it ---------------------------------------------------------------------------------------


def try_it(run: Run) -> None:
    """Let a person give the model a sequence, and ask for its number, and why it is that."""

    def ask(dataset: Sequences) -> None:
        values = _answer(dataset).values
        ask_about(run, dataset, lambda at: number(float(values[at])), _say, charts.number_attribution)

    sequences.try_in_fold(run, ask)


def _say(said: Measured) -> None:
    st.metric("The model says", number(said.number))
