"""The paths: what other applications take, whether the bot is alive and ready, and metrics."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from bot.metrics import CONTENT_TYPE
from bot.web.gateway import PLAIN

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Taking: TypeAlias = Callable[[], "WSGIApplication | None"]
"""Gives what takes a path's requests; None while nothing can be taken yet."""

Page: TypeAlias = Callable[[], tuple[str, str, bytes]]
"""Gives a status, a content type and a body."""

READ = ("GET", "HEAD")


def application(
    missing: Callable[[], tuple[str, ...]],
    *,
    taking: Mapping[str, Taking] | None = None,
    metrics: Callable[[], bytes] | None = None,
    remarks: tuple[str, ...] = (),
) -> "WSGIApplication":
    """Routes `/healthz` and `/readyz`, `/metrics` with `metrics`, and what is posted to the paths of `taking`.

    A path of `taking` that ends with a slash stands for all below it. `missing` says what keeps the bot from being
    ready, `remarks` what else one should know of it.
    """
    pages: dict[str, Page] = {"/healthz": _alive, "/readyz": lambda: _ready(missing(), remarks)}
    if metrics is not None:
        pages["/metrics"] = lambda: ("200 OK", CONTENT_TYPE, metrics())
    posted = taking or {}

    def route(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        page, mounted = pages.get(path), _mounted(posted, path)
        if page is not None:
            if environ["REQUEST_METHOD"] not in READ:
                return _refused(environ, start_response, READ)
            return _answer(environ, start_response, *page())
        if mounted is None:
            return _text(environ, start_response, "404 Not Found", "not found")
        if environ["REQUEST_METHOD"] != "POST":
            return _refused(environ, start_response, ("POST",))
        takes = mounted()
        if takes is None:
            return _text(environ, start_response, "503 Service Unavailable", "not ready yet")
        return takes(environ, start_response)

    return route


def _mounted(posted: Mapping[str, Taking], path: str) -> Taking | None:
    return next((one for at, one in posted.items() if path == at or (at.endswith("/") and path.startswith(at))), None)


def _alive() -> tuple[str, str, bytes]:
    return "200 OK", PLAIN, b"alive\n"


def _ready(lacking: tuple[str, ...], remarks: tuple[str, ...]) -> tuple[str, str, bytes]:
    status = "503 Service Unavailable" if lacking else "200 OK"
    return status, PLAIN, "".join(f"{line}\n" for line in lacking or ("ready", *remarks)).encode()


def _refused(environ: "WSGIEnvironment", start_response: "StartResponse", allowed: tuple[str, ...]) -> Iterable[bytes]:
    allow = ("Allow", ", ".join(allowed))
    return _answer(environ, start_response, "405 Method Not Allowed", PLAIN, b"method not allowed\n", allow)


def _text(environ: "WSGIEnvironment", start_response: "StartResponse", status: str, text: str) -> Iterable[bytes]:
    return _answer(environ, start_response, status, PLAIN, f"{text}\n".encode())


def _answer(
    environ: "WSGIEnvironment",
    start_response: "StartResponse",
    status: str,
    content_type: str,
    body: bytes,
    *more: tuple[str, str],
) -> Iterable[bytes]:
    """To HEAD, the headers that GET is answered with, and no body."""
    start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body))), *more])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
