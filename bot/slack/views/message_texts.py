"""A message as it can be read whole: who it is from, what it says, where its links go, what is put into it."""

from collections.abc import Iterable, Iterator, Mapping

from bot.campaign.request import Json
from bot.message.finding import Finding
from bot.message.message import (
    EMAIL,
    NOT_COVERED,
    PUSH,
    REPLYTO_EMAIL,
    REPLYTO_NAME,
    SMS,
    SUBJECT,
    Channel,
    MaybeMessage,
    Message,
    MessageUnread,
)
from bot.message.report import address, sender
from bot.message.text import Read, Readable, as_one, say_the_same, versions
from bot.message.variables import Kind, Variable, is_given, value_of, variables
from bot.phrase import told
from bot.slack.views.paged import Sentence
from bot.slack.views.plaintext import harmless
from bot.slack.views.sent import channel_name
from bot.slack.views.text import said
from bot.slack.views.values import spelled
from bot.texts import _


def texts(
    messages: Iterable[MaybeMessage], content: Mapping[str, Json], read: Read = versions
) -> Iterator[tuple[str, str]]:
    """Titles with plain texts that stand below them; none of the texts is empty, and none is cut."""
    for one in messages:
        if isinstance(one, MessageUnread):
            yield _("Message"), _plain(f"{told(NOT_COVERED)} {told(one.sentence)}")
        else:
            yield from _of_message(one, content, read)


def findings(found: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    """What the checks found, all of it."""
    for one in found:
        # No plain text: a moment in it is read on the reader's own clocks.
        yield _("What the checks found"), Sentence(f"• {said(one.sentence)}")


def _of_message(message: Message, content: Mapping[str, Json], read: Read) -> Iterator[tuple[str, str]]:
    template = message.template
    for channel in message.channels:
        title = _("{channel}, template {id}").format(channel=channel_name(channel.sid), id=template.id)
        yield title, "\n".join([_("Template: {name}").format(name=spelled(template.name)), *_head(channel)])
        first, *others = read(channel)
        found = as_one((first, *others))
        yield title, _plain(found.text) if found.text else _("There is nothing to read in it.")
        if first.text and not say_the_same(first, found):
            yield _("The HTML version says other words than the text version"), _plain(first.text)
        if found.hidden:
            yield _("Hidden when the mail is opened, such as the first words in an inbox"), _plain(found.hidden)
        if found.outlook:
            yield _("Shown by Outlook alone"), _plain(found.outlook)
        for amp in others[1:]:
            yield from _of_amp(amp, first)
        if found.cut:
            yield title, _plain("\n".join(map(told, found.cut)))
        links = "\n".join(f"{link.host or '?'}: {link.address}" for link in found.links)
        if links:
            yield _("Links, by host"), _plain(links)
        values = "\n".join(_value(one, content) for one in variables(channel))
        if values:
            yield _("Variables"), _plain(values)


def _of_amp(amp: Readable, html: Readable) -> Iterator[tuple[str, str]]:
    if amp.text and not say_the_same(amp, html):
        yield _("The AMP version says other words than the HTML version"), _plain(amp.text)
    if amp.hidden:
        yield _("Hidden when the AMP version is opened"), _plain(amp.hidden)


def _head(channel: Channel) -> Iterator[str]:
    """Only what is read on a line of its own: an SMS has no more than its text."""
    if channel.sid == EMAIL:
        replies = address(channel, REPLYTO_NAME, REPLYTO_EMAIL)
        yield _("From: {sender}").format(sender=_plain(sender(channel)) or _("not told"))
        yield _("Replies to: {address}").format(address=_plain(replies)) if replies else _("Replies to: the sender")
        yield _("Subject: {subject}").format(subject=spelled(channel.text(SUBJECT)))
    elif channel.sid not in {SMS, PUSH}:
        yield _("Channel: {channel}").format(channel=spelled(channel.sid))


def _value(variable: Variable, content: Mapping[str, Json]) -> str:
    if variable.kind is not Kind.GIVEN:
        return _("{variable}: each reader's own, or worked out when it is sent").format(variable=variable.written)
    if not variable.name or not is_given(variable.name, content):
        return _("{variable}: not given").format(variable=variable.written)
    return f"{variable.written} = {spelled(value_of(variable.name, content))}"


def _plain(text: str) -> str:
    return "\n".join(map(harmless, text.splitlines()))
