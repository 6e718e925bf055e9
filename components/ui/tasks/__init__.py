"""What pages show of each task: one module each, all with the same names in it.

`NAME`, `ABOUT` and `ICON` are for choosing it, `COUNTED`, `TEST_IS`, `EXAMPLES` and `MODEL_TAKES` are words
of its own, `INSIDE` those for looking into a model; `ESSENTIAL` names the fields of its essential controls,
`RULES` says at which field a rule over several of them complains.

`suggest` gives a first recipe. `essential_controls` and `data_controls` draw its controls, after `settle` has
seen to it that they agree; `look` draws what they make of the data, `said` and `summary` describe dataset and
recipe in a line. `live` tells the live charts what to draw of a run's snapshots, `replay` draws them when it
is over. `show_results` draws its results, `try_it` asks the run's own model, `downloads` are taken away,
`picture` is the drawing of a card on Home.
"""

from types import ModuleType

from components.data.datasets import Dataset
from components.recipe import Recipe
from components.tasks import fitting
from components.ui.tasks import (
    chat,
    classify_sequences,
    classify_texts,
    forecast,
    language,
    measure_sequences,
    translate,
)
from components.ui.tasks.forecasting import outputs as forecast_outputs

# A new task is a module, and a line here and in `components.tasks`.
_MODULES: dict[str, ModuleType] = {
    "forecast": forecast,
    "classify_sequences": classify_sequences,
    "measure_sequences": measure_sequences,
    "classify_texts": classify_texts,
    "model_language": language,
    "translate": translate,
    "chat": chat,
}

# Of tasks whose output may mean several things: name, icon, fields and controls of that.
_OUTPUTS: dict[str, ModuleType] = {"forecast": forecast_outputs}


def module(kind: str) -> ModuleType:
    """Return the module of a kind of task."""
    return _MODULES[kind]


def module_of(recipe: Recipe) -> ModuleType:
    """Return the module of a recipe's task."""
    return _MODULES[recipe.task.kind]


def outputs_of(kind: str) -> ModuleType | None:
    """Return the module of the controls of what a kind of task gives out; None where there is no choice."""
    return _OUTPUTS.get(kind)


def modules_for(dataset: Dataset) -> dict[str, ModuleType]:
    """Return the tasks that a dataset can be trained for, the most usual first."""
    return {kind: _MODULES[kind] for kind in fitting(dataset)}
