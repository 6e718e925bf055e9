"""A piece of a page that a script of ours draws, where what Streamlit draws by itself doesn't do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from components.ui.routes import asset_url

# The script itself comes by a route, once for a browser; this goes with every mount.
_MOUNT_SCRIPT = """
export default function (component) {
  const { data, parentElement } = component;
  const drawing = import(new URL(data.script, new URL("./", document.baseURI)));
  drawing.then(
    (script) => script.show(component),
    () => (parentElement.firstElementChild.textContent = "The chart didn't load. Reload the page."),
  );
  return () => drawing.then((script) => script.hide(parentElement), () => {});
}
"""

_ASSETS = Path(__file__).parents[1] / "assets"


def js_component(name: str, *styles: str) -> Callable[..., None]:
    """Make a component of a script among the assets, which draws with plotly.js.

    Args:
        name: of the script, which gives `show`, that gets what the page says, and `hide`.
        styles: names of its style sheets, if not its own alone.

    Returns:
        What puts it on a page: it takes `key`, a name of its own there, `data`, what the script gets, and
        whatever else a component of Streamlit's does.
    """
    sheets = [(_ASSETS / f"{sheet}.css").read_text(encoding="utf-8") for sheet in styles or [name]]
    component = st.components.v2.component(
        f"unroll_{name}",
        html="<div></div>",
        css="\n".join(sheets),
        js=_MOUNT_SCRIPT,
        isolate_styles=False,  # plotly.js writes its styles into the document's head
    )
    addresses = {"script": asset_url(f"{name}.js"), "plotly": asset_url("plotly.js")}

    def put(key: str, data: dict[str, Any], **settings: Any) -> None:
        component(key=key, data=addresses | data, **settings)

    return put
