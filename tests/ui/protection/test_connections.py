"""A place for everybody: who sends nothing, half of something or too much loses the connection."""

import asyncio
import socket
from contextlib import suppress

import httpx
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from components.ui.protection import connections
from components.ui.protection.connections import ConnectionLimits, limit_uvicorn
from components.ui.visitor import COOKIE
from tests.async_runner import run_coroutine

QUICK = 0.3  # seconds


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEAD_SECONDS", "BODY_SECONDS", "SOCKET_SECONDS"):
        monkeypatch.setattr(connections, name, QUICK)


class Sockets:
    """Pages that are open, behind the limits."""

    def __init__(self) -> None:
        self.limits, self.held = ConnectionLimits(self._hold), asyncio.Event()

    async def _hold(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        await self.held.wait()

    async def open(self, owner: str) -> tuple[list[Message], "asyncio.Task[None]"]:
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        headers = [(b"cookie", f"{COOKIE}={owner * 64}".encode())] if owner else []
        scope = {"type": "websocket", "headers": headers}
        task = asyncio.ensure_future(self.limits(scope, asyncio.Event().wait, send))
        await asyncio.sleep(0)
        return sent, task


def test_a_browser_has_so_many_pages_open_and_all_together_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_OF_VISITOR", 2)
    monkeypatch.setattr(connections, "MOST_SOCKETS", 4)

    async def attack() -> None:
        sockets = Sockets()
        opened = [await sockets.open(owner) for owner in "aaabbc"]
        accepted = [sent[0]["type"] == "websocket.accept" for sent, _ in opened]
        assert accepted == [True, True, False, True, True, False]
        assert opened[2][0][0] == {"type": "websocket.close", "code": 1013, "reason": ""}
        sockets.held.set()
        await asyncio.gather(*(task for _, task in opened))
        sockets.held.clear()
        (message, *_), task = await sockets.open("a")
        assert message["type"] == "websocket.accept", "a place that was left is free"
        task.cancel()

    run_coroutine(attack())


def test_a_page_that_says_nothing_is_closed_and_one_that_spoke_may_be_silent() -> None:
    async def hear(messages: list[Message]) -> tuple[list[Message], list[Message]]:
        heard, sent = [], []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            while not heard or heard[-1]["type"] != "websocket.disconnect":
                heard.append(await asyncio.wait_for(receive(), 3 * QUICK))

        async def receive() -> Message:
            if messages:
                return messages.pop(0)
            await asyncio.Event().wait()
            raise AssertionError

        async def send(message: Message) -> None:
            sent.append(message)

        with suppress(TimeoutError):
            await ConnectionLimits(app)({"type": "websocket", "headers": []}, receive, send)
        return heard, sent

    connect = {"type": "websocket.connect"}
    heard, sent = run_coroutine(hear([connect]))
    assert heard == [connect, {"type": "websocket.disconnect", "code": 1008}]
    assert sent == [{"type": "websocket.close", "code": 1008}]
    spoken = [connect, {"type": "websocket.receive", "bytes": b"x"}]
    heard, sent = run_coroutine(hear([*spoken]))
    assert heard == spoken
    assert not sent


# --- A server that Uvicorn starts ------------------------------------------------------------------


async def read_all(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that reads what it is sent, and starts and stops."""
    if scope["type"] == "lifespan":
        for stage in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{stage}.complete"})
        return
    if scope["path"] == "/large":
        await PlainTextResponse("x" * (64 << 20))(scope, receive, send)
        return
    body = await Request(scope, receive).body()
    await PlainTextResponse(f"{len(body)} bytes")(scope, receive, send)


class Server:
    """A server on this machine, for as long as a test needs it; with Uvicorn's parser in C, or in Python."""

    def __init__(self, parser: str = "httptools"):
        self._parser = parser

    async def __aenter__(self) -> "Server":
        config = uvicorn.Config(ConnectionLimits(read_all), http=self._parser, log_level="error")
        config.ws_max_size = 200 << 20
        self._server = uvicorn.Server(config)
        listening = socket.create_server(("127.0.0.1", 0))  # as Streamlit makes it
        listening.setblocking(False)
        self._task = asyncio.ensure_future(self._server.serve([listening]))
        while not self._server.started:
            await asyncio.sleep(0.01)
        self.largest_message = config.ws_max_size
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        await self._task

    def connections(self) -> list[socket.socket]:
        return [one.transport.get_extra_info("socket") for one in self._server.server_state.connections]

    async def open(self, said: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(said)
        return reader, writer


HEAD = b"PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n"


@pytest.mark.parametrize("said", [b"", b"GET / HT", HEAD, HEAD[:-2]])
def test_a_connection_without_a_whole_request_is_closed(said: bytes) -> None:
    async def attack() -> None:
        async with Server() as server:
            reader, writer = await server.open(said)
            assert await asyncio.wait_for(reader.read(), 10 * QUICK) == b""
            writer.close()

    run_coroutine(attack())


def test_a_head_that_never_ends_is_closed_however_it_trickles() -> None:
    async def attack() -> None:
        async with Server() as server:
            reader, writer = await server.open(b"GET / HTTP/1.1\r\n")
            with pytest.raises(ConnectionError):
                for number in range(100):
                    writer.write(f"x-{number}: 1\r\n".encode())
                    await writer.drain()
                    await asyncio.sleep(QUICK / 5)
                    if reader.at_eof():
                        raise ConnectionError

    run_coroutine(attack())


@pytest.mark.parametrize("parser", ["httptools", "h11"])
@pytest.mark.parametrize("asked_before", [False, True])
def test_a_head_that_never_ends_is_closed_however_quickly_it_comes(parser: str, asked_before: bool) -> None:
    async def attack() -> int:
        sent, header = 0, b"x-filler: " + b"y" * 10_000 + b"\r\n"
        async with Server(parser) as server:
            before = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n" if asked_before else b""
            reader, writer = await server.open(before)
            if asked_before:
                await reader.readuntil(b"0 bytes")
            writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n")
            with pytest.raises(ConnectionError):
                while not reader.at_eof():
                    writer.write(header)
                    await asyncio.wait_for(writer.drain(), QUICK)
                    await asyncio.sleep(0)
                    sent += len(header)
                raise ConnectionError
            return sent

    assert run_coroutine(attack()) < 4 << 20


def test_a_body_that_trickles_is_answered_and_closed() -> None:
    async def attack() -> None:
        async with Server() as server:
            reader, writer = await server.open(HEAD + b"\r\n" + b"x" * 10)
            answer = await asyncio.wait_for(reader.read(), 10 * QUICK)
            assert answer.startswith(b"HTTP/1.1 408")
            writer.close()

    run_coroutine(attack())


def test_an_answer_that_nobody_reads_is_not_kept_for_ever() -> None:
    async def attack() -> None:
        async with Server() as server:
            reader, writer = await server.open(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n")
            writer.transport.pause_reading()
            await asyncio.sleep(8 * QUICK)
            writer.transport.resume_reading()
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await asyncio.wait_for(reader.readexactly(64 << 20), 30)

    run_coroutine(attack())


def test_whoever_sends_in_time_and_asks_again_and_again_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BYTES_PER_SECOND", 1000)

    async def slow_body():
        for _ in range(5):
            yield b"x" * 400
            await asyncio.sleep(QUICK / 2)

    async def visit() -> None:
        async with Server() as server, httpx.AsyncClient() as client:
            url = f"http://127.0.0.1:{server.port}/"
            assert (await client.put(url, content=slow_body())).text == "2000 bytes"
            for _ in range(5):
                assert (await client.get(url)).text == "0 bytes"
                await asyncio.sleep(QUICK / 3)

    run_coroutine(visit())


def test_the_second_part_of_an_answer_does_not_wait_for_the_first_to_be_confirmed() -> None:
    async def visit() -> list[int]:
        async with Server() as server, httpx.AsyncClient() as client:
            await client.get(f"http://127.0.0.1:{server.port}/")
            return [one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for one in server.connections()]

    assert run_coroutine(visit()) == [1]


def test_a_large_message_of_a_page_is_never_whole_in_memory() -> None:
    async def start() -> int:
        async with Server() as server:
            return server.largest_message

    assert run_coroutine(start()) < 2 << 20


def test_another_server_is_told_that_it_has_to_do_it_itself(caplog: pytest.LogCaptureFixture) -> None:
    limit_uvicorn(asyncio.Event().wait)
    assert "Not started by Uvicorn" in caplog.text
