"""The conversations.* methods of the Web API."""

from collections.abc import Callable

from sandbox.slack.methods.arguments import Arguments
from sandbox.slack.methods.paging import page_of
from sandbox.slack.records import Channel, Json, Message, SlackError
from sandbox.slack.workspace import Workspace

_SCOPE_FAMILIES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


def info(workspace: Workspace, given: Arguments) -> Json:
    return {"ok": True, "channel": _shape(workspace, _channel(workspace, given))}


def channels(workspace: Workspace, given: Arguments) -> Json:
    bot_is_in = workspace.state.bot_is_in
    return _listed(workspace, given, lambda channel: not channel.is_private or bot_is_in(channel))


def own(workspace: Workspace, given: Arguments) -> Json:
    """Answer with the conversations that the bot itself is in."""
    return _listed(workspace, given, workspace.state.bot_is_in)


def _listed(workspace: Workspace, given: Arguments, is_shown: Callable[[Channel], bool]) -> Json:
    kinds = (given.optional_text("types") or "public_channel").split(",")
    for kind in kinds:
        if kind not in _SCOPE_FAMILIES:
            raise SlackError("invalid_types")
        workspace.state.need(f"{_SCOPE_FAMILIES[kind]}:read")
    team = given.team(workspace.identity)
    found = [
        channel
        for channel in workspace.state.channels.values()
        if _kind(channel) in kinds and is_shown(channel)
        if not (channel.is_archived and given.flag("exclude_archived"))
        if (channel.team_id or workspace.identity.team_id) == team
    ]
    shown, cursor = page_of(found, given, 100)
    shapes = [_shape(workspace, channel) for channel in shown]
    return {"ok": True, "channels": shapes, "response_metadata": {"next_cursor": cursor}}


def members(workspace: Workspace, given: Arguments) -> Json:
    people, cursor = page_of(_channel(workspace, given).members, given, 100)
    return {"ok": True, "members": people, "response_metadata": {"next_cursor": cursor}}


def open_dm(workspace: Workspace, given: Arguments) -> Json:
    if channel_id := given.optional_text("channel"):
        opened = workspace.state.visible_channel(channel_id)
    else:
        users = [user for user in (given.optional_text("users") or "").split(",") if user]
        if len(users) != 1:
            raise SlackError("users_list_not_supplied" if not users else "method_not_supported_for_channel_type")
        opened = workspace.state.dm_of(users[0])
    whole = _shape(workspace, opened) if given.flag("return_im") else {"id": opened.id}
    return {"ok": True, "channel": whole}


def history(workspace: Workspace, given: Arguments) -> Json:
    channel = _readable(workspace, given)
    roots = [m for m in channel.messages.values() if m.thread_ts in {None, m.ts} or m.subtype == "thread_broadcast"]
    newest_first = _between(roots, given)[::-1]
    shown, cursor = page_of(newest_first, given, 100)
    return _messages(workspace, shown, given, cursor)


def replies(workspace: Workspace, given: Arguments) -> Json:
    channel, ts = _readable(workspace, given), given.text("ts")
    root = channel.messages.get(ts)
    if root is None:
        raise SlackError("thread_not_found")
    thread = [
        channel.messages.get(root.thread_ts or ts, root),
        *workspace.messages.replies(channel, root.thread_ts or ts),
    ]
    shown, cursor = page_of(_between(thread, given), given, 1000)
    return _messages(workspace, shown, given, cursor)


def join(workspace: Workspace, given: Arguments) -> Json:
    channel = _channel(workspace, given, "join")
    if channel.is_dm or channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if not workspace.state.bot_is_in(channel):
        channel.members.append(workspace.identity.bot_user_id)
        workspace.hub.changed()
    return {"ok": True, "channel": _shape(workspace, channel)}


def invite(workspace: Workspace, given: Arguments) -> Json:
    channel = _readable(workspace, given, "manage")
    users = [user for user in (given.optional_text("users") or "").split(",") if user]
    if not users or any(user not in workspace.state.people for user in users):
        raise SlackError("user_not_found")
    if all(user in channel.members for user in users):
        raise SlackError("already_in_channel")
    channel.members += [user for user in users if user not in channel.members]
    workspace.hub.changed()
    return {"ok": True, "channel": _shape(workspace, channel)}


def _channel(workspace: Workspace, given: Arguments, right: str = "read") -> Channel:
    """Return the channel named in the call; raises channel_not_found, or missing_scope for a kind of channel."""
    channel = workspace.state.channels.get(given.optional_text("channel") or "")
    if channel is None:
        raise SlackError("channel_not_found")
    channel = workspace.state.visible_channel(channel.id)
    workspace.state.need(f"{_SCOPE_FAMILIES[_kind(channel)]}:{right}")
    return channel


def _readable(workspace: Workspace, given: Arguments, right: str = "history") -> Channel:
    channel = _channel(workspace, given, right)
    if not workspace.state.bot_is_in(channel):
        raise SlackError("not_in_channel")
    return channel


def _between(messages: list[Message], given: Arguments) -> list[Message]:
    """Return the messages after `oldest` and before `latest`, the ends themselves only when `inclusive`."""
    oldest = given.optional_text("oldest") or "0"
    latest = given.optional_text("latest") or ""
    inclusive = given.flag("inclusive")
    ordered = sorted(messages, key=lambda message: float(message.ts))
    late_enough = [m for m in ordered if (m.ts == oldest and inclusive) or float(m.ts) > float(oldest)]
    return [m for m in late_enough if not latest or float(m.ts) < float(latest) or (m.ts == latest and inclusive)]


def _messages(workspace: Workspace, shown: list[Message], given: Arguments, cursor: str) -> Json:
    with_metadata = given.flag("include_all_metadata")
    answer: Json = {
        "ok": True,
        "messages": [workspace.messages.as_json(message, with_metadata=with_metadata) for message in shown],
        "has_more": bool(cursor),
    }
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def _kind(channel: Channel) -> str:
    if channel.is_dm:
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


def _shape(workspace: Workspace, channel: Channel) -> Json:
    if channel.is_dm:
        return {
            "id": channel.id,
            "created": channel.created,
            "is_archived": channel.is_archived,
            "is_im": True,
            "is_org_shared": False,
            "user": channel.dm_with,
            "is_user_deleted": workspace.state.people[channel.dm_with or ""].deleted,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_member": workspace.state.bot_is_in(channel),
        "created": channel.created,
        "creator": "U0DAN",
        "context_team_id": channel.team_id or workspace.identity.team_id,
        "num_members": len(channel.members),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }
