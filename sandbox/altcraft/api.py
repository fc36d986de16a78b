"""The stand-in Altcraft platform on a socket: the methods that a launch client calls, and the faults."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.altcraft import answers, static_segments
from sandbox.altcraft.deduplication import Deduplication, duplicate_headers, key_of, request_id
from sandbox.altcraft.objects import MALFORMED, Json, Refused
from sandbox.altcraft.platform import Platform
from sandbox.altcraft.switches import Switches
from sandbox.altcraft.wire import Fields, is_xml, read, write

PREFIX = "/api/v1.1/"

READS: Mapping[str, answers.Answering] = {
    "campaigns/broadcasts/get": answers.broadcast,
    "campaigns/get": answers.get,
    "campaigns/get_status": answers.get_status,
    "campaigns/list": answers.campaigns,
    "campaigns/log_v2": answers.log,
    "campaigns/regulars/get": answers.regular,
    "databases/get": answers.database,
    "databases/get_counters": answers.database_counters,
    "databases/list": answers.databases,
    "reports/bounces": answers.bounces,
    "segments/get": answers.segment,
    "segments/get_counters": answers.segment_counters,
    "segments/list": answers.segments,
    "templates/get": answers.template,
}
QUOTED = frozenset({"campaigns/get_status", "campaigns/log_v2", "campaigns/regulars/get"})
"""The methods whose XML samples have strings in quotes."""

SUCCESS = "Successful operation"
SERVER_ERROR = 500


def altcraft_app(platform: Platform) -> Starlette:
    """Return the application to serve; it must run on the platform's event loop, under `server.serve`.

    Every method is there with and without a slash at the end.
    """
    api = _Api(platform)
    reads: dict[str, Answering] = {method: partial(api.read, run=run) for method, run in READS.items()}
    changes = {
        "campaigns/activate": api.activate,
        "campaigns/deactivate": api.deactivate,
        "campaigns/clone": api.clone,
        "profiles/segstatic/add": api.add,
    }
    whole = reads | changes
    return Starlette(
        routes=[
            Route(f"{PREFIX}{method}{slash}", _endpoint(api, method, answering), methods=["POST"])
            for method, answering in whole.items()
            for slash in ("", "/")
        ]
    )


@dataclass(frozen=True)
class Asked:
    """A request: its fields, who asks, and the format its answer has to have."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    fields: Fields
    token: str | None
    request_id: str | None
    xml: bool


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `shown` is what the page shows of it. With `drop` the connection ends instead.

    `drop` names the ASGI extension that ends it, called without arguments: `sandbox.server` has them.
    """

    body: bytes = b""
    status: int = 200
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, object] | None = None
    is_error: bool = False
    drop: str = ""
    never: bool = False


_HTML = b"<html><head><title>Maintenance</title></head><body>We will be back soon.</body></html>"
FAULTS: Mapping[str, Answer] = {
    "error_500": Answer(b"Internal Server Error", SERVER_ERROR, "text/plain", shown={"error": "HTTP 500"}),
    "garbage": Answer(b'{"data": null, "err', shown={"error": "garbage"}),
    "html": Answer(_HTML, media_type="text/html", shown={"error": "an HTML page"}),
}
UNKNOWN_METHOD = Answer(b"404 page not found", 404, "text/plain", shown={"error": "HTTP 404"})
"""As an edition without the method answers, presumably."""
RESET = Answer(drop="connection.reset")
LOST = Answer(drop="connection.close")
NEVER = Answer(never=True)


Answering = Callable[[Asked], Awaitable[Answer]]


class _Api:
    """What stands between a request and the platform: format, token, faults and deduplication, in this order."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._firsts: Deduplication[Answer] = Deduplication(platform.clock)

    async def call(self, method: str, answering: Answering, request: Request) -> Answer:
        """Read a request, note it for the page, and answer it."""
        body = await request.body()
        await asyncio.sleep(self._platform.switches.round_trip_ms / 1000)
        xml, problem, values = is_xml(request.headers.get("content-type", ""), body), None, {}
        try:
            values = read(body, xml=xml)
        except Refused as refused:
            problem = refused
        asked = _asked(method, request, body, values, self._platform.switches, xml=xml)
        call = self._platform.note(method, body.decode(errors="replace") if problem else values, asked.request_id)
        answer = self._refusal(asked, problem) if problem else await self._authorized(asked, answering)
        self._platform.note_answer(call, answer.shown)
        return answer

    async def read(self, asked: Asked, run: answers.Answering) -> Answer:
        switches = self._platform.switches
        if asked.method == "templates/get" and switches.templates != "normal":
            return self._unread_template(asked)
        if asked.method == "reports/bounces" and switches.bounces == "no_right":
            return self._refusal(asked, Refused(switches.code_no_rights, "the token may not look"))
        if switches.reads == "fail":
            return FAULTS["error_500"]
        if switches.reads == "hang":
            return NEVER
        if switches.reads == "slow":
            await asyncio.sleep(switches.slow_seconds)

        async def look() -> Answer:
            return self._run(asked, lambda: run(self._platform, asked.fields))

        return await (self._once(asked, look) if switches.dedup_reads else look())

    def _unread_template(self, asked: Asked) -> Answer:
        match self._platform.switches.templates:
            case "no_right":
                return self._refusal(asked, Refused(self._platform.switches.code_no_rights, "the token may not look"))
            case "unknown_method":
                return UNKNOWN_METHOD
            case "hang":
                return NEVER
            case fault:
                return FAULTS[fault]

    async def activate(self, asked: Asked) -> Answer:
        return await self._change(
            asked, "activation", lambda: answers.activate(self._platform, asked.fields, asked.request_id)
        )

    async def deactivate(self, asked: Asked) -> Answer:
        return await self._change(asked, "deactivation", lambda: answers.deactivate(self._platform, asked.fields))

    async def clone(self, asked: Asked) -> Answer:
        return await self._change(asked, "cloning", lambda: answers.clone(self._platform, asked.fields))

    async def add(self, asked: Asked) -> Answer:
        return await self._change(asked, "addition", lambda: static_segments.add(self._platform, asked.fields))

    async def _change(self, asked: Asked, change: str, execute: Callable[[], Json]) -> Answer:
        fault = self._platform.take_fault(change)
        if fault == "reset":
            return RESET
        if fault in FAULTS and not self._platform.switches.taken_despite_fault:
            return FAULTS[fault]
        answer = await self._once(asked, partial(self._execute, asked, execute, fault))
        return LOST if fault == "lose_answer" else FAULTS.get(fault, answer)

    async def _execute(self, asked: Asked, execute: Callable[[], Json], fault: str) -> Answer:
        switches = self._platform.switches
        if fault == "refuse":
            return self._refusal(asked, Refused(switches.refuse_code, switches.refuse_text))
        answer = self._run(asked, execute)
        if fault == "slow":
            await asyncio.sleep(switches.slow_seconds)
        return answer

    async def _authorized(self, asked: Asked, answering: Answering) -> Answer:
        try:
            self._platform.check_token(asked.token)
        except Refused as refused:
            return self._refusal(asked, refused)
        return await answering(asked)

    async def _once(self, asked: Asked, execute: Callable[[], Awaitable[Answer]]) -> Answer:
        """Execute a request, or give a repeat of an earlier one that one's answer, as the switches say."""
        switches = self._platform.switches
        if switches.dedup == "off":
            return await execute()
        key = key_of(switches.dedup, asked.token or "", asked.url, asked.headers, asked.body)
        first = self._firsts.find(key, switches.dedup_window_seconds)
        if first is None:
            return await self._first(key, execute)
        if first.answer is None and switches.repeat_in_progress == "refuse":
            return self._refusal(asked, Refused(MALFORMED, "the same request is being processed"))
        if first.answer is None and switches.repeat_in_progress == "wait":
            await first.done.wait()
        if first.answer is None:
            return await execute()
        headers = duplicate_headers(switches.dedup, key)
        return replace(first.answer, headers=headers, shown={**(first.answer.shown or {}), "duplicate": True})

    async def _first(self, key: str, execute: Callable[[], Awaitable[Answer]]) -> Answer:
        first = self._firsts.begin(key)
        try:
            answer = await execute()
        except BaseException:
            self._firsts.forget(key)
            raise
        if answer.is_error and not self._platform.switches.dedup_replays_errors:
            self._firsts.forget(key)
        else:
            first.finish(answer)
        return answer

    def _run(self, asked: Asked, run: Callable[[], Json]) -> Answer:
        try:
            answered = run()
        except Refused as refused:
            return self._refusal(asked, refused)
        data = {"data": answered.pop("data"), "error": 0, "error_text": SUCCESS}
        return self._answer(asked, data | answered)

    def _refusal(self, asked: Asked, refused: Refused) -> Answer:
        envelope = {"data": None, "error": refused.code, "error_text": refused.text}
        return replace(
            self._answer(asked, envelope), status=self._platform.switches.http_status_for_errors, is_error=True
        )

    def _answer(self, asked: Asked, envelope: Json) -> Answer:
        quoted = self._platform.switches.quoted_xml_strings and asked.method in QUOTED
        body = write(envelope, xml=asked.xml, quoted=quoted)
        return Answer(body, media_type="application/xml" if asked.xml else "application/json", shown=envelope)


