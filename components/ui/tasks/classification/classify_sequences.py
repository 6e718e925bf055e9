"""Classifying sequences, on the pages."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from components.charts.examples import class_balance
from components.data.datasets import Sequences
from components.recipe import ClassifySequences, Recipe
from components.runs.store import Run
from components.tasks import classify_sequences
from components.tasks.classification.result import ClassesResult
from components.ui.dataset_cache import dataset_of
from components.ui.formatting import count, escape
from components.ui.recipe_form.form_fields import RecipeForm
from components.ui.tasks import sequences
from components.ui.tasks.classification.page import (
    ClassificationPage,
    balance_control,
    convolution_control,
    note_stride,
    output_controls,
    show_contest,
)
from components.ui.tasks.inspection import Bring, InspectionTerms
from components.ui.tasks.page import OutputControls
from components.ui.tasks.scaling import scaling_control
from components.ui.tasks.sequence_kinds import kind_of, thumbnail
from components.ui.widgets.chart_display import show_chart

_MOST_CLASSES = 12  # of which an example is drawn
_DRAWN = 6  # sequences of a cell


class ClassifySequencesPage(ClassificationPage[Sequences]):
    """What pages show of classifying sequences."""

    title = "Classify sequences"
    description = "Predict the class of a whole sequence."
    icon = ":material/category:"
    examples_name = "sequences"
    examples_help = "How many training sequences there are; each epoch goes through all of them."
    exported_model_help = f"{sequences.MODEL_TAKES} Scaling and the names of the classes are included."
    essential_fields = ("task.longest", "task.balanced")
    task = classify_sequences

    @property
    def inspection(self) -> InspectionTerms:
        """The words for looking into its models."""
        return InspectionTerms("Test sequence", "Class", bring=_bring)

    def essential_controls(self, panel: RecipeForm, dataset: Sequences) -> None:
        """Draw what a beginner chooses: how much is read, and what counts."""
        sequences.longest_control(panel, dataset)
        balance_control(panel)

    def data_controls(self, panel: RecipeForm, dataset: Sequences) -> None:
        """Draw what is done to the data before the model sees it."""
        sequences.cut_control(panel)
        scaling_control(panel)
        convolution_control(panel)
        sequences.filters_control(panel)

    @property
    def output_controls(self) -> OutputControls:
        """The controls of what the prediction is made of."""
        fields = ("task.pooling", "task.label_smoothing")
        return OutputControls("Prediction", ":material/conversion_path:", fields, output_controls)

    def show_data(self, recipe: Recipe, dataset: Sequences) -> None:
        """Draw an example of each class, how many each has, and how long they are."""
        if dataset.notes:
            st.info(escape(" ".join(dataset.notes)), icon=":material/info:")
        suggest = partial(classify_sequences.suggest, dataset, recipe.preparation)
        show_contest(recipe, dataset, suggest, kind_of(dataset).plural)
        answer = classify_sequences.classes(dataset)
        firsts = [np.flatnonzero(answer.codes == code)[:1] for code in range(len(answer.names))]
        groups = [
            (answer.names[code], int(members[0]))
            for code, members in enumerate(firsts[:_MOST_CLASSES])
            if len(members)
        ]
        kind = kind_of(dataset)
        show_chart(kind.draw(dataset, groups, "An example of each class"), key="train-examples")
        show_chart(class_balance(answer.names, answer.counts, what=kind.plural), key="train-balance")
        task = recipe.require_task(ClassifySequences)
        sequences.show_lengths(dataset, task.longest)
        note_stride(task, dataset.lengths, "step", kind.name)

    def example_name(self, dataset: Sequences) -> str:
        """Return what one example is called."""
        return kind_of(dataset).name

    def recipe_line(self, recipe: Recipe, dataset: Sequences) -> str:
        """Return what is asked, in Markdown."""
        each = count(dataset.size, self.example_name(dataset))
        return f"One of {self.count_classes(dataset)} for each of {each}"

    def thumbnail(self, recipe: Recipe) -> str:
        """Draw what a card's recipe is about, as SVG."""
        return thumbnail(recipe.dataset)

    def show_examples(self, run: Run, numbers: np.ndarray, captions: Sequence[str]) -> None:
        """Draw sequences of a run's dataset by number, (N,), each with its own words."""
        dataset = dataset_of(run.recipe.dataset, run.recipe.preparation)
        assert isinstance(dataset, Sequences)
        kind = kind_of(dataset)
        groups = [
            (f"#{number + 1:,}, {caption}", int(number))
            for number, caption in zip(numbers[:_DRAWN], captions, strict=False)
        ]
        show_chart(
            kind.draw(dataset, groups, f"{kind.plural.capitalize()} of this cell"),
            key="classes-examples",
        )

    def show_scores(self, result: ClassesResult) -> None:
        """Draw the scores, and say what the nearest neighbour is."""
        super().show_scores(result)
        sequences.note_neighbour("the class")

    def ask_model(self, run: Run) -> None:
        """Let a person give the model a sequence, and ask what it is, and why."""
        sequences.ask_in_expander(run, lambda dataset: kind_of(dataset).ask_class(run, dataset))


def _bring(run: Run) -> Bring | None:
    dataset = dataset_of(run.recipe.dataset, run.recipe.preparation)
    assert isinstance(dataset, Sequences)
    bring = kind_of(dataset).bring
    return partial(bring, dataset) if bring else None


PAGE = ClassifySequencesPage()
