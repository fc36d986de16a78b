"""The HTTP side: Slack's requests, whether the bot is alive and ready, and metrics, by waitress in this process."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask

from bot.metrics import CONTENT_TYPE
from bot.signed import LARGEST_BODY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SERVER_THREADS = 32
"""Requests that may wait for their ack at the same time."""

CONNECTIONS = 1000
"""Connections kept open. What comes beyond is not answered until one is closed, and a proxy keeps its own for long."""

LARGEST_HEADER = 32 * 1024
"""Bytes of a request's headers."""

KEPT_IN_MEMORY = 64 * 1024
"""Bytes of a body that is still arriving; the rest of it waits in a file. Anybody may send one on each connection."""

PLAIN = "text/plain; charset=utf-8"


log = logging.getLogger(__name__)


class _TellingError(ErrorTask):
    """What waitress refuses by itself gets its line in the log as well."""

    def execute(self) -> None:
        error = self.request.error  # type: ignore[attr-defined]  # its types lack it
        log.warning("a request was answered with %s and not read: %s", error.code, error.reason)
        super().execute()


class _Channel(HTTPChannel):
    error_task_class = _TellingError


def application(
    missing: Callable[[], tuple[str, ...]],
    *,
    slack: "Callable[[], WSGIApplication | None] | None" = None,
    metrics: Callable[[], bytes] | None = None,
    remarks: tuple[str, ...] = (),
) -> "WSGIApplication":
    """Routes `GET /healthz` and `GET /readyz`, `POST /slack/events` with `slack`, `GET /metrics` with `metrics`.

    `missing` says what keeps the bot from being ready, `remarks` what else one should know of it; `slack` gives None
    while it cannot take Slack's requests yet.
    """

    def route(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        match environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""):
            case "POST", "/slack/events" if slack:
                taking = slack()
                if taking is None:
                    return _text(start_response, "503 Service Unavailable", "not ready yet")
                return taking(environ, start_response)
            case "GET", "/healthz":
                return _text(start_response, "200 OK", "alive")
            case "GET", "/readyz":
                lacking = missing()
                status = "503 Service Unavailable" if lacking else "200 OK"
                return _text(start_response, status, "\n".join(lacking or ("ready", *remarks)))
            case "GET", "/metrics" if metrics:
                return _answer(start_response, "200 OK", CONTENT_TYPE, metrics())
            case _:
                return _text(start_response, "404 Not Found", "not found")

    return route


@contextmanager
def served(wsgi: "WSGIApplication", port: int) -> Iterator[None]:
    """Serves on the port while the block lasts. Raises OSError where it is taken."""
    server = create_server(
        wsgi,
        host="0.0.0.0",  # noqa: S104 -- Slack, a proxy or whoever looks after the bot comes from outside
        port=port,
        threads=SERVER_THREADS,
        connection_limit=CONNECTIONS,
        # It refuses from that size on, before it has read further.
        max_request_body_size=LARGEST_BODY + 1,
        max_request_header_size=LARGEST_HEADER,
        inbuf_overflow=KEPT_IN_MEMORY,
        asyncore_use_poll=True,
        ident="campaign-bot",
    )
    server.channel_class = _Channel  # type: ignore[union-attr]  # one address is one server
    thread = Thread(target=server.run, name="http", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.close()
        thread.join(timeout=5)


def _text(start_response: "StartResponse", status: str, text: str) -> Iterable[bytes]:
    return _answer(start_response, status, PLAIN, f"{text}\n".encode())


def _answer(start_response: "StartResponse", status: str, content_type: str, body: bytes) -> Iterable[bytes]:
    start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
    return [body]
