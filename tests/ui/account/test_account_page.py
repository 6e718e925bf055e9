"""The page of the account: logging in, and taking along what the browser had before."""

import pytest

from components.recipe import Forecast, Recipe, Sample
from components.ui.account import account_page
from components.ui.accounts import Account, Provider
from tests.ui.conftest import ANOTHER, ME, page_text

RECIPE = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots", window=22, horizon=3))


@pytest.fixture
def log_in(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(account_page, "account", lambda: Account(ANOTHER, "Ann *Smith*"))


def buttons(bench):
    return {button.label: button for button in bench.button}


def test_a_server_without_accounts_says_so(open_page):
    assert "no accounts" in page_text(open_page("account"))


def test_a_visitor_is_told_what_an_account_is_for(open_page, monkeypatch):
    monkeypatch.setattr(account_page, "providers", lambda: (Provider("google"), Provider("campus")))
    bench = open_page("account")
    assert not bench.exception
    assert {"Log in with Google", "Log in with Campus"} <= set(buttons(bench))
    assert "see them on any device" in page_text(bench)


@pytest.mark.usefixtures("log_in")
def test_who_had_nothing_before_is_not_asked(open_page):
    bench = open_page("account")
    assert "Logged in as **Ann \\*Smith\\***" in page_text(bench)
    assert "Log out" in buttons(bench)
    assert "Move to my account" not in buttons(bench)


@pytest.mark.usefixtures("log_in")
def test_what_the_browser_had_is_taken_along(open_page, store):
    run = store.add(RECIPE, ME, "Earlier")
    store.add_upload("f" * 32, ME, "sales.csv", 10)
    bench = open_page("account")
    assert "1 run and 1 file from before you logged in" in page_text(bench)
    bench = buttons(bench)["Move to my account"].click().run()
    assert "Moved to your account: 1 run and 1 file." in page_text(bench)
    assert "Move to my account" not in buttons(bench)
    assert store.run(run.id).owner == ANOTHER == store.upload("f" * 32).owner
