"""The stand-in Slack's whole state in one object that its parts share, and the look-ups they all need."""

from dataclasses import dataclass, field

from sandbox.slack.faults import Faults, PostBuckets
from sandbox.slack.hub import Hub
from sandbox.slack.records import (
    Channel,
    Clock,
    Ephemeral,
    Execution,
    Function,
    Identity,
    Ids,
    Limits,
    Person,
    Shortcut,
    SlackError,
    SlashCommand,
    StoredFile,
    UserGroup,
)

USUAL_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "usergroups:read",
        "users:read",
    }
)


@dataclass
class State:
    """All that there is; only the event loop's own thread touches it.

    `base_url` is where the stand-in is reached ("http://127.0.0.1:8482", no slash at the end).
    """

    hub: Hub
    identity: Identity
    clock: Clock
    ids: Ids
    limits: Limits
    faults: Faults
    buckets: PostBuckets
    base_url: str = ""
    scopes: frozenset[str] = USUAL_SCOPES
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, UserGroup] = field(default_factory=dict)
    commands: dict[str, SlashCommand] = field(default_factory=dict)
    shortcuts: dict[str, Shortcut] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)
    ephemerals: dict[str, Ephemeral] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)

    def need(self, scope: str) -> None:
        """Raises missing_scope, naming the scope, unless the app was installed with it."""
        if scope not in self.scopes:
            provided = ",".join(sorted(self.scopes))
            raise SlackError("missing_scope", extra={"needed": scope, "provided": provided})

    def bot_is_in(self, channel: Channel) -> bool:
        return self.identity.bot_user_id in channel.members

    def visible_channel(self, name: str) -> Channel:
        """Return the channel of this id, or of this `#name`, as the bot may see it; raises channel_not_found."""
        found = self.channels.get(name) or self._channel_named(name.removeprefix("#"))
        if found is None or ((found.is_private or found.is_dm) and not self.bot_is_in(found)):
            raise SlackError("channel_not_found")
        return found

    def dm_of(self, user: str) -> Channel:
        """Return the bot's direct message with `user`, opened if it was not; raises user_not_found."""
        if user not in self.people:
            raise SlackError("user_not_found")
        for channel in self.channels.values():
            if channel.dm_with == user:
                return channel
        opened = Channel(
            id=self.ids.new("D"),
            name=f"{user} with the bot",
            members=[user, self.identity.bot_user_id],
            is_private=True,
            dm_with=user,
            created=int(self.clock()),
        )
        self.channels[opened.id] = opened
        return opened

    def _channel_named(self, name: str) -> Channel | None:
        return next((c for c in self.channels.values() if c.name == name and not c.is_dm), None)
