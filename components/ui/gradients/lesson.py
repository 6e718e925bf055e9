"""What a lesson on gradients is."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """A section of the page Gradients.

    Attributes:
        title: what it is called.
        icon: of it, as `:material/…:`.
        description: what it is about, in Markdown.
        show: draws it.
    """

    title: str
    icon: str
    description: str
    show: Callable[[], None]
