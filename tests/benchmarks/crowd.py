"""A crowd that begins requests and never ends them: `python -m tests.benchmarks.crowd PORT MANY WAY`.

Whoever is sent away comes back after a second. A line of JSON on standard output says once a second how many stand.
"""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Awaitable, Callable

from tests.benchmarks.wire import HOST

COMES_BACK = 1.0
"""Seconds after which whoever was sent away is there again."""

HEAD = (
    b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"X-Slack-Signature: v0=%s\r\nX-Slack-Request-Timestamp: %d\r\nContent-Length: 100000\r\n\r\n"
)

Way = Callable[[asyncio.StreamWriter], Awaitable[None]]


async def silent(_writer: asyncio.StreamWriter) -> None:
    """Connects, and says nothing."""
    await asyncio.Event().wait()


async def slow_header(writer: asyncio.StreamWriter) -> None:
    """A header of one letter a second."""
    writer.write(b"POST /slack/events HTTP/1.1\r\nX-Long: ")
    await _drip(writer)


async def slow_body(writer: asyncio.StreamWriter) -> None:
    """What looks signed, and a body of one letter a second."""
    writer.write(HEAD % (b"0" * 64, int(time.time())))
    await _drip(writer)


WAYS: dict[str, Way] = {"silent": silent, "slow headers": slow_header, "slow bodies": slow_body}


async def _drip(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x")
        await asyncio.sleep(1)


class Crowd:
    def __init__(self, port: int, way: Way) -> None:
        self._port = port
        self._way = way
        self.standing = 0

    async def one(self) -> None:
        while True:
            with contextlib.suppress(OSError):
                await self._stand()
            await asyncio.sleep(COMES_BACK)

    async def _stand(self) -> None:
        """Until it is sent away."""
        reader, writer = await asyncio.open_connection(HOST, self._port)
        self.standing += 1
        standing = asyncio.ensure_future(self._way(writer))
        try:
            await reader.read()
        finally:
            self.standing -= 1
            standing.cancel()
            writer.close()


async def _run(port: int, many: int, way: Way) -> None:
    crowd = Crowd(port, way)
    everybody = [asyncio.create_task(crowd.one()) for _ in range(many)]
    while everybody:
        sys.stdout.write(json.dumps(crowd.standing) + "\n")
        sys.stdout.flush()
        await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1]), int(sys.argv[2]), WAYS[sys.argv[3]]))
