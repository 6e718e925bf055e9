"""Controls that all tasks on sequences share: how much of them is read, and from which end."""

from components.data.dataset import Sequences
from components.ui.panel import Panel

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
