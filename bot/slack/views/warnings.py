"""What somebody has to know before they decide, wherever a decision can be made: nothing of it ever gives way."""

from bot.launch.state import PENDING, Launch, State
from bot.slack.views import needs, sent, sentences, technical
from bot.slack.views.fitting import shortened
from bot.slack.views.marks import remark
from bot.slack.views.text import person, when
from bot.texts import _, plural

MOST_WHOLE = 12
"""Collisions that are told in whole sentences; more of them are told shorter, so that none is left out."""

MOST_WISHES = 3
LONGEST_WISH = 300
"""Characters of each; the thread has the whole of it."""

MOST_WITH_MOMENT = 20
MOST_NAMED = 250
"""Beyond this nothing fits into a message any more, and the rest is counted."""

MOST_WARNED = 6400
"""Characters of all warnings, where little else is told."""

LEAST_QUOTED = 1000
"""Of these for what is quoted, however much else there is to warn of."""


def warnings(launch: Launch, room: int = MOST_WARNED) -> list[str]:
    """One line each: broken glass, what has changed, what could not be read, and what else reaches the same people.

    No line is ever left out; those that quote people and platforms are shortened where all do not fit into `room`
    characters.
    """
    quoting = [
        *glass(launch),
        *wishes(launch),
        *_changed(launch),
        *technical.problems(launch.preview.problems),
    ]
    others = [
        *sentences.caveats(launch.request, launch.preview),
        *(sentences.active_already(launch.request, launch.preview) if launch.state in PENDING else []),
        *sent.unread(launch.report),
        *sentences.edits_unseen(launch),
        *_collisions(launch),
    ]
    return [*shortened(quoting, max(LEAST_QUOTED, room - sum(map(len, others)))), *others]


def _changed(launch: Launch) -> list[str]:
    if launch.voided is None or launch.state != State.REQUESTED:
        return []
    return f":warning: {sentences.changed_since(launch.voided.changes, launch.voided.notes)}".split("\n")


def wishes(launch: Launch) -> list[str]:
    """What those who may approve want changed first, the newest at the end; nothing once it is decided."""
    if launch.state != State.REQUESTED:
        return []
    text = _(":speech_balloon: *Changes asked for* by {who}, {when}: {wish}")
    told = launch.wishes[-MOST_WISHES:]
    return [text.format(who=person(one.by), when=when(one.at), wish=remark(one.text, LONGEST_WISH)) for one in told]


def glass(launch: Launch) -> list[str]:
    """Who launched it without the approvals, and why; nothing where nobody did."""
    if launch.glass is None:
        return []
    broken = _(":rotating_light: *Without approval*, by {who}: {reason}")
    return [broken.format(who=person(launch.glass_by), reason=remark(launch.glass.reason, 1000))]


def _collisions(launch: Launch) -> list[str]:
    found = launch.collisions
    if len(found) <= MOST_WHOLE:
        return [needs.collision(one) for one in found]
    told = plural(
        ":warning: {n} other launch sends this campaign, or reaches the same audience:",
        ":warning: {n} other launches send this campaign, or reach the same audience:",
        len(found),
    )
    if len(found) <= MOST_WITH_MOMENT:
        return [told, *(f"• {needs.collision_in_short(one)}" for one in found)]
    named = ", ".join(f"{one.campaign_id} {person(one.requester)}" for one in found[:MOST_NAMED])
    left = len(found) - MOST_NAMED
    more = plural("{n} more is not named here.", "{n} more are not named here.", left)
    return [told, named, *([more] if left > 0 else [])]
