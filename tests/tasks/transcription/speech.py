"""Recordings of tones that are told apart at once, for tests of transcribing."""

import numpy as np

from components.data.datasets import Classes, Provenance, Recordings, Transcripts, concatenate_sequences
from components.recipe import Generated, Recipe, Recurrent, Training, Transcribe

WORDS = ("low", "middle", "high")
BANDS = 6


def tones(many=60, seed=0, voices=6) -> Recordings:
    """Make recordings of one to four words: each is loud in two bands of its own, with silence around it."""
    rng = np.random.default_rng(seed)
    sounds, texts = [], []
    for _ in range(many):
        said = rng.integers(3, size=rng.integers(1, 5))
        parts = [np.full((rng.integers(3, 7), BANDS), -50.0)]
        for code in said:
            word = np.full((rng.integers(9, 14), BANDS), -40.0)
            word[:, 2 * code : 2 * code + 2] = -3.0
            parts += [word, np.full((rng.integers(3, 9), BANDS), -50.0)]
        sounds.append(np.concatenate(parts) + rng.normal(0, 1, (sum(map(len, parts)), BANDS)))
        texts.append(" ".join(WORDS[code] for code in said))
    values, offsets = concatenate_sequences(sounds)
    return Recordings(
        Generated(name="digit_strings", length=many),
        "Tones",
        Provenance("here", "none"),
        values,
        offsets,
        tuple(f"band {number}" for number in range(BANDS)),
        answer=Transcripts.of(texts),
        groups=Classes.numbered([number % voices for number in range(many)]),
        step=0.016,
        files=("",) * many,
    )


def tones_recipe(model=None, **task) -> Recipe:
    return Recipe(
        dataset=Generated(name="digit_strings", length=60),
        task=Transcribe(**{"segment": 3, "beams": 4} | task),
        model=model or Recurrent(kind="gru", units=4, bidirectional=True),
        training=Training(batch=8, epochs=2, patience=None),
    )
