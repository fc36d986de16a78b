"""What a workflow is told of its launch: what its further steps can use, or one sentence for whoever ran it.

Slack documents no notation for these texts, so they have none, and people are called by their names.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import TypeAlias

from bot.campaign.request import UserId
from bot.launch.search import Found
from bot.launch.state import Launch
from bot.slack.views import sentences, stop
from bot.slack.views.bounds import clip
from bot.slack.views.headline import headline, standing
from bot.slack.views.plaintext import as_plain
from bot.texts import _

Output: TypeAlias = str | int
Names: TypeAlias = Callable[[UserId], str]

LONGEST = 1000
"""Characters of a text for a workflow; Slack documents no bound."""

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


def outputs(found: Found, card_link: str, name_of: Names, zone: tzinfo | None) -> dict[str, Output]:
    """The step's outputs; what is not known is left out. Moments are in seconds since 1970."""
    launch = found.launch
    known: Mapping[str, Output | None] = {
        "state": launch.state.value,
        "launch_id": launch.id,
        "outcome": plain(headline(launch), name_of, zone),
        "link": card_link or None,
        "audience_size": _size(launch),
        "limit": launch.request.limit,
        "started_at": _seconds(launch.run.started_at if launch.run else None),
        "ended_at": _seconds(launch.run_end.ended_at if launch.run_end else None),
        "errors": launch.run_end.errors if launch.run_end else None,
        "warnings": launch.run_end.warnings if launch.run_end else None,
    }
    return {name: value for name, value in known.items() if value is not None}


def failure(found: Found, card_link: str, name_of: Names, zone: tzinfo | None) -> str:
    """Why the launch did not come to its end, for one that is over."""
    launch = found.launch
    title = sentences.opening(launch.request, launch.preview)
    told = [f"{headline(launch)}.", standing(launch, None), stop.standing(launch)]
    text = " ".join(plain(one, name_of, zone) for one in told if one)
    return _with_card(clip(f"{plain(title, name_of, zone)}: {text}", LONGEST), card_link)


def untaken(card_link: str) -> str:
    """Why a step fails although its launch did not."""
    text = _("The launch has come to its end, but Slack did not take what I told this workflow of it.")
    return _with_card(text, card_link)


def plain(text: str, name_of: Names, zone: tzinfo | None) -> str:
    """A sentence made for a channel, without Slack's notation."""
    named = _PERSON.sub(lambda found: name_of(UserId(found[1])) or found[1], text)
    return clip(" ".join(as_plain(named, zone).replace("`", "").split()), LONGEST)


def _with_card(text: str, link: str) -> str:
    card = _("The card: {link}")
    return f"{text} {card.format(link=link)}" if link else text


def _size(launch: Launch) -> int | None:
    """The audience's when people decided on it."""
    drifted = next((one.size for one in reversed(launch.approvals) if one.size is not None), None)
    audience, source = launch.preview.audience, launch.request.source
    if audience is None or (source is not None and audience.source != source):
        return drifted
    return audience.size if drifted is None else drifted


def _seconds(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment else None
