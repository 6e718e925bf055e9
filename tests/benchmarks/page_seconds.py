"""How long a page's script takes in Streamlit's own test bench, in this process."""

import time
from collections.abc import Mapping

from streamlit.testing.v1 import AppTest

from components.ui.visitor import COOKIE
from tests.ui.conftest import ROOT, SECRET

_SHELL = str(ROOT / "components" / "ui" / "shell.py")


def page_seconds(name: str, query: Mapping[str, str], rounds: int) -> list[float]:
    """Return how long the script takes each time that a page is opened, after a first time.

    Args:
        name: of its script in `pages/`.
        query: what its address holds.
        rounds: how often it is opened.
    """
    bench = AppTest.from_file(_SHELL, default_timeout=60)
    bench.session_state[COOKIE] = SECRET
    bench.run()
    bench.switch_page(str(ROOT / "pages" / f"{name}.py"))
    for key, value in query.items():
        bench.query_params[key] = value
    bench.run()
    assert not bench.exception and not bench.error
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        bench.run()
        taken.append(time.perf_counter() - began)
    return taken
