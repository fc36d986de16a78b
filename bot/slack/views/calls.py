"""Whom a reply pings and why, in as many messages as it takes: a list of people is split, never cut."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.launch import events
from bot.launch.canary import CanaryFailed, CanaryJudged
from bot.launch.copying import CopyUnknown
from bot.launch.events import Event
from bot.launch.outcome import Unknown
from bot.launch.stop import Braked, StopAsked, StopGaveUp, StopRefused, StopUnknown
from bot.results.brakes import Standing, Verdict
from bot.slack.views import sentences
from bot.slack.views.text import holder
from bot.texts import _, mark

FIRST_ROOM = 1000
"""Characters of mentions in the reply itself, which says more than that."""

FURTHER_ROOM = 2400
"""Characters of mentions in a message that holds little else: with its labels it stays below a section's 3,000."""

_DECIDE = mark("Who can decide: {people}")
_CHANGE = mark("Who can change it: {people}")
_ANSWER = mark("Who asked for changes: {people}")
_LOST = mark("Whose approval does not count any more: {people}")
_SKIPPED = mark("Who had a say: {people}")
_SETTLE = mark("Who can settle it: {people}")
_RELEASE = mark("Who can release the rest, or end it: {people}")
_END = mark("Who can end it here: {people}")
_ACT = mark("Who can act: {people}")
_KNOW = mark("Who should know: {people}")


@dataclass(frozen=True)
class Call:
    """People and user groups, and the line that says why they are pinged, with room for `people`."""

    line: str
    people: tuple[str, ...]


def calls(event: Event) -> tuple[Call, ...]:  # noqa: C901 -- one arm a kind of call is the plainest shape
    """Whom the event pings, each of them once."""
    match event:
        case events.Requested(mention=mention):
            return _each_once(Call(_DECIDE, mention))
        case events.Edited(asked=asked, lost=lost, answers=answers):
            return _each_once(Call(_ANSWER, answers), Call(_LOST, lost), Call(_DECIDE, asked.mention))
        case events.ChangesAsked(mention=mention):
            return _each_once(Call(_CHANGE, mention))
        case events.BrokeGlass(skipped=skipped):
            return _each_once(Call(_SKIPPED, skipped))
        case events.Tightened(mention=mention):
            return _each_once(Call(_DECIDE, mention))
        case events.Voided(lost=lost, mention=mention):
            return _each_once(Call(_LOST, lost), Call(_DECIDE, mention))
        case CanaryJudged(verdict=Verdict(standing=Standing.ON), mention=mention):
            # Nobody can release what a brake holds.
            return _each_once(Call(_END, mention))
        case (
            events.Reminded(rest=True, mention=mention) | CanaryJudged(mention=mention) | CanaryFailed(mention=mention)
        ):
            return _each_once(Call(_RELEASE, mention))
        case events.Reminded(mention=mention, doubt=doubt):
            return _each_once(Call(_SETTLE if doubt else _DECIDE, mention))
        case events.HeldBack(mention=mention) | CopyUnknown(mention=mention):
            return _each_once(Call(_ACT, mention))
        case Unknown(mention=mention):
            return _each_once(Call(_SETTLE, mention))
        case events.EvidenceFound(mention=mention) | StopAsked(brake=Braked(mention=mention)):
            return _each_once(Call(_KNOW, mention))
        case StopUnknown(mention=mention) | StopRefused(mention=mention) | StopGaveUp(mention=mention):
            return _each_once(Call(_ACT, mention))
        case _:
            return ()


def spread(called: Sequence[Call]) -> tuple[tuple[Call, ...], ...]:
    """The calls of each message, the reply's own first.

    Which of them stands where follows from the event alone, so that a message that was posted before a crash is the
    same one after it, whatever has happened to the launch in between.
    """
    messages: list[tuple[Call, ...]] = [()]
    left = FIRST_ROOM
    for call in called:
        for one in call.people:
            needed = len(holder(one)) + 1
            if needed > left:
                messages.append(())
                left = FURTHER_ROOM
            left -= needed
            messages[-1] = _with(messages[-1], call.line, one)
    return tuple(messages)


def told(called: Sequence[Call]) -> str:
    """The lines of one message; "" where it pings nobody."""
    return "\n".join(_(one.line).format(people=sentences.mentions(one.people)) for one in called)


def _with(said: tuple[Call, ...], line: str, one: str) -> tuple[Call, ...]:
    if said and said[-1].line == line:
        return (*said[:-1], replace(said[-1], people=(*said[-1].people, one)))
    return (*said, Call(line, (one,)))


def _each_once(*called: Call) -> tuple[Call, ...]:
    return tuple(_fresh(called))


def _fresh(called: Sequence[Call]) -> Iterator[Call]:
    seen: set[str] = set()
    for call in called:
        people = tuple(dict.fromkeys(one for one in call.people if one not in seen))
        seen.update(people)
        if people:
            yield Call(call.line, people)
