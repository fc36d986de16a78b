"""Writes events behind a launch's last one, and moves the launch's row along; within the caller's transaction."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Connection, bindparam, case, func, insert, select, update

from bot.campaign.campaign import audience_of
from bot.campaign.request import LaunchId
from bot.journal.chain import digest
from bot.journal.first_events import enter, next_opening
from bot.journal.following import place
from bot.journal.keys import NO_KEYS, Keys
from bot.journal.tables import Moment, events, launches, workflow_steps
from bot.launch.codec import encode, kind_of
from bot.launch.correcting import is_correction
from bot.launch.events import Entry
from bot.launch.search import phase_of
from bot.launch.state import Launch
from bot.launch.stoppable import may_be_braked
from bot.launch.timing import due_at, judge_due_at, report_due_at, stop_due_at, tell_at
from bot.launch.workflow import is_over

_HERE = (launches.c.id == bindparam("launch")) & (launches.c.version == bindparam("from_version"))
_HEAD = select(launches.c.head).where(_HERE)
_ADD_EVENT = insert(events)
_MOVE = (
    update(launches)
    .where(_HERE)
    .values(
        {
            column: bindparam(column.name, type_=column.type)
            for column in (
                launches.c.state,
                launches.c.version,
                launches.c.head,
                launches.c.due_at,
                launches.c.publish_at,
                launches.c.report_at,
                launches.c.campaign_id,
                launches.c.audience,
                launches.c.reaches_at,
                launches.c.expires_at,
                launches.c.shelf,
            )
        }
        | {
            # What is counted makes a run due to be judged, and an append must not undo that.
            launches.c.stop_at: func.coalesce(
                bindparam("stop_at", type_=Moment),
                case(
                    (
                        bindparam("may_be_braked", type_=Boolean),
                        func.coalesce(launches.c.stop_at, bindparam("judge_at", type_=Moment)),
                    )
                ),
            )
        }
    )
)
_ANSWER = (
    update(workflow_steps)
    .where(workflow_steps.c.id == bindparam("launch"), workflow_steps.c.told_at.is_(None))
    .values(answer_at=bindparam("now", type_=Moment), version=workflow_steps.c.version + 1)
)
"""In the transaction that ends the launch: what is over and not told is found again, whatever dies meanwhile."""


class Conflict(Exception):
    """Another append came first: the launch is no longer at the version that was read."""


def open_stream(connection: Connection, launch: Launch, first: Entry, keys: Keys) -> None:
    """Makes the row of a launch that is about to begin: its first event will follow the last launch's."""
    opening = next_opening(connection)
    enter(connection, opening, launch.id, digest(first, opening.previous, keys))
    connection.execute(
        insert(launches).values(
            id=launch.id,
            state=launch.state.value,
            campaign_id=launch.target,
            test_of=launch.request.campaign_id if launch.request.is_test else None,
            canary_of=launch.request.campaign_id if launch.request.is_canary else None,
            belongs_to=launch.belongs_to,
            corrects=launch.belongs_to if is_correction(launch) else None,
            channel=launch.channel,
            requester=launch.requester,
            asked_at=launch.requested_at,
            version=0,
            head=opening.previous,
        )
    )


def move(
    connection: Connection, version: int, after: Launch, entries: Sequence[Entry], keys: Keys
) -> dict[str, datetime | None]:
    """Appends the entries and moves the projection from that version on; gives when what is due, by the column.

    Raises Conflict where the projection is at another version.
    """
    here = {"launch": after.id, "from_version": version}
    previous = connection.execute(_HEAD, here).scalar_one_or_none()
    if previous is None:
        raise Conflict(after.id)
    now = entries[-1].at
    moments = {
        "due_at": due_at(after),
        "publish_at": tell_at(after, now),
        "stop_at": stop_due_at(after),
        "report_at": report_due_at(after),
    }
    moved = connection.execute(
        _MOVE,
        {
            **here,
            "state": after.state.value,
            "version": after.version,
            "head": insert_events(connection, entries, previous, keys),
            **moments,
            "may_be_braked": may_be_braked(after),
            "judge_at": judge_due_at(after, now),
            "campaign_id": after.target,
            "audience": str(audience_of(after.request, after.preview) or ""),
            "reaches_at": after.reaches_at,
            "expires_at": after.expires_at,
            "shelf": phase_of(after).value,
        },
    )
    if moved.rowcount != 1:
        raise Conflict(after.id)
    if after.workflow and is_over(after) and connection.execute(_ANSWER, {"launch": after.id, "now": now}).rowcount:
        return {**moments, "answer_at": now}
    return moments


def last_stored(connection: Connection, launch_id: LaunchId) -> tuple[int, str]:
    """The number and the digest of the last event that is stored, whatever the launch's row says; 0 and "" for none."""
    newest = select(events.c.seq, events.c.digest).where(events.c.launch_id == launch_id).order_by(events.c.seq.desc())
    found = connection.execute(newest.limit(1)).one_or_none()
    return (found[0], found[1]) if found else (0, "")


def move_from_anywhere(
    connection: Connection, seq: int, head: str, after: Launch, entry: Entry, keys: Keys
) -> dict[str, datetime | None]:
    """Appends behind that event, wherever the projection stands, and moves it there."""
    here = update(launches).where(launches.c.id == after.id)
    connection.execute(here.values(version=seq, head=head))
    return move(connection, seq, after, (entry,), keys)


def insert_events(connection: Connection, entries: Sequence[Entry], previous: str, keys: Keys) -> str:
    """Inserts the entries behind the previous digest and returns the new head."""
    rows = list(chained(entries, previous, keys))
    for row in rows:
        connection.execute(_ADD_EVENT, row)
    place(connection, [(row["launch_id"], row["seq"]) for row in rows])
    return rows[-1]["digest"] if rows else previous


def chained(entries: Sequence[Entry], previous: str, keys: Keys = NO_KEYS) -> Iterator[dict[str, Any]]:
    """The rows of the entries, each bound by its digest to the one before."""
    for entry in entries:
        own = digest(entry, previous, keys)
        yield {
            "launch_id": entry.launch_id,
            "seq": entry.seq,
            "at": entry.at,
            "kind": kind_of(entry.event),
            "actor": entry.actor,
            "data": encode(entry.event),
            "previous": previous,
            "digest": own,
            "key_id": keys.writing_id,
        }
        previous = own
