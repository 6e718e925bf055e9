"""One figure that was measured, and what it is held against."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Measurement:
    """A figure.

    Attributes:
        name: what was measured.
        value: the median where it was measured several times.
        unit: of the value.
        compared_with: what it is held against, in words: another contender, or a bound.
        compared_value: that one's own figure, in the same unit; None where there is none.
        low: the lowest of the values measured.
        high: the highest.
        rounds: how often it was measured.
    """

    name: str
    value: float
    unit: str
    compared_with: str
    compared_value: float | None
    low: float
    high: float
    rounds: int

    @classmethod
    def of(
        cls,
        name: str,
        values: Sequence[float],
        unit: str,
        compared_with: str = "nothing",
        compared_value: float | None = None,
    ) -> Self:
        """Sum up what was measured in several rounds."""
        return cls(
            name=name,
            value=statistics.median(values),
            unit=unit,
            compared_with=compared_with,
            compared_value=compared_value,
            low=min(values),
            high=max(values),
            rounds=len(values),
        )

    def __str__(self) -> str:
        compared = ""
        if self.compared_value is not None:
            compared = f"; {self.compared_with}: {self.compared_value:.4g} {self.unit}"
        return (
            f"{self.name}: {self.value:.4g} {self.unit} "
            f"({self.low:.4g} to {self.high:.4g}, {self.rounds} rounds){compared}"
        )
