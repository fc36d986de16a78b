"""Streams are opened one after another, and each follows the one before, whoever opens them."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import pairwise

import pytest
from sqlalchemy import text

from bot.campaign.request import LaunchId
from bot.journal.engine import open_engine
from bot.journal.schema import upgrade
from bot.launch.commands import Request
from bot.launch.events import Denied
from bot.policy.roles import Action
from tests.builders import ANA, OTTO, Clock, asked, journal_on
from tests.journal.earlier import before_openings

ROUNDS = 200

OPENED = (
    "select e.previous, e.digest, o.digest from openings o "
    "left join events e on e.launch_id = o.launch_id and e.seq = 1 order by o.number"
)


def head_of(journal):
    with journal.reading() as connection:
        return tuple(connection.execute(text("select number, digest, unchained from openings_head")).one())


def test_two_who_open_at_once_follow_each_other(database_url):
    """Launches and refused attempts alike, through two instances."""
    journals = [journal_on(database_url, Clock()) for _ in range(2)]

    def opens(which):
        for number in range(ROUNDS):
            if number % 2:
                journals[which].record_alone(
                    LaunchId(f"D{which}-{number}"), OTTO, Denied(Action.REQUEST, "MissingRole")
                )
            else:
                journals[which].execute(LaunchId(f"L{which}-{number}"), Request(ANA, asked()))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(opens, range(2)))
    with journals[0].reading() as connection:
        opened = connection.execute(text(OPENED)).all()
    assert len(opened) == 2 * ROUNDS
    assert all(own == noted for _, own, noted in opened)
    assert opened[0][0] == ""
    assert all(after[0] == before[1] for before, after in pairwise(opened))
    assert head_of(journals[0]) == (2 * ROUNDS, opened[-1][1], 0)


def test_the_same_launch_opened_twice_at_once_takes_one_place(database_url):
    journals = [journal_on(database_url, Clock()) for _ in range(2)]
    for number in range(20):
        command = Request(ANA, asked())
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda one, n=number, c=command: one.execute(LaunchId(f"L{n}"), c), journals))
    assert head_of(journals[0])[0] == 20


@pytest.fixture
def old_engine(database_url):
    """A database of the version before the openings were chained, with two streams."""
    engine = open_engine(database_url)
    upgrade(engine)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        before_openings(connection)
        for name, at in (("L2", "2026-11-01 09:00:00"), ("L1", "2026-11-02 09:00:00")):
            connection.execute(
                text("insert into events values (:name, 1, :at, 'launch:request', 'U0ANA', '{}', '', :digest)"),
                {"name": name, "at": at, "digest": f"digest of {name}"},
            )
    return engine


def test_streams_from_before_are_counted_and_sealed_in_the_order_of_their_time(old_engine):
    upgrade(old_engine)
    with old_engine.connect() as connection:
        places = connection.execute(text("select number, launch_id from openings order by number")).all()
        head = connection.execute(text("select * from openings_head")).one()
    assert [tuple(place) for place in places] == [(1, "L2"), (2, "L1")]
    assert tuple(head) == (1, 2, "digest of L1", 2, sha256(b"digest of L2\ndigest of L1\n").hexdigest())


def test_the_first_new_stream_follows_the_last_old_one(old_engine, database_url):
    journal = journal_on(database_url, Clock())
    journal.execute(LaunchId("L3"), Request(ANA, asked()))
    with journal.reading() as connection:
        assert connection.execute(text("select previous from events where launch_id = 'L3'")).scalar_one() == (
            "digest of L1"
        )
