"""Who is logged in, and with whom one can log in: Streamlit's `st.login`, by OpenID Connect."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import streamlit as st


@dataclass(frozen=True)
class Account:
    """Somebody who has logged in."""

    owner: str
    """what owns their runs and files: 32 hexadecimal digits that tell nobody who they are"""
    name: str
    """what their provider calls them"""


@dataclass(frozen=True)
class Provider:
    """Who knows accounts: a section of the secrets."""

    name: str | None
    """as `st.login` knows it; None: the one whose settings stand in `[auth]` itself"""

    @property
    def label(self) -> str:
        """What its button says."""
        return "Log in" if self.name is None else f"Log in with {self.name.title()}"


def account() -> Account | None:
    """Return who is logged in on this page; None where nobody is.

    An account is what its provider promises never to give to another: the issuer and the subject (OpenID
    Connect Core, section 5.7), not the e-mail address.
    """
    if not providers():
        return None
    claims = st.user.to_dict()
    if claims.get("is_logged_in") is not True:
        return None
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not (issuer and subject):
        return None
    names = (claims.get(claim) for claim in ("name", "preferred_username", "email", "sub"))
    owner = sha256(f"account {issuer} {subject}".encode()).hexdigest()[:32]
    return Account(owner, str(next(name for name in names if name)))


@cache
def providers() -> tuple[Provider, ...]:
    """Return with whom one can log in: nobody, unless the secrets hold `[auth]`. They are read once."""
    try:
        section = st.secrets.get("auth", {})
    except FileNotFoundError:  # there are no secrets
        return ()
    own = (Provider(None),) if "client_id" in section else ()
    named = (Provider(name) for name, value in section.items() if isinstance(value, Mapping))
    return (*own, *(provider for provider in named if "client_id" in section[str(provider.name)]))
