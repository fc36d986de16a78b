"""Takes requests out of the bytes of one connection, by httptools, and bounds what they may hold."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import httptools

from bot.web.bounds import USUAL, Bounds, bound_of

LARGEST_HEADER = 32 * 1024
"""Bytes of a request's headers."""


@dataclass(frozen=True)
class Request:
    """A whole request. `keeps` is whether the connection is to be kept after it."""

    method: str
    target: bytes
    version: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    keeps: bool


class Unreadable(Exception):
    """What came is no request that can be taken; `cause` is a clause for the log, and never holds what was sent."""

    def __init__(self, status: HTTPStatus, cause: str) -> None:
        super().__init__(cause)
        self.status = status
        self.cause = cause


class Reading:
    """`whole` holds the requests that have arrived, whose bodies are within `bounds`.

    `waits` is called where the body comes only if it is asked for.
    """

    def __init__(self, waits: Callable[[], None], bounds: Bounds) -> None:
        self.whole: deque[Request] = deque()
        self.body = bytearray()
        self.has_begun = False
        """Whether a part of a request is here."""
        self._waits = waits
        self._bounds = bounds
        self._bound = USUAL
        self._parser = httptools.HttpRequestParser(self)
        self._unreadable: Unreadable | None = None
        self._in_header = True
        self._header_size = 0
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []

    def feed(self, data: bytes) -> None:
        """Raises Unreadable; nothing more is to be fed then."""
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            raise self._unreadable or Unreadable(HTTPStatus.BAD_REQUEST, "it is no HTTP") from error
        if self._in_header and self.has_begun:
            # A header that is not whole yet has been told nothing of.
            self._header_size += len(data)
            if self._header_size > LARGEST_HEADER:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "its header is too large")
        if self._unreadable:
            raise self._unreadable

    def on_message_begin(self) -> None:
        self.has_begun, self._in_header, self._header_size = True, True, 0
        self._target, self._headers = b"", []

    def on_url(self, part: bytes) -> None:
        self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        self._in_header = False
        self._bound = bound_of(self._bounds, self._target)
        headers = dict(self._headers)
        length = headers.get(b"content-length", b"0").strip()
        if length.isdigit() and int(length) > self._bound.largest:
            self._refuse_as_too_large()
        elif headers.get(b"expect", b"").lower() == b"100-continue":
            self._waits()

    def on_body(self, part: bytes) -> None:
        if len(self.body) + len(part) > self._bound.largest:
            self._refuse_as_too_large()
        elif self._unreadable is None:
            self.body += part

    def on_message_complete(self) -> None:
        version = self._parser.get_http_version()
        keeps = version == "1.1" and self._parser.should_keep_alive()
        method = self._parser.get_method().decode("latin-1")
        self.whole.append(Request(method, self._target, version, tuple(self._headers), bytes(self.body), keeps))
        self.body.clear()
        self.has_begun = False

    def _refuse_as_too_large(self) -> None:
        if self._unreadable is None:
            self._bound.refused()
        self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"its body is larger than {self._bound.largest} bytes")

    def _refuse(self, status: HTTPStatus, cause: str) -> None:
        # Raised to whoever feeds; the parser would wrap it.
        self._unreadable = self._unreadable or Unreadable(status, cause)
