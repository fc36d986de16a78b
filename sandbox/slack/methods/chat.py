"""The chat.* and views.* methods of the Web API."""

import re

from sandbox.slack.block_kit.surfaces import check_message_blocks, check_view
from sandbox.slack.methods.arguments import Arguments
from sandbox.slack.records import Content, Json, SlackError
from sandbox.slack.workspace import Workspace


def post_message(workspace: Workspace, given: Arguments) -> Json:
    message = workspace.messages.post(
        _channel(given), _content(given), given.optional_text("thread_ts"), broadcast=given.flag("reply_broadcast")
    )
    return {
        "ok": True,
        "channel": message.channel,
        "ts": message.ts,
        "message": workspace.messages.as_json(message),
    }


def update(workspace: Workspace, given: Arguments) -> Json:
    message = workspace.messages.update(_channel(given), given.text("ts"), _content(given))
    return {
        "ok": True,
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": workspace.messages.as_json(message),
    }


def delete(workspace: Workspace, given: Arguments) -> Json:
    channel, ts = workspace.state.visible_channel(_channel(given)), given.text("ts")
    workspace.messages.delete(channel.id, ts)
    return {"ok": True, "channel": channel.id, "ts": ts}


def post_ephemeral(workspace: Workspace, given: Arguments) -> Json:
    shown = workspace.messages.post_ephemeral(
        _channel(given), given.text("user"), _content(given), given.optional_text("thread_ts")
    )
    return {"ok": True, "message_ts": shown.ts}


def permalink(workspace: Workspace, given: Arguments) -> Json:
    channel = workspace.state.visible_channel(_channel(given))
    message = workspace.messages.find(channel, given.text("message_ts"))
    address = f"https://{workspace.identity.team_domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"ok": True, "channel": channel.id, "permalink": address}


def blocks_validate(_: Workspace, given: Arguments) -> Json:
    """Exactly one of `blocks`, `message` and `view`; what is wrong comes back with a JSON pointer each."""
    blocks, message, view = given.objects("blocks", "invalid_arguments"), given.object("message"), given.object("view")
    if sum(one is not None for one in (blocks, message, view)) != 1:
        raise SlackError("invalid_arguments", ("exactly one of blocks, message and view is required",))
    if view is not None:
        kind, problems = "view", check_view(view, str(view.get("type")))
    else:
        kind = "blocks" if message is None else "message"
        problems = check_message_blocks((message or {}).get("blocks") or blocks or [])
    if problems:
        raise SlackError(f"invalid_{kind}", extra={"errors": [_problem(one) for one in problems]})
    return {"ok": True}


def _problem(told: str) -> Json:
    text, _, pointer = told.partition(" [json-pointer:")
    return {"pointer": re.sub(r"^/view", "", pointer.rstrip("]")), "code": "failed_constraint", "message": text}


def views_open(workspace: Workspace, given: Arguments) -> Json:
    view = workspace.views.open(_trigger(given), given.view())
    return {"ok": True, "view": workspace.views.as_json(view)}


def views_push(workspace: Workspace, given: Arguments) -> Json:
    view = workspace.views.push(_trigger(given), given.view())
    return {"ok": True, "view": workspace.views.as_json(view)}


def views_update(workspace: Workspace, given: Arguments) -> Json:
    view_id, external_id = given.optional_text("view_id"), given.optional_text("external_id")
    view = workspace.views.update(view_id, external_id, given.view(), given.optional_text("hash"))
    return {"ok": True, "view": workspace.views.as_json(view)}


def views_publish(workspace: Workspace, given: Arguments) -> Json:
    view = workspace.views.publish(given.text("user_id"), given.view(), given.optional_text("hash"))
    return {"ok": True, "view": workspace.views.as_json(view)}


def _channel(given: Arguments) -> str:
    channel = given.optional_text("channel")
    if not channel:
        raise SlackError("channel_not_found")
    return channel


def _trigger(given: Arguments) -> str:
    return given.optional_text("trigger_id") or given.optional_text("interactivity_pointer") or ""


def _content(given: Arguments) -> Content:
    return Content(
        text=given.optional_text("text") or "",
        blocks=given.objects("blocks", "invalid_blocks_format"),
        metadata=given.object("metadata", "invalid_metadata_format"),
        attachments=given.objects("attachments", "invalid_attachments"),
    )
