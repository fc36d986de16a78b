"""What is checked in the words of one message: that nothing is missing, broken or left over."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.campaign.request import Json
from bot.message.finding import Check, CheckSettings, Finding, Grade
from bot.message.link_checks import link_findings
from bot.message.message import EMAIL, PUSH, SMS, SUBJECT, Channel, Message
from bot.message.sms import parts_of
from bot.message.text import Link, Read, host_of, versions
from bot.message.variables import unmatched, with_given
from bot.phrase import Phrase, joined

PLACEHOLDERS = ("lorem ipsum", "TODO")

_BODY = {EMAIL: ("html", "text", "amp"), SMS: ("sms",), PUSH: ("title", "body")}
"""The fields that people read. The others, such as `is_amp`, are told where nothing was written, too."""


@dataclass(frozen=True)
class _Filled:
    """A channel with the given values in place of their variables, and all that people read of it."""

    channel: Channel
    texts: tuple[str, ...]
    links: tuple[Link, ...]
    cut: tuple[Phrase, ...]


def message_findings(
    message: Message, content: Mapping[str, Json], settings: CheckSettings, read: Read = versions
) -> Iterator[Finding]:
    """The findings of one message, as far as its channel knows what is checked."""
    yield _channel(message)
    if message.template.is_draft is not None:
        yield _draft(message.template.is_draft)
    for channel in message.channels:
        filled = _filled(channel, content, read)
        yield _whole(filled)
        yield _braces(channel)
        if channel.sid == EMAIL:
            yield _subject(filled.channel)
            yield _text_version(channel)
            if settings.unsubscribe:
                yield _unsubscribe(channel, settings)
        if channel.sid == SMS:
            yield _sms_parts(filled.channel, settings)
        yield _placeholder(filled, settings)
        yield from link_findings(channel.sid, filled.links, settings)


def _filled(channel: Channel, content: Mapping[str, Json], read: Read) -> _Filled:
    filled = replace(channel, fields=tuple((name, with_given(value, content)) for name, value in channel.fields))
    told = read(channel)
    words = [filled.text(name) for name in (SUBJECT, "from_name")] if channel.sid == EMAIL else []
    links = (link for one in told for link in one.links)
    return _Filled(
        filled,
        (*words, *(with_given(text, content) for one in told for text in (one.text, one.hidden, one.outlook))),
        tuple(_with_given(link, content) for link in links),
        tuple(dict.fromkeys(said for one in told for said in one.cut)),
    )


def _with_given(link: Link, content: Mapping[str, Json]) -> Link:
    address = with_given(link.address, content).strip()
    return link if address == link.address else replace(link, address=address, host=host_of(address))


def _channel(message: Message) -> Finding:
    if any(map(_says_something, message.channels)):
        return Finding(Check.CHANNEL, Grade.PASS, Phrase("The template has something to send."))
    sent = message.sent_by
    return Finding(
        Check.CHANNEL,
        Grade.FAILURE,
        Phrase("The template has nothing to send by {channel}: write it in the platform.", channel=sent)
        if sent
        else Phrase("The template has nothing to send: write it in the platform."),
    )


def _says_something(channel: Channel) -> bool:
    body = _BODY.get(channel.sid, [name for name, _ in channel.fields])
    return any(channel.text(name).strip() not in {"", "false"} for name in body)


def _draft(is_draft: bool) -> Finding:
    if not is_draft:
        return Finding(Check.DRAFT, Grade.PASS, Phrase("The template is no draft."))
    return Finding(
        Check.DRAFT,
        Grade.FAILURE,
        Phrase("The template is marked as a draft, which cannot be sent: take the mark away in the platform."),
    )


def _whole(filled: _Filled) -> Finding:
    if not filled.cut:
        return Finding(Check.WHOLE, Grade.PASS, Phrase("The message was checked whole."))
    advice = Phrase("Read the rest in the platform.")
    return Finding(Check.WHOLE, Grade.WARNING, joined(" ", [*filled.cut, advice]))


def _subject(channel: Channel) -> Finding:
    if channel.text(SUBJECT).strip():
        return Finding(Check.SUBJECT, Grade.PASS, Phrase("There is a subject."))
    return Finding(
        Check.SUBJECT,
        Grade.FAILURE,
        Phrase("The subject is empty: write one in the template or in the campaign."),
    )


def _text_version(channel: Channel) -> Finding:
    if channel.text("text").strip():
        return Finding(Check.TEXT_VERSION, Grade.PASS, Phrase("There is a text version."))
    return Finding(
        Check.TEXT_VERSION,
        Grade.WARNING,
        Phrase("The e-mail has no text version: some readers see nothing, and filters distrust it. Add one."),
    )


def _unsubscribe(channel: Channel, settings: CheckSettings) -> Finding:
    # Who sees the HTML does not see the text version's link.
    shown = channel.text("html") if channel.text("html").strip() else channel.text("text")
    if any(written in shown for written in settings.unsubscribe if written):
        return Finding(Check.UNSUBSCRIBE, Grade.PASS, Phrase("There is a link to unsubscribe."))
    return Finding(
        Check.UNSUBSCRIBE,
        Grade.FAILURE,
        Phrase(
            "The e-mail has no link to unsubscribe: add one, written as {written}.",
            written=", ".join(filter(None, settings.unsubscribe)),
        ),
    )


def _braces(channel: Channel) -> Finding:
    found = unmatched(channel)
    if not found:
        return Finding(Check.BRACES, Grade.PASS, Phrase("Every brace has its other half."))
    return Finding(
        Check.BRACES,
        Grade.FAILURE,
        Phrase(
            "A brace in {field} has no other half, near “{near}”: close it, or take it out.",
            field=found[0].field,
            near=found[0].near,
        ),
    )


def _sms_parts(channel: Channel, settings: CheckSettings) -> Finding:
    counted = parts_of(channel.text("sms"))
    if counted.parts <= settings.most_sms_parts and counted.is_whole:
        return Finding(
            Check.SMS_PARTS,
            Grade.PASS,
            Phrase("The SMS has {n} of at most {most} parts.", n=counted.parts, most=settings.most_sms_parts),
        )
    return Finding(
        Check.SMS_PARTS,
        Grade.FAILURE,
        Phrase(
            "The SMS has {n} parts in {alphabet}, and may have {most}: shorten it.",
            n=counted.parts,
            alphabet=counted.alphabet.value,
            most=settings.most_sms_parts,
        ),
    )


def _placeholder(filled: _Filled, settings: CheckSettings) -> Finding:
    found = next(
        (
            word
            for word in (*PLACEHOLDERS, *settings.placeholders)
            if word.strip() and any(_is_left_over(word.strip(), text) for text in filled.texts)
        ),
        None,
    )
    if found is None:
        return Finding(Check.PLACEHOLDER, Grade.PASS, Phrase("No placeholder was left over."))
    return Finding(
        Check.PLACEHOLDER,
        Grade.FAILURE,
        Phrase("“{word}” was left over: write what belongs there.", word=found),
    )


def _is_left_over(word: str, text: str) -> bool:
    """Whether the word stands there by itself. One in capitals counts only so: `todo` is a word of Spanish."""
    pattern = r"\s+".join(map(re.escape, word.split()))
    return bool(re.search(rf"(?<!\w){pattern}(?!\w)", text, re.NOFLAG if word.isupper() else re.IGNORECASE))
