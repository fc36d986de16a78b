"""The addresses by which the app may answer one thing a person did: five times, within thirty minutes."""

import secrets
from dataclasses import dataclass

from sandbox.slack.messages import Messages
from sandbox.slack.records import Channel, Content, Ephemeral, Json, Message, SlackError
from sandbox.slack.state import State

_SHAPES: tuple[tuple[str, type, str], ...] = (
    ("text", str, "invalid_arguments"),
    ("blocks", list, "invalid_blocks_format"),
    ("metadata", dict, "invalid_metadata_format"),
    ("attachments", list, "invalid_attachments"),
)


@dataclass
class Allowance:
    """What one address may still do; `origin` is the message the person acted on, if there was one."""

    channel: Channel
    user: str
    expires: float
    left: int
    origin: Message | Ephemeral | None


class ResponseUrls:
    """Gives the addresses out and carries out what is sent to them; every refusal is a SlackError."""

    def __init__(self, state: State, messages: Messages) -> None:
        self._state = state
        self._messages = messages
        self._allowances: dict[str, Allowance] = {}

    def issue(self, channel: Channel, user: str, origin: Message | Ephemeral | None = None) -> str:
        key = secrets.token_urlsafe(24)
        limits = self._state.limits
        expires = self._state.clock() + limits.response_seconds
        self._allowances[key] = Allowance(channel, user, expires, limits.response_uses, origin)
        return f"{self._state.base_url}/response/{key}"

    def use(self, key: str, body: object) -> None:
        """Do what was sent to an address; raises expired_url, used_url, or an error about the content."""
        if not isinstance(body, dict):
            raise SlackError("invalid_payload")
        allowance = self._allowances.get(key)
        if allowance is None or self._state.clock() > allowance.expires:
            raise SlackError("expired_url")
        if allowance.left <= 0:
            raise SlackError("used_url")
        self._answer(allowance, body)
        allowance.left -= 1

    def _answer(self, allowance: Allowance, body: Json) -> None:
        if body.get("delete_original"):
            self._delete(allowance)
            return
        content = content_of(body)
        if body.get("replace_original"):
            self._replace(allowance, content)
        elif body.get("response_type", "ephemeral") == "in_channel":
            self._messages.post_unasked(allowance.channel, content, body.get("thread_ts"))
        else:
            thread_ts = body.get("thread_ts")
            self._messages.show(allowance.channel, allowance.user, content, thread_ts)

    def _replace(self, allowance: Allowance, content: Content) -> None:
        match allowance.origin:
            case Message() as message if message.ts in allowance.channel.messages:
                self._messages.change(message, content)
            case Ephemeral() as shown if shown.id in self._state.ephemerals:
                self._messages.replace_ephemeral(shown, content)
            case None:
                self._messages.show(allowance.channel, allowance.user, content)
            case _:
                raise SlackError("message_not_found")

    def _delete(self, allowance: Allowance) -> None:
        match allowance.origin:
            case Message() as message:
                self._messages.delete(message.channel, message.ts)
            case Ephemeral() as shown:
                self._state.ephemerals.pop(shown.id, None)
                self._state.hub.changed()
            case None:
                raise SlackError("message_not_found")


def content_of(body: Json) -> Content:
    """Return the content that a JSON answer of the app holds; raises an error where a part has the wrong shape."""
    for name, shape, error in _SHAPES:
        if body.get(name) is not None and not isinstance(body[name], shape):
            raise SlackError(error)
    return Content(body.get("text") or "", body.get("blocks"), body.get("metadata"), body.get("attachments"))
