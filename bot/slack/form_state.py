"""The form as Slack sends it: which one it is, and what stands in its fields."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.campaign.request import LaunchId, UserId, number_in
from bot.launch.events import ChannelId
from bot.phrase import NO_CAUSE, Phrase
from bot.slack.form import Form, SlackFile
from bot.slack.payloads import Payload, field_of, value_of
from bot.slack.private_metadata import Shown, shown_in
from bot.slack.views.modal import NO_CANARY, NOW, ON_SCHEDULE, OWN_AUDIENCE


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


def form_state(body: Payload) -> FormState:
    view = body["view"]
    carried = json.loads(view["private_metadata"])
    chosen = field_of(view["state"]["values"], "channel").get("selected_conversation") or ""
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


def _form(values: Payload, *, practice: bool) -> Form:
    at = field_of(values, "at").get("selected_date_time")
    campaign = _selected(values, "campaign")
    source, canary = _selected(values, "source"), _selected(values, "canary")
    return Form(
        campaign_id=number_in(campaign),
        run_now={NOW: True, ON_SCHEDULE: False}.get(_selected(values, "run_now")),
        source="" if source == OWN_AUDIENCE else source,
        limit=value_of(values, "limit") or "",
        at=datetime.fromtimestamp(int(at), UTC) if at else None,
        practice=practice,
        canary="" if canary == NO_CANARY else canary,
        wait=value_of(values, "wait") or "",
        content=value_of(values, "content") or "",
        reason=value_of(values, "reason") or "",
        files=tuple(file_of(one) for one in field_of(values, "files").get("files") or ()),
    )


def _selected(values: Payload, name: str) -> str:
    return str((field_of(values, name).get("selected_option") or {}).get("value", ""))


def file_of(described: Payload) -> SlackFile:
    """A file as Slack tells of it. One that only `files.info` tells more of has no address."""
    return SlackFile(
        id=str(described["id"]),
        name=str(described.get("name") or described["id"]),
        media_type=str(described.get("mimetype") or "application/octet-stream"),
        size=int(described.get("size") or 0),
        url=str(described.get("url_private_download") or described.get("url_private") or ""),
    )
