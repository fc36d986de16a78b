"""The stand-in Slack workspace: what people can do in it, what one of them sees, and the switches for its faults."""

import time

from sandbox.slack.ack import Ack, DeliveryFailed
from sandbox.slack.command_text import mentioned_people
from sandbox.slack.delivery import Delivery
from sandbox.slack.faults import Faults, PostBuckets
from sandbox.slack.files import Files
from sandbox.slack.hub import Hub
from sandbox.slack.interactions import GONE, NOT_OPEN, Interactions
from sandbox.slack.messages import Messages
from sandbox.slack.parameters import USER_CONTEXT, check_parameters
from sandbox.slack.payloads import Payloads
from sandbox.slack.records import (
    Clock,
    Ephemeral,
    Execution,
    Identity,
    Ids,
    Json,
    Limits,
    Message,
    Organisation,
    Reply,
    SlackError,
)
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.snapshot import snapshot
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.state import USUAL_SCOPES, State
from sandbox.slack.triggers import Triggers
from sandbox.slack.view_stack import OpenView, Views


class Workspace:
    """One workspace with the app installed, or with an `organisation` several; README.md shows how to fill `state`.

    Everything runs on one event loop. `slack_app` puts its Web API on a socket. The parts are public: `state` (people,
    channels, groups, commands, limits, scopes), `faults`, `messages`, `views`, `files`, `delivery`, `sockets`.
    """

    def __init__(
        self,
        hub: Hub,
        bot_token: str,
        app_token: str,
        signing_secret: str,
        *,
        bot_name: str = "app",
        request_url: str | None = None,
        base_url: str = "",
        limits: Limits | None = None,
        organisation: Organisation | None = None,
        scopes: frozenset[str] = USUAL_SCOPES,
        clock: Clock = time.time,
    ) -> None:
        limits = limits or Limits()
        self.hub = hub
        self.identity = Identity(bot_token, app_token, signing_secret, bot_name=bot_name, organisation=organisation)
        self.faults = Faults(clock)
        self.state = State(
            hub=hub,
            identity=self.identity,
            clock=clock,
            ids=Ids(clock),
            limits=limits,
            faults=self.faults,
            buckets=PostBuckets(limits, clock),
            base_url=base_url,
            scopes=scopes,
        )
        self.triggers = Triggers(self.state)
        self.messages = Messages(self.state)
        self.views = Views(self.state, self.triggers)
        self.files = Files(self.state)
        self.response_urls = ResponseUrls(self.state, self.messages)
        self.sockets = SocketMode(self.state)
        self.delivery = Delivery(self.state, self.sockets)
        self.delivery.request_url = request_url
        payloads = Payloads(self.state, self.triggers, self.views, self.messages, self.response_urls)
        self._interactions = Interactions(
            state=self.state,
            messages=self.messages,
            views=self.views,
            files=self.files,
            payloads=payloads,
            delivery=self.delivery,
        )

    async def command(self, user: str, channel: str, command: str, text: str) -> Reply:
        """Type a slash command in a channel; the app's answer in its ack becomes a message, usually ephemeral."""
        return await self._interactions.command(user, self.state.channels[channel], command, text)

    async def press(
        self,
        user: str,
        *,
        container: Json,
        block_id: str,
        action_id: str,
        element: Json,
        state: Json | None = None,
    ) -> Reply:
        """Use an element of a message, an ephemeral message or a view.

        `container` is {"type": "message", "channel", "ts"}, {"type": "ephemeral", "id"} or {"type": "view", "view_id"};
        `element` is the element's type with its value, selected_option and so on. A button that the message does not
        have any more is delivered all the same, as a click that was under way when the message changed.
        """
        source = self._source(user, container)
        if source is None:
            return Reply(ok=False, error=NOT_OPEN if container["type"] == "view" else GONE, code="not_found")
        action = {**element, "block_id": block_id, "action_id": action_id}
        return await self._interactions.press(user, source, action, state)

    async def submit(self, user: str, view_id: str, state: Json | None = None) -> Reply:
        """Press the view's submit button; fields that `state` does not name count as left as they were."""
        view = self._open_view(user, view_id)
        if view is None:
            return Reply(ok=False, error=NOT_OPEN, code="not_found")
        return await self._interactions.submit(user, view, state)

    async def close(self, user: str, view_id: str, *, everything: bool = False) -> Reply:
        """Close a view with its close button, or all modals with the X (`everything`)."""
        view = self._open_view(user, view_id)
        if view is None:
            return Reply(ok=False, error=NOT_OPEN, code="not_found")
        return await self._interactions.close(user, view, everything=everything)

    async def options(
        self, user: str, container: Json, block_id: str, action_id: str, value: str, state: Json | None = None
    ) -> list[Json]:
        """Type `value` in an external select; returns the options the app offers (groups are flattened)."""
        source = self._source(user, container)
        if source is None:
            return []
        action: Json = {"block_id": block_id, "action_id": action_id, "value": value}
        return await self._interactions.options(user, source, action, state)

    async def upload(self, user: str, name: str, media_type: str, content: bytes) -> str:
        """Choose a file for a file_input; returns its id for the view's state. Raises SlackError file_too_large."""
        return self.files.store(user, name, media_type, content).id

    async def open_home(self, user: str, tab: str = "home") -> Reply:
        """Open the app's tab `home` or `messages`, which the app hears of as the event app_home_opened."""
        return await self._interactions.open_home(user, tab)

    async def shortcut(self, user: str, channel: str, callback_id: str) -> Reply:
        """Choose a global shortcut while that channel is open."""
        return await self._interactions.shortcut(user, self.state.channels[channel], callback_id)

    def reads_in(self, user: str, locale: str) -> None:
        """Set a person's Slack to a locale such as ru-RU, which the app is told where it asks for it."""
        self.state.people[user].locale = locale
        self.hub.changed()

    async def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Write in a channel or thread as a person; returns the message's ts. The app hears of it where it is named."""
        return await self._interactions.say(user, self.state.channels[channel], text, thread_ts)

    async def run_step(self, callback_id: str, person: str | None, inputs: Json) -> Execution:
        """Let a workflow come to one of the app's steps; `person` has run it, None for a schedule or a webhook.

        Who ran it fills every input of the type user_context, as nobody else can. Raises SlackError where a required
        input is missing or an input is not of its type.
        """
        function = self.state.functions[callback_id]
        context: Json = {"id": person, "secret": "a secret of Slack's"} if person else {}
        ran = {name: context for name, one in function.inputs.items() if one.type == USER_CONTEXT and person}
        given = {**inputs, **ran}
        check_parameters(function.inputs, given, but=USER_CONTEXT)
        return await self._interactions.run_step(function, given)

    def with_mentions(self, text: str) -> str:
        """Return what a person typed as Slack's own client sends it: with people's handles as mentions."""
        return mentioned_people(self.state, text)

    async def redeliver(self) -> Ack | None:
        """Send the app what it was last sent once more, newly signed; None when it does not ack."""
        try:
            return await self.delivery.again()
        except DeliveryFailed:
            return None

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the app's Socket Mode connections to be made anew."""
        await self.sockets.disconnect(reason)

    def snapshot(self, user: str) -> Json:
        """Return what this person sees, as JSON; raises KeyError for an unknown person."""
        return snapshot(self.state, self.views, user)

    async def stop(self) -> None:
        """End connections and threads; call it when the server ends."""
        await self.sockets.stop()
        self.delivery.stop()

    def _source(self, user: str, container: Json) -> Message | Ephemeral | OpenView | None:
        match container:
            case {"type": "message", "channel": channel, "ts": ts}:
                return self.state.channels[channel].messages.get(ts)
            case {"type": "ephemeral", "id": shown}:
                return self.state.ephemerals.get(shown)
            case {"type": "view", "view_id": view_id}:
                return self._open_view(user, view_id)
            case _:
                raise SlackError("invalid_arguments")

    def _open_view(self, user: str, view_id: str) -> OpenView | None:
        home = self.views.home(user)
        views = [*self.views.stack(user), *([home] if home else [])]
        return next((view for view in views if view.id == view_id), None)
