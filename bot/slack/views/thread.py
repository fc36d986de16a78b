"""The thread's replies: one short message an event, with the head of the hash chain as witness."""

from bot.launch import events
from bot.launch.state import Launch
from bot.launch.story import Line
from bot.slack.views import run, sentences
from bot.slack.views.blocks import Block, context, section
from bot.slack.views.bounds import clip
from bot.slack.views.calls import Call, calls, spread, told
from bot.slack.views.event_sentences import sentence
from bot.slack.views.fitting import MOST_IN_MESSAGE, sections
from bot.slack.views.headline import marked
from bot.slack.views.message import Message
from bot.slack.views.technical import in_brackets
from bot.slack.views.text import when
from bot.texts import _

DIGEST_SHOWN = 12

NOTICE = 1400
"""Characters of the sentence in a notification that pings people as well: Slack advises 4,000 for all of it."""


def replies(launch: Launch, line: Line) -> tuple[Message, ...]:
    """All messages for one event of the launch: more than one where it pings more people than fit."""
    first, *further = spread(calls(line.entry.event))
    return (_reply(launch, line, first), *(_pings(launch, line, one) for one in further))


def whole(launch: Launch, entry: events.Entry) -> str:
    """What the event's messages say together, where there is no limit to it."""
    said_first = " ".join([f"{marked(launch)}{sentence(launch, entry)}", *in_brackets(entry.event)])
    return "\n".join(filter(None, (said_first, told(calls(entry.event)))))


def reply(launch: Launch, line: Line) -> Message:
    """The first of them, which says what has happened."""
    return replies(launch, line)[0]


def _reply(launch: Launch, line: Line, called: tuple[Call, ...]) -> Message:
    event, pinged = line.entry.event, told(called)
    room = MOST_IN_MESSAGE - len(pinged)
    said_of_it = clip(sentence(launch, line.entry), room - len(marked(launch)))
    said_first = f"{marked(launch)}{said_of_it}"
    table = run.table_of(event)
    shown = [*sections(said_first.split("\n"), "told"), *sections([pinged] if pinged else [], "called")]
    # In a notification, there is nothing else to tell which launch it is.
    text = f"{marked(launch)}{_named(launch, said_of_it)}"
    told_alone = "\n".join(filter(None, (clip(text, NOTICE) if pinged else text, pinged)))
    return Message(told_alone, (*shown, *([table] if table else []), _witness(line)))


def _pings(launch: Launch, line: Line, called: tuple[Call, ...]) -> Message:
    """A further message, for those for whom there was no room in the ones before."""
    before = _("{campaign}: see the message above.")
    text = f"{marked(launch)}{before.format(campaign=sentences.opening(launch.request, launch.preview))}"
    pinged = told(called)
    return Message(f"{text}\n{pinged}", (section(text, "told"), section(pinged, "called"), _witness(line)))


def _named(launch: Launch, text: str) -> str:
    """The text with the campaign in front of it, unless it names it."""
    if sentences.numbered(launch.request, launch.preview) in text:
        return text
    return f"{sentences.opening(launch.request, launch.preview)}: {text}"


def _witness(line: Line) -> Block:
    # Without its number: refused attempts have some as well, so that those of a thread would jump.
    return context(f"{when(line.entry.at)} · `{line.digest[:DIGEST_SHOWN]}`")
