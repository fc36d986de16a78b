"""The receiver with a mine at every commit and every answer: it kills itself with SIGKILL at the one it is told."""

import itertools
import os
import signal
import sys

from sqlalchemy.engine.default import DefaultDialect

from bot import receiver
from bot.cli import main


def lay(at: int) -> None:
    """Dies at the point of that number: before and after each commit, and before each answer."""
    passed = itertools.count(1)

    def pass_by() -> None:
        if next(passed) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    commit, answer = DefaultDialect.do_commit, receiver._answer

    def do_commit(self, connection):
        pass_by()
        commit(self, connection)
        pass_by()

    def answered(*arguments):
        pass_by()
        return answer(*arguments)

    DefaultDialect.do_commit, receiver._answer = do_commit, answered


if __name__ == "__main__":
    lay(int(os.environ["DIES_AT"]))
    sys.exit(main(["events"]))
