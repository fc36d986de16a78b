"""Everything the sandbox consists of, put together: both stand-ins on their ports, and the bot between them."""

import socket
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.altcraft.api import altcraft_app
from sandbox.altcraft.platform import Platform
from sandbox.altcraft.seed import seeded_platform
from sandbox.bot_process import COMMAND, BotProcess, Starting, as_program
from sandbox.page.app import page_app
from sandbox.server import HOST, serve
from sandbox.setups import PolicyDesk
from sandbox.slack.api import slack_app
from sandbox.slack.hub import Hub
from sandbox.slack.records import Limits, Organisation
from sandbox.slack.workspace import Workspace
from sandbox.team import APP_TOKEN, BOT_TOKEN, JOURNAL_KEY, SIGNING_SECRET, seeded_workspace

ALTCRAFT_TOKEN = "sandbox-altcraft-token"  # noqa: S105 -- a made-up token of the stand-in


EVENTS_SECRET = "sandbox-Zk39aPqLw7RtYvBn2MxCdEfGhJsUiO"  # noqa: S105 -- likewise


class Sent:
    """Passes requests on to the platform's app, and keeps what was sent to activate."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.activations: list[bytes] = []
        """The body of every request to campaigns/activate, as it arrived, in the order of arrival."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].rstrip("/").endswith("/campaigns/activate"):
            await self._app(scope, receive, send)
            return
        body = bytearray()

        async def kept() -> Message:
            message = await receive()
            body.extend(message.get("body", b""))
            if message["type"] == "http.request" and not message.get("more_body"):
                self.activations.append(bytes(body))
            return message

        await self._app(scope, kept, send)


SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:write",
        "usergroups:read",
        "users:read",
    }
)
"""What manifest.yaml asks for, so that a call it does not cover fails here as it would in Slack."""


@dataclass(frozen=True)
class Stage:
    """The running sandbox. `urls` holds the addresses `slack`, `altcraft` and, with a page, `page`.

    `environment` is what the bot was given; a second bot takes the same, but for its PORT.
    """

    workspace: Workspace
    platform: Platform
    policy: PolicyDesk
    bot: BotProcess
    sent: Sent
    urls: Mapping[str, str]
    environment: Mapping[str, str]


@asynccontextmanager
async def staged(
    *,
    page_port: int | None = None,
    socket_mode: bool = True,
    folder: Path | None = None,
    settings: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    organisation: Organisation | None = None,
    command: Sequence[str] = COMMAND,
    starting: Starting = as_program,
) -> AsyncIterator[Stage]:
    """Starts the stand-ins and the bot, and stops them at the end of the block.

    The journal and the policy's file lie in `folder`, by default a new one that goes away at the end. `settings`
    overrides the bot's environment, `limits` Slack's numbers, `command` what is run as the bot, `starting` how.
    With an `organisation` the app is installed in all of it.

    Raises OSError where the page's port is taken, TimeoutError where the bot does not get ready.
    """
    hub = Hub()
    workspace = seeded_workspace(hub, limits=limits, organisation=organisation)
    workspace.state.scopes = SCOPES
    platform = seeded_platform(hub, ALTCRAFT_TOKEN)
    with tempfile.TemporaryDirectory(prefix="campaign-bot-") as temporary:
        home = folder or Path(temporary)
        policy = PolicyDesk(home / "policy.toml", hub)
        sent = Sent(altcraft_app(platform))
        async with serve({"slack": slack_app(workspace), "altcraft": sent}) as urls:
            bot_port = free_port()
            own = {"POLICY_FILE": str(policy.file), "DATABASE_URL": f"sqlite:///{home / 'journal.db'}"}
            environment = {**_environment(urls, bot_port, socket_mode=socket_mode), **own, **(settings or {})}
            bot = BotProcess(environment, str(home), command, starting)
            workspace.state.base_url = urls["slack"]
            platform.hooks.url = f"http://{HOST}:{environment['PORT']}/altcraft/events/{EVENTS_SECRET}"
            if not socket_mode:
                workspace.delivery.request_url = f"http://{HOST}:{bot_port}/slack/events"
            stage = Stage(workspace, platform, policy, bot, sent, urls, environment)
            async with _with_page(stage, page_port) as whole:
                try:
                    await bot.start()
                    await bot.wait_ready()
                    yield whole
                finally:
                    await bot.stop()
                    await workspace.stop()


@asynccontextmanager
async def _with_page(stage: Stage, port: int | None) -> AsyncIterator[Stage]:
    if port is None:
        yield stage
        return
    page = page_app(stage.workspace, stage.platform, stage.policy, stage.bot)
    async with serve({"page": page}, {"page": port}) as urls:
        yield replace(stage, urls={**stage.urls, **urls})


def _environment(urls: Mapping[str, str], port: int, *, socket_mode: bool) -> dict[str, str]:
    transport = {"SLACK_APP_TOKEN": APP_TOKEN} if socket_mode else {"SLACK_SIGNING_SECRET": SIGNING_SECRET}
    return {
        **transport,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_API_URL": f"{urls['slack']}/api/",
        "ALTCRAFT_URL": urls["altcraft"],
        "ALTCRAFT_TOKEN": ALTCRAFT_TOKEN,
        "ALTCRAFT_TIMEOUT": "5",
        "JOURNAL_KEY": JOURNAL_KEY,
        "REQUESTERS": "U0ANA,U0BEN",
        "APPROVERS": "U0ANA,U0BEN,S0LEADS",
        "ADMINS": "U0DAN",
        "PORT": str(port),
        "ALTCRAFT_EVENTS_SECRET": EVENTS_SECRET,
    }


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])
