"""The document that every page stands in: Streamlit's own, with what is needed before its first message."""

from base64 import b64encode
from functools import cache
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from components.ui.logo import ICON
from components.ui.navigation import Page
from components.ui.routes import asset_url, base_path

STYLES = Path(__file__).parent / "assets" / "page.css"
"""What holds for every page."""

_STATIC = Path(streamlit.__file__).with_name("static")
_FONTS = (
    "MaterialSymbols-Rounded",
    "SourceSerifVariable-Roman",
)  # of icons and headings; that of the text is there


def document_routes() -> list[BaseRoute]:
    """Return the routes of the pages' own addresses."""
    names = ["", *(Path(page).stem for page in Page if page is not Page.HOME)]
    return [Route(f"{base_path()}/{name}", _document) for name in names]


def _document(_: Request) -> Response:
    return HTMLResponse(document(), headers={"cache-control": "no-cache"})


@cache
def document() -> str:
    """Return the document.

    Streamlit sends a page's width, title and icon with its first message only. Here they stand from the first
    moment on, as do the styles: without them the page would move as its fonts and that message come.
    """
    icon = f"data:image/svg+xml;base64,{b64encode(ICON.encode()).decode()}"
    fonts = [font for name in _FONTS for font in (_STATIC / "static" / "media").glob(f"{name}.*")]
    charts = next((_STATIC / "static" / "js").glob("PlotlyChart.*.js"))
    script = (
        f'<script type="module" src="./{asset_url("page.js")}" data-plotly="{asset_url("plotly.js")}" '
        f'data-streamlit-plotly="./static/js/{charts.name}"></script>'
    )
    preload = '<link rel="preload" href="./static/media/{}" as="font" type="font/woff2" crossorigin />'
    head = "\n".join(
        [
            *(preload.format(font.name) for font in fonts),
            f"<style>{STYLES.read_text(encoding='utf-8')}</style>",
            script,
        ]
    )
    page = (_STATIC / "index.html").read_text(encoding="utf-8")
    page = page.replace("<title>Streamlit</title>", "<title>Unroll</title>")
    page = page.replace('href="./favicon.png"', f'type="image/svg+xml" href="{icon}"')
    return page.replace("</head>", f"{head}\n</head>")
