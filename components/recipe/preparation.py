"""What is done to a dataset before a task gets it."""

from typing import Annotated

from pydantic import Field

from components.recipe.base import RecipePart
from components.recipe.cleaning import CleaningStep

MOST_CLEANING_STEPS = 100
"""Steps in which a table may be mended."""


class Preparation(RecipePart):
    """How a table is mended and divided. The parts follow each other in time: training, validation, test."""

    mends: Annotated[tuple[CleaningStep, ...], Field(max_length=MOST_CLEANING_STEPS)] = ()
    """what is done to the table as it came, one after the other"""
    unasked: bool = True
    """whether a file's table without mends is given those that nobody would question; where a person undid
    one of them, what is in `mends` is all that is done"""
    validation: Annotated[float, Field(ge=0.05, le=0.4)] = 0.15
    """share of the rows held back to watch the training and to stop it"""
    test: Annotated[float, Field(ge=0.05, le=0.4)] = 0.15
    """share of the rows that nothing looks at before the results"""

    @property
    def has_chosen_steps(self) -> bool:
        """Whether a person said which mends are made; else a file's are those that nobody would question."""
        return bool(self.mends) or not self.unasked
