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

from components.ui.visitor import COOKIE, FRAMED_COOKIE, VisitorCookie, cookie_owner, visitor
from tests.async_runner import run_coroutine

BROWSER = {"accept": "text/html,application/xhtml+xml"}
SECRET = "0123456789abcdef" * 4


def get(path: str = "/", base: str = "http://app", **headers: str) -> httpx.Response:
    async def page(_: object) -> Response:
        return HTMLResponse("<title>a page</title>")

    async def unchanged(_: object) -> Response:
        return Response(status_code=304)

    async def token(_: object) -> Response:
        return Response(headers={"set-cookie": "_streamlit_xsrf=2|a|b|1; Path=/; SameSite=Lax"})

    app = Starlette(
        routes=[Route("/", page), Route("/unchanged", unchanged), Route("/host-config", token)],
        middleware=[Middleware(VisitorCookie)],
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


FRAME = {"sec-fetch-dest": "iframe", "sec-fetch-site": "cross-site"}


def test_a_frame_over_https_gets_a_cookie_for_the_site_that_it_stands_in() -> None:
    said = get(base="https://app", **BROWSER, **FRAME).headers["set-cookie"]
    assert said.startswith(f"{FRAMED_COOKIE}=")
    assert said.endswith("; HttpOnly; Max-Age=31536000; Path=/; SameSite=None; Secure; Partitioned")


def test_a_frame_without_https_gets_the_plain_cookie_which_browsers_refuse() -> None:
    assert cookie(get(**BROWSER, **FRAME))["samesite"].lower() == "lax"


def test_a_frame_that_has_its_cookie_keeps_it_and_may_send_files() -> None:
    has = {"cookie": f"{FRAMED_COOKIE}={SECRET}"}
    assert "set-cookie" not in get(base="https://app", **BROWSER, **FRAME, **has).headers
    token = get("/host-config", base="https://app", accept="*/*", **has).headers["set-cookie"]
    assert token == "_streamlit_xsrf=2|a|b|1; Path=/; SameSite=None; Secure; Partitioned"
    outside = get("/host-config", base="https://app", accept="*/*").headers["set-cookie"]
    assert outside == "_streamlit_xsrf=2|a|b|1; Path=/; SameSite=Lax"


def test_in_a_frame_of_another_site_a_visitor_is_another() -> None:
    framed, plain = cookie_owner({FRAMED_COOKIE: SECRET}), cookie_owner({COOKIE: SECRET[::-1]})
    assert framed and plain and framed != plain
    assert cookie_owner({COOKIE: SECRET[::-1], FRAMED_COOKIE: SECRET}) == plain
    assert cookie_owner({FRAMED_COOKIE: "forged"}) == ""


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
