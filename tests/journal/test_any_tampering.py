"""Any one change to any journal is found."""

from contextlib import suppress
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, BigInteger, Connection, Integer, String, Table, and_
from sqlalchemy.exc import IntegrityError

from bot.campaign.request import LaunchId
from bot.journal.tables import Moment, events, launches, openings, openings_head
from bot.launch.commands import Approve, Cancel, Command, Deny, Observe, Reject, Request
from bot.launch.events import Denied
from bot.launch.outcome import Accepted, Unknown
from bot.policy.roles import Action
from tests.builders import ANA, BEN, CLEO, OTTO, Clock, asked, journal_on, started
from tests.journal.tampering import found_in

DENIED = Denied(Action.APPROVE, "MissingRole")
HISTORIES: tuple[tuple[Command, ...], ...] = (
    (Cancel(ANA),),
    (Deny(OTTO, DENIED), Reject(BEN, "The subject is wrong"), Deny(OTTO, DENIED)),
    (Approve(BEN), Observe(started()), Observe(Accepted())),
    (Approve(BEN), Deny(CLEO, DENIED), Observe(started()), Observe(Unknown("the connection broke"))),
)

HELD: dict[Table, tuple[str, ...]] = {
    events: tuple(events.c.keys()),
    launches: (
        *("id", "state", "campaign_id", "channel", "version", "head", "audience", "reaches_at"),
        *("requester", "asked_at", "shelf", "stop_at"),
    ),
    openings: tuple(openings.c.keys()),
    openings_head: ("number", "digest", "unchained", "unchained_digest"),
}
"""The columns that verification holds against each other. The others say until when something may have been
put off, and what Slack shows."""


@pytest.fixture(scope="module")
def journals(tmp_path_factory):
    """A few, each with some streams that are somewhere in their lives."""
    return [written(f"sqlite:///{tmp_path_factory.mktemp('any') / 'journal.db'}", Random(seed)) for seed in range(4)]


def written(url, chance):
    clock = Clock()
    journal = journal_on(url, clock)
    for number in range(chance.randint(1, 4)):
        stream = LaunchId(f"L{number}")
        history = chance.choice([None, *HISTORIES])
        clock.pass_by(seconds=1)
        if history is None:
            journal.record_alone(stream, OTTO, Denied(Action.REQUEST, "MissingRole"))
            continue
        journal.execute(stream, Request(ANA, asked(campaign_id=82 + number)))
        for command in history[: chance.randint(0, len(history))]:
            clock.pass_by(seconds=1)
            journal.execute(stream, command)
    return journal


def change(data: st.DataObject, connection: Connection) -> None:
    """Edits one value, takes one row out, or puts one in."""
    table = data.draw(st.sampled_from([table for table in HELD if _rows(connection, table)]), label="table")
    row = data.draw(st.sampled_from(_rows(connection, table)), label="row")
    here = and_(*(column == row[column.name] for column in table.primary_key))
    deed = data.draw(st.sampled_from(["edit", "take out", "put in"]), label="deed")
    if deed == "take out":
        connection.execute(table.delete().where(here))
        return
    name = data.draw(st.sampled_from(HELD[table]), label="column")
    key = next(iter(table.primary_key)).name
    name = key if deed == "put in" else name
    value = data.draw(_another(table.c[name], row[name], _rows(connection, table)), label="value")
    if deed == "put in":
        connection.execute(table.insert().values({**row, name: value}))
    else:
        connection.execute(table.update().where(here).values({name: value}))


def _rows(connection: Connection, table: Table) -> list[dict]:
    return [dict(row) for row in connection.execute(table.select()).mappings()]


def _another(column, value, rows):
    """Another value of the column's kind, where a key stays a key."""
    taken = {row[column.name] for row in rows} if column.primary_key else {_plain(value)}
    kind = _KINDS[type(column.type)]
    made = {
        int: st.integers(-1, 20),
        str: st.sampled_from(["0" * 64, "U0EVE", "launch:cancel", "finished", "L9"]) | st.text("abc", min_size=1),
        dict: st.dictionaries(st.sampled_from(["roles", "reason", "x"]), st.integers(0, 3), min_size=1),
        datetime: st.datetimes(timezones=st.just(UTC)),
    }[kind]
    others = [row[column.name] for row in rows if row[column.name] is not None]
    return (made | st.sampled_from(others or [None])).filter(lambda one: one is not None and _plain(one) not in taken)


_KINDS = {Integer: int, BigInteger: int, String: str, Moment: datetime, JSON: dict}


def _plain(value):
    return str(value) if isinstance(value, dict) else value


@settings(max_examples=120)
@given(data=st.data())
def test_one_change_to_any_journal_is_found(journals, data):
    with data.draw(st.sampled_from(journals), label="journal").writing() as connection:
        assert found_in(connection) == []
        with suppress(IntegrityError):  # then the database has refused it by itself
            change(data, connection)
            assert found_in(connection)
        connection.rollback()
