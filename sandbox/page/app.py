"""The sandbox's web page: the channel as a person sees it, with the platform and the bot beside it.

It drives the stand-ins only, through the very methods that tests use, and knows nothing of the bot but its process.
"""

import asyncio
import base64
import binascii
import dataclasses
import html
import json
import re
import secrets
import zlib
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.altcraft.objects import Refused
from sandbox.altcraft.platform import Platform
from sandbox.page.guard import PageGuard
from sandbox.setups import PolicyDesk
from sandbox.slack.methods import files as slack_files
from sandbox.slack.records import SlackError
from sandbox.slack.workspace import Workspace

Json = dict[str, Any]
_T = TypeVar("_T")

PAGE_FILES = Path(__file__).parent / "static"
LONGEST_POLL = 25.0
"""Seconds that `/api/changes` waits before it answers that nothing changed."""
LOOK_AT_BOT_EVERY = 0.5
"""Seconds; the bot's log is another process's and cannot wake the page by itself."""
LARGEST_BODY = 16 * 1024 * 1024
"""Bytes; a file of 10 MB, Slack's limit, in base64."""
FAULTS = frozenset(
    {"fail", "drop", "slow", "rate_limit", "rate_limit_channel", "require_upgrade_for_groups", "clear"},
)


class BotProcess(Protocol):
    """The bot as the page sees it: a process that can be killed."""

    def status(self) -> str:
        """Return "running", "starting" or "stopped"."""

    async def start(self) -> None: ...

    async def kill(self) -> None:
        """End the process at once, as a crash would."""

    def log_tail(self) -> list[str]: ...


def page_app(workspace: Workspace, platform: Platform, policy: PolicyDesk, bot: BotProcess) -> Starlette:
    """Return the page's application; it must run on the event loop that the stand-ins live on."""
    page = _Page(workspace, platform, policy, bot)
    post = {
        "command": page.command,
        "press": page.press,
        "submit": page.submit,
        "close": page.close,
        "options": page.options,
        "upload": page.upload,
        "say": page.say,
        "home": page.home,
        "shortcut": page.shortcut,
        "switch": page.switch,
        "fault": page.fault,
        "setup": page.setup,
        "locale": page.locale,
        "campaign": page.campaign,
        "audience": page.audience,
        "template": page.template,
        "bot/kill": page.kill,
        "bot/start": page.start,
    }
    return Starlette(
        routes=[
            Route("/api/state", page.state),
            Route("/api/changes", page.changes),
            Route("/api/files/{file_id}", page.file),
            Route("/api/pictures/{file_id}", page.picture),
            *(Route(f"/api/{name}", _json_endpoint(act), methods=["POST"]) for name, act in post.items()),
            Mount("/", StaticFiles(directory=PAGE_FILES, html=True)),
        ],
        middleware=[Middleware(PageGuard)],
        exception_handlers={HTTPException: _refused},
    )


@dataclasses.dataclass(frozen=True)
class Asked:
    """A JSON body, read field by field; a missing or mistyped field is answered with 400."""

    body: Json

    def text(self, name: str) -> str:
        return self._typed(name, str)

    def number(self, name: str) -> int:
        value = self._typed(name, int)
        if isinstance(value, bool):
            raise HTTPException(400, f"“{name}” is not a whole number.")
        return value

    def mapping(self, name: str) -> Json:
        return self._typed(name, dict)

    def optional_mapping(self, name: str) -> Json | None:
        return None if self.body.get(name) is None else self.mapping(name)

    def base64(self, name: str) -> bytes:
        try:
            return base64.b64decode(self.text(name), validate=True)
        except binascii.Error as error:
            raise HTTPException(400, f"“{name}” is not base64.") from error

    def _typed(self, name: str, wanted: type[_T]) -> _T:
        value = self.body.get(name)
        if not isinstance(value, wanted):
            raise HTTPException(400, f"“{name}” is missing, or is not a {wanted.__name__}.")
        return value


