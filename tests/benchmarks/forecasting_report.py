"""Writes the benchmark of forecasting down: a table in the README beside this file."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.machine import processor

if TYPE_CHECKING:
    from tests.benchmarks.forecasting import Answer, Question

README = Path(__file__).resolve().parent / "README.md"
BEGIN, END = "<!-- forecasting: written by the benchmark -->", "<!-- end of forecasting -->"


def write(questions: "Sequence[Question]", answers: "list[Answer]") -> None:
    """Put the table in its place."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n{_section(questions, answers)}\n{END}{after}", encoding="utf-8")


def _section(questions: "Sequence[Question]", answers: "list[Answer]") -> str:
    from tests.benchmarks.forecasting import mean_of, seconds_of

    names = list(dict.fromkeys(one.contender for one in answers))
    names.sort(key=lambda name: mean_of(answers, name))
    heads = " | ".join(f"{one.name} ({one.horizon})" for one in questions)
    rows = []
    for name in names:
        cells = []
        for question in questions:
            mae = mean_of(answers, name, question.name, "mae")
            mase = mean_of(answers, name, question.name)
            cells.append(f"{mae:.3g} / {mase:.2f}")
        seconds = f"{seconds_of(answers, name):.1f}" if seconds_of(answers, name) else "–"
        rows.append(f"| {name} | **{mean_of(answers, name):.2f}** | {' | '.join(cells)} | {seconds} |")
    return "\n".join(
        [
            "",
            f"Measured {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores of {processor()}, "
            f"Python {platform.python_version()}. In brackets the steps ahead; MAE / MASE, the mean of three "
            "seeds where there is chance; seconds are the middle of all fits.",
            "",
            f"| | mean MASE | {heads} | seconds |",
            f"| --- | --- | {' | '.join('---' for _ in questions)} | --- |",
            *rows,
            "",
        ]
    )
