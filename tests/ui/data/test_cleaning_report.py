"""The report on the Data page: what was done, marked cells, a download, and each step can be undone."""

import pytest

from components.ui.data import cleaning_report
from tests.ui.conftest import page_text

ROWS = [f'2024-01-{day:02d},"{day},5"' for day in range(1, 29) if day != 9]
CSV = "\n".join(["day,price", *ROWS]).encode()


def open_report(open_page, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cleaning_report, "_is_open", lambda _: True)  # which only a browser can do
    bench = open_page("data")
    bench.segmented_control(key="data.source").set_value("upload").run()
    return bench.file_uploader(key="data.file").upload("prices.csv", CSV).run()


def test_the_report_shows_each_step_and_undoes_it(open_page, monkeypatch):
    bench = open_report(open_page, monkeypatch)
    assert not bench.exception
    text = page_text(bench)
    assert "Records before: 27" in text
    assert "27 values changed" in text
    steps = [button for button in bench.button if (button.key or "").startswith("data.report.undo.")]
    assert len(steps) >= 2
    steps[-1].click().run()
    assert not bench.exception
    left = [button for button in bench.button if (button.key or "").startswith("data.report.undo.")]
    assert len(left) < len(steps)
