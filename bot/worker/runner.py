"""Claims launches whose moment has come and hands each to the work of its lane."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bot.journal.journal import Journal
from bot.journal.queue import Queue
from bot.launch.request import LaunchId
from bot.worker.patience import AWAY, insist

LONGEST_NAP = timedelta(seconds=5)
"""How long a runner sleeps at most: what another instance left behind is found within that time."""

AFTER_TROUBLE = timedelta(seconds=2)

log = logging.getLogger(__name__)


class Runner:
    """Works one lane: a thread that claims, and a pool of threads that work. Nothing that waits holds a thread."""

    def __init__(self, name: str, journal: Journal, queue: Queue, work: Callable[[LaunchId], None], size: int) -> None:
        self._name = name
        self._journal = journal
        self._queue = queue
        self._work = work
        self._slots = threading.Semaphore(size)
        self._pool = ThreadPoolExecutor(size, thread_name_prefix=name)
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._looked_around = float("-inf")
        self._last_sign = time.monotonic()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        # What is appended may be due: look now instead of at the end of the nap.
        self._journal.appended.call(self._news.set)
        self._thread.start()

    def stop(self) -> None:
        """Takes nothing new, finishes what is held, and returns."""
        self._stopping.set()
        self._news.set()
        self._thread.join()
        self._pool.shutdown(wait=True)

    def silent_for(self) -> float:
        """Seconds since it last looked for work, which it does every few seconds while it lives and moves."""
        return time.monotonic() - self._last_sign

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._last_sign = time.monotonic()
            self._news.clear()
            try:
                self._look_around()
                nap = self._take_what_is_due()
            except AWAY as error:
                log.warning("%s waits: the journal's database does not answer (%s)", self._name, type(error).__name__)
                nap = AFTER_TROUBLE
            except Exception:
                # Whatever it is, a runner that ends would leave every launch where it stands.
                log.exception("the %s runner could not look for what is due; trying again", self._name)
                nap = AFTER_TROUBLE
            self._news.wait(nap.total_seconds())

    def _look_around(self) -> None:
        """Now and then, takes over what instances hold that are gone; at the start what this one's forerunner held."""
        now = time.monotonic()
        if now - self._looked_around >= LONGEST_NAP.total_seconds():
            self._queue.take_over()
            self._looked_around = now

    def _take_what_is_due(self) -> timedelta:
        """Hands out a due launch where a thread is free, and says how long to wait before the next look."""
        wait = self._until_next()
        if wait:
            return wait
        if not self._slots.acquire(blocking=False):
            return LONGEST_NAP  # a thread that gets free rings
        taken: tuple[LaunchId, ...] = ()
        try:
            taken = self._queue.claim(1)
        finally:
            if not taken:
                self._slots.release()
        for launch_id in taken:
            self._pool.submit(self._one, launch_id)
        return timedelta()

    def _until_next(self) -> timedelta:
        due = self._queue.next_due()
        if due is None:
            return LONGEST_NAP
        return min(max(due - self._journal.now(), timedelta()), LONGEST_NAP)

    def _one(self, launch_id: LaunchId) -> None:
        try:
            self._work(launch_id)
        except Exception:
            log.exception("%s failed; it is tried again", self._name, extra={"launch_id": launch_id})
            insist(lambda: self._try_later(launch_id))
        finally:
            self._finish(launch_id)

    def _try_later(self, launch_id: LaunchId) -> None:
        launch = self._journal.load(launch_id)
        if launch is not None:
            self._queue.postpone(launch_id, launch.version, self._journal.now() + AFTER_TROUBLE)

    def _finish(self, launch_id: LaunchId) -> None:
        try:
            insist(lambda: self._queue.give_back(launch_id))
        finally:
            self._slots.release()
            # One wake-up may stand for many due rows: look again after each.
            self._news.set()


class Worker:
    """All runners of one process."""

    def __init__(self, *runners: Runner) -> None:
        self._runners = runners

    def start(self) -> None:
        for runner in self._runners:
            runner.start()

    def stop(self) -> None:
        for runner in self._runners:
            runner.stop()

    def silent_for(self) -> float:
        """Seconds since the last sign of life of the one that has been silent longest."""
        return max(runner.silent_for() for runner in self._runners)
