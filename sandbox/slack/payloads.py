"""The payloads the app is sent, field by field as Slack shapes them."""

import secrets
from collections.abc import Mapping

from sandbox.slack.messages import Messages
from sandbox.slack.records import Channel, Ephemeral, Execution, Json, Message, Parameter
from sandbox.slack.response_urls import ResponseUrls
from sandbox.slack.state import State
from sandbox.slack.triggers import Triggers
from sandbox.slack.view_stack import OpenView, Views


class Payloads:
    """Builds payloads; each that has a trigger_id or a response_url gets its own."""

    def __init__(
        self, state: State, triggers: Triggers, views: Views, messages: Messages, response_urls: ResponseUrls
    ) -> None:
        self._state = state
        self._triggers = triggers
        self._views = views
        self._messages = messages
        self._response_urls = response_urls

    def command(self, user: str, channel: Channel, command: str, text: str) -> Json:
        identity = self._state.identity
        return {
            **self._enterprise_named(),
            "token": identity.verification_token,
            "team_id": channel.team_id or identity.team_id,
            "team_domain": identity.team_domain,
            "channel_id": channel.id,
            "channel_name": _shown_name(channel),
            "user_id": user,
            "user_name": self._state.people[user].handle,
            "command": command,
            "text": text,
            "api_app_id": identity.app_id,
            "is_enterprise_install": str(identity.organisation is not None).lower(),
            "response_url": self._response_urls.issue(channel, user),
            "trigger_id": self._triggers.issue(user, conversation=channel.id),
        }

    def shortcut(self, user: str, channel: Channel, callback_id: str) -> Json:
        """Return the payload of a global shortcut, which does not tell where the person was."""
        return self._base("shortcut", user) | {
            "callback_id": callback_id,
            "trigger_id": self._triggers.issue(user, conversation=channel.id),
            "action_ts": f"{self._state.clock():.6f}",
        }

    def message_action(self, user: str, source: Message | Ephemeral, action: Json, values: Json) -> Json:
        """Return the block_actions of a click in a message; of an ephemeral one Slack does not send the message."""
        channel = self._state.channels[source.channel]
        return self.message_source(user, "block_actions", source) | {
            "trigger_id": self._triggers.issue(user, conversation=channel.id),
            "state": {"values": values},
            "response_url": self._response_urls.issue(channel, user, source),
            "actions": [self._stamped(action)],
        }

    def message_source(self, user: str, kind: str, source: Message | Ephemeral) -> Json:
        channel = self._state.channels[source.channel]
        container: Json = {
            "type": "message",
            "message_ts": source.ts,
            "channel_id": channel.id,
            "is_ephemeral": isinstance(source, Ephemeral),
        }
        if source.thread_ts:
            container["thread_ts"] = source.thread_ts
        payload = self._base(kind, user) | {
            "container": container,
            "team": self._state.identity.team(channel.team_id),
            "channel": {"id": channel.id, "name": _shown_name(channel)},
        }
        if isinstance(source, Message):
            payload["message"] = self._messages.as_json(source)
        return payload

    def view_action(self, user: str, view: OpenView, action: Json, values: Json) -> Json:
        return self.view_source(user, "block_actions", view, values) | {
            "trigger_id": self._triggers.issue(user, view.id),
            "actions": [self._stamped(action)],
        }

    def view_source(self, user: str, kind: str, view: OpenView, values: Json) -> Json:
        return self._base(kind, user) | {
            "container": {"type": "view", "view_id": view.id},
            "view": self._views.as_json(view, values),
        }

    def submission(self, user: str, view: OpenView, values: Json) -> Json:
        return self._base("view_submission", user) | {
            "trigger_id": self._triggers.issue(user, view.id),
            "view": self._views.as_json(view, values),
            "response_urls": [],
        }

    def closed(self, user: str, view: OpenView, *, cleared: bool) -> Json:
        return self._base("view_closed", user) | {"view": self._views.as_json(view), "is_cleared": cleared}

    def home_opened(self, user: str, dm: Channel, home: OpenView | None, tab: str) -> Json:
        event: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": dm.id,
            "tab": tab,
            "event_ts": self._state.ids.ts(),
        }
        if home and tab == "home":
            event["view"] = self._views.as_json(home)
        return self._event(event, self._state.people[user].team_id)

    def mentioned(self, message: Message) -> Json:
        """Return the event app_mention for a message that names the bot."""
        event: Json = {
            "type": "app_mention",
            "user": message.user,
            "text": message.text,
            "ts": message.ts,
            "channel": message.channel,
            "event_ts": message.ts,
            "team": self._state.channels[message.channel].team_id or self._state.identity.team_id,
        }
        if message.thread_ts:
            event["thread_ts"] = message.thread_ts
        return self._event(event, event["team"])

    def function_executed(self, execution: Execution) -> Json:
        """Return the event that a workflow has come to one of the app's steps."""
        function = execution.function
        now = int(self._state.clock())
        event: Json = {
            "type": "function_executed",
            "function": {
                "id": f"Fn0{function.callback_id.upper()}",
                "callback_id": function.callback_id,
                "title": function.title,
                "description": "",
                "type": "app",
                "input_parameters": _parameters(function.inputs),
                "output_parameters": _parameters(function.outputs),
                "app_id": self._state.identity.app_id,
                "date_created": now,
                "date_updated": now,
                "date_deleted": 0,
            },
            "inputs": execution.inputs,
            "function_execution_id": execution.id,
            "workflow_execution_id": execution.workflow,
            "event_ts": self._state.ids.ts(),
            # Slack revokes it with the end of the step; here it is never good for anything.
            "bot_access_token": "xwfp-of-the-step-alone",
        }
        return self._event(event)

    def _event(self, event: Json, team_id: str = "") -> Json:
        identity, organisation = self._state.identity, self._state.identity.organisation
        authorization = {
            "enterprise_id": organisation.id if organisation else None,
            "team_id": None if organisation else identity.team_id,
            "user_id": identity.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": organisation is not None,
        }
        return {
            **({"enterprise_id": organisation.id} if organisation else {}),
            "token": identity.verification_token,
            "team_id": team_id or identity.team_id,
            "api_app_id": identity.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": self._state.ids.new("Ev"),
            "event_time": int(self._state.clock()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
        }

    def _base(self, kind: str, user: str) -> Json:
        identity, person = self._state.identity, self._state.people[user]
        organisation = identity.organisation
        who = {"id": user, "username": person.handle, "name": person.handle}
        who["team_id"] = person.team_id or identity.team_id
        return {
            "type": kind,
            "user": who,
            "api_app_id": identity.app_id,
            "token": identity.verification_token,
            "team": identity.team(person.team_id),
            "enterprise": {"id": organisation.id, "name": organisation.name} if organisation else None,
            "is_enterprise_install": organisation is not None,
        }

    def _enterprise_named(self) -> Json:
        organisation = self._state.identity.organisation
        return {"enterprise_id": organisation.id, "enterprise_name": organisation.name} if organisation else {}

    def _stamped(self, action: Json) -> Json:
        return {**action, "action_ts": f"{self._state.clock():.3f}{secrets.randbelow(1000):03d}"}


def _parameters(of: Mapping[str, Parameter]) -> list[Json]:
    return [{"type": one.type, "name": name, "is_required": one.is_required} for name, one in of.items()]


def _shown_name(channel: Channel) -> str:
    if channel.is_dm:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name
