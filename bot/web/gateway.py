"""Between HTTP as it arrives and a WSGI application: what it is told of a request, and what it answers."""

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from bot.web.reading import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

ARRIVED = "campaign_bot.arrived"
"""In the environment: when the request's first byte was read, on this machine's monotonic clock, in seconds."""

PLAIN = "text/plain; charset=utf-8"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def plain(status: int, reason: str) -> Answer:
    body = f"{reason}\n".encode()
    return Answer(status, reason, (("Content-Type", PLAIN), ("Content-Length", str(len(body)))), body)


def written(answer: Answer, *, body: bool, closing: bool) -> bytes:
    """The answer in HTTP; without `body` to HEAD. `closing` tells that the connection ends with it."""
    headers = [("Date", formatdate(usegmt=True)), *answer.headers]
    if all(name.lower() != "content-length" for name, _ in headers):
        headers.append(("Content-Length", str(len(answer.body))))
    if closing:
        headers.append(("Connection", "close"))
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1") + (answer.body if body else b"")


def environment(request: Request, arrived: float, remote: str) -> "WSGIEnvironment":
    """What WSGI says of a request from the address `remote`, "" where it has left.

    The body is there as a whole, so that its length is told however it came.
    """
    path, _, query = request.target.decode("latin-1").partition("?")
    fields = _fields(request)
    return {
        **fields,
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REMOTE_ADDR": remote,
        "SERVER_NAME": "campaign-bot",
        "SERVER_PORT": "0",
        "SERVER_PROTOCOL": f"HTTP/{request.version}",
        "CONTENT_TYPE": fields.get("HTTP_CONTENT_TYPE", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        ARRIVED: arrived,
    }


def _fields(request: Request) -> dict[str, str]:
    """The headers under the names that WSGI has for them, repeated ones together.

    One with `_` in its name could pass for another's `-`.
    """
    found: dict[str, str] = {}
    for name, value in request.headers:
        if b"_" not in name:
            field = f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"
            told = value.decode("latin-1")
            found[field] = f"{found[field]},{told}" if field in found else told
    return found


def call(wsgi: "WSGIApplication", environ: "WSGIEnvironment") -> Answer:
    """What the application answers; 500, with a traceback in the log, where it raises."""
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Callable[[bytes], object]:  # noqa: ANN401 -- WSGI's own
        told.append((status, headers))
        return _unwritten

    try:
        parts = wsgi(environ, start_response)
        try:
            body = b"".join(parts)
        finally:
            getattr(parts, "close", lambda: None)()
        status, headers = told[-1]
        number, _, reason = status.partition(" ")
        return Answer(int(number), reason, tuple(map(_one_header, headers)), body)
    except Exception:
        log.exception("a request could not be answered")
        return plain(500, "Internal Server Error")


def _one_header(header: tuple[str, str]) -> tuple[str, str]:
    """Raises ValueError for what would be several in HTTP."""
    if any(letter in text for text in header for letter in "\r\n"):
        raise ValueError("a header holds the end of a line")
    return header


def _unwritten(_part: bytes) -> None:
    raise NotImplementedError("an application gives its body back")