class _Page:
    """The endpoints; each reads its fields, does one thing as one person, and answers what that person sees."""

    def __init__(self, workspace: Workspace, platform: Platform, policy: PolicyDesk, bot: BotProcess) -> None:
        self._workspace = workspace
        self._platform = platform
        self._policy = policy
        self._bot = bot
        self._sandbox = secrets.token_hex(8)
        """Tells this sandbox from the next one on the same port: what a browser remembers of it ends with it."""

    async def file(self, request: Request) -> Response:
        return slack_files.saved(self._workspace, request.path_params["file_id"])

    async def picture(self, request: Request) -> Response:
        return slack_files.picture(self._workspace, request.path_params["file_id"])

    async def state(self, request: Request) -> JSONResponse:
        person = request.query_params.get("as", "")
        try:
            slack = self._workspace.snapshot(person)
        except KeyError as error:
            raise HTTPException(404, f"Nobody here has the id “{person}”.") from error
        groups = [
            {"id": group.id, "handle": group.handle, "members": group.users}
            for group in self._workspace.state.groups.values()
        ]
        bot = {"status": self._bot.status(), "log": self._bot.log_tail(), "mark": self._bot_mark()}
        whole = {
            "sandbox": self._sandbox,
            "revision": self._workspace.hub.revision,
            "slack": slack | {"user_groups": groups},
            "platform": self._platform.snapshot(),
            "policy": self._policy.snapshot(),
            "bot": bot,
        }
        return JSONResponse(whole)

    async def changes(self, request: Request) -> JSONResponse:
        try:
            after = int(request.query_params.get("after", ""))
        except ValueError as error:
            raise HTTPException(400, "“after” is not a revision.") from error
        mark = request.query_params.get("bot", self._bot_mark())
        end = asyncio.get_running_loop().time() + LONGEST_POLL
        revision = self._workspace.hub.revision
        while revision == after and self._bot_mark() == mark and asyncio.get_running_loop().time() < end:
            revision = await self._workspace.hub.wait_after(after, LOOK_AT_BOT_EVERY)
            if await request.is_disconnected():
                break
        return JSONResponse({"revision": revision, "bot": self._bot_mark()})

    def _bot_mark(self) -> str:
        """Return a short text that is another one when the bot's status or log is."""
        seen = "\n".join([self._bot.status(), *self._bot.log_tail()])
        return f"{zlib.crc32(seen.encode()):08x}"

    async def command(self, asked: Asked) -> Json:
        words = asked.text("command"), asked.text("text")
        return dataclasses.asdict(await self._workspace.command(asked.text("as"), asked.text("channel"), *words))

    async def press(self, asked: Asked) -> Json:
        reply = await self._workspace.press(
            asked.text("as"),
            container=asked.mapping("container"),
            block_id=asked.text("block_id"),
            action_id=asked.text("action_id"),
            element=asked.mapping("element"),
            state=asked.optional_mapping("state"),
        )
        return dataclasses.asdict(reply)

    async def submit(self, asked: Asked) -> Json:
        reply = await self._workspace.submit(asked.text("as"), asked.text("view_id"), asked.mapping("state"))
        return dataclasses.asdict(reply)

    async def close(self, asked: Asked) -> Json:
        everything = asked.body.get("everything") is True
        reply = await self._workspace.close(asked.text("as"), asked.text("view_id"), everything=everything)
        return dataclasses.asdict(reply)

    async def say(self, asked: Asked) -> Json:
        thread_ts = asked.text("thread_ts") if asked.body.get("thread_ts") else None
        # Slack's own client sends what people type with these three written as entities.
        text = self._workspace.with_mentions(html.escape(asked.text("text"), quote=False))
        return {"ok": True, "ts": await self._workspace.say(asked.text("as"), asked.text("channel"), text, thread_ts)}

    async def home(self, asked: Asked) -> Json:
        tab = "messages" if asked.body.get("tab") == "messages" else "home"
        return dataclasses.asdict(await self._workspace.open_home(asked.text("as"), tab))

    async def shortcut(self, asked: Asked) -> Json:
        chosen = asked.text("channel"), asked.text("callback_id")
        return dataclasses.asdict(await self._workspace.shortcut(asked.text("as"), *chosen))

    async def options(self, asked: Asked) -> Json:
        found = await self._workspace.options(
            asked.text("as"),
            asked.mapping("container"),
            asked.text("block_id"),
            asked.text("action_id"),
            asked.text("value"),
            asked.optional_mapping("state"),
        )
        return {"ok": True, "options": found}

    async def upload(self, asked: Asked) -> Json:
        name, media_type = asked.text("name"), asked.text("media_type")
        file_id = await self._workspace.upload(asked.text("as"), name, media_type, asked.base64("content"))
        return {"ok": True, "file_id": file_id}

    async def switch(self, asked: Asked) -> Json:
        return _done(partial(self._platform.switch, **asked.mapping("changes")))

    async def fault(self, asked: Asked) -> Json:
        name = asked.text("name")
        if name not in FAULTS:
            return {"ok": False, "error": f"Slack has no fault called “{name}” here."}
        return _done(partial(getattr(self._workspace.faults, name), **(asked.optional_mapping("arguments") or {})))

    async def setup(self, asked: Asked) -> Json:
        return _done(self._policy.choose, asked.text("name"))

    async def locale(self, asked: Asked) -> Json:
        """Set somebody's Slack to another language."""
        locale = asked.text("locale")
        if not re.fullmatch(r"[a-z]{2}-[A-Z]{2}", locale):
            return {"ok": False, "error": f"“{locale}” is no locale such as ru-RU."}
        self._workspace.reads_in(asked.text("as"), locale)
        return {"ok": True}

    async def campaign(self, asked: Asked) -> Json:
        """Edit a campaign in the platform, behind the bot's back."""
        return _done(partial(self._platform.edit_campaign, asked.number("id"), name=asked.text("name")))

    async def audience(self, asked: Asked) -> Json:
        """Set the size of a segment or database."""
        return _done(self._platform.resize, asked.text("kind"), asked.number("id"), asked.number("count"))

    async def template(self, asked: Asked) -> Json:
        """Edit a field of a template's channel, behind the bot's back and behind its campaigns'."""
        edited = {asked.text("field"): asked.text("value")}
        return _done(self._platform.edit_template, asked.number("id"), asked.text("sid"), edited)

    async def kill(self, _: Asked) -> Json:
        return await self._bot_told(self._bot.kill)

    async def start(self, _: Asked) -> Json:
        return await self._bot_told(self._bot.start)

    async def _bot_told(self, act: Callable[[], Awaitable[None]]) -> Json:
        try:
            await act()
        except (OSError, RuntimeError, TimeoutError) as error:
            return {"ok": False, "error": str(error)}
        self._workspace.hub.changed()
        return {"ok": True}


def _done(change: Callable[..., None], *given: object) -> Json:
    """Make a change; what is wrong with it becomes the answer's sentence."""
    try:
        change(*given)
    except Refused as refused:
        return {"ok": False, "error": f"The platform refused this: {refused.text}."}
    except (TypeError, ValueError) as error:
        return {"ok": False, "error": str(error)}
    return {"ok": True}


def _json_endpoint(act: Callable[[Asked], Awaitable[Json]]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        asked = Asked(await _json_body(request))
        try:
            return JSONResponse(await act(asked))
        except SlackError as refused:
            return JSONResponse({"ok": False, "error": f"Slack refused this: {refused.error}"})
        except KeyError as unknown:
            raise HTTPException(404, f"There is no {unknown} here.") from unknown

    return endpoint


async def _json_body(request: Request) -> Json:
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > LARGEST_BODY:
            raise HTTPException(413, "Too large: Slack takes files up to 10 MB.")
    try:
        body = json.loads(content)
    except ValueError as error:
        raise HTTPException(400, "The body is not JSON.") from error
    if not isinstance(body, dict):
        raise HTTPException(400, "The body is not a JSON object.")
    return body


async def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse({"ok": False, "error": error.detail}, status_code=error.status_code)
