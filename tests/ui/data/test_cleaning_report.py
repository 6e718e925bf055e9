"""The report on the Data page stands there closed; it is made once it is opened, as tests in a browser do."""

import pytest

from components.ui.data import cleaning_report

CSV = b"day,price\n" + b"".join(b"2024-01-%02d,%d.5\n" % (day, day) for day in range(1, 29))
LABEL = "What was done to your table"


@pytest.fixture
def labels(open_page, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cleaning_report, "report_cleaning", None)  # nobody may call it

    def open_and_list(content: bytes | None = None) -> list[str]:
        bench = open_page("data")
        if content is not None:
            bench.segmented_control(key="data.source").set_value("upload").run()
            bench.file_uploader(key="data.file").upload("prices.csv", content).run()
        assert not bench.exception and not bench.error
        return [expander.label for expander in bench.expander]

    return open_and_list


def test_of_a_cell_only_the_beginning_goes_to_the_browser() -> None:
    assert cleaning_report._text("z" * 300_000) == "z" * 100
    assert cleaning_report._text(float("nan")) == ""


def test_a_table_that_was_cleaned_has_a_report(labels) -> None:
    assert LABEL in labels(CSV)


def test_a_sample_that_nothing_was_done_to_has_none(labels) -> None:
    assert LABEL not in labels()
