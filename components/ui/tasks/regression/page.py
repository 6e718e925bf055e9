"""Regression on sequences, on the pages."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from components.charts import regression as charts
from components.charts.chart import number
from components.charts.residuals import error_histogram
from components.data.datasets import Numbers, Sequences
from components.export.regression import regression_csv
from components.recipe import Recipe, RegressSequences
from components.runs.store import Run
from components.tasks import regress_sequences
from components.tasks.regression.result import NumbersResult
from components.tasks.regression.task import NumberPrediction
from components.training.events import EpochEnd
from components.ui.formatting import count, escape
from components.ui.recipe_form.form_fields import RecipeForm
from components.ui.tasks import sequences
from components.ui.tasks.download import Download
from components.ui.tasks.inspection import InspectionTerms
from components.ui.tasks.page import TaskPage
from components.ui.tasks.result_section import ResultSection
from components.ui.tasks.scaling import scaling_control
from components.ui.tasks.score_table import show_scores
from components.ui.tasks.sequence_kinds import kind_of, thumbnail
from components.ui.tasks.sequence_kinds.numbers import ask_about
from components.ui.widgets.chart_display import show_chart

SCORE = "R²"
"""What a snapshot's mark is: 1 − squared error / variance."""

_DRAWN = 6  # sequences that are looked at


class RegressSequencesPage(TaskPage[Sequences, NumbersResult]):
    """What pages show of regression on sequences."""

    title = "Regression"
    description = "Predict a number from a whole sequence."
    icon = ":material/speed:"
    examples_name = "sequences"
    test_set_origin = ", chosen at random"
    examples_help = "How many training sequences there are; each epoch goes through all of them."
    exported_model_help = f"{sequences.MODEL_TAKES} Scaling is included; predictions are in their own units."
    inspection = InspectionTerms("Test sequence", "Number")
    essential_fields = ("task.longest", "task.cut")
    task = regress_sequences

    def essential_controls(self, panel: RecipeForm, dataset: Sequences) -> None:
        """Draw what a beginner chooses: how much is read, and from which end."""
        sequences.longest_control(panel, dataset)
        sequences.cut_control(panel)

    def data_controls(self, panel: RecipeForm, dataset: Sequences) -> None:
        """Draw what is done to the data before the model sees it."""
        scaling_control(panel)
        sequences.filters_control(panel)
        panel.choice("task.answer", "Scales the number to predict in training; predictions are scaled back.")

    def show_data(self, recipe: Recipe, dataset: Sequences) -> None:
        """Draw some sequences with their numbers, and how long they are."""
        if dataset.notes:
            st.info(escape(" ".join(dataset.notes)), icon=":material/info:")
        kind, answer = kind_of(dataset), _answer(dataset)
        chosen = [
            (f"{kind.name} {at + 1}: {number(float(answer.values[at]))}", at)
            for at in range(min(_DRAWN, dataset.size))
        ]
        show_chart(
            kind.draw(dataset, chosen, f"Examples of {kind.plural} and their numbers"), key="train-examples"
        )
        st.caption(escape(f"The target is {answer.name}."))
        sequences.show_lengths(dataset, recipe.require_task(RegressSequences).longest)

    def dataset_line(self, dataset: Sequences) -> str:
        """Return how many sequences there are, and what is to be told."""
        return f"{count(dataset.size, kind_of(dataset).name)}; target: {escape(_answer(dataset).name)}"

    def recipe_line(self, recipe: Recipe, dataset: Sequences) -> str:
        """Return what is asked, in Markdown."""
        return f"{escape(_answer(dataset).name)}, for each of {count(dataset.size, kind_of(dataset).name)}"

    def thumbnail(self, recipe: Recipe) -> str:
        """Draw what a card's recipe is about, as SVG."""
        return thumbnail(recipe.dataset)

    def live_chart(self, recipe: Recipe, dataset: Sequences) -> dict[str, Any]:
        """Return for the live charts the true numbers beside which they draw the guesses."""
        shown = regress_sequences.preview(recipe, dataset)
        unscaled = recipe.require_task(RegressSequences).answer == "none"
        loss = "mean squared error" if unscaled else "mean squared error (scaled units)"
        return {
            "kind": "guesses",
            "what": shown.what,
            "truth": shown.truth.tolist(),
            "loss": loss,
            "score": SCORE,
        }

    def show_replay(self, run: Run, ends: Sequence[EpochEnd], dataset: Sequences) -> None:
        """Draw by how much the numbers of the validation set are off after each epoch."""
        truth = regress_sequences.preview(run.recipe, dataset).truth
        shown = [end for end in ends if len(end.snapshot.numbers) == len(truth)]
        missed = np.array([np.abs(truth - np.array(end.snapshot.numbers)).mean() for end in shown])
        if np.isfinite(missed).any():
            of_the_mean = float(np.abs(truth - truth.mean()).mean())
            show_chart(
                charts.error_by_epoch([end.epoch for end in shown], missed, of_the_mean),
                key=f"replay-{run.id}",
            )

    def result_sections(self, run: Run, result: NumbersResult) -> Sequence[ResultSection]:
        """Return the predictions against the truth, and the scores."""
        title = "Predictions and residuals"
        return (
            ResultSection("predictions", "Predictions", title, partial(_predictions, result)),
            ResultSection("scores", "How good", "Scores on the test set", partial(_scores, result)),
        )

    def downloads(self, result: NumbersResult) -> tuple[Download, ...]:
        """Return the predictions for the test set as a table."""
        return (
            Download(
                "Predictions (CSV)",
                "unroll-numbers.csv",
                "text/csv",
                ":material/table:",
                lambda: regression_csv(result),
            ),
        )

    def ask_model(self, run: Run) -> None:
        """Let a person give the model a sequence, and ask for its number, and why it is that."""

        def ask(dataset: Sequences) -> None:
            values = _answer(dataset).values
            ask_about(
                run, dataset, lambda at: number(float(values[at])), _show_number, charts.number_attribution
            )

        sequences.ask_in_expander(run, ask)


def _predictions(result: NumbersResult) -> None:
    if result.notes:
        st.info(escape(" ".join(result.notes)), icon=":material/info:")
    left, right = st.columns(2, gap="large")
    with left:
        show_chart(charts.prediction_scatter(result.truth, result.said), key="guesses")
    with right:
        show_chart(error_histogram(result.residuals, "prediction"), key="missed")


def _scores(result: NumbersResult) -> None:
    show_scores(
        result.scores,
        regress_sequences.metrics,
        who="Model",
        alt="Scores of the model and of the baselines on the test set",
        caption=(
            f"On {count(len(result.truth), 'sequence')} of the test set, predicting "
            f"{escape(result.what)}; the best of each column is marked."
        ),
    )
    sequences.note_neighbour("the number")


def _answer(dataset: Sequences) -> Numbers:
    assert isinstance(dataset.answer, Numbers)  # as `why_unsuitable` saw to
    return dataset.answer


def _show_number(prediction: NumberPrediction) -> None:
    st.metric("Prediction", number(prediction.number))


PAGE = RegressSequencesPage()
