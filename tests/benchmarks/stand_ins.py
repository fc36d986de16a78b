"""Lean stand-ins for Slack and the platform, a process of their own.

They speak as much of both as a launch needs and keep nothing, so that they cost the same in the first second and after
10,000 launches; the sandbox's stand-ins check and keep everything, which would be measured with the bot. Each request
to them is told as a line of JSON on standard output, with the moment of its arrival on the machine's monotonic clock.
A line of JSON on standard input changes the switches.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.benchmarks.wire import Reply, Request, serve

Json = dict[str, Any]

NEVER = None
PAGE = 1000


HOSTILE = (
    f"<p>{'text ' * 100}</p>" * 4_000,
    "<div>" * 12_000,
    "<table><tr><td>" * 4_000,
    "<table><b><p><i></b></table><!-- <![CDATA[ <td <<a href='" * 1_000,
    "".join(f'<a href="https://example.com/{n}">{n}</a> ' for n in range(5_000)),
    f'<img src="data:image/png;base64,{"A" * 2_000_000}">Hello',
)
"""Of 2 MB, deeply nested, malformed, with thousands of links, with a large image that is none."""


@dataclass(frozen=True)
class Switches:
    """Round trips are in seconds. `fresh_trips` is what a new connection to Slack costs more, in round trips."""

    slack: float = 0.0
    platform: float = 0.0
    fresh_trips: int = 0
    platform_hangs: str = ""
    """`activations` or `all` are never answered."""
    limit_every: int = 0
    """Each so many calls to Slack, one is answered with 429; 0 for none."""
    campaigns: int = 100
    """How many campaigns the list tells."""
    mails: str = ""
    """`hostile`: templates are, in turn, what nobody should send."""


def tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Slack:
    """Takes every call and says what it was. Who calls is told by the token."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._numbers = itertools.count(1)
        self._calls = itertools.count(1)

    def answer(self, request: Request) -> Reply:
        arrived = time.monotonic()
        switches = self._world.switches
        method = urlsplit(request.path).path.rpartition("/")[2]
        if method == "upload":
            return Reply(b"OK", switches.slack)
        given = _arguments(request)
        by = request.headers.get("authorization", "").rpartition(" ")[2] or str(given.get("token", ""))
        trips = 1 + (switches.fresh_trips if request.fresh else 0)
        delay = trips * switches.slack
        every = switches.limit_every
        if every and next(self._calls) % every == 0 and method != "auth.test":
            tell(by=by, what="429", at=arrived, method=method)
            body = json.dumps({"ok": False, "error": "ratelimited"}).encode()
            return Reply(body, delay, 429, {"Retry-After": "1"})
        given["upload"] = f"http://{request.headers.get('host')}/upload"
        told, answered = self._called(method, given)
        tell(by=by, what=method, at=arrived, done=arrived + delay, **told)
        return Reply(json.dumps({"ok": True, **answered}).encode(), delay)

    def _called(self, method: str, given: Json) -> tuple[Json, Json]:
        """What the driver is told of a call, and what its caller is answered."""
        match method:
            case "views.open":
                view = _object(given, "view")
                view_id = f"V{next(self._numbers)}"
                told = {"trigger": given.get("trigger_id"), "view": view_id, "carried": view.get("private_metadata")}
                return told, {"view": {"id": view_id}}
            case "views.update":
                view = _object(given, "view")
                return {"view": given.get("view_id"), "carried": view.get("private_metadata")}, {"view": {}}
            case "chat.postMessage" | "chat.update":
                metadata = _object(given, "metadata").get("event_payload") or {}
                ts = str(given.get("ts") or f"{int(time.time())}.{next(self._numbers):06}")
                blocks = given.get("blocks") or []
                told = {"ts": ts, "thread": given.get("thread_ts"), "text": str(given.get("text", ""))[:300]}
                told |= {"launch": metadata.get("launch_id"), "seq": metadata.get("seq"), "approve": _approve(blocks)}
                return told, {"ts": ts, "channel": given.get("channel"), "message": {"ts": ts}}
            case "conversations.info":
                return {}, {"channel": {"id": given.get("channel"), "is_member": True, "is_archived": False}}
            case "auth.test":
                who = {"user_id": "U0BOT", "bot_id": "B0BOT", "team_id": "T0BENCH", "team": "Bench", "user": "bot"}
                return {}, {**who, "url": "https://bench.slack.com/"}
            case "users.info":
                who = {"id": given.get("user"), "team_id": "T0BENCH", "deleted": False, "is_bot": False}
                return {}, {"user": {**who, "locale": "en-US", "tz": "Europe/Berlin"}}
            case "files.getUploadURLExternal":
                return {}, {"upload_url": given["upload"], "file_id": f"F{next(self._numbers)}"}
            case "bots.info":
                return {}, {"bot": {"id": given.get("bot")}}
            case _:
                return {}, {"messages": [], "users": []}


