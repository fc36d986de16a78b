"""Several processes find what one finds, wherever a part of the record ends."""

import pytest

from bot.journal.audit import Counts, verify
from bot.journal.audit_shards import verify_in_processes
from bot.journal.journal import Journal
from bot.journal.keys import keys_of
from bot.launch.commands import Request
from tests.builders import ANA, Clock, asked, journal_at
from tests.conftest import ENGINES
from tests.journal.tampering import SENT, STREAMS, WAITING, filled, tamper

DEEDS = (
    f"update events set actor = 'U0X' where launch_id = '{SENT}' and seq = 3",
    f"delete from events where launch_id = '{WAITING}'",
    "update openings set digest = '0' where number = 2",
    "update launches set campaign_id = 7",
)


@pytest.fixture(params=ENGINES)
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.db'}"
    return request.getfixturevalue("postgres").new_database()


def together(journal, **how):
    counts = Counts()
    return {repr(one.text) + one.launch_id for one in verify_in_processes(journal, counts, **how)}, counts


def alone(journal):
    counts = Counts()
    with journal.reading() as connection:
        return {repr(one.text) + one.launch_id for one in verify(connection, counts, journal.keys)}, counts


def test_several_processes_count_and_find_what_one_does(url):
    journal = filled(url)
    assert together(journal, processes=2, worthwhile=1) == alone(journal)
    with journal.writing() as connection:
        tamper(connection, *DEEDS)
    found = together(journal, processes=2, worthwhile=1, shard=2)
    assert found == alone(journal)
    assert len(found[0]) > len(DEEDS)


def test_they_have_the_keys(tmp_path):
    keys = keys_of([b"a key of thirty-two bytes or more"])
    journal = journal_at(tmp_path, Clock(), keys)
    for name in ("L-one", "L-two"):
        journal.execute(name, Request(ANA, asked()))
    assert together(journal, processes=2, worthwhile=1)[0] == set()
    unkeyed = Journal(journal._engine)
    unkeyed.execute("L-three", Request(ANA, asked()))
    assert len(together(journal, processes=2, worthwhile=1)[0]) == 1


def test_a_short_record_is_verified_by_one(tmp_path):
    journal = filled(f"sqlite:///{tmp_path / 'journal.db'}")
    found, counts = together(journal)
    assert (found, counts.launches + counts.alone) == (set(), len(STREAMS))
