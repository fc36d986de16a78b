"""What the stand-in Slack keeps: people, channels, messages, views, files, and the error every method answers with."""

import itertools
import secrets
import string
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], float]

_LETTERS = string.ascii_uppercase + string.digits


class SlackError(Exception):
    """A method's `{"ok": false, "error": ...}`; `messages` name the JSON pointers, `extra` is put beside them."""

    def __init__(self, error: str, messages: tuple[str, ...] = (), extra: Mapping[str, object] | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages
        self.extra = dict(extra or {})

    def body(self) -> Json:
        answer: Json = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return answer


class RateLimited(SlackError):
    """HTTP 429; `retry_after` is in whole seconds, at least one."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("ratelimited")
        self.retry_after = max(1, int(-(-retry_after // 1)))


@dataclass(frozen=True)
class Organisation:
    """An Enterprise organisation that the app is installed in as a whole, with `teams` beside the workspace itself."""

    id: str
    name: str
    teams: tuple[str, ...] = ()


@dataclass(frozen=True)
class Identity:
    """Who the app is in this workspace, and the secrets it was installed with.

    With an `organisation`, the app's token is for all of its workspaces.
    """

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    team_id: str = "T0SANDBOX"
    team_name: str = "Sandbox"
    team_domain: str = "sandbox"
    app_id: str = "A0APP"
    bot_id: str = "B0BOT"
    bot_user_id: str = "U0BOT"
    bot_name: str = "app"
    organisation: Organisation | None = None
    verification_token: str = field(default_factory=lambda: secrets.token_hex(12), repr=False)

    @property
    def teams(self) -> tuple[str, ...]:
        """The workspaces in which the app is."""
        return (self.team_id, *(self.organisation.teams if self.organisation else ()))

    @property
    def installed_in(self) -> str:
        """What an opened view names as the place of the installation: a workspace, or the organisation."""
        return self.organisation.id if self.organisation else self.team_id

    def team(self, team_id: str = "") -> Json:
        """A workspace as payloads name it; by default the first."""
        team: Json = {"id": team_id or self.team_id, "domain": self.team_domain}
        if self.organisation:
            team |= {"enterprise_id": self.organisation.id, "enterprise_name": self.organisation.name}
        return team


class Ids:
    """Makes Slack's ids and message timestamps; no timestamp is ever made twice."""

    def __init__(self, clock: Clock = time.time) -> None:
        self._clock = clock
        self._last = 0
        self._counter = itertools.count(1)

    def new(self, prefix: str) -> str:
        """Return an id such as `V0A1B2C3D4E`."""
        return prefix + "0" + "".join(secrets.choice(_LETTERS) for _ in range(9))

    def ts(self) -> str:
        """Return the next message timestamp, later than every earlier one, to the microsecond."""
        self._last = max(int(self._clock() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def trigger(self) -> str:
        return f"{next(self._counter)}{int(self._clock())}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"

    def view_hash(self) -> str:
        return f"{int(self._clock())}.{secrets.token_urlsafe(6)}"

    def short(self) -> str:
        """Return the kind of `block_id` and `action_id` that Slack gives where the app gave none."""
        return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(5))


@dataclass
class Person:
    id: str
    handle: str
    real_name: str
    role_note: str = ""
    locale: str = "en-US"
    tz: str = "Europe/London"
    is_bot: bool = False
    is_admin: bool = False
    deleted: bool = False
    restricted: bool = False
    """A guest."""
    stranger: bool = False
    """Of another workspace, met in a channel that both share."""
    team_id: str = ""
    """Their own workspace, where that is not the first."""


@dataclass(frozen=True)
class Content:
    """What a message says. Blocks of None and of [] are the same: none."""

    text: str = ""
    blocks: list[Json] | None = None
    metadata: Json | None = None
    attachments: list[Json] | None = None


@dataclass
class Message:
    """`user` wrote it; `edited` and `metadata` are Slack's own objects."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    attachments: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    subtype: str | None = None
    file_ids: list[str] = field(default_factory=list)


@dataclass
class Channel:
    """A channel, or the direct message of one person with the bot (`dm_with`)."""

    id: str
    name: str
    members: list[str]
    is_private: bool = False
    is_archived: bool = False
    dm_with: str | None = None
    created: int = 1_700_000_000
    team_id: str = ""
    """Its workspace, where that is not the first."""
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def is_dm(self) -> bool:
        return self.dm_with is not None


@dataclass
class Ephemeral:
    """A message only `user` sees; it lives in that person's client and no method reads it back."""

    id: str
    channel: str
    user: str
    ts: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None


@dataclass
class UserGroup:
    id: str
    handle: str
    name: str
    users: list[str]
    disabled: bool = False
    team_id: str = ""
    """Its workspace, where that is not the first."""


@dataclass
class SlashCommand:
    """`should_escape` is the manifest's switch: people and channels arrive as `<@U…|name>` and `<#C…|name>`."""

    command: str
    hint: str
    description: str
    should_escape: bool = True


@dataclass(frozen=True)
class Shortcut:
    """A global shortcut of the manifest."""

    callback_id: str
    name: str
    description: str


@dataclass(frozen=True)
class Parameter:
    """An input or output of a workflow's step, as the manifest declares it."""

    type: str
    is_required: bool = False


@dataclass(frozen=True)
class Function:
    """A step for Workflow Builder of the manifest."""

    callback_id: str
    title: str
    inputs: Mapping[str, Parameter]
    outputs: Mapping[str, Parameter]


@dataclass
class Execution:
    """One run of a step. `state` is `running`, `completed` or `failed`; the app says which, once."""

    id: str
    workflow: str
    function: Function
    inputs: Json
    state: str = "running"
    outputs: Json = field(default_factory=dict)
    error: str = ""
    answers: int = 0
    """How often the app has answered, whether or not that was taken."""


@dataclass
class StoredFile:
    id: str
    name: str
    media_type: str
    content: bytes
    user: str
    created: int
    title: str = ""
    alternative: str = ""
    """What a person is told who does not see a picture."""
    channels: list[str] = field(default_factory=list)


@dataclass
class Reply:
    """What a person sees after an action.

    `error` is Slack's sentence, `code` the short name behind it (`dispatch_failed`, `operation_timeout`, …), `errors`
    are the modal's messages by block id.
    """

    ok: bool = True
    error: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    code: str | None = None


@dataclass
class Limits:
    """Slack's numbers that a test may want smaller; times are in seconds."""

    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    response_uses: int = 5
    response_seconds: float = 1800.0
    post_burst: float = 20.0
    posts_per_second: float = 1.0
    socket_connections: int = 10
    ticket_seconds: float = 30.0
