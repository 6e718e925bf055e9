"""Who can't be known again is told so."""

from components.ui.account import cookie_notice
from tests.ui.conftest import page_text


def test_who_has_no_cookie_is_told_what_that_means(open_page, monkeypatch):
    assert "cookie" not in page_text(open_page("home"))
    monkeypatch.setattr(cookie_notice, "has_cookie", lambda: False)
    assert "Open Unroll in its own tab" in page_text(open_page("home"))
