"""What is told of a launch's messages in few words: each one's essentials, and what its checks have found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.message.finding import Finding, Grade
from bot.message.message import (
    EMAIL,
    FROM_EMAIL,
    FROM_NAME,
    PUSH,
    SMS,
    SUBJECT,
    Channel,
    MaybeMessage,
    Message,
    MessageUnread,
    written_address,
)
from bot.message.sms import Parts, parts_of
from bot.message.text import Read, first_lines, host_of, readable, shortened, versions
from bot.message.variables import fetched
from bot.phrase import NO_CAUSE, Phrase

LONGEST_SUBJECT = 300
LONGEST_SENDER = 200
LONGEST_LINK = 300
LONGEST_SMS = 700
"""Characters; longer ones are cut with a mark. Four parts of an SMS fit in."""


@dataclass(frozen=True, kw_only=True)
class Essentials:
    """One message by one channel, each text bounded. `unread` says why nothing more is known; "" where it was read.

    `fetched_from` is the host from which content comes at the time of sending: no approval covers that.
    """

    message_id: int | None
    channel: str = ""
    sender: str = ""
    subject: str = ""
    text: str = ""
    link: str = ""
    sms: Parts | None = None
    fetched_from: str = ""
    unread: Phrase = NO_CAUSE


@dataclass(frozen=True, kw_only=True)
class Report:
    """`findings` are those that did not pass, failures first; `passed` counts the others."""

    essentials: tuple[Essentials, ...] = ()
    findings: tuple[Finding, ...] = ()
    passed: int = 0

    @property
    def is_known(self) -> bool:
        """Whether every message is one that was read."""
        return bool(self.essentials) and not any(one.unread for one in self.essentials)

    def of_grade(self, grade: Grade) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.grade is grade)


def report(messages: Iterable[MaybeMessage], findings: Iterable[Finding], read: Read = versions) -> Report:
    """`findings` are all that were made."""
    made = tuple(findings)
    wrong = [one for one in made if one.grade is not Grade.PASS]
    return Report(
        essentials=tuple(each for one in messages for each in _essentials(one, read)),
        findings=tuple(sorted(wrong, key=lambda one: one.grade is not Grade.FAILURE)),
        passed=len(made) - len(wrong),
    )


def sender(channel: Channel) -> str:
    """As a reader's mail program shows it: `The shop <shop@shop.example>`."""
    return address(channel, FROM_NAME, FROM_EMAIL)


def address(channel: Channel, name_in: str, email_in: str) -> str:
    """Of those two fields, as `sender` has it; "" where both are empty."""
    return written_address(channel.text(name_in).strip(), channel.text(email_in).strip())


def subject(channel: Channel) -> str:
    """An e-mail's subject, or a push's title; "" for a channel that has neither."""
    fields = {EMAIL: SUBJECT, PUSH: "title"}
    return channel.text(fields[channel.sid]) if channel.sid in fields else ""


def _essentials(one: MaybeMessage, read: Read) -> Iterator[Essentials]:
    if isinstance(one, MessageUnread):
        yield Essentials(message_id=one.message_id, unread=one.sentence or Phrase("Nobody has said why."))
        return
    if not one.channels:
        yield Essentials(message_id=one.item.message_id, channel=one.sent_by, fetched_from=_fetched_from(one))
    for channel in one.channels:
        yield _of_channel(one, channel, read)


def _of_channel(message: Message, channel: Channel, read: Read) -> Essentials:
    return Essentials(
        message_id=message.item.message_id,
        channel=channel.sid,
        sender=shortened(sender(channel), LONGEST_SENDER) if channel.sid == EMAIL else "",
        subject=shortened(subject(channel), LONGEST_SUBJECT),
        text=shortened(_words(channel, read), LONGEST_SMS),
        link=shortened(channel.text("click_url").strip(), LONGEST_LINK) if channel.sid == PUSH else "",
        sms=parts_of(channel.text("sms")) if channel.sid == SMS else None,
        fetched_from=_fetched_from(message),
    )


def _words(channel: Channel, read: Read) -> str:
    if channel.sid == SMS:
        return channel.text("sms").strip()
    if channel.sid == PUSH:
        return first_lines(channel.text("body"))
    return first_lines(readable(channel, read).text)


def _fetched_from(message: Message) -> str:
    address = fetched(message)
    return shortened(host_of(address) or address, LONGEST_LINK)
