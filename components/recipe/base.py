"""What every piece of a recipe has in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class RecipePart(BaseModel):
    """A piece of a recipe: frozen, and strict about names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


LONGEST_NAME = 200
"""Letters of a file's, a sheet's or a column's name."""
MOST_COLUMNS = 500
"""Columns that can be learnt from."""
MOST_NAMED_COLUMNS = 20_000
"""Columns that a cleaning step may name: a table may be wider before it is cleaned."""
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,64}$")]
