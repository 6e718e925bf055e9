"""Who looks: a cookie that a browser gets once, and a name made from it."""

from http.cookies import SimpleCookie
from types import SimpleNamespace

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from streamlit.testing.v1 import AppTest

from components.ui.visitor import COOKIE, VisitorCookie, visitor
from tests.async_runner import run_coroutine

BROWSER = {"accept": "text/html,application/xhtml+xml"}
SECRET = "0123456789abcdef" * 4


def get(path: str = "/", base: str = "http://app", **headers: str) -> httpx.Response:
    async def page(_: object) -> Response:
        return HTMLResponse("<title>a page</title>")

    async def unchanged(_: object) -> Response:
        return Response(status_code=304)

    app = Starlette(
        routes=[Route("/", page), Route("/unchanged", unchanged)], middleware=[Middleware(VisitorCookie)]
    )

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base) as client:
            return await client.get(path, headers=headers)

    return run_coroutine(ask())


def cookie(answer: httpx.Response):
    return SimpleCookie(answer.headers["set-cookie"])[COOKIE]


def test_a_browser_gets_a_cookie_that_scripts_and_other_sites_cant_use() -> None:
    given = cookie(get(**BROWSER))
    assert given["httponly"] is True
    assert given["samesite"].lower() == "lax"
    assert given["path"] == "/"
    assert int(given["max-age"]) == 365 * 24 * 3600
    assert not given["secure"]


def test_every_browser_gets_another_one() -> None:
    assert len({cookie(get(**BROWSER)).value for _ in range(5)}) == 5


@pytest.mark.parametrize(
    ("base", "headers"), [("https://app", {}), ("http://app", {"x-forwarded-proto": "https"})]
)
def test_over_https_it_never_travels_in_the_open(base: str, headers: dict[str, str]) -> None:
    assert cookie(get(base=base, **BROWSER, **headers))["secure"] is True


def test_also_a_page_that_the_browser_has_already_brings_it() -> None:
    assert cookie(get("/unchanged", **BROWSER)).value


def test_who_has_one_keeps_it() -> None:
    assert "set-cookie" not in get(**BROWSER, cookie=f"{COOKIE}={SECRET}").headers


@pytest.mark.parametrize("value", ["", "me", SECRET[:-1], SECRET.upper(), SECRET + "0"])
def test_what_is_no_cookie_of_ours_is_replaced(value: str) -> None:
    assert cookie(get(**BROWSER, cookie=f"{COOKIE}={value}")).value != value


def test_only_pages_bring_it() -> None:
    assert "set-cookie" not in get(accept="*/*").headers


def test_the_name_follows_the_cookie_and_doesnt_give_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def named(value: str) -> str:
        streamlit = SimpleNamespace(context=SimpleNamespace(cookies={COOKIE: value}), session_state={})
        monkeypatch.setattr("components.ui.visitor.st", streamlit)
        return visitor()

    assert named(SECRET) == named(SECRET)
    assert named(SECRET) != named(SECRET[::-1])
    assert named(SECRET) not in SECRET
    assert len(named("forged")) == 32
    assert named("forged") != named("forged"), "a forged cookie owns nothing"


def _script() -> None:
    import streamlit as st

    from components.ui.visitor import visitor

    st.text(visitor())


def test_without_a_cookie_a_name_lasts_as_long_as_the_page() -> None:
    one, other = AppTest.from_function(_script).run(), AppTest.from_function(_script).run()
    name = one.text[0].value
    assert one.run().text[0].value == name
    assert other.text[0].value != name
