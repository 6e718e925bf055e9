"""Answers as CSV: a row each, harmless to a spreadsheet."""

import io

import pandas as pd

from components.export.seq2seq import seq2seq_csv
from components.tasks.seq2seq.result import AnswersResult


def test_every_answer_is_a_row_beside_the_right_one():
    result = AnswersResult(
        names=("English", "French"),
        scores=(),
        verdict="",
        won=True,
        best_epoch=1,
        level="word",
        beams=1,
        metrics="",
        unseen=2,
        repeated=0,
        unknown=0.0,
        remembered=0.0,
        sources=("a cat", "=1+1"),
        truths=("un chat", "deux"),
        answers=("un chat", "+2"),
        near_sources=("a", "a"),
        near_answers=("un", "un"),
        alignments=(),
    )
    table = pd.read_csv(io.BytesIO(seq2seq_csv(result)))
    assert table.to_numpy().tolist() == [
        ["a cat", "un chat", "un chat", True],
        ["'=1+1", "deux", "'+2", False],
    ]
