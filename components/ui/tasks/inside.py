"""Words of a task for looking inside its models."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Inside:
    """What things are called.

    Attributes:
        example: an example of the test part.
        answer: what may be asked about.
        typed: what a person is asked to type; "" where nothing can be typed.
    """

    example: str
    answer: str
    typed: str = ""
