"""However many tests somebody asks for at one moment, no more go on record than the policy allows within a day."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.campaign.request import LaunchId, Purpose, Source, SourceKind
from bot.journal.testing import BeyondBound, MadeTests
from bot.launch.commands import Request
from bot.launch.state import Launch
from tests.builders import ANA, BEN, asked, journal_on
from tests.conftest import ENGINES

AT_ONCE, MOST = 8, 3
TEST = {"purpose": Purpose.TEST, "source": Source(SourceKind.SEGMENT, 21), "limit": 25, "approvals": 0}


@pytest.fixture(params=ENGINES)
def database(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgres").new_journal()
    return f"sqlite:///{tmp_path / 'journal.db'}"


def test_of_many_tests_that_are_asked_for_at_once_only_as_many_are_made_as_the_policy_allows(database):
    # Each on a journal of its own, as two instances have.
    journals = [journal_on(database) for _ in range(2)]
    begin = threading.Barrier(AT_ONCE)

    def ask(nth: int) -> bool:
        journal = journals[nth % len(journals)]
        bound = MadeTests(journal).within_bound(ANA, journal.now() - timedelta(hours=24), MOST)
        begin.wait()
        try:
            made = journal.execute(LaunchId(f"T{nth}"), Request(ANA, asked(**TEST)), bound)
        except BeyondBound:
            return False
        return isinstance(made, Launch)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sum(pool.map(ask, range(AT_ONCE))) == MOST

    (journal, other), since = journals, journals[0].now() - timedelta(hours=24)
    assert MadeTests(journal).asked_by(ANA, since) == MOST
    assert sum(other.load(LaunchId(f"T{nth}")) is not None for nth in range(AT_ONCE)) == MOST
    # What one person may not ask for any more, another still may.
    bound = MadeTests(other).within_bound(BEN, since, MOST)
    assert isinstance(other.execute(LaunchId("T-ben"), Request(BEN, asked(**TEST)), bound), Launch)
