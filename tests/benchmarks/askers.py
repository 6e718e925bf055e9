"""Viewers of a run without their browsers: each asks four times a second, over one connection.

Run as a process of its own, so that it shares nothing with what it asks but the machine.
"""

import asyncio
import json
import sys
import time

PERIOD = 0.25  # seconds


async def view(host: str, port: int, run: str, until: float, delay: float, waited: list[float]) -> None:
    """Ask until a moment, and note how long each answer took, in seconds."""
    reader, writer = await asyncio.open_connection(host, port)
    since = generation = 0
    due = time.monotonic() + delay
    while due < until:
        await asyncio.sleep(due - time.monotonic())
        path = f"/api/runs/{run}/points?since={since}&generation={generation}"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].split()[0])
        news = json.loads(await reader.readexactly(length))
        # From when it was due: who waits for an answer asks the next question late.
        waited.append(time.monotonic() - due)
        since, generation = news["since"], news["generation"]
        due = max(due + PERIOD, time.monotonic())
    writer.close()


async def main(host: str, port: int, run: str, count: int, seconds: float) -> None:
    """Have so many viewers watch, beginning evenly over one period."""
    waited: list[float] = []
    until = time.monotonic() + seconds
    views = (view(host, port, run, until, PERIOD * n / count, waited) for n in range(count))
    await asyncio.gather(*views)
    print(json.dumps(waited))


if __name__ == "__main__":
    asyncio.run(
        main(sys.argv[1], *(kind(a) for kind, a in zip((int, str, int, float), sys.argv[2:], strict=True)))
    )
