"""Keeps other web sites away from the sandbox's page: loopback names only, JSON only, and a strict content policy."""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self'; object-src 'none'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class PageGuard:
    """ASGI middleware around the page.

    A name in `Host` that is not the loopback's would be DNS rebinding; a foreign `Origin` or a body that is not JSON
    would be another site's form.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        status, sentence = refusal(scope)
        if sentence:
            answer = JSONResponse({"ok": False, "error": sentence}, status_code=status)
            await answer(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)


def refusal(scope: MutableMapping[str, Any]) -> tuple[int, str]:
    """Return an HTTP status and why this request is refused; an empty sentence means that it is welcome."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if urlsplit(f"//{host}").hostname not in LOOPBACK_NAMES:
        return 403, "The sandbox answers on this machine only: open http://127.0.0.1 with its port."
    if scope["method"] in {"GET", "HEAD"}:
        return 200, ""
    origin = headers.get("origin")
    if (origin is not None and origin != f"http://{host}") or headers.get("sec-fetch-site", "none") not in _OWN:
        return 403, "This request came from another web page, and was refused."
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return 415, "Send JSON, with the content type application/json."
    return 200, ""


_OWN = frozenset({"same-origin", "none"})
