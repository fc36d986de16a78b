"""Fills a journal with a long past: one launch's rows as the product writes them, copied by the database itself.

The copies' hash chains do not hold, which nothing that is measured looks at.
"""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, text

from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.launch.commands import Approve, Observe, Request
from bot.launch.outcome import Accepted
from bot.launch.run import RunEnded, RunStarted
from tests.builders import ANA, BEN, asked, started

EVENTS_EACH = 6
"""Requested, approved, sent, accepted, started, ended."""

FIRST_COPIED = 10_000_000
"""The copies' campaigns, which no measurement asks for."""

_LAUNCH_COLUMNS = (
    "state, channel, version, head, due_at, publish_at, message_ts, posting_seq, published_seq, elsewhere_seq, "
    "reaches_at"
)
_EVENT_COLUMNS = "seq, at, kind, actor, data, previous, digest"


def fill(journal: Journal, *, finished_events: int = 0, pending: int = 0) -> None:
    """Gives an empty journal about so many events of finished launches, and launches that wait for approval."""
    finished, waiting = LaunchId("finished"), LaunchId("pending")
    now = journal.now()
    requested = asked(campaign_id=FIRST_COPIED, reason="x" * 200)
    for launch_id in (finished, waiting):
        journal.execute(launch_id, Request(ANA, replace(requested, expires_at=now + timedelta(hours=12))))
    journal.execute(finished, Approve(BEN))
    journal.execute(finished, Observe(started(finished, newest_log=now)))
    journal.execute(finished, Observe(Accepted()))
    journal.execute(finished, Observe(RunStarted(now)))
    journal.execute(finished, Observe(RunEnded(now, 0, 0, ())))
    with journal.writing() as connection:
        told = (
            "update launches set publish_at = null, published_seq = version, posting_seq = version, message_ts = '1.0'"
        )
        connection.execute(text(told))
        _copy(connection, finished, finished_events // EVENTS_EACH)
        _copy(connection, waiting, pending)
        for original in (finished, waiting):
            for table, column in (("launches", "id"), ("events", "launch_id")):
                connection.execute(text(f"delete from {table} where {column} = :id"), {"id": original})
    if journal._engine.dialect.name == "postgresql":
        with journal._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("vacuum analyze"))
    journal._engine.dispose()


def _copy(connection: Connection, original: LaunchId, times: int) -> None:
    if connection.dialect.name == "sqlite":
        numbers = "(with recursive n(i) as (select 1 union all select i + 1 from n where i < :times) select i from n)"
        name = "substr(lower(hex(randomblob(4))), 1, 8) || '-' || :original || '-' || i"
    else:
        numbers = "(select i from generate_series(1, :times) as i)"
        name = "substr(md5(i::text), 1, 8) || '-' || :original || '-' || i"
    if not times:
        return
    given = {"times": times, "original": original, "first": FIRST_COPIED}
    # In the order of random names, as ids made by uuid4 are.
    connection.execute(text(f"create temporary table names as select {name} as id, i from {numbers} as numbers"), given)
    connection.execute(
        text(
            f"insert into launches (id, campaign_id, audience, {_LAUNCH_COLUMNS}) "
            f"select names.id, :first + i, 'segment:' || (:first + i), {_LAUNCH_COLUMNS} "
            "from names, launches where launches.id = :original order by names.id"
        ),
        given,
    )
    connection.execute(
        text(
            f"insert into events (launch_id, {_EVENT_COLUMNS}) select names.id, {_EVENT_COLUMNS} "
            "from names, events where events.launch_id = :original order by names.id, seq"
        ),
        given,
    )
    connection.execute(text("drop table names"))
