"""What can't work, said before any training."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Issue:
    """One thing that a person must change: `field` is the recipe's, as `task.window`."""

    field: str
    message: str
