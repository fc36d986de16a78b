"""The HTTP side: Slack's requests, and whether the bot is alive and ready, served by waitress in this process."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from waitress.server import create_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SERVER_THREADS = 32
"""Requests that may wait for their ack at the same time."""


def application(slack: "WSGIApplication | None", unready: Callable[[], str]) -> "WSGIApplication":
    """Routes `POST /slack/events`, `GET /healthz` and `GET /readyz`. `unready` says what is missing, "" for nothing."""

    def route(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        match environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""):
            case "POST", "/slack/events" if slack:
                return slack(environ, start_response)
            case "GET", "/healthz":
                return _text(start_response, "200 OK", "alive")
            case "GET", "/readyz":
                missing = unready()
                status = "503 Service Unavailable" if missing else "200 OK"
                return _text(start_response, status, missing or "ready")
            case _:
                return _text(start_response, "404 Not Found", "not found")

    return route


class Server:
    """A WSGI server on one port. `run` blocks until `close`, which another thread calls."""

    def __init__(self, app: "WSGIApplication", host: str, port: int) -> None:
        self._server = create_server(app, host=host, port=port, threads=SERVER_THREADS, ident="campaign-bot")

    def run(self) -> None:
        self._server.run()

    def close(self) -> None:
        self._server.close()


def _text(start_response: "StartResponse", status: str, text: str) -> Iterable[bytes]:
    body = f"{text}\n".encode()
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
