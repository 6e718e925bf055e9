"""What the layers go through is called by the steps that are read as one."""

import numpy as np
import pytest

from components.insight.example import Example, ExampleView, ModelOutput


def example(names, segment, values=None):
    shown = ExampleView(tuple(names), values, (), ("a",), 0, "", 1)
    return Example(
        (np.zeros(len(names) + 2),), (0.0,), 0, 0.0, "chance", (ModelOutput("a", (0,)),), shown, None, segment
    )


@pytest.mark.parametrize(
    ("names", "segment", "values", "places"),
    [
        (["step 1", "step 2", "step 3"], 2, np.zeros((3, 1)), ("step 1 to step 2", "step 3")),
        (["it", "was", "good"], 2, None, ("it was", "good")),
        (list("fine"), 3, None, ("fin", "e")),
        ([" go", "od", " film"], 2, None, (" good", " film")),
        (["a1", "b1", "c1", "d1", "e1", "f1"], 6, None, ("a1 b1 … e1 f1",)),
        (["it", "was"], 1, None, ("it", "was")),
    ],
)
def test_segments_have_the_names_of_their_steps(names, segment, values, places):
    made = example(names, segment, values)
    assert made.places == places
    assert made.segment_sizes.sum() == len(names) and len(made.segment_sizes) == len(places)
    assert made.went_through == slice(0, len(places))
