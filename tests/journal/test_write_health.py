"""A database that takes no writes: it is told, it is left for one that does, and it comes back by itself."""

from contextlib import suppress

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from bot.journal import engine as engine_module
from bot.journal.engine import open_engine
from bot.journal.instance import signed_on
from bot.journal.journal import Journal
from bot.journal.write_health import TROUBLED_FOR, Unwritten, Writes
from tests.postgres import Postgres
from tests.waiting import until

TOUCH = text("UPDATE alembic_version SET version_num = version_num")
FULL = text("DO $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$")


class Full(Exception):
    sqlstate = "53100"


@pytest.fixture
def fenced(postgres):
    """The server, which takes writes again after the test."""
    yield postgres
    postgres.takes_writes(taken=True)


@pytest.fixture
def pair():
    """Two servers of their own: the one that leads, and the one that takes its place."""
    servers = (Postgres(), Postgres())
    yield servers
    for server in servers:
        server.close()


def writes(journal):
    with suppress(SQLAlchemyError), journal.writing() as connection:
        connection.execute(TOUCH)
        return True
    return False


def tells(journal):
    """Whether it is told that nothing is written."""
    try:
        journal.ping()
    except Unwritten:
        return True
    return False


def both(pair):
    """The DATABASE_URL that names both servers, the one that leads first, and the servers' hosts."""
    urls = [make_url(server.new_journal()) for server in pair]
    hosts = [str(url.query["host"]) for url in urls]
    return f"postgresql://postgres@/{urls[0].database}?host={','.join(hosts)}", hosts


def backends(journal):
    """Where two connections at once lead."""
    told = text("SELECT current_setting('unix_socket_directories')")
    with journal.asking() as one, journal.asking() as other:
        return [connection.execute(told).scalar_one() for connection in (one, other)]


def test_a_server_that_became_read_only_is_told_until_it_takes_writes_again(fenced):
    journal = Journal(open_engine(fenced.new_journal()))
    assert writes(journal)
    fenced.takes_writes(taken=False)
    # Nobody has written since.
    assert until(lambda: tells(journal))
    assert not writes(journal)
    fenced.takes_writes(taken=True)
    assert until(lambda: writes(journal))
    assert not tells(journal)


def test_a_server_that_became_read_only_is_left_for_the_one_that_took_its_place(pair):
    url, hosts = both(pair)
    journal = Journal(open_engine(url))
    assert backends(journal) == [hosts[0]] * 2
    pair[0].takes_writes(taken=False)
    assert until(lambda: not writes(journal))
    assert writes(journal)
    assert backends(journal) == [hosts[1]] * 2
    assert not tells(journal)


def test_a_connection_to_a_server_that_became_read_only_is_not_used_again(pair, monkeypatch):
    """Whoever only reads would be told what was so before."""
    monkeypatch.setattr(engine_module, "TRUSTED_FOR", 0.0)
    url, hosts = both(pair)
    journal = Journal(open_engine(url))
    assert backends(journal) == [hosts[0]] * 2
    pair[0].takes_writes(taken=False)
    assert until(lambda: backends(journal) == [hosts[1]] * 2)


def test_an_instance_shows_itself_on_the_server_that_took_the_others_place(pair):
    url, _ = both(pair)
    with signed_on(open_engine(url)) as me:
        pair[0].takes_writes(taken=False)
        with signed_on(open_engine(url)) as other:
            assert until(lambda: not me.gone(other.id))
            assert until(lambda: not other.gone(me.id))


def test_a_full_disk_is_told_until_something_is_written_again(journal_url):
    engine = open_engine(journal_url)
    journal = Journal(engine)
    with suppress(DBAPIError), journal.writing() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(FULL)
        # What the disk holds is all that there may be.
        connection.exec_driver_sql("PRAGMA max_page_count=1")
        connection.execute(text("INSERT INTO files VALUES (:name, zeroblob(1000000), 0)"), {"name": "f" * 64})
    assert tells(journal)
    assert writes(journal)
    assert not tells(journal)


def test_a_refused_write_counts_for_a_while_where_nobody_writes_again():
    now = [0.0]
    watching = Writes(lambda: now[0])
    refused = OperationalError("UPDATE", None, Full())
    with pytest.raises(OperationalError), watching.watched():
        raise refused
    now[0] = TROUBLED_FOR - 1
    with pytest.raises(Unwritten):
        watching.check()
    now[0] = TROUBLED_FOR
    watching.check()


def test_another_failure_of_a_write_says_nothing_of_the_disk():
    watching = Writes()
    with pytest.raises(OperationalError), watching.watched():
        raise OperationalError("UPDATE", None, Exception("gone"))
    watching.check()
