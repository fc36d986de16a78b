"""What one person sees of the workspace, as plain JSON for the page."""

from collections import Counter

from sandbox.slack.files import PICTURE
from sandbox.slack.records import Channel, Json, Message, StoredFile
from sandbox.slack.state import State
from sandbox.slack.view_stack import OpenView, Views


def snapshot(state: State, views: Views, user: str) -> Json:
    """Return everything on this person's screen; raises KeyError for an unknown person."""
    home = views.home(state.people[user].id)
    channels = [channel for channel in state.channels.values() if _sees(channel, user)]
    return {
        "users": [
            {
                "id": person.id,
                "name": person.real_name,
                "role_note": person.role_note,
                "tz": person.tz,
                "locale": person.locale,
            }
            for person in state.people.values()
            if not person.is_bot
        ],
        "channels": [_channel(state, channel) for channel in channels],
        "messages": {channel.id: _messages(state, channel) for channel in channels},
        "ephemerals": [
            {
                "id": shown.id,
                "channel": shown.channel,
                "user": shown.user,
                "text": shown.text,
                "blocks": shown.blocks,
                "ts": shown.ts,
                "thread_ts": shown.thread_ts,
            }
            for shown in state.ephemerals.values()
            if shown.user == user
        ],
        "views": [_view(views, view) for view in views.stack(user)],
        "commands": [
            {"command": command.command, "hint": command.hint, "description": command.description}
            for command in state.commands.values()
        ],
        "shortcuts": [
            {"callback_id": shortcut.callback_id, "name": shortcut.name, "description": shortcut.description}
            for shortcut in state.shortcuts.values()
        ],
        "home": _view(views, home)["view"] if home else None,
    }


def _sees(channel: Channel, user: str) -> bool:
    if channel.is_dm:
        return channel.dm_with == user
    return not channel.is_private or user in channel.members


def _channel(state: State, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": state.identity.bot_name if channel.is_dm else channel.name,
        "is_dm": channel.is_dm,
        "is_archived": channel.is_archived,
        "bot_is_member": state.bot_is_in(channel),
    }


def _messages(state: State, channel: Channel) -> list[Json]:
    replies = Counter(message.thread_ts for message in channel.messages.values() if message.thread_ts != message.ts)
    return [_message(state, message, replies[message.ts]) for message in channel.messages.values()]


def _message(state: State, message: Message, reply_count: int) -> Json:
    writer = state.people.get(message.user)
    return {
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "user": message.user,
        "username": writer.real_name if writer else message.user,
        "text": message.text,
        "blocks": message.blocks,
        "edited": message.edited,
        "reply_count": reply_count,
        "metadata": message.metadata,
        "files": [_file(state.files[file_id]) for file_id in message.file_ids],
    }


def _file(file: StoredFile) -> Json:
    return {"id": file.id, "name": file.name, "title": file.title, "is_picture": file.media_type == PICTURE}


def _view(views: Views, view: OpenView) -> Json:
    return {"view_id": view.id, "view": views.as_json(view), "hash": view.hash}
