"""Whether the row of a launch says what its events come to."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.campaign.campaign import audience_of
from bot.journal.finding import Finding, Kind
from bot.journal.stored import StoredEvent, Stream, moment, whole_number
from bot.launch.codec import kind_of, tag_of
from bot.launch.events import Denied
from bot.launch.state import Launch
from bot.launch.upkeep import UPKEEP
from bot.policy.roles import Action

DENIED = kind_of(Denied(Action.REQUEST, ""))

ALONE = {DENIED, *map(tag_of, UPKEEP)}
"""Kinds of events that may stand in a stream of their own, without a launch."""

PROJECTED = ("id", "state", "version", "head", "campaign_id", "channel", "audience", "reaches_at")
"""The columns of `launches` that are held against the events."""


def without_row(stream: Stream) -> Iterator[Finding]:
    first = stream.events[0]
    if len(stream.events) > 1 or first.kind not in ALONE:
        yield finding_at(Kind.PROJECTION, first, "The launch has no row in launches: it was removed there.")


def end(stream: Stream, row: "Row") -> Iterator[Finding]:
    """Whether the events end where the launch's row says."""
    last = stream.events[-1]
    if row["version"] > last.seq:
        yield missing(stream, last.seq + 1, row["version"])
    elif row["version"] < last.seq:
        after = next((event for event in stream.events if event.seq > row["version"]), last)
        yield finding_at(
            Kind.INSERTED, after, f"The launch's row ends with event {row['version']}: this was put in after it."
        )
    elif row["head"] != last.digest:
        yield finding_at(
            Kind.PROJECTION, last, "The launch's row (head) names another end: that, or this event, was edited."
        )


def projected(stream: Stream, row: "Row", launch: Launch) -> Iterator[Finding]:
    """Where the row does not say what the launch that its events tell would have it say."""
    last = stream.events[-1]
    reaches_at = None if row["reaches_at"] is None else moment(row["reaches_at"])
    follows = {
        "state": (row["state"], launch.state.value),
        "campaign_id": (row["campaign_id"], launch.request.campaign_id),
        "channel": (row["channel"], launch.channel),
        "audience": (row["audience"], str(audience_of(launch.request, launch.preview) or "")),
        "reaches_at": (reaches_at, launch.reaches_at),
    }
    for column, (says, should) in follows.items():
        if says != should:
            text = f"The launch's row says {column} = {_shown(says)}; its events come to {_shown(should)}."
            yield finding_at(Kind.PROJECTION, last, text)


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


Row = dict[str, Any]


def launch_row(stream: Stream) -> Row | None:
    beside = stream.beside
    if beside["launches_id"] is None:
        return None
    row = {name: beside[f"launches_{name}"] for name in PROJECTED}
    return {**row, "version": whole_number(row["version"])}


def missing(stream: Stream, first: int, last: int) -> Finding:
    what = f"Event {first} is missing" if first == last else f"The events {first} to {last} are missing"
    return Finding(kind=Kind.MISSING, launch_id=stream.launch_id, seq=first, text=f"{what}: removed from the journal.")


def finding_at(kind: Kind, event: StoredEvent, text: str) -> Finding:
    return Finding(kind=kind, launch_id=event.launch_id, seq=event.seq, text=text, event=event)
