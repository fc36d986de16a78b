"""What the journal says that Slack was told, so that it can be held against what Slack shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, exists, select

from bot.campaign.request import LaunchId
from bot.journal.audit_rows import DENIED
from bot.journal.journal import Journal
from bot.journal.stored import whole_number
from bot.journal.tables import events, launches, pruned

PAGE = 500


@dataclass(frozen=True)
class Published:
    """What the journal has of a launch: the digest of each event, and how far its thread has been told.

    `message_ts` is the card's, None where the journal names none.
    """

    launch_id: LaunchId
    message_ts: str | None
    digests: Mapping[int, str]
    untold: frozenset[int]
    """Events that have no reply: refused attempts, and those that were not posted yet."""

    def as_told(self, before: "Published | Remains | None") -> "Published":
        """The same, but only what was told by that earlier look counts as told."""
        told = set(before.digests) - before.untold if isinstance(before, Published) else set()
        return replace(self, untold=self.untold | (set(self.digests) - told))


@dataclass(frozen=True)
class Remains:
    """What is kept of a pruned launch: the digests of its first and of its last event, and how many there were."""

    launch_id: LaunchId
    opening: str
    head: str
    version: int


def with_cards(journal: Journal, since: datetime | None) -> Iterator[tuple[LaunchId, str, str]]:
    """Each launch asked for since then, with its card's channel and timestamp.

    Read in pages of their own: reading Slack in between takes its time.
    """
    last = ""
    query = select(launches.c.id, launches.c.channel, launches.c.message_ts).where(launches.c.message_ts.is_not(None))
    if since:
        opened = (events.c.launch_id == launches.c.id) & (events.c.seq == 1) & (events.c.at >= since)
        query = query.where(exists().where(opened))
    while True:
        with journal.reading() as connection:
            page = connection.execute(query.where(launches.c.id > last).order_by(launches.c.id).limit(PAGE)).all()
        for launch_id, channel, message_ts in page:
            yield LaunchId(launch_id), channel, message_ts
        if not page:
            return
        last = page[-1][0]


def known(connection: Connection, launch_id: LaunchId) -> Published | Remains | None:
    """What the journal has of the launch; None where it has nothing."""
    row = connection.execute(select(launches).where(launches.c.id == launch_id)).mappings().one_or_none()
    told = connection.execute(
        select(events.c.seq, events.c.digest, events.c.kind).where(events.c.launch_id == launch_id)
    ).all()
    if row is None and not told:
        return _remains(connection, launch_id)
    published_seq = whole_number(row["published_seq"]) if row else 0
    return Published(
        launch_id=launch_id,
        message_ts=row["message_ts"] if row else None,
        digests={whole_number(seq): str(digest) for seq, digest, _ in told},
        untold=frozenset(
            whole_number(seq) for seq, _, kind in told if kind == DENIED or whole_number(seq) > published_seq
        ),
    )


def channels(connection: Connection) -> list[str]:
    """Every channel in which the journal knows a card."""
    return sorted(connection.execute(select(launches.c.channel).distinct()).scalars())


def _remains(connection: Connection, launch_id: LaunchId) -> Remains | None:
    c = pruned.c
    row = connection.execute(select(c.opening, c.head, c.version).where(c.launch_id == launch_id)).one_or_none()
    return Remains(launch_id, str(row.opening), str(row.head), whole_number(row.version)) if row else None
