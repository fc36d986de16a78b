"""Everything that is checked before a message is asked for: pure, in the order in which it is told."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from difflib import get_close_matches

from bot.campaign.campaign import MessageRef
from bot.campaign.encoding import sha256_of
from bot.campaign.numbers import written
from bot.campaign.request import Json
from bot.message.finding import Asked, Check, CheckSettings, Finding, Grade
from bot.message.message import NOT_COVERED, MaybeMessage, Message, MessageUnread, digest_of, ref_of
from bot.message.message_checks import message_findings
from bot.message.text import Read, versions
from bot.message.variables import Variable, is_given, used
from bot.phrase import Phrase, joined
from bot.texts import mark

MOST_NAMED = 3
"""Variables in one sentence."""

TOLD_BEFORE = (
    mark("{names}: used and not given. Add it to the values."),
    mark("{names} and {n} more are used and not given: add them."),
)
"""Templates of findings in older records: nothing makes them any more, and whoever reads the record is told them."""


def checks(asked: Asked, settings: CheckSettings, read: Read = versions) -> tuple[Finding, ...]:
    """All findings; each message's own, and then the launch's. A message that was not read passes nothing."""
    of_messages = (_about(one, asked, settings, read) for one in asked.messages)
    return (*(finding for each in of_messages for finding in each), *_of_the_launch(asked, settings))


def sent_digest(messages: Iterable[MessageRef], content: Mapping[str, Json]) -> str:
    """The SHA-256, in hex, of what people receive: the messages with the values that the launch gives."""
    whole: Json = [digest_of(messages), written(dict(content), ordered=True)]
    return sha256_of(whole)


def _about(one: MaybeMessage, asked: Asked, settings: CheckSettings, read: Read) -> Iterator[Finding]:
    if isinstance(one, MessageUnread):
        sentence = joined(" ", [NOT_COVERED, one.sentence]) if one.sentence else NOT_COVERED
        yield Finding(Check.READ, Grade.FAILURE, sentence, one.message_id)
        return
    whose = one.item.message_id
    yield Finding(Check.READ, Grade.PASS, Phrase("The message could be read."), whose)
    for finding in (*message_findings(one, asked.content, settings, read), _missing(one, asked.content)):
        yield replace(finding, message_id=whose)


def _of_the_launch(asked: Asked, settings: CheckSettings) -> Iterator[Finding]:
    read = [one for one in asked.messages if isinstance(one, Message)]
    if read and len(read) == len(asked.messages):
        yield _unused(read, asked.content)
    yield _audience(asked.size)
    if settings.repeat_days and asked.audience:
        yield _repeat(asked, settings)


def _missing(message: Message, content: Mapping[str, Json]) -> Finding:
    missing = [one for one in used(message) if not is_given(one.name, content)]
    if not missing:
        return Finding(Check.MISSING_VARIABLE, Grade.PASS, Phrase("Every value that the message uses is given."))
    named = [one for one in missing if one.name]
    if not named:
        return Finding(
            Check.MISSING_VARIABLE,
            Grade.FAILURE,
            Phrase(
                "{field} uses apicontent without a name that can be read: check in the platform what it needs.",
                field=missing[0].field,
            ),
        )
    names = ", ".join(one.written for one in named[:MOST_NAMED])
    if len(named) > MOST_NAMED:
        said = Phrase(
            "The message uses {names} and {n} more, and no values are given for them: write them under “Content”.",
            names=names,
            n=len(named) - MOST_NAMED,
        )
    else:
        said = Phrase(
            "{names}: used in the message, and no value is given. Write one under “Content”, such as {example}.",
            names=names,
            example=Phrase("{name}=value", name=named[0].name),
        )
    return Finding(Check.MISSING_VARIABLE, Grade.FAILURE, joined(" ", [said, *_meant(named, content)]))


def _meant(missing: list[Variable], content: Mapping[str, Json]) -> Iterator[Phrase]:
    for one in missing[:MOST_NAMED]:
        nearest = get_close_matches(one.name, list(content), n=1)
        if nearest:
            yield Phrase("Is “{given}” meant to be “{used}”?", given=nearest[0], used=one.name)


def _unused(messages: list[Message], content: Mapping[str, Json]) -> Finding:
    names = [one.name for message in messages for one in used(message)]
    # A variable without a readable name may use any of them.
    first_parts = {name.partition(".")[0] for name in names}
    unused = [] if "" in names else [name for name in content if name not in names and name not in first_parts]
    if not unused:
        return Finding(Check.UNUSED_VARIABLE, Grade.PASS, Phrase("Every value that is given is used."))
    shown = ", ".join(unused[:MOST_NAMED])
    if len(unused) > MOST_NAMED:
        said = Phrase(
            "{names} and {n} more are given and not used: check the spelling, or take them out.",
            names=shown,
            n=len(unused) - MOST_NAMED,
        )
    else:
        said = Phrase("{names}: given and not used. Check the spelling, or take it out.", names=shown)
    return Finding(Check.UNUSED_VARIABLE, Grade.WARNING, said)


def _audience(size: int | None) -> Finding:
    if size is None:
        return Finding(
            Check.AUDIENCE,
            Grade.WARNING,
            Phrase("How many people the audience has is not known: look it up in the platform."),
        )
    if size == 0:
        return Finding(Check.AUDIENCE, Grade.FAILURE, Phrase("The audience is empty: choose another one, or fill it."))
    return Finding(Check.AUDIENCE, Grade.PASS, Phrase("There are people in the audience."))


def _repeat(asked: Asked, settings: CheckSettings) -> Finding:
    digest = sent_digest(map(ref_of, asked.messages), asked.content)
    since = asked.now - timedelta(days=settings.repeat_days)
    same = [one for one in asked.earlier if one.digest == digest and one.audience == asked.audience and one.at > since]
    if not same:
        passes = Phrase("The audience did not get this message in the last {days} days.", days=settings.repeat_days)
        return Finding(Check.REPEAT, Grade.PASS, passes)
    last = max(same, key=lambda one: one.at)
    return Finding(
        Check.REPEAT,
        Grade.WARNING,
        Phrase(
            "The same audience got this message before ({moment}, launch {launch}): make sure that it should get it "
            "again.",
            moment=last.at,
            launch=last.launch_id,
        ),
    )
