"""What the journal says that Slack was told, so that it can be held against what Slack shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, select

from bot.campaign.request import LaunchId
from bot.journal.audit_rows import DENIED
from bot.journal.journal import Journal
from bot.journal.tables import events, launches, pruned

PAGE = 500


@dataclass(frozen=True)
class Published:
    """A launch with a card: the digest of each event, and how far its thread has been told."""

    launch_id: LaunchId
    channel: str
    message_ts: str
    digests: Mapping[int, str]
    untold: frozenset[int]
    """Events that have no reply: refused attempts, and those that were not posted yet."""


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


def published(connection: Connection, launch_id: LaunchId) -> Published | None:
    """None where the launch has no card any more."""
    row = connection.execute(select(launches).where(launches.c.id == launch_id)).mappings().one_or_none()
    if row is None or row["message_ts"] is None:
        return None
    told = connection.execute(
        select(events.c.seq, events.c.digest, events.c.kind).where(events.c.launch_id == launch_id)
    ).all()
    return Published(
        launch_id=launch_id,
        channel=row["channel"],
        message_ts=row["message_ts"],
        digests={seq: digest for seq, digest, _ in told},
        untold=frozenset(seq for seq, _, kind in told if kind == DENIED or seq > row["published_seq"]),
    )


def channels(connection: Connection) -> list[str]:
    """Every channel in which the journal knows a card."""
    return sorted(connection.execute(select(launches.c.channel).distinct()).scalars())


def is_known(connection: Connection, launch_id: LaunchId) -> bool:
    """Whether the launch is, or was before it was pruned, in the journal."""
    query = select(
        exists().where(launches.c.id == launch_id)
        | exists().where(events.c.launch_id == launch_id)
        | exists().where(pruned.c.launch_id == launch_id)
    )
    return bool(connection.execute(query).scalar_one())
