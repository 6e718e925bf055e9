"""The document that a browser gets first, before anything that Streamlit sends."""

import re
from pathlib import Path

import httpx
import streamlit
from starlette.applications import Starlette

from components.ui.document import STYLES, document, document_routes
from components.ui.navigation import Page
from components.ui.protection.headers import content_security_policy
from components.ui.routes import ASSETS, asset_url
from tests.async_runner import run_coroutine


def get(path: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=document_routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return await client.get(path)

    return run_coroutine(ask())


def test_every_page_has_it_at_its_own_address():
    for page in Page:
        name = "" if page is Page.HOME else Path(page).stem
        answer = get(f"/{name}")
        assert answer.text == document(), name
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["cache-control"] == "no-cache"
    assert get("/favicon.png").status_code == 404, "that is Streamlit's to answer"


def test_it_is_streamlits_own_with_our_title_icon_styles_and_script():
    streamlits = (Path(streamlit.__file__).with_name("static") / "index.html").read_text(encoding="utf-8")
    for script in re.findall(r"<script.*?</script>", streamlits, re.DOTALL):
        assert script in document()
    assert "<title>Unroll</title>" in document()
    assert "favicon.png" not in document()
    assert STYLES.read_text(encoding="utf-8") in document()
    assert "page.js" in document() and "page.js" in ASSETS


def test_nothing_in_it_is_of_another_host_or_against_the_policy():
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', document())
    assert "'unsafe-inline'" in content_security_policy().split("style-src")[1].split(";")[0]


def test_the_fonts_that_it_has_fetched_early_are_there():
    static = Path(streamlit.__file__).with_name("static")
    fonts = re.findall(r'<link\s+rel="preload"\s+href="\./([^"]+)"', document())
    assert len(fonts) == 3
    assert all((static / font).is_file() for font in fonts)


def test_the_scripts_of_charts_that_it_names_are_there():
    ours, streamlits = re.findall(r'data-(?:streamlit-)?plotly="([^"]+)"', document())
    assert ours == asset_url("plotly.js")
    assert (Path(streamlit.__file__).with_name("static") / streamlits).is_file()
