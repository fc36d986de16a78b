"""HTTP as lean as it gets, so that what is measured is the bot: a server and a client over asyncio's own streams."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Request:
    """`fresh` is the first request of its connection; the headers' names are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    fresh: bool


@dataclass(frozen=True)
class Reply:
    """What is answered, that many seconds later."""

    body: bytes
    after: float = 0.0
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Answering = Callable[[Request], Reply | None]
"""None leaves the request without an answer."""


class Served(asyncio.Protocol):
    """One connection of a server; requests on it come one after the other, and the connection is kept."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._received = bytearray()
        self._fresh = True
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (request := self._whole_request()) is not None:
            reply = self._answering(request)
            if reply is not None:
                asyncio.get_running_loop().call_later(reply.after, self._send, reply)

    def _whole_request(self) -> Request | None:
        head, separator, rest = self._received.partition(b"\r\n\r\n")
        if not separator:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        named = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in named}
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return None
        self._received = rest[length:]
        fresh, self._fresh = self._fresh, False
        return Request(first.split(" ")[1], headers, bytes(rest[:length]), fresh)

    def _send(self, reply: Reply) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(
                _head(f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}", reply) + reply.body
            )


def _head(first: str, reply: Reply) -> bytes:
    whole = {"Content-Type": "application/json; charset=utf-8", "Content-Length": str(len(reply.body)), **reply.headers}
    return "\r\n".join([first, *(f"{name}: {value}" for name, value in whole.items()), "", ""]).encode()


async def serve(answering: Answering) -> tuple[asyncio.Server, int]:
    """Serves on a free port of this machine, and gives the port."""
    server = await asyncio.get_running_loop().create_server(lambda: Served(answering), HOST, 0, backlog=1024)
    return server, int(server.sockets[0].getsockname()[1])


class Client:
    """Posts to one server over connections that are kept: one for each request that is under way."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(self, path: str) -> tuple[int, bytes]:
        """As `post`."""
        return await self._send("GET", path, {}, b"")

    async def post(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """The answer's status and body. Raises OSError or asyncio.IncompleteReadError where the connection breaks."""
        return await self._send("POST", path, headers, body)

    async def _send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        if self._idle:
            reader, writer = self._idle.pop()
        else:
            reader, writer = await asyncio.open_connection(HOST, self._port)
        whole = {"Host": f"{HOST}:{self._port}", "Content-Length": str(len(body)), **headers}
        first = f"{method} {path} HTTP/1.1"
        head = "\r\n".join([first, *(f"{name}: {value}" for name, value in whole.items()), "", ""])
        writer.write(head.encode() + body)
        status, keeps, answer = await _answer(reader)
        if keeps:
            self._idle.append((reader, writer))
        else:
            writer.close()
        return status, answer

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    named = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in named}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return int(first.split(" ")[1]), headers.get("connection", "").lower() != "close", body
