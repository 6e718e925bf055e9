"""What is worked out of a dataset: once for each way of asking, and forgotten with the dataset."""

import gc
import weakref

from components.data.datasets import Pairs, Provenance
from components.recipe import Sample
from components.tasks.per_dataset_cache import MOST, cached_per_dataset


def pairs() -> Pairs:
    return Pairs(Sample(name="small_talk"), "Talk", Provenance("us", "none"), ("hello",), ("hi",))


def test_it_is_worked_out_once_for_each_dataset_and_way():
    asked = []

    @cached_per_dataset
    def measure(dataset: Pairs, way: str) -> str:
        asked.append((dataset.title, way))
        return way.upper()

    one, other = pairs(), pairs()
    assert [measure(one, "a"), measure(one, "a"), measure(one, "b"), measure(other, "a")] == [*"AABA"]
    assert len(asked) == 3


def test_nothing_holds_a_dataset_that_nobody_else_needs():
    @cached_per_dataset
    def measure(dataset: Pairs) -> int:
        return dataset.size

    held = pairs()
    measure(held)
    watcher = weakref.ref(held)
    del held
    gc.collect()
    assert watcher() is None


def test_only_the_newest_ways_are_remembered():
    asked = []

    @cached_per_dataset
    def measure(dataset: Pairs, way: int) -> int:
        asked.append(way)
        return way

    held = pairs()
    for way in range(MOST + 1):
        measure(held, way)
    measure(held, MOST)
    measure(held, 0)
    assert asked == [*range(MOST + 1), 0]
