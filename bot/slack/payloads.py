"""Takes Slack's payloads apart: the only place that knows their shapes, but for the form's (`form_state.py`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.campaign.request import LaunchId, UserId, number_in
from bot.desk import Decision
from bot.launch.events import ChannelId
from bot.launch.workflow import NOBODY, WorkflowStep
from bot.policy.demands import Typed
from bot.policy.roles import Action
from bot.slack.lookup import Look

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class TypedCommand:
    person: UserId
    channel: ChannelId
    text: str
    trigger_id: str

    @property
    def in_direct_message(self) -> bool:
        return self.channel.startswith("D")


@dataclass(frozen=True)
class Click:
    """A button pressed on a card. `shown` is the fingerprint of what the card showed, "" where it told none."""

    person: UserId
    launch_id: LaunchId
    trigger_id: str
    shown: str = ""

    @property
    def decision(self) -> Decision:
        return Decision(launch_id=self.launch_id, person=self.person, shown=self.shown)


@dataclass(frozen=True)
class Confirmation:
    """A decision with what was typed for it. `reason` is that for launching without approval."""

    action: Action
    decision: Decision
    reason: str
    view_id: str


@dataclass(frozen=True)
class Opening:
    """The form is wanted, perhaps for a campaign. `channel` is "" where the person is in none."""

    person: UserId
    trigger_id: str
    channel: ChannelId
    campaign_id: int | None


@dataclass(frozen=True)
class Rejection:
    person: UserId
    launch_id: LaunchId
    reason: str


@dataclass(frozen=True)
class LookPressed:
    """A button below a view was pressed; `message` tells that view's message from all others."""

    person: UserId
    look: Look
    message: str


@dataclass(frozen=True)
class PageTurned:
    """A page of the window in which a launch is read; `shown` is the fingerprint of what stood there before."""

    person: UserId
    launch_id: LaunchId
    shown: str
    page: int
    view_id: str


@dataclass(frozen=True)
class FormPageTurned:
    """A page of the window over a form in which its message is read; `form` is the form's view."""

    person: UserId
    form: str
    page: int
    view_id: str


@dataclass(frozen=True)
class Mention:
    """Somebody named the bot in a channel; `ts` is the message's, `thread_ts` is "" outside of threads."""

    person: UserId
    channel: ChannelId
    ts: str
    thread_ts: str


def typed_command(body: Payload) -> TypedCommand:
    return TypedCommand(
        UserId(body["user_id"]), ChannelId(body["channel_id"]), str(body.get("text", "")), body["trigger_id"]
    )


def click(body: Payload) -> Click:
    launch_id, _, shown = str(body["actions"][0]["value"]).partition(":")
    return Click(UserId(body["user"]["id"]), LaunchId(launch_id), body["trigger_id"], shown)


def confirmation(body: Payload) -> Confirmation:
    view = body["view"]
    values = view["state"]["values"]
    launch_id, _, shown = str(view["private_metadata"]).partition(":")
    typed = {one: value_of(values, one) or "" for one in Typed}
    decision = Decision(launch_id=LaunchId(launch_id), person=UserId(body["user"]["id"]), shown=shown, typed=typed)
    reason = (value_of(values, "reason") or "").strip()
    return Confirmation(Action(view["callback_id"]), decision, reason, view["id"])


def on_home(body: Payload) -> bool:
    """Whether a button was pressed on the Home tab."""
    return (body.get("view") or {}).get("type") == "home"


def rejection(body: Payload) -> Rejection:
    view = body["view"]
    reason = value_of(view["state"]["values"], "reason") or ""
    return Rejection(UserId(body["user"]["id"]), LaunchId(view["private_metadata"]), reason.strip())


def reader(body: Payload) -> UserId:
    """Who did what the payload tells of, and reads the answer."""
    if "event" in body:
        return UserId(body["event"]["user"])
    return UserId(body["user_id"] if "user_id" in body else body["user"]["id"])


def by_nobody(body: Payload) -> bool:
    """Whether it tells of what a workflow, a webhook or another bot did, and no person waits for an answer."""
    event = body.get("event")
    return event is not None and (not event.get("user") or bool(event.get("bot_id")))


def home_reader(body: Payload) -> UserId | None:
    """Who has opened the Home tab; None for the app's other tabs."""
    event = body["event"]
    return UserId(event["user"]) if event.get("tab") == "home" else None


def opening(body: Payload) -> Opening:
    channel = str((body.get("channel") or {}).get("id") or "")
    pressed = body.get("actions") or [{}]
    # A direct message has no teammates who could approve.
    here = "" if channel.startswith("D") else channel
    return Opening(reader(body), body["trigger_id"], ChannelId(here), number_in(str(pressed[0].get("value") or "")))


def pressed_value(body: Payload) -> str:
    """What the pressed button carries."""
    return str(body["actions"][0]["value"])


def looked_at(body: Payload) -> LookPressed:
    """Raises ValueError for a button that no view of this version has."""
    container = body.get("container") or {}
    message = f"{container.get('channel_id')} {container.get('message_ts')}"
    return LookPressed(reader(body), Look.of(str(body["actions"][0]["value"])), message)


def page_turned(body: Payload) -> PageTurned:
    pressed, _, page = str(body["actions"][0]["value"]).rpartition(":")
    launch_id, _, shown = pressed.partition(":")
    return PageTurned(UserId(body["user"]["id"]), LaunchId(launch_id), shown, int(page), body["view"]["id"])


def form_page_turned(body: Payload) -> FormPageTurned:
    page = int(str(body["actions"][0]["value"]).rpartition(":")[2])
    return FormPageTurned(UserId(body["user"]["id"]), body["view"]["root_view_id"], page, body["view"]["id"])


def mention(body: Payload) -> Mention:
    event = body["event"]
    return Mention(
        UserId(event["user"]), ChannelId(event["channel"]), str(event["ts"]), str(event.get("thread_ts") or "")
    )


def workflow_step(body: Payload) -> WorkflowStep:
    """An execution of a step, with its texts and numbers. No builder can fill in `person`; Slack leaves out nobody."""
    event = body["event"]
    inputs = event.get("inputs") or {}
    ran = inputs.get("person")
    person = str(ran.get("id") or "") if isinstance(ran, Mapping) else NOBODY
    texts = {str(name): str(value) for name, value in inputs.items() if isinstance(value, str | int | float)}
    return WorkflowStep(execution=str(event["function_execution_id"]), person=UserId(person), inputs=texts)


def field_of(values: Payload, name: str) -> Payload:
    """What a modal's field holds, by Slack's names for it; empty where there is no such field."""
    field: Payload = values.get(name, {}).get(name) or {}
    return field


def value_of(values: Payload, name: str) -> str | None:
    """What is typed into a modal's field; None where nothing is."""
    value = field_of(values, name).get("value")
    return None if value is None else str(value)
