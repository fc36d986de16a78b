"""Messages: posting, changing, deleting, reading back, and the messages that one person alone sees."""

import json

from sandbox.slack.block_kit.defaults import filled
from sandbox.slack.block_kit.surfaces import check_message_blocks
from sandbox.slack.records import Channel, Content, Ephemeral, Json, Message, SlackError
from sandbox.slack.state import State

TEXT_LIMIT = 40_000
ALL_BLOCKS_LIMIT = 13_200  # found by developers, not documented: slackapi/bolt-js issues 2509 and 2867
METADATA_LIMIT = 16_000  # the real limit is not known; `metadata_too_large` exists
UNREADABLE = "This content can't be displayed."


class Messages:
    """All messages of the workspace, by the rules of the chat.* methods; every refusal is a SlackError."""

    def __init__(self, state: State) -> None:
        self._state = state

    def post(self, target: str, content: Content, thread_ts: str | None = None, *, broadcast: bool = False) -> Message:
        """Post as the bot to a channel id, `#name` or a person's id (which opens the direct message)."""
        channel = self._postable(target)
        check_content(content)
        self._state.faults.check_channel(channel.id)
        self._state.buckets.take(channel.id)
        return self._add(channel, content, thread_ts, broadcast)

    def post_unasked(self, channel: Channel, content: Content, thread_ts: str | None = None) -> Message:
        """Post as the bot by an answer to a command or a response_url, which needs no membership and has no limit."""
        check_content(content)
        return self._add(channel, content, thread_ts, broadcast=False)

    def post_by_person(
        self, channel: Channel, user: str, text: str, thread_ts: str | None, files: list[str]
    ) -> Message:
        """Keep what a person typed in a channel."""
        message = Message(self._state.ids.ts(), channel.id, user, text, thread_ts=thread_ts, file_ids=files)
        channel.messages[message.ts] = message
        self._state.hub.changed()
        return message

    def update(self, target: str, ts: str, content: Content) -> Message:
        """Change the bot's own message. Without blocks it has none afterwards; metadata stays unless given."""
        channel = self._state.visible_channel(target)
        message = self.find(channel, ts)
        if message.user != self._state.identity.bot_user_id:
            raise SlackError("cant_update_message")
        if channel.is_archived:
            raise SlackError("is_archived")
        self.change(message, content)
        return message

    def change(self, message: Message, content: Content) -> None:
        """Give a message other content, once that is checked."""
        check_content(content)
        message.text = content.text or UNREADABLE
        message.blocks = filled(content.blocks or [], self._state.ids)
        message.attachments = content.attachments or []
        if content.metadata is not None:
            message.metadata = content.metadata or None
        message.edited = {"user": self._state.identity.bot_user_id, "ts": self._state.ids.ts()}
        self._state.hub.changed()

    def delete(self, target: str, ts: str) -> None:
        """Delete the bot's own message; one with replies stays as Slack's tombstone."""
        channel = self._state.visible_channel(target)
        message = self.find(channel, ts)
        if message.user != self._state.identity.bot_user_id:
            raise SlackError("cant_delete_message")
        if self.replies(channel, ts):
            message.subtype, message.text, message.user = "tombstone", "This message was deleted.", "USLACKBOT"
            message.blocks, message.metadata, message.bot_id = [], None, None
        else:
            del channel.messages[ts]
        self._state.hub.changed()

    def post_ephemeral(self, target: str, user: str, content: Content, thread_ts: str | None = None) -> Ephemeral:
        """Show one person a message by chat.postEphemeral; both have to be in the channel."""
        channel = self._postable(target)
        if user not in self._state.people:
            raise SlackError("user_not_found")
        if user not in channel.members:
            raise SlackError("user_not_in_channel")
        return self.show(channel, user, content, thread_ts)

    def show(self, channel: Channel, user: str, content: Content, thread_ts: str | None = None) -> Ephemeral:
        """Show one person a message, with no check of membership: the answer to something that person did."""
        check_content(content)
        ids = self._state.ids
        blocks = filled(content.blocks or [], ids)
        shown = Ephemeral(ids.new("E"), channel.id, user, ids.ts(), content.text or UNREADABLE, blocks, thread_ts)
        self._state.ephemerals[shown.id] = shown
        self._state.hub.changed()
        return shown

    def replace_ephemeral(self, shown: Ephemeral, content: Content) -> None:
        check_content(content)
        shown.text, shown.blocks = content.text or UNREADABLE, filled(content.blocks or [], self._state.ids)
        self._state.hub.changed()

    def find(self, channel: Channel, ts: str) -> Message:
        """Return the message; raises message_not_found."""
        message = channel.messages.get(ts)
        if message is None or message.subtype == "tombstone":
            raise SlackError("message_not_found")
        return message

    def replies(self, channel: Channel, ts: str) -> list[Message]:
        return [m for m in channel.messages.values() if m.thread_ts == ts and m.ts != ts]

    def as_json(self, message: Message, *, with_metadata: bool = True) -> Json:
        """Return the message as Slack's methods and payloads give it."""
        identity = self._state.identity
        shape: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
        shape["team"] = identity.team_id
        if message.subtype:
            shape["subtype"] = message.subtype
        if message.bot_id:
            shape |= {"bot_id": message.bot_id, "app_id": identity.app_id, "bot_profile": self.bot_profile()}
        for key in ("blocks", "attachments", "edited"):
            if getattr(message, key):
                shape[key] = getattr(message, key)
        if message.file_ids:
            files = (self._state.files[file_id] for file_id in message.file_ids)
            shape["files"] = [{"id": file.id, "name": file.name, "title": file.title} for file in files]
        if with_metadata and message.metadata:
            shape["metadata"] = message.metadata
        return shape | self._thread_shape(message)

    def bot_profile(self) -> Json:
        identity = self._state.identity
        return {
            "id": identity.bot_id,
            "app_id": identity.app_id,
            "user_id": identity.bot_user_id,
            "name": identity.bot_name,
            "icons": {},
            "deleted": False,
            "updated": 1_700_000_000,
            "team_id": identity.team_id,
        }

    def _thread_shape(self, message: Message) -> Json:
        channel = self._state.channels[message.channel]
        if message.thread_ts and message.thread_ts != message.ts:
            parent = channel.messages.get(message.thread_ts)
            return {"thread_ts": message.thread_ts} | ({"parent_user_id": parent.user} if parent else {})
        replies = self.replies(channel, message.ts)
        if not replies:
            return {}
        users = list(dict.fromkeys(reply.user for reply in replies))
        return {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len(users),
            "latest_reply": replies[-1].ts,
            "reply_users": users,
            "is_locked": False,
            "subscribed": False,
        }

    def _postable(self, target: str) -> Channel:
        state = self._state
        channel = state.dm_of(target) if target in state.people else state.visible_channel(target)
        if channel.is_archived:
            raise SlackError("is_archived")
        if not state.bot_is_in(channel) and "chat:write.public" not in state.scopes:
            raise SlackError("not_in_channel")
        return channel

    def _add(self, channel: Channel, content: Content, thread_ts: str | None, broadcast: bool) -> Message:
        identity = self._state.identity
        message = Message(
            ts=self._state.ids.ts(),
            channel=channel.id,
            user=identity.bot_user_id,
            text=content.text or UNREADABLE,
            blocks=filled(content.blocks or [], self._state.ids),
            thread_ts=self._root_of(channel, thread_ts),
            metadata=content.metadata or None,
            attachments=content.attachments or [],
            bot_id=identity.bot_id,
            subtype="thread_broadcast" if thread_ts and broadcast else None,
        )
        channel.messages[message.ts] = message
        self._state.hub.changed()
        return message

    def _root_of(self, channel: Channel, thread_ts: str | None) -> str | None:
        """Return the thread's first message: a reply given as `thread_ts` stands for its own thread."""
        named = channel.messages.get(thread_ts or "")
        return (named.thread_ts or named.ts) if named else thread_ts