class Altcraft:
    """Every id exists: campaign n is a broadcast to segment n. A run begins with its activation and is over at once."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._activated: dict[int, datetime] = {}

    def answer(self, request: Request) -> Reply | None:
        arrived = time.monotonic()
        method = urlsplit(request.path).path.removeprefix("/api/v1.1/").rstrip("/")
        asked = json.loads(request.body)
        number = int(asked.get("id", 0))
        by, request_id = str(asked.get("token")), request.headers.get("request-id")
        tell(by=by, what=method, at=arrived, campaign=number, request=request_id)
        hangs = self._world.switches.platform_hangs
        if hangs == "all" or (hangs and method == "campaigns/activate"):
            return NEVER
        envelope = {"error": 0, "error_text": "Successful operation", **self._answered(method, number, asked)}
        return Reply(json.dumps(envelope).encode(), self._world.switches.platform)

    def _answered(self, method: str, number: int, asked: Json) -> Json:
        match method:
            case "campaigns/activate":
                self._activated[number] = datetime.now(UTC)
                return {"data": None}
            case "campaigns/get":
                return {"data": {**_campaign(number), "type": "broadcast", "status": "Inactive"}}
            case "campaigns/broadcasts/get":
                return {"data": {**_campaign(number), "channel": "email", "send_channel": "email"}}
            case "templates/get":
                return {"data": _template(number, hostile=self._world.switches.mails == "hostile")}
            case "campaigns/log_v2":
                return {"data": self._log(number), "total_count": 2}
            case "segments/get":
                parts = [{"condition": "or", "list_id": 1, "queries": []}]
                return {"data": {"id": number, "name": f"Segment {number}", "count": 48_210, "segment": parts}}
            case "segments/get_counters" | "databases/get_counters":
                sendable = {"subscribed_sendable": 47_100, "unconfirmed_sendable": 0}
                return {"data": [{"channel": "email", "status": sendable}]}
            case "campaigns/list":
                return self._page(int(asked["from_id"]), int(asked.get("limit", PAGE)))
            case _:
                return {"data": [], "next_from_id": int(asked.get("from_id", 1)), "total_count": 0}

    def _log(self, number: int) -> list[Json]:
        at = self._activated.get(number)
        if at is None:
            return []
        moment = f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
        entry = {"level": "INFO", "message": "run", "time": moment, "value": ""}
        return [{**entry, "state": "start"}, {**entry, "state": "end"}]

    def _page(self, first: int, limit: int) -> Json:
        there_are = self._world.switches.campaigns
        last = min(there_are, first + limit - 1)
        items = [
            {"id": n, "name": f"Mailing {n} of the spring season", "type": "broadcast"} for n in range(first, last + 1)
        ]
        return {"data": items, "next_from_id": last + 1 if items else first, "total_count": there_are}


class World:
    """Both stand-ins with their switches."""

    def __init__(self) -> None:
        self.switches = Switches()

    async def run(self) -> None:
        _, slack = await serve(Slack(self).answer)
        _, altcraft = await serve(Altcraft(self).answer)
        tell(what="serving", slack=slack, altcraft=altcraft)
        orders = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
        while order := await orders.readline():
            self.switches = replace(self.switches, **json.loads(order))
            tell(what="switched")


def _campaign(number: int) -> Json:
    edited = {"updated_user": "olga", "update_time": "2026-11-20T08:11:40.52Z"}
    audience = {"data_id": number, "data_type": "segment", "resource_id": 12}
    content = {"content": [{"message_id": number}]}
    told = {"id": number, "name": f"Mailing {number}", "is_active": False, "is_completed": False}
    return {**told, **edited, **audience, **content}


def _template(number: int, *, hostile: bool = False) -> Json:
    """An e-mail of usual length, for each campaign another one: what is read of it is in nobody's cache."""
    row = "<tr><td style='padding:8px'>A line of the season's news, with a <a href='https://shop.example/n'>link</a></td></tr>"
    fields = {"subject": f"Spring {number}", "from_name": "The shop", "from_email": "hello@shop.example"}
    fields |= {"html": f"<html><body><table>{row * 200}</table></body></html>", "text": "A line of the news.\n" * 50}
    if hostile:
        fields["html"] = f"<p>{number}</p>{HOSTILE[number % len(HOSTILE)]}"
    edited = {"updated_user": "olga", "update_time": "2026-11-20T08:11:40.52Z"}
    return {"id": number, "name": "Spring", **edited, "channels": [{"id": 1, "sid": "email", "fields": fields}]}


def _approve(blocks: list[Json]) -> str | None:
    elements = (element for block in blocks for element in block.get("elements", ()))
    return next((element["value"] for element in elements if element.get("action_id") == "launch:approve"), None)


def _arguments(request: Request) -> Json:
    if request.headers.get("content-type", "").startswith("application/json"):
        given: Json = json.loads(request.body or b"{}")
        return given
    return dict(parse_qsl(request.body.decode()))


def _object(given: Mapping[str, Any], name: str) -> Json:
    value = given.get(name) or {}
    found: Json = json.loads(value) if isinstance(value, str) else value
    return found


if __name__ == "__main__":
    asyncio.run(World().run())
