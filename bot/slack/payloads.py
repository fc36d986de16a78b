"""Takes Slack's payloads apart: the only place that knows their shapes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.campaign.request import LaunchId, UserId, number_in
from bot.desk import Decision
from bot.launch.events import ChannelId
from bot.launch.workflow import NOBODY, WorkflowStep
from bot.phrase import NO_CAUSE, Phrase
from bot.policy.demands import Typed
from bot.policy.roles import Action
from bot.slack.carried import Shown, shown_in
from bot.slack.form import Form, SlackFile
from bot.slack.lookup import Look
from bot.slack.views.modal import NO_CANARY, NOW, ON_SCHEDULE, OWN_AUDIENCE

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
class FormState:
    """A modal as Slack sends it: which one, for which launch and channel, and what stands in its fields.

    `shown` is None where nothing was read yet when the modal was last brought up to date. `edits` is the fingerprint of
    what the modal was opened on to edit it; "" where a launch is asked for.
    """

    person: UserId
    view_id: str
    launch_id: LaunchId
    channel: ChannelId
    form: Form
    shown: Shown | None = None
    edits: str = ""
    asks_channel: bool = False
    """Whether the channel is chosen in the form; `channel` is "" while it is not."""
    understood: Phrase = NO_CAUSE
    """How a start that was typed is understood."""
    notice: Phrase = NO_CAUSE
    """What the person has to know when the form opens."""
    files_of: LaunchId | None = None
    """The launch whose files are taken where none are uploaded."""
    corrects: LaunchId | None = None
    """The launch that it corrects, for those who received that."""


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
    typed = {one: _value(values, one) or "" for one in Typed}
    decision = Decision(launch_id=LaunchId(launch_id), person=UserId(body["user"]["id"]), shown=shown, typed=typed)
    reason = (_value(values, "reason") or "").strip()
    return Confirmation(Action(view["callback_id"]), decision, reason, view["id"])


def form_state(body: Payload) -> FormState:
    view = body["view"]
    carried = json.loads(view["private_metadata"])
    chosen = _field(view["state"]["values"], "channel").get("selected_conversation") or ""
    return FormState(
        person=UserId(body["user"]["id"]),
        view_id=view["id"],
        launch_id=LaunchId(carried["launch"]),
        channel=ChannelId(carried["channel"] or chosen),
        form=_form(view["state"]["values"], practice=bool(carried.get("practice"))),
        shown=shown_in(carried.get("shown")),
        # A modal of before there were revisions says `true`, which is no fingerprint of anything.
        edits=str(carried.get("edits") or ""),
        asks_channel=not carried["channel"],
        files_of=LaunchId(carried["files_of"]) if "files_of" in carried else None,
        corrects=LaunchId(carried["corrects"]) if "corrects" in carried else None,
    )


def on_home(body: Payload) -> bool:
    """Whether a button was pressed on the Home tab."""
    return (body.get("view") or {}).get("type") == "home"


def rejection(body: Payload) -> Rejection:
    view = body["view"]
    reason = _value(view["state"]["values"], "reason") or ""
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


def _form(values: Payload, *, practice: bool) -> Form:
    at = _field(values, "at").get("selected_date_time")
    campaign = _selected(values, "campaign")
    source, canary = _selected(values, "source"), _selected(values, "canary")
    return Form(
        campaign_id=number_in(campaign),
        run_now={NOW: True, ON_SCHEDULE: False}.get(_selected(values, "run_now")),
        source="" if source == OWN_AUDIENCE else source,
        limit=_value(values, "limit") or "",
        at=datetime.fromtimestamp(int(at), UTC) if at else None,
        practice=practice,
        canary="" if canary == NO_CANARY else canary,
        wait=_value(values, "wait") or "",
        content=_value(values, "content") or "",
        reason=_value(values, "reason") or "",
        files=tuple(file_of(one) for one in _field(values, "files").get("files") or ()),
    )


def _field(values: Payload, name: str) -> Payload:
    field: Payload = values.get(name, {}).get(name) or {}
    return field


def _value(values: Payload, name: str) -> str | None:
    value = _field(values, name).get("value")
    return None if value is None else str(value)


def _selected(values: Payload, name: str) -> str:
    return str((_field(values, name).get("selected_option") or {}).get("value", ""))


def file_of(described: Payload) -> SlackFile:
    """A file as Slack tells of it. One that only `files.info` tells more of has no address."""
    return SlackFile(
        id=str(described["id"]),
        name=str(described.get("name") or described["id"]),
        media_type=str(described.get("mimetype") or "application/octet-stream"),
        size=int(described.get("size") or 0),
        url=str(described.get("url_private_download") or described.get("url_private") or ""),
    )
