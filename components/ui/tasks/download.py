"""A file that a task offers to take away."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Download:
    """One button: its words, the file's name and type, and what makes the file when it is pressed."""

    label: str
    file_name: str
    mime: str
    icon: str
    make: Callable[[], bytes]
