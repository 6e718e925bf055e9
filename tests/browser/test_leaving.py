"""Visitors who leave, however abruptly, leave no error in the server's log."""

import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.sync.client import connect

from tests.live_server import ROOT, LiveServer, our_errors

MANY = 60


def _visit_and_leave(address: str, number: int) -> None:
    """Open a page, and go in the middle of it, while the server is still told of more to do."""
    rerun = BackMsg()
    rerun.rerun_script.query_string = ""
    visitor = connect(address, subprotocols=["streamlit"], max_size=None, ping_interval=None)  # type: ignore[list-item]
    visitor.send(rerun.SerializeToString())
    if number % 3:
        visitor.recv(timeout=60)
        visitor.recv(timeout=60)
    with visitor.protocol_mutex:
        for _ in range(3):
            visitor.protocol.send_binary(rerun.SerializeToString())
        if number % 2:
            visitor.protocol.send_close(1001)
        visitor.socket.sendall(b"".join(visitor.protocol.data_to_send()))
        if number % 2 == 0:
            visitor.socket.shutdown(socket.SHUT_RDWR)
    visitor.socket.close()


def test_who_leaves_in_the_middle_of_a_page_makes_no_noise(fresh_server: LiveServer) -> None:
    address = fresh_server.url.replace("http", "ws", 1) + "/_stcore/stream"
    with ThreadPoolExecutor(4) as visitors:
        list(visitors.map(_visit_and_leave, [address] * MANY, range(MANY)))
    assert "Traceback" not in fresh_server.said()


TRACEBACK = "Traceback (most recent call last):\n  x\n"
OURS = f"2026-01-02 03:04:05,678 ERROR components.ui.boundary: Error 12AB34\n{TRACEBACK}"
THEIRS = f"2026-01-02 03:04:05.678 Exception in ASGI application\n{TRACEBACK}"
WARNING = "2026-01-02 03:04:05,678 WARNING components.models: It takes Keras' own path.\n"
THREAD = f"Exception in thread warm:\n{TRACEBACK}"


def test_an_error_of_ours_is_told_from_those_of_others() -> None:
    assert our_errors("You can view it.\n" + THEIRS + WARNING + THEIRS) == []
    assert our_errors(THEIRS + OURS + THEIRS) == [OURS]
    assert our_errors(THREAD + THEIRS) == [THREAD]


BROKEN = """
import app
from components.ui.boundary import boundary
with boundary():
    raise ValueError("of ours")
"""


def test_the_server_writes_errors_of_ours_so_that_they_can_be_told() -> None:
    told = subprocess.run(
        [sys.executable, "-c", BROKEN], cwd=ROOT, stderr=subprocess.PIPE, text=True, check=True
    )
    (entry,) = our_errors(told.stderr)
    assert "ValueError: of ours" in entry
