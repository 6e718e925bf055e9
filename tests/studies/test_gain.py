"""What is said of a search in the end: what was gained, and what of it is left where nobody looked."""

import math

import pytest

from components.studies.gain import SearchGain


@pytest.mark.parametrize(
    ("validation", "test", "words"),
    [
        ((1.0, 0.8), (1.1, 1.0), "from 1 to 0.8 (20% lower)"),
        ((1.0, 0.8), (1.1, 1.0), "50% of the gain remains. The rest came from picking the best of 40"),
        ((1.0, 0.8), (1.0, 0.7), "all of the gain remains"),
        ((1.0, 0.8), (1.0, 1.1), "from 1 to 1.1 (10% higher): none of the gain remains"),
        ((1.0, 1.0), (1.2, 1.2), "None of the 40 trials has a lower validation loss"),
        ((-1.0, -1.5), (-0.8, -1.05), "from -1 to -1.5. On the test set, looked at once"),
        ((1.0, 0.5), (math.nan, 0.5), "it isn't known"),
    ],
)
def test_the_sentence(validation, test, words) -> None:
    assert words in SearchGain(40, validation, test).sentence


def test_the_share_that_is_left() -> None:
    assert SearchGain(9, (1.0, 0.8), (1.1, 1.05)).share_left == pytest.approx(0.25)
    assert SearchGain(9, (1.0, 1.0), (1.1, 1.0)).share_left is None
