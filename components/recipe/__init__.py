"""Everything needed to repeat an experiment: the Recipe and its parts."""

from components.recipe.dataset import (
    DatasetReference,
    Generated,
    Interval,
    Period,
    Quotes,
    Sample,
    Symbol,
    Upload,
)
from components.recipe.mends import (
    AddMissingTimes,
    DropColumns,
    DropRepeats,
    DropUntimed,
    FillMissing,
    Mend,
    ReadNumbers,
    Resample,
    RoundTimes,
    SetTime,
    SortRows,
    SpreadColumn,
    StandardTime,
    TreatAsMissing,
)
from components.recipe.model import Model, Recurrent, Transformer
from components.recipe.part import Name, Part, Slug
from components.recipe.preparation import Preparation
from components.recipe.recipe import LONGEST_RECIPE, Recipe, recipe_error
from components.recipe.task import Forecast, Scaling, Task, Transform
from components.recipe.training import Clipping, Optimizer, Training

__all__ = [
    "LONGEST_RECIPE",
    "AddMissingTimes",
    "Clipping",
    "DatasetReference",
    "DropColumns",
    "DropRepeats",
    "DropUntimed",
    "FillMissing",
    "Forecast",
    "Generated",
    "Interval",
    "Mend",
    "Model",
    "Name",
    "Optimizer",
    "Part",
    "Period",
    "Preparation",
    "Quotes",
    "ReadNumbers",
    "Recipe",
    "Recurrent",
    "Resample",
    "RoundTimes",
    "Sample",
    "Scaling",
    "SetTime",
    "Slug",
    "SortRows",
    "SpreadColumn",
    "StandardTime",
    "Symbol",
    "Task",
    "Training",
    "Transform",
    "Transformer",
    "TreatAsMissing",
    "Upload",
    "recipe_error",
]
