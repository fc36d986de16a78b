"""What is due, and who works on it: rows claimed with a lease, in two lanes that never wait for each other."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, func, or_, select, update

from bot.journal.instance import Instance
from bot.journal.journal import Journal
from bot.journal.tables import launches
from bot.launch.request import LaunchId

LEASE = timedelta(minutes=15)
"""Far longer than any call: a lease that ends during a call would raise a false doubt. An instance that is seen to be
gone is not waited for."""


@dataclass(frozen=True)
class Lane:
    """The columns that say when a launch is due for one kind of work, and who has taken it."""

    due: Column[Any]
    claim: Column[Any]
    claim_until: Column[Any]


STEPS = Lane(launches.c.due_at, launches.c.claim, launches.c.claim_until)
"""The launch's own next step: expire, activate, look, follow."""

PUBLISHING = Lane(launches.c.publish_at, launches.c.publish_claim, launches.c.publish_claim_until)
"""Bringing Slack up to date."""


class Queue:
    """One lane's due launches, as one instance sees them."""

    def __init__(self, journal: Journal, lane: Lane, instance: Instance) -> None:
        self._journal = journal
        self._lane = lane
        self._instance = instance

    def claim(self, limit: int) -> tuple[LaunchId, ...]:
        """Takes up to `limit` launches that are due; nobody else gets them until they are given back."""
        now = self._journal.now()
        if not self._any_due(now):
            return ()
        lane = self._lane
        with self._journal.writing() as connection:
            due = connection.execute(
                select(launches.c.id)
                .where(lane.due <= now, _free(lane, now))
                .order_by(lane.due)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            taken = tuple(LaunchId(found) for found in due.scalars())
            connection.execute(
                update(launches)
                .where(launches.c.id.in_(taken))
                .values({lane.claim: self._instance.id, lane.claim_until: now + LEASE})
            )
        return taken

    def give_back(self, launch_id: LaunchId) -> None:
        """Ends the claim. What is due then is what the last append said, or `postpone`."""
        with self._journal.writing() as connection:
            self._set(connection, launch_id, {self._lane.claim: None, self._lane.claim_until: None})

    def postpone(self, launch_id: LaunchId, version: int, until: datetime | None) -> None:
        """Sets when the launch is due next, None for never, unless it has moved on from that version meanwhile."""
        with self._journal.writing() as connection:
            self._set(connection, launch_id, {self._lane.due: until}, launches.c.version == version)

    def next_due(self) -> datetime | None:
        """When the next launch that nobody works on is due."""
        lane = self._lane
        query = select(func.min(lane.due)).where(_free(lane, self._journal.now()))
        with self._journal.reading() as connection:
            found: datetime | None = connection.execute(query).scalar_one()
        return found

    def take_over(self) -> None:
        """Frees what instances hold that are gone, long before their leases end."""
        claim = self._lane.claim
        with self._journal.reading() as connection:
            owners = connection.execute(
                select(claim).where(claim.is_not(None), claim != self._instance.id).distinct()
            ).scalars()
            others = tuple(owners)
        for owner in filter(self._instance.gone, others):
            with self._journal.writing() as connection:
                freed = {claim: None, self._lane.claim_until: None}
                connection.execute(update(launches).where(claim == owner).values(freed))

    def _any_due(self, now: datetime) -> bool:
        lane = self._lane
        with self._journal.reading() as connection:
            query = select(launches.c.id).where(lane.due <= now, _free(lane, now)).limit(1)
            return connection.execute(query).first() is not None

    def _set(
        self, connection: Connection, launch_id: LaunchId, values: dict[Any, Any], *more: ColumnElement[bool]
    ) -> None:
        mine = (launches.c.id == launch_id, self._lane.claim == self._instance.id, *more)
        connection.execute(update(launches).where(*mine).values(values))


def _free(lane: Lane, now: datetime) -> ColumnElement[bool]:
    return or_(lane.claim.is_(None), lane.claim_until < now)


class Places:
    """Notes what Slack has been told of a launch, so that a restart tells nothing twice."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def posting(self, launch_id: LaunchId, seq: int) -> None:
        """The posting of that event begins; 0 stands for the card."""
        self._note(launch_id, posting_seq=seq)

    def card_posted(self, launch_id: LaunchId, message_ts: str) -> None:
        self._note(launch_id, message_ts=message_ts)

    def published(self, launch_id: LaunchId, seq: int) -> None:
        """The thread holds all events up to this one."""
        self._note(launch_id, published_seq=seq)

    def card_lost(self, launch_id: LaunchId) -> None:
        """The card is not in the channel any more, so that it is posted anew."""
        self._note(launch_id, message_ts=None)

    def told_elsewhere(self, launch_id: LaunchId, seq: int) -> None:
        """People were told outside the channel how the launch stands after that event."""
        self._note(launch_id, elsewhere_seq=seq)

    def _note(self, launch_id: LaunchId, **values: object) -> None:
        with self._journal.writing() as connection:
            connection.execute(update(launches).where(launches.c.id == launch_id).values(**values))
