"""Whether the row of a launch says what its events come to."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement

from bot.campaign.campaign import audience_of
from bot.journal.finding import Finding, Kind
from bot.journal.stored import StoredEvent, Stream, Unreadable, as_stored, moment, whole_number
from bot.journal.tables import MOMENTS, launches
from bot.launch.codec import kind_of, tag_of
from bot.launch.correcting import is_correction
from bot.launch.events import Denied
from bot.launch.search import Phase, phase_of
from bot.launch.state import Launch, State
from bot.launch.stop import StopStep
from bot.launch.stoppable import may_be_braked
from bot.launch.timing import LONGEST_WAIT, due_at, put_off_until, stop_due_at
from bot.launch.upkeep import UPKEEP
from bot.policy.roles import Action

DENIED = kind_of(Denied(Action.REQUEST, ""))

ALONE = {DENIED, *map(tag_of, UPKEEP)}
"""Kinds of events that may stand in a stream of their own, without a launch."""

PROJECTED = (
    "id",
    "state",
    "version",
    "head",
    "campaign_id",
    "channel",
    "audience",
    "reaches_at",
    "requester",
    "asked_at",
    "expires_at",
    "shelf",
    "due_at",
    "stop_at",
    "publish_at",
    "published_seq",
    "message_ts",
    "test_of",
    "canary_of",
    "belongs_to",
    "corrects",
)
"""The columns of `launches` that are held against the events."""

CLOCKS_APART = timedelta(minutes=1)
"""By how much the clock of whoever verifies may be behind the one by which something was put off."""

LONGEST_SILENCE = timedelta(days=1)
"""Far longer than Slack asks the bot to wait for, or than the bot waits by itself before it tells Slack again."""

HASTENED = frozenset({State.IN_DOUBT, State.UNREACHED})
"""Where what the platform's hooks tell brings the next look forward: it may settle the doubt."""

LET_BE = frozenset({State.IN_DOUBT, State.UNREACHED, State.LAUNCHED, State.RUNNING})
"""Where something was sent: earlier versions looked at these for a while, and then not again."""


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


def projected(stream: Stream, row: "Row", launch: Launch, now: datetime) -> Iterator[Finding]:
    """Where the row does not say what the launch that its events tell would have it say.

    `now` is no earlier than the moment at which the row was read.
    """
    follows = {
        "state": (row["state"], launch.state),
        "campaign_id": (row["campaign_id"], launch.target),
        "test_of": (row["test_of"], launch.request.campaign_id if launch.request.is_test else None),
        "canary_of": (row["canary_of"], launch.request.campaign_id if launch.request.is_canary else None),
        # Tests of earlier versions told it in their events alone.
        "belongs_to": (row["belongs_to"], row["belongs_to"] if launch.request.is_test else launch.belongs_to),
        "corrects": (row["corrects"], launch.belongs_to if is_correction(launch) else None),
        "channel": (row["channel"], launch.channel),
        "audience": (row["audience"], str(audience_of(launch.request, launch.preview) or "")),
        "reaches_at": (row["reaches_at"], launch.reaches_at),
        "requester": (row["requester"], launch.requester),
        "asked_at": (row["asked_at"], launch.requested_at),
    }
    for column, (says, should) in follows.items():
        if says != should:
            yield _differs(stream, column, says, should)
    yield from _listed(stream, row, launch)
    yield from _due(stream, row, launch, now)


def told(stream: Stream, row: "Row", now: datetime) -> Iterator[Finding]:
    """Where the row would keep what has happened from ever being told in Slack."""
    last, publish_at = stream.events[-1], row["publish_at"]
    if publish_at is not None:
        if not _is_within(publish_at, _not_before(last, now) + LONGEST_SILENCE):
            text = f"By the launch's row (publish_at), Slack is told nothing of it before {_shown(publish_at)}."
            yield finding_at(Kind.PROJECTION, last, text)
        return
    untold = (event for event in stream.events[max(row["published_seq"], 0) :] if event.kind != DENIED)
    if first := next(untold, None):
        text = "It was not told in Slack, and by the launch's row (publish_at) it never will be."
        yield finding_at(Kind.PROJECTION, first, text)
    if row["message_ts"] is None:
        yield finding_at(Kind.PROJECTION, last, "The launch's row names no card, and by it none will be posted.")


