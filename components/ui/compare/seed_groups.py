"""Runs of a comparison that differ in the seed only."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.ui.compare.effect import ComparedRun


@dataclass(frozen=True)
class SeedGroup:
    """Runs of one recipe, by their places in the comparison; nearly always with a seed each."""

    places: tuple[int, ...]
    seeds: tuple[int, ...]

    @property
    def is_spread(self) -> bool:
        """Whether several seeds were run."""
        return len(set(self.seeds)) > 1


def seed_groups(compared: Sequence[ComparedRun]) -> tuple[SeedGroup, ...]:
    """Return the runs of each recipe, in the order in which the first of each stands."""
    groups: dict[str, list[int]] = {}  # a recipe itself may hold parameters, which have no hash
    for at, run in enumerate(compared):
        groups.setdefault(run.recipe.model_copy(update={"seed": 0}).to_json(), []).append(at)
    return tuple(
        SeedGroup(tuple(places), tuple(compared[at].recipe.seed for at in places))
        for places in groups.values()
    )
