"""Writes the benchmark of forecasting down: a table in the README beside this file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.benchmarks import readme_sections

if TYPE_CHECKING:
    from tests.benchmarks.forecasting import Answer, Question


def write(questions: "Sequence[Question]", answers: "list[Answer]") -> None:
    """Put the table in its place."""
    readme_sections.write_section("forecasting", _section(questions, answers))


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
            f"{readme_sections.machine_sentence()}. In brackets the steps ahead; MAE / MASE, the mean of "
            "three "
            "seeds where there is chance; seconds are the middle of all fits.",
            "",
            f"| | mean MASE | {heads} | seconds |",
            f"| --- | --- | {' | '.join('---' for _ in questions)} | --- |",
            *rows,
            "",
        ]
    )
