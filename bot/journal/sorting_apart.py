"""Sorts batches in processes of their own: one interpreter works on one processor, however many there are.

They know no database and hold nothing between two batches. Each ends with the process that started it, whatever ends
that: all that it waits for is the other end of its connection.
"""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pickle import UnpicklingError
from queue import SimpleQueue

from bot import child_process
from bot.journal.sorting import Followed, Sorted, sorted_batch
from bot.memory import collect_seldom
from bot.results.hooks import NoBatch

PATIENCE = 20.0
"""Seconds for a batch, which takes some milliseconds, and with the first one half a second to begin."""

log = logging.getLogger(__name__)


class _Sorter:
    """A process that sorts one batch at a time."""

    def __init__(self, key: bytes, with_recipients: bool) -> None:
        """Raises OSError where it cannot be started."""
        self._connection, its = Pipe()
        with its:
            self._process = subprocess.Popen(  # noqa: S603 -- the key goes over the connection
                child_process.command("bot.journal.sorting_apart", str(its.fileno())),
                env=child_process.ENVIRONMENT,
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        try:
            self._connection.send((key, with_recipients))
        except OSError:
            self.end()
            raise

    def sorted(self, body: bytes, followed: Sequence[Followed]) -> Sorted | None:
        """None for what is no batch. Raises OSError or EOFError where the process has failed."""
        self._connection.send(followed)
        self._connection.send_bytes(body)
        if not self._connection.poll(PATIENCE):
            raise TimeoutError
        found: Sorted | None = self._connection.recv()
        return found

    def end(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.wait()


class Sorters:
    """So many processes, which sort for any number of threads. What one of them fails at is sorted in this process."""

    def __init__(self, processes: int, key: bytes, *, with_recipients: bool) -> None:
        self._key = key
        self._with_recipients = with_recipients
        self._processes = processes
        self._idle: SimpleQueue[_Sorter | None] = SimpleQueue()
        """None stands for one that is to be started."""
        for _ in range(processes):
            self._idle.put(None)

    def __call__(self, body: bytes, followed: Sequence[Followed]) -> Sorted:
        """Raises NoBatch."""
        sorter = self._idle.get()
        try:
            sorter = sorter or _Sorter(self._key, self._with_recipients)
            found = sorter.sorted(body, followed)
        except BaseException as error:
            # What it answers after this would be taken for the answer to the next batch.
            if sorter:
                sorter.end()
                sorter = None
            if not isinstance(error, (OSError, EOFError, UnpicklingError)):
                raise
            log.warning("a process that sorts events failed, so this one sorts them: %s", type(error).__name__)
            return sorted_batch(body, followed, self._key, with_recipients=self._with_recipients)
        finally:
            self._idle.put(sorter)
        if found is None:
            raise NoBatch
        return found

    def end(self) -> None:
        """Once nobody asks any more."""
        for _ in range(self._processes):
            if sorter := self._idle.get():
                sorter.end()


@contextmanager
def sorters(processes: int, key: bytes, *, with_recipients: bool, ahead: bool) -> Iterator[Sorters | None]:
    """Sorts while the block lasts, where there is more than one processor for it; else None.

    `ahead` starts the processes now, so that each is there before the first batch; otherwise the first batch does.
    """
    if os.cpu_count() == 1:
        yield None
        return
    started = Sorters(processes, key, with_recipients=with_recipients)
    try:
        for _ in range(processes if ahead else 0):
            started(b"[]", ())
        yield started
    finally:
        started.end()


def main() -> None:
    # A signal to the whole group is not for it: what is on its way is still answered.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    connection = Connection(int(sys.argv[1]))
    collect_seldom()
    try:
        key, with_recipients = connection.recv()
        while True:
            followed = connection.recv()
            try:
                found = sorted_batch(connection.recv_bytes(), followed, key, with_recipients=with_recipients)
            except NoBatch:
                found = None
            connection.send(found)
    except (EOFError, OSError):
        # Whoever started it is gone.
        return


if __name__ == "__main__":
    main()
