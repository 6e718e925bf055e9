"""Who is logged in, and with whom one can log in."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.secrets import AttrDict

from components.ui import accounts
from components.ui.accounts import Provider, account, providers
from components.ui.visitor import visitor

ANN = {
    "is_logged_in": True,
    "iss": "https://id.example",
    "sub": "1",
    "name": "Ann",
    "email": "ann@id.example",
}


@pytest.fixture
def be(monkeypatch: pytest.MonkeyPatch):
    def become(**claims):
        user = SimpleNamespace(to_dict=lambda: claims)
        monkeypatch.setattr(accounts, "st", SimpleNamespace(user=user))

    monkeypatch.setattr(accounts, "providers", lambda: (Provider(None),))
    return become


def test_an_account_is_its_providers_subject_and_nothing_that_may_change_hands(be):
    be(**ANN)
    ann = account()
    assert ann.name == "Ann" and len(ann.owner) == 32 and visitor() == ann.owner
    be(**ANN | {"name": "Ann Smith", "email": "smith@id.example"})
    assert account().owner == ann.owner
    be(**ANN | {"sub": "2"})
    assert account().owner != ann.owner
    be(**ANN | {"iss": "https://other.example"})
    assert account().owner != ann.owner


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"is_logged_in": False},
        {"email": "ann@id.example"},
        ANN | {"is_logged_in": "true"},
        ANN | {"sub": ""},
    ],
)
def test_who_has_not_logged_in_has_no_account(be, claims):
    be(**claims)
    assert account() is None


def test_where_nobody_can_log_in_nobody_has(be, monkeypatch):
    be(**ANN)
    monkeypatch.setattr(accounts, "providers", tuple)
    assert account() is None


def test_who_has_no_name_is_called_what_is_there(be):
    be(**ANN | {"name": None})
    assert account().name == "ann@id.example"
    be(**ANN | {"name": None, "email": ""})
    assert account().name == "1"


def test_providers_are_those_of_the_secrets(monkeypatch: pytest.MonkeyPatch):
    def of(secrets):
        monkeypatch.setattr(accounts, "st", SimpleNamespace(secrets=AttrDict(secrets)))
        return providers.__wrapped__()

    shared = {"redirect_uri": "https://lab.example/oauth2callback", "cookie_secret": "x"}
    own = {"client_id": "unroll", "client_secret": "y", "server_metadata_url": "https://id.example"}
    assert of({}) == of({"UNROLL_WORKERS": "1"}) == of({"auth": shared}) == ()
    assert of({"auth": shared | own}) == (Provider(None),)
    named = of({"auth": shared | {"google": own, "campus": own, "client_kwargs": {"prompt": "login"}}})
    assert [one.label for one in named] == ["Log in with Google", "Log in with Campus"]


def test_without_secrets_there_are_no_accounts():
    assert providers() == ()
