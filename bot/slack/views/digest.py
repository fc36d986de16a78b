"""The weekly digest: what became of the launches of a week, and what is to start in the next. It calls nobody."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.campaign.request import UserId
from bot.launch.digest import Digest, starts_at
from bot.launch.search import Found
from bot.launch.state import State
from bot.slack.views import help as helping
from bot.slack.views.blocks import Block, context
from bot.slack.views.bounds import clip, whole
from bot.slack.views.fitting import MOST_IN_MESSAGE, sections, weight
from bot.slack.views.history import line
from bot.slack.views.message import Message
from bot.slack.views.text import day, when
from bot.texts import _, number

LONGEST_LINE = 500
"""Characters of a launch."""

NOON = timedelta(hours=12)
"""Of its day, a moment that is the same day nearly everywhere."""

Names = Callable[[UserId], str]
Links = Callable[[Found], str]


def digest_message(digest: Digest, name_of: Names, link_to: Links) -> Message:
    """`name_of` gives what people are called without being called, `link_to` a card's address, "" for none."""
    week = _("Launches from {first} to {last}").format(
        first=day(digest.week.begin + NOON), last=day(digest.week.end - NOON)
    )
    ended = [
        (_("Launched"), digest.launched),
        (_("In doubt, launched or not"), digest.in_doubt),
        (_("Refused"), digest.refused),
        (_("Cancelled or stopped"), digest.undone),
        (_("Came to nothing"), digest.came_to_nothing),
    ]
    lists = [
        *((title, [line(one, name_of, link_to(one)) for one in found]) for title, found in ended),
        (_("To start this week"), [_coming(one, name_of, link_to) for one in digest.coming]),
    ]
    told = [(title, lines) for title, lines in lists if lines]
    counts = " · ".join(f"{title}: {number(len(lines))}" for title, lines in told) or _("Nothing was launched.")
    head, foot = sections([f"*{week}*", counts], "week"), [context(_about(digest, told_any=bool(told)), "about")]
    room = (MOST_IN_MESSAGE - weight([*head, *foot])) // max(1, len(told))
    shown = [block for nth, each in enumerate(told) for block in _list(f"list-{nth}", *each, room)]
    return Message(f"{week}. {counts}", (*head, *shown, *foot))


def _list(name: str, title: str, lines: Sequence[str], room: int) -> list[Block]:
    """The title with as many launches as fit, and how many more there are."""
    first = f"*{title}*"
    fitting = whole([f"• {clip(one, LONGEST_LINE)}" for one in lines], room - len(first) - 1, "\n")
    return sections([first, *fitting.split("\n")], name)


def _coming(found: Found, name_of: Names, link_to: Links) -> str:
    start = starts_at(found.launch)
    told = line(found, name_of, link_to(found), tells_earliest=False)
    if start is None:
        return told
    if found.launch.state is State.REQUESTED:
        return _("{when}, if it is approved by then: {launch}").format(when=when(start), launch=told)
    return _("{when}: {launch}").format(when=when(start), launch=told)


def _about(digest: Digest, *, told_any: bool) -> str:
    more = _("How many messages went out is not told here. `{command}` shows every launch.")
    if not told_any:
        more = _("`{command}` shows every launch.")
    more = more.format(command=helping.HISTORY)
    if digest.is_whole:
        return more
    left_out = _("There were more launches than are looked through for this.")
    return f"{left_out} {more}"
