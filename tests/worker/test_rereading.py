"""What was read for the last approval serves the call, if it is only a moment old and about the same launch."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.worker.rereading import FRESH_FOR, Rereading
from tests.builders import PREVIEW, Clock, asked, journal_at, launch


class Platform:
    """Counts what is read of it, and has an empty log."""

    def __init__(self):
        self.reads: list[str] = []
        self.together = threading.Barrier(1)

    def preview(self, campaign_id, source):
        self.reads.append("preview")
        self.together.wait(5)
        return PREVIEW

    def log(self, campaign_id, from_time=None, limit=1000):
        self.reads.append("log")
        self.together.wait(5)
        return []


class World:
    def __init__(self, path):
        self.platform = Platform()
        self.now = 0.0
        self.pool = ThreadPoolExecutor(1)
        self.journal = journal_at(path, Clock())
        self.rereading = Rereading(self.journal, self.platform, self.platform, self.pool, lambda: self.now)

    def reads_in_all(self, one) -> int:
        """How often campaign and log have been read, once the reading for the call is there."""
        self.rereading.recent(one).newest_log.result(5)
        return len(self.platform.reads)


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    world.pool.shutdown()


def test_campaign_and_log_are_read_side_by_side(world):
    world.platform.together = threading.Barrier(2)
    with ThreadPoolExecutor(2) as world.pool:
        world.rereading = Rereading(world.journal, world.platform, world.platform, world.pool)
        assert world.rereading.anew(launch()) == PREVIEW


def test_what_was_just_read_for_the_approval_is_not_read_again_for_the_call(world):
    world.rereading.anew(launch())
    world.now = FRESH_FOR - 0.01
    assert world.reads_in_all(launch()) == 2


def test_what_is_older_is_read_again(world):
    world.rereading.anew(launch())
    world.now = FRESH_FOR
    assert world.reads_in_all(launch()) == 4


def test_what_was_read_for_another_request_is_read_again(world):
    world.rereading.anew(launch())
    assert world.reads_in_all(launch(requested=asked(limit=5))) == 4


def test_what_was_read_serves_one_call(world):
    world.rereading.anew(launch())
    world.reads_in_all(launch())
    assert world.reads_in_all(launch()) == 4
