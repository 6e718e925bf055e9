"""Datasets made by a formula: the same reference always gives the same data."""

import numpy as np

from components.data.datasets import Dataset, Provenance
from components.data.sources.synthetic.generator import Generator, Origin, Parameter
from components.data.sources.synthetic.pairs import PAIRS
from components.data.sources.synthetic.sequences import SEQUENCES
from components.data.sources.synthetic.series import SERIES
from components.errors import DataError
from components.recipe import Generated

__all__ = ["GENERATORS", "Generator", "Parameter", "load"]

GENERATORS: dict[str, Generator] = {**SERIES, **SEQUENCES, **PAIRS}


def load(reference: Generated) -> Dataset:
    """Make the dataset.

    Raises:
        DataError: if the generator or a parameter is unknown, a parameter out of its bounds, or more is
            asked for than can be made.
    """
    generator = GENERATORS.get(reference.name)
    if generator is None:
        raise DataError(
            f"There is no formula “{reference.name}”.",
            where="dataset",
            remedy=f"Use {_alternatives(GENERATORS)}.",
        )
    provenance = Provenance(f"Made here by a formula, with seed {reference.seed}", "None needed")
    origin = Origin(reference, generator.title, provenance)
    return generator.make(origin, np.random.default_rng(reference.seed), **_parameters(reference, generator))


def _parameters(reference: Generated, generator: Generator) -> dict[str, float]:
    known = {parameter.name: parameter for parameter in generator.parameters}
    for name, value in reference.parameters.items():
        if name not in known:
            raise DataError(
                f"“{generator.title}” has no parameter “{name}”.",
                where="dataset",
                remedy=f"Use {_alternatives(known)}." if known else "Leave it out.",
            )
        if not known[name].low <= value <= known[name].high:
            raise DataError(
                f"{value:g} is out of bounds.",
                where=f"dataset, {known[name].label.lower()}",
                remedy=f"Choose a number from {known[name].low:g} to {known[name].high:g}.",
            )
    return {name: reference.parameters.get(name, known[name].default) for name in known}


def _alternatives(names: dict) -> str:
    return " or ".join(f"“{name}”" for name in names)