def _endpoint(api: _Api, method: str, answering: Answering) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            answer = await api.call(method, answering, request)
            if answer.drop:
                request.scope["extensions"][answer.drop]()
            if answer.drop or answer.never:
                await _gone(request)
        except (ClientDisconnect, asyncio.CancelledError):
            # The client went away, or the server stops while a slow or hanging call is open.
            return Response(status_code=503)
        return Response(answer.body, answer.status, dict(answer.headers), answer.media_type)

    return endpoint


async def _gone(request: Request) -> None:
    """Wait until the connection has ended; returning earlier would have the server answer."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _asked(method: str, request: Request, body: bytes, values: Json, switches: Switches, *, xml: bool) -> Asked:
    headers = dict(request.headers)
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    in_header = bearer.strip() if scheme.lower() == "bearer" else None
    places = {"body": values.get("token"), "header": in_header}
    token = places["body"] or in_header if switches.token_in == "both" else places[switches.token_in]  # noqa: S105
    wanted = values.get("format") or request.query_params.get("format") or ("xml" if xml else "json")
    if switches.answers_in != "as_asked":
        wanted = switches.answers_in
    return Asked(
        method=method,
        url=f"{request.url.path}?{request.url.query}",
        headers=headers,
        body=body,
        fields=Fields(values),
        token=token if isinstance(token, str) else None,
        request_id=request_id(headers),
        xml=wanted == "xml",
    )
