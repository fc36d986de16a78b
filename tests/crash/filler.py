"""Fills a segment, with a mine at every commit and every call: it kills itself with SIGKILL at the one it is told.

The platform is a file: a line for each profile that was put into the segment.
"""

import itertools
import os
import signal
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine.default import DefaultDialect

from bot.altcraft.client import Prepared, Segment
from bot.campaign.request import LaunchId
from bot.journal.engine import open_engine
from bot.journal.fillings import Fillings
from bot.journal.instance import Instance
from bot.journal.journal import Journal
from bot.journal.queue import FILLINGS, Queue
from bot.journal.vault import Vault
from bot.launch.outcome import Accepted
from bot.launch.received import UNDER_WAY
from bot.policy.policy import Policy
from bot.policy.received import ReceivedRules
from bot.worker import filling
from bot.worker.filling import FillingSegments

KEY = b"v" * 32
RULES = ReceivedRules(segments=(400,), database=50, settle=timedelta())
SLICE = 3
"""Few, so that there is something between two slices."""


class Platform:
    def __init__(self, file: Path, pass_by) -> None:
        self._file = file
        self._pass_by = pass_by

    def segment(self, segment_id: int) -> Segment:
        return Segment(segment_id, "x", 0, (50,))

    def prepare_addition(self, segment_id: int, database_id: int, profile_id: str) -> Prepared:
        return Prepared(profile_id.encode(), "", "")

    def add(self, prepared: Prepared, request_id: str) -> Accepted:
        self._pass_by()
        with self._file.open("ab") as members:
            members.write(prepared.body + b" " + request_id.encode() + b"\n")
        self._pass_by()
        return Accepted()


def lay(at: int):
    """What is passed at each point; it dies at the one of that number."""
    passed, commit = itertools.count(1), DefaultDialect.do_commit

    def pass_by() -> None:
        if next(passed) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def do_commit(self, connection) -> None:
        pass_by()
        commit(self, connection)
        pass_by()

    DefaultDialect.do_commit = do_commit
    return pass_by


def main() -> None:
    journal = Journal(open_engine(os.environ["DATABASE_URL"]))
    launch_id = LaunchId(os.environ["LAUNCH"])
    filling.SLICE, filling.PAUSE = SLICE, timedelta()
    # Whoever had a claim before is gone.
    queue = Queue(journal, FILLINGS, Instance(lambda _: True, str(os.getpid())))
    queue.take_over()
    platform = Platform(Path(os.environ["PLATFORM"]), lay(int(os.environ["DIES_AT"])))
    fillings = Fillings(journal, Vault([KEY]))
    work = FillingSegments(journal, queue, fillings, platform, lambda: Policy(roles={}, received=RULES))
    while journal.load(launch_id).received.step in UNDER_WAY:
        for due in queue.claim(1):
            work.fill(due)
            queue.give_back(due)
        time.sleep(0)


if __name__ == "__main__":
    main()