def _listed(stream: Stream, row: "Row", launch: Launch) -> Iterator[Finding]:
    """Where people would look for it in vain, and alerts would not count it."""
    shelf = phase_of(launch)
    let_be = row["due_at"] is None and launch.state in LET_BE and row["shelf"] == Phase.OVER
    if row["shelf"] != shelf and not let_be:
        yield _differs(stream, "shelf", row["shelf"], shelf.value)
    # It says the order of what waits. Rows from before this column have what was due next in it.
    if launch.state == State.REQUESTED and row["expires_at"] not in (launch.expires_at, row["due_at"]):
        yield _differs(stream, "expires_at", row["expires_at"], launch.expires_at)


def _due(stream: Stream, row: "Row", launch: Launch, now: datetime) -> Iterator[Finding]:
    """Where a step would not be taken in its time, or what has ended would be taken up again."""
    last = stream.events[-1]
    now, should = _not_before(last, now), due_at(launch)
    earliest = last.at if launch.state in HASTENED and isinstance(last.at, datetime) else should
    if not _fits(row["due_at"], should, (earliest, put_off_until(launch, now)), let_be=launch.state in LET_BE):
        yield _differs(stream, "due_at", row["due_at"], should)
    should = stop_due_at(launch)
    if should is None and may_be_braked(launch):
        # Whoever counts makes its run due to be judged; and where it was judged, nothing is due.
        should = None if row["stop_at"] is None else launch.requested_at
    let_be = launch.stop is not None and launch.stop.step == StopStep.IN_DOUBT
    if not _fits(row["stop_at"], should, (should, now + LONGEST_WAIT), let_be=let_be):
        yield _differs(stream, "stop_at", row["stop_at"], should)


def _fits(
    says: datetime | Unreadable | None,
    should: datetime | None,
    within: tuple[datetime | None, datetime],
    *,
    let_be: bool,
) -> bool:
    """Whether the moment is the one that the last event has set, or one to which it was moved since."""
    earliest, latest = within
    if says == should:
        return True
    if says is None or earliest is None or should is None:
        return says is None and let_be
    return isinstance(says, datetime) and earliest <= says and _is_within(says, latest)


def _is_within(says: datetime | Unreadable, latest: datetime) -> bool:
    return isinstance(says, datetime) and says <= latest + CLOCKS_APART


def _not_before(last: StoredEvent, now: datetime) -> datetime:
    """Now, by a clock that was not set back since the last event."""
    return now if isinstance(last.at, Unreadable) else max(now, last.at)


def _differs(stream: Stream, column: str, says: object, should: object) -> Finding:
    text = f"The launch's row says {column} = {_shown(says)}; its events come to {_shown(should)}."
    return finding_at(Kind.PROJECTION, stream.events[-1], text)


def _shown(value: object) -> str:
    if isinstance(value, Unreadable):
        return "no moment"
    return value.isoformat() if isinstance(value, datetime) else str(value)


Row = dict[str, Any]


_LABELS = {name: f"launches_{name}" for name in PROJECTED}

_MOMENTS = tuple(name for name in PROJECTED if name in MOMENTS)


def row_columns(dialect: str) -> tuple[ColumnElement[Any], ...]:
    """The columns beside a stream by which `launch_row` knows it."""
    found = {name: launches.c[name] for name in PROJECTED}
    return tuple(
        (as_stored(dialect, column) if name in MOMENTS else column).label(_LABELS[name])
        for name, column in found.items()
    )


def launch_row(stream: Stream) -> Row | None:
    beside = stream.beside
    row = {name: beside[label] for name, label in _LABELS.items()}
    if row["id"] is None:
        return None
    for name in _MOMENTS:
        if row[name] is not None:
            row[name] = moment(row[name])
    row["version"], row["published_seq"] = whole_number(row["version"]), whole_number(row["published_seq"])
    return row


def missing(stream: Stream, first: int, last: int) -> Finding:
    what = f"Event {first} is missing" if first == last else f"The events {first} to {last} are missing"
    return Finding(kind=Kind.MISSING, launch_id=stream.launch_id, seq=first, text=f"{what}: removed from the journal.")


def finding_at(kind: Kind, event: StoredEvent, text: str) -> Finding:
    return Finding(kind=kind, launch_id=event.launch_id, seq=event.seq, text=text, event=event)
