"""What people will receive: the template that a campaign names, with what the campaign puts in its place.

Values are texts, as the platform tells them: a template says the same in JSON and in XML, so it is the same message.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Protocol, Self, TypeAlias

from bot.campaign.campaign import ContentItem, Fields, MessageRef
from bot.campaign.encoding import canonical, sha256_of
from bot.campaign.request import Json
from bot.phrase import Phrase

EMAIL, SMS, PUSH = "email", "sms", "push"

SUBJECT, FROM_EMAIL, FROM_NAME = "subject", "from_email", "from_name"
REPLYTO_EMAIL, REPLYTO_NAME = "replyto_email", "replyto_name"
OVERRIDES = (SUBJECT, FROM_EMAIL, FROM_NAME, REPLYTO_EMAIL, REPLYTO_NAME)
"""What a campaign may say in its template's place. Only an e-mail has these fields."""

_FORM = 1
"""Of what `encode` writes. Another form needs another number: what was stored under a digest never changes."""


@dataclass(frozen=True)
class Channel:
    """One way to reach people, such as `email`, with all of its fields, also those that nobody here knows."""

    sid: str
    fields: Fields = ()

    def text(self, name: str) -> str:
        """The field's value; "" where there is no such field."""
        return dict(self.fields).get(name, "")

    def overridden(self, overrides: Fields) -> Self:
        """The channel with those values in place of its own; what it did not have yet comes last."""
        return replace(self, fields=tuple({**dict(self.fields), **dict(overrides)}.items()))


@dataclass(frozen=True, kw_only=True)
class Template:
    """A template as it was read. `more` is what else was told of it; None or "" is what was not told."""

    id: int
    name: str = ""
    description: str = ""
    updated_by: str = ""
    updated_at: datetime | None = None
    is_draft: bool | None = None
    channels: tuple[Channel, ...] = ()
    more: Fields = ()


@dataclass(frozen=True)
class Message:
    """A content item with its template. `sent_by` is the channel that is sent, "" where the platform did not say."""

    item: ContentItem
    template: Template
    sent_by: str = ""

    @property
    def channels(self) -> tuple[Channel, ...]:
        """What is sent, with the campaign's own subject and sender in place: one channel, or all if none is named."""
        sent = (one for one in self.template.channels if self.sent_by in {"", one.sid})
        known = tuple((name, value) for name, value in self.item.overrides if name in OVERRIDES and value)
        return tuple(one.overridden(known) if one.sid == EMAIL else one for one in sent)

    def channel(self, sid: str) -> Channel | None:
        """The channel with that name, if it is one that is sent."""
        return next((one for one in self.channels if one.sid == sid), None)

    @cached_property
    def digest(self) -> str:
        """The SHA-256, in hex, of what an approval of this message covers."""
        return hashlib.sha256(encode(self)).hexdigest()


class Unread(StrEnum):
    """Why a message is not known. The values are kept in records."""

    NO_RIGHT = "no_right"
    NO_TEMPLATE = "no_template"
    NOT_NAMED = "not_named"
    NOT_ANSWERED = "not_answered"
    REFUSED = "refused"
    ODD_ANSWER = "odd_answer"
    TOO_MANY = "too_many"
    NOT_KEPT = "not_kept"


@dataclass(frozen=True)
class MessageUnread:
    """A message that could not be read: an approval does not cover it. `sentence` says why.

    `message_id` is None where it is not even known which template it is.
    """

    cause: Unread
    sentence: Phrase = field(default_factory=Phrase)
    message_id: int | None = None


MaybeMessage: TypeAlias = Message | MessageUnread

PASSING = frozenset({Unread.NOT_ANSWERED, Unread.NOT_KEPT, Unread.ODD_ANSWER, Unread.REFUSED})
"""What may be over at the next try, without anybody's doing: nothing follows from it about the message."""

NOT_COVERED = Phrase("The message could not be read: an approval does not cover it.")


def written_address(name: str, email: str) -> str:
    """As a mail program shows it: `The shop <shop@shop.example>`; the one that there is, where the other is empty."""
    return f"{name} <{email}>" if name and email else name or email


class Messages(Protocol):
    """The messages that were read so far, by what previews say of them."""

    def find(self, ref: MessageRef) -> MaybeMessage:
        """The message as it was read; an unread one with the reason, also where it is not kept any more."""

    def hold(self, ref: MessageRef) -> MessageRef:
        """What an event may say of the message now: the same, and it stays kept; or that it is not kept any more."""


def ref_of(message: MaybeMessage) -> MessageRef:
    """What a preview says of the message."""
    if isinstance(message, Message):
        return MessageRef(message_id=message.item.message_id, digest=message.digest)
    return MessageRef(message_id=message.message_id, cause=message.cause, sentence=message.sentence)


def unread(ref: MessageRef) -> MessageUnread:
    """The message that could not be read, of which a preview says so."""
    cause = Unread(ref.cause) if ref.cause in set(Unread) else Unread.ODD_ANSWER
    return MessageUnread(cause, ref.sentence, ref.message_id)


def digest_of(messages: Iterable[MessageRef]) -> str:
    """The SHA-256, in hex, of all that a launch sends. An unread message counts by its template's id alone."""
    parts: list[Json] = [one.digest or {"unread": str(one.message_id or "")} for one in messages]
    return sha256_of(parts)


def encode(message: Message) -> bytes:
    """Everything that an approval covers, as canonical JSON: equal messages are equal bytes, kept once by `digest`.

    Who edited the template last, and when, is not in it: saving it again changes nothing that people receive. Nor is
    the order in which fields were told, which a platform may change from one answer to the next.
    """
    template = as_covered(message).template
    value: Json = {
        "form": _FORM,
        "sent_by": message.sent_by,
        "overrides": dict(message.item.overrides),
        "message_id": str(message.item.message_id),
        "template": {
            "id": str(template.id),
            "name": template.name,
            "description": template.description,
            "is_draft": template.is_draft,
            "channels": [{"sid": one.sid, "fields": dict(one.fields)} for one in template.channels],
            "more": dict(template.more),
        },
    }
    # A text may hold half of a surrogate pair: the platform's JSON can spell one.
    return canonical(value).encode(errors="surrogatepass")


def decode(stored: bytes) -> Message:
    """What `encode` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    value = json.loads(stored.decode(errors="surrogatepass"))
    if value["form"] != _FORM:
        raise ValueError(f"a message of form {value['form']} cannot be read")
    template = value["template"]
    return Message(
        ContentItem(int(value["message_id"]), _fields(value["overrides"])),
        Template(
            id=int(template["id"]),
            name=template["name"],
            description=template["description"],
            is_draft=template["is_draft"],
            channels=tuple(Channel(one["sid"], _fields(one["fields"])) for one in template["channels"]),
            more=_fields(template["more"]),
        ),
        value["sent_by"],
    )


def as_covered(message: Message) -> Message:
    """The message without what an approval does not cover: other channels, who edited it when, and any order."""
    template = message.template
    sent = (replace(one, fields=_sorted(one.fields)) for one in template.channels if message.sent_by in {"", one.sid})
    kept = replace(
        template,
        updated_by="",
        updated_at=None,
        channels=tuple(sorted(sent, key=lambda one: (one.sid, one.fields))),
        more=_sorted(template.more),
    )
    return replace(message, item=replace(message.item, overrides=_sorted(message.item.overrides)), template=kept)


def _sorted(fields: Fields) -> Fields:
    return tuple(sorted(dict(fields).items()))


def _fields(stored: Mapping[str, str]) -> Fields:
    return _sorted(tuple((str(name), str(value)) for name, value in stored.items()))