def check_content(content: Content) -> None:
    """Raises no_text, msg_too_long, invalid_blocks, msg_blocks_too_long or an error about the metadata."""
    if not content.text and not content.blocks and not content.attachments:
        raise SlackError("no_text")
    if len(content.text) > TEXT_LIMIT:
        raise SlackError("msg_too_long")
    problems = check_message_blocks(content.blocks or [])
    if problems:
        raise SlackError("invalid_blocks", tuple(problems), {"errors": problems})
    if sum(_size(block) for block in content.blocks or []) > ALL_BLOCKS_LIMIT:
        raise SlackError("msg_blocks_too_long")
    _check_metadata(content.metadata)


def _size(block: Json) -> int:
    """Return the characters that count towards ALL_BLOCKS_LIMIT: the block's JSON, of a table only its texts."""
    if block.get("type") == "table":
        return _text_size(block.get("rows"))
    return len(json.dumps(block, ensure_ascii=False, separators=(",", ":")))


def _text_size(value: object) -> int:
    if isinstance(value, dict):
        return sum(
            len(item) if key == "text" and isinstance(item, str) else _text_size(item) for key, item in value.items()
        )
    if isinstance(value, list):
        return sum(_text_size(item) for item in value)
    return 0


def _check_metadata(metadata: Json | None) -> None:
    if not metadata:
        return
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata)) > METADATA_LIMIT:
        raise SlackError("metadata_too_large")
