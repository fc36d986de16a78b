"""The database under the journal: who may use it, whose clock holds, and what is refused at the start."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event, inspect, text
from sqlalchemy.exc import OperationalError

from bot.campaign.request import LaunchId
from bot.journal import engine as engine_module
from bot.journal import write_lock
from bot.journal.clock import SET_ANEW, ServersClock
from bot.journal.engine import JournalUnusable, open_engine
from bot.journal.instance import signed_on
from bot.journal.journal import Journal
from bot.journal.schema import upgrade
from bot.journal.tables import metadata
from bot.launch.commands import Request
from tests.builders import ANA, asked, journal_on
from tests.waiting import until


@pytest.fixture
def engine(database_url):
    return open_engine(database_url)


@pytest.fixture
def shared_url(postgres):
    return postgres.new_database()


def test_a_second_process_is_refused_the_same_file(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'journal.db'}")
    with signed_on(engine), pytest.raises(JournalUnusable, match="Stop it first"), signed_on(engine):
        pass
    with signed_on(engine):
        pass


def test_on_sqlite_whoever_else_made_a_claim_is_gone(tmp_path):
    with signed_on(open_engine(f"sqlite:///{tmp_path / 'journal.db'}")) as me:
        assert me.gone("forerunner")
        assert not me.gone(me.id)


def test_instances_on_one_postgresql_know_who_is_gone(shared_url):
    engines = [open_engine(shared_url), open_engine(shared_url)]
    with signed_on(engines[0]) as me:
        with signed_on(engines[1]) as other:
            assert me.id != other.id
            assert not me.gone(other.id)
            assert not me.gone(me.id)
        # The server ends a session on its own time after the client has closed it.
        assert until(lambda: me.gone(other.id))


def test_an_instance_whose_connections_broke_shows_itself_again(shared_url, postgres):
    engines = [open_engine(shared_url), open_engine(shared_url)]
    with signed_on(engines[0]) as me, signed_on(engines[1]) as other:
        postgres.break_connections()
        assert not other.gone(other.id)
        assert not me.gone(other.id)


def test_the_servers_clock_decides_whatever_this_machines_says(shared_url):
    journal = Journal(open_engine(shared_url))
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        assert abs(datetime.now(UTC) - journal.now()) > timedelta(minutes=59)
    assert abs(datetime.now(UTC) - journal.now()) < timedelta(minutes=1)


def test_the_servers_clock_goes_on_between_two_answers_and_is_set_anew(shared_url):
    engine = open_engine(shared_url)
    seconds = [100.0]
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    clock = ServersClock(engine, lambda: seconds[0])
    first = clock()
    seconds[0] += 4.5
    assert clock() - first == timedelta(seconds=4.5)
    assert len(asked) == 1
    seconds[0] += SET_ANEW
    # The server's own clock has hardly moved meanwhile, and it is what counts.
    assert clock() - first < timedelta(seconds=4.5)
    assert len(asked) == 2


def test_a_connection_that_is_closed_already_is_replaced_unnoticed(shared_url):
    engine = open_engine(shared_url)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        connection.execute(text("select 1"))
    driver.close()

    with engine.connect() as connection:
        assert connection.execute(text("select 1")).scalar_one() == 1
    engine.dispose()


@pytest.mark.parametrize("trusted_for", [0.0, engine_module.TRUSTED_FOR])
def test_a_connection_that_was_cut_while_nobody_used_it_is_replaced_unnoticed(shared_url, monkeypatch, trusted_for):
    monkeypatch.setattr(engine_module, "TRUSTED_FOR", trusted_for)
    engine = open_engine(shared_url)
    with engine.connect() as connection:
        first = connection.execute(text("select pg_backend_pid()")).scalar_one()
    with open_engine(shared_url).connect() as other:
        other.execute(text("select pg_terminate_backend(:first, 10000)"), {"first": first})
    with engine.connect() as connection:
        assert connection.execute(text("select pg_backend_pid()")).scalar_one() != first


@pytest.mark.parametrize("encoding", ["LATIN1", "WIN1251", "SQL_ASCII"])
def test_a_database_in_another_encoding_keeps_what_people_write(postgres, encoding):
    journal = journal_on(postgres.new_database("template0", encoding))
    asked_for = journal.execute(LaunchId("L1"), Request(ANA, asked(reason="Привет, 5 € 👍")))
    assert journal.doubts(asked_for) == ()
    assert journal_on(journal.url).load(LaunchId("L1")) == asked_for


def test_two_first_starts_at_once_both_find_the_tables(shared_url):
    for _ in range(3):
        engines = [open_engine(shared_url) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(upgrade, engines))
        assert set(inspect(engines[0]).get_table_names()) >= set(metadata.tables)
        metadata.drop_all(engines[0])
        with engines[0].begin() as connection:
            connection.execute(text("drop table alembic_version"))


def test_the_migrations_make_what_the_code_reads_and_work_twice(engine):
    upgrade(engine)
    upgrade(engine)
    inspector = inspect(engine)
    for table in metadata.sorted_tables:
        assert [column["name"] for column in inspector.get_columns(table.name)] == [one.name for one in table.columns]
        assert {index["name"] for index in inspector.get_indexes(table.name)} == {one.name for one in table.indexes}


def test_a_migration_that_fails_leaves_nothing_behind(engine, monkeypatch):
    def broken(*_):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("bot.journal.schema._check_whole", broken)
    with pytest.raises(RuntimeError):
        upgrade(engine)
    assert inspect(engine).get_table_names() == []


def test_a_database_of_a_newer_version_is_refused(engine):
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(JournalUnusable, match="newer campaign-bot"):
        upgrade(engine)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("drop table alembic_version", "half migrated, or another program's"),
        ("drop table files", "its table files lacks content, kept_at, sha256"),
        ("alter table launches drop column head", "its table launches lacks head"),
    ],
)
def test_a_half_migrated_database_is_refused(engine, damage, says):
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text(damage))
    with pytest.raises(JournalUnusable, match=says):
        upgrade(engine)


def test_a_commit_is_on_the_disk_before_it_is_answered(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'journal.db'}")
    with engine.connect() as connection:
        assert connection.execute(text("pragma synchronous")).scalar_one() == 2
        assert connection.execute(text("pragma journal_mode")).scalar_one() == "wal"


def test_only_a_commit_that_may_be_undone_does_not_wait_for_the_disk(engine):
    upgrade(engine)
    journal = Journal(engine)
    waits = text("show synchronous_commit" if engine.dialect.name == "postgresql" else "pragma synchronous")
    seen = []
    # On one connection of the pool, so that what one leaves behind would show in the next.
    for durable in (True, False, True):
        with journal.writing(durable=durable) as connection:
            seen.append(str(connection.execute(waits).scalar_one()))
    assert seen in (["2", "1", "2"], ["on", "off", "on"])


def test_a_writer_whose_turn_does_not_come_is_told_that_the_file_is_locked(tmp_path, monkeypatch):
    monkeypatch.setattr(write_lock, "BUSY_MS", 50)
    engine = open_engine(f"sqlite:///{tmp_path / 'journal.db'}")
    upgrade(engine)
    journal = Journal(engine)

    def write():
        with journal.writing():
            return "written"

    with ThreadPoolExecutor(1) as other:
        with journal.writing(), pytest.raises(OperationalError, match="locked"):
            other.submit(write).result()
        assert other.submit(write).result() == "written"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://somewhere/db", "names mysql"),
        ("nonsense", "cannot be read"),
    ],
)
def test_another_database_is_refused_with_what_is_taken(url, says):
    with pytest.raises(JournalUnusable, match=says):
        open_engine(url)


def test_a_new_journal_and_what_lies_beside_it_are_for_their_owner_alone(tmp_path):
    before = os.umask(0)
    try:
        engine = open_engine(f"sqlite:///{tmp_path / 'journal.db'}")
        with signed_on(engine):
            upgrade(engine)
            with engine.connect():
                modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert len(modes) > 2
    assert set(modes.values()) == {0o600}
