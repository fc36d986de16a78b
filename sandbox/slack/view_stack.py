"""Modals and the Home tab: each person's stack of open views, by the rules of the views.* methods."""

import json
from dataclasses import dataclass

from sandbox.slack.block_kit.defaults import filled_view
from sandbox.slack.block_kit.surfaces import check_view
from sandbox.slack.records import Channel, Json, SlackError
from sandbox.slack.state import State
from sandbox.slack.triggers import Triggers

STACK_LIMIT = 3
VIEW_BYTES = 250_000


@dataclass
class OpenView:
    """A view as a person has it on the screen; `content` is what the app sent, filled in."""

    id: str
    user: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None


class Views:
    """Every person's open modals, root first, and Home tabs. Every refusal is a SlackError."""

    def __init__(self, state: State, triggers: Triggers) -> None:
        self._state = state
        self._triggers = triggers
        self._stacks: dict[str, list[OpenView]] = {}
        self._homes: dict[str, OpenView] = {}

    def stack(self, user: str) -> list[OpenView]:
        return list(self._stacks.get(user, []))

    def home(self, user: str) -> OpenView | None:
        return self._homes.get(user)

    def find(self, view_id: str) -> OpenView:
        """Return the view if it is open; raises not_found."""
        for view in self._all():
            if view.id == view_id:
                return view
        raise SlackError("not_found")

    def open(self, trigger_id: str, content: Json) -> OpenView:
        """Open a modal; one that the person still had open gives way."""
        trigger = self._triggers.check(trigger_id)
        self.check(content, "modal")
        trigger.used = True
        self._stacks[trigger.user] = []
        return self.put_on_top(trigger.user, self._with_conversation(content, trigger.conversation))

    def _with_conversation(self, content: Json, conversation: str | None) -> Json:
        """Fill in what the person was looking at, in selects that default to it and would offer it."""
        channel = self._state.channels.get(conversation or "")
        if channel is None:
            return content
        return {**content, "blocks": [_defaulted(block, channel) for block in content["blocks"]]}

    def push(self, trigger_id: str, content: Json) -> OpenView:
        """Put a modal over the one in which the person did something."""
        trigger = self._triggers.check(trigger_id)
        stack = self._stacks.get(trigger.user, [])
        if trigger.view_id is None or all(view.id != trigger.view_id for view in stack):
            raise SlackError("invalid_trigger_id")
        self.check(content, "modal")
        view = self.put_on_top(trigger.user, content)
        trigger.used = True
        return view

    def update(self, view_id: str | None, external_id: str | None, content: Json, view_hash: str | None) -> OpenView:
        """Change an open view; a `view_hash` other than the view's is hash_conflict."""
        view = self._named(view_id, external_id)
        self.check(content, "modal" if view.content["type"] == "modal" else "home", view)
        if view_hash and view_hash != view.hash:
            raise SlackError("hash_conflict")
        return self.replace(view, content)

    def publish(self, user: str, content: Json, view_hash: str | None) -> OpenView:
        """Set a person's Home tab."""
        if user not in self._state.people:
            raise SlackError("user_not_found")
        shown = self._homes.get(user)
        self.check(content, "home", shown)
        if shown is None:
            view_id = self._state.ids.new("V")
            shown = self._homes[user] = OpenView(view_id, user, {}, "", view_id)
        elif view_hash and view_hash != shown.hash:
            raise SlackError("hash_conflict")
        return self.replace(shown, content)

    def put_on_top(self, user: str, content: Json) -> OpenView:
        """Add a checked view to a person's stack; raises push_limit_reached."""
        stack = self._stacks.setdefault(user, [])
        if len(stack) >= STACK_LIMIT:
            raise SlackError("push_limit_reached")
        view_id = self._state.ids.new("V")
        root, previous = (stack[0].id, stack[-1].id) if stack else (view_id, None)
        view = OpenView(view_id, user, {}, "", root, previous)
        stack.append(view)
        return self.replace(view, content)

    def replace(self, view: OpenView, content: Json) -> OpenView:
        """Give an open view another, checked content, and a new hash."""
        view.content = filled_view(content, self._state.ids)
        view.hash = self._state.ids.view_hash()
        self._state.hub.changed()
        return view

    def remove(self, view: OpenView) -> list[OpenView]:
        """Close a view and what lies over it; returns those closed, the topmost first."""
        stack = self._stacks.get(view.user, [])
        at = stack.index(view) if view in stack else len(stack)
        closed = stack[at:]
        del stack[at:]
        self._state.hub.changed()
        return closed[::-1]

    def clear(self, user: str) -> list[OpenView]:
        """Close all modals of a person; returns those closed, the topmost first."""
        closed = self._stacks.pop(user, [])
        self._state.hub.changed()
        return closed[::-1]

    def check(self, content: Json, surface: str, instead_of: OpenView | None = None) -> None:
        """Raises invalid_arguments with the places of all problems, view_too_large or duplicate_external_id."""
        problems = check_view(content, surface)
        if problems:
            found = ("failed to match all allowed schemas [json-pointer:/view]", *problems)
            raise SlackError("invalid_arguments", found)
        if len(json.dumps(content).encode()) > VIEW_BYTES:
            raise SlackError("view_too_large")
        external_id = content.get("external_id")
        if external_id and any(v.content.get("external_id") == external_id for v in self._all() if v is not instead_of):
            raise SlackError("duplicate_external_id")

    def as_json(self, view: OpenView, state_values: Json | None = None) -> Json:
        """Return the view as Slack's methods and payloads give it."""
        identity, content = self._state.identity, view.content
        return {
            "id": view.id,
            "team_id": identity.team_id,
            "type": content["type"],
            "blocks": content["blocks"],
            "private_metadata": content.get("private_metadata", ""),
            "callback_id": content.get("callback_id", ""),
            "state": {"values": state_values or {}},
            "hash": view.hash,
            "title": content.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
            "clear_on_close": content.get("clear_on_close", False),
            "notify_on_close": content.get("notify_on_close", False),
            "close": content.get("close"),
            "submit": content.get("submit"),
            "previous_view_id": view.previous_id,
            "root_view_id": view.root_id,
            "app_id": identity.app_id,
            "external_id": content.get("external_id", ""),
            "app_installed_team_id": identity.installed_in,
            "bot_id": identity.bot_id,
        }

    def _named(self, view_id: str | None, external_id: str | None) -> OpenView:
        if view_id:
            return self.find(view_id)
        for view in self._all():
            if external_id and view.content.get("external_id") == external_id:
                return view
        raise SlackError("not_found")

    def _all(self) -> list[OpenView]:
        return [view for stack in self._stacks.values() for view in stack] + list(self._homes.values())


def _defaulted(block: Json, channel: Channel) -> Json:
    element = block.get("element") or {}
    if not element.get("default_to_current_conversation") or element.get("initial_conversation"):
        return block
    kind = "im" if channel.is_dm else "private" if channel.is_private else "public"
    if kind not in (element.get("filter") or {}).get("include", [kind]):
        return block
    return {**block, "element": {**element, "initial_conversation": channel.id}}
