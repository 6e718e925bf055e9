"""The evidence of the training doctor, drawn: of every illness, with its sentence and its numbers."""

import numpy as np
import pytest

from components.charts.doctor import evidence
from components.insight.doctor import examine
from tests.insight.doctor.example_cases import SICK


@pytest.mark.parametrize("illness", SICK)
def test_every_illness_is_drawn_with_a_title_axes_a_sentence_and_a_table(illness):
    finding = examine(SICK[illness])
    chart = evidence(finding)
    assert chart.figure.layout.title.text
    assert chart.figure.layout.yaxis.title.text
    assert chart.sentence == finding.sentence
    assert list(chart.table.columns) == [line.name for line in finding.evidence.lines]
    assert len(chart.figure.data) >= len(finding.evidence.lines)


def test_what_is_no_number_is_a_gap_and_no_error():
    chart = evidence(examine(SICK["not finite: the learning rate"]))
    assert np.isfinite(chart.figure.data[0].y).all()
    assert len(chart.figure.data[0].y) > 10
