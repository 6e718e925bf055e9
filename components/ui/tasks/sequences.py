"""Controls that all tasks on sequences share: how much of them is read, and on what scale."""

from components.data.dataset import Sequences
from components.ui.panel import Panel

SCALINGS = {"standard": "Mean 0, spread 1", "minmax": "Between 0 and 1", "none": "As it is"}
_SIDES = {"left": "The beginning", "right": "The end"}


def longest_control(panel: Panel, dataset: Sequences) -> None:
    """Draw how much of a sequence is read."""
    panel.number(
        "task.longest",
        "How many steps it reads",
        f"The longest sequence has {int(dataset.lengths.max()):,} steps. Shorter ones are read to their end: "
        "the model passes over what only fills them up.",
    )


def cut_control(panel: Panel) -> None:
    """Draw which end of a longer sequence isn't read."""
    panel.buttons("task.cut", "What longer sequences lose", _SIDES, "Which end of a longer one isn't read.")


def scaling_control(panel: Panel) -> None:
    """Draw the scale of the channels."""
    panel.choice(
        "task.scaling",
        "Scaling",
        tuple(SCALINGS),
        "Networks learn best from numbers near zero. The scale is measured on the training part only.",
        SCALINGS,
    )
