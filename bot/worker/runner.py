"""Claims launches whose moment has come and hands each to the work of its lane."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.campaign.request import LaunchId
from bot.journal.commit_observers import Appended
from bot.journal.journal import Journal
from bot.journal.queue import Queue
from bot.worker.alarm import Alarm
from bot.worker.retrying import AWAY, retry_until_database_answers

LONGEST_NAP = timedelta(seconds=5)
"""How long a runner sleeps at most: what another instance left behind is found within that time."""

AFTER_TROUBLE = timedelta(seconds=2)

Work: TypeAlias = Callable[[LaunchId], None]

log = logging.getLogger(__name__)


class Runner:
    """Works one lane: a thread that claims, and a pool of `size` threads that work. Nothing that waits holds a thread.

    What is due in the moment in which it is appended goes straight to the pool. The thread is there for what is due
    later, for what others left behind, and for what there was no free thread for.
    """

    def __init__(self, name: str, journal: Journal, queue: Queue, work: Work, pool: Executor, size: int) -> None:
        self._name = name
        self._journal = journal
        self._queue = queue
        self._work = work
        self._size = size
        self._held: set[LaunchId] = set()
        self._turned_away = False
        self._lock = threading.Lock()
        self._pool = pool
        self._alarm = Alarm()
        self._stopping = threading.Event()
        self._looked_around = float("-inf")
        self._last_sign = time.monotonic()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._journal.observers.join(self._heard)
        self._thread.start()

    def stop(self) -> None:
        """Takes nothing new, finishes what is held, and returns."""
        with self._lock:
            self._stopping.set()
        self._alarm.bring_forward()
        self._thread.join()
        self._pool.shutdown(wait=True)

    def wake(self) -> None:
        """Something was made due without an append."""
        self._alarm.bring_forward()

    def silent_for(self) -> float:
        """Seconds since it last looked for work, which it does every few seconds while it lives and moves."""
        return time.monotonic() - self._last_sign

    def _heard(self, appended: Appended) -> None:
        """Something was appended in this process. What is held here is looked at again when it is given back."""
        due = appended.moments.get(self._queue.due)
        if appended.after is None or due is None or appended.after.id in self._held:
            return
        wait = (due - appended.entries[-1].at).total_seconds()
        if wait > 0 or not self._hand_over(appended.after.id):
            self._alarm.bring_forward(wait)

    def _hand_over(self, launch_id: LaunchId) -> bool:
        """Gives the launch to a free thread; False where there is none, or where others have waited longer."""
        with self._lock:
            if self._stopping.is_set() or self._turned_away or len(self._held) >= self._size:
                return False
            self._held.add(launch_id)
            self._pool.submit(self._claimed, launch_id)
        return True

    def _claimed(self, launch_id: LaunchId) -> None:
        """Works on the launch if it can be claimed; otherwise the runner's own thread sees what is to be done."""
        if self._claims(launch_id):
            self._one(launch_id)
        else:
            self._let_go(launch_id)
            self._alarm.bring_forward()

    def _claims(self, launch_id: LaunchId) -> bool:
        try:
            return self._queue.claim_one(launch_id)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the runner's own thread tries again
            log.warning("%s could not claim a launch (%s)", self._name, type(error).__name__)
            return False

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._last_sign = time.monotonic()
            self._alarm.reset()
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
            self._alarm.sleep(nap.total_seconds())

    def _look_around(self) -> None:
        """Now and then, takes over what instances hold that are gone; at the start what this one's forerunner held."""
        now = time.monotonic()
        if now - self._looked_around >= LONGEST_NAP.total_seconds():
            self._queue.take_over()
            self._looked_around = now

    def _take_what_is_due(self) -> timedelta:
        """Hands out what is due while threads are free, and says how long to wait before the next look."""
        while free := self._free():
            taken = self._queue.claim(free)
            with self._lock:
                self._held.update(taken)
            for launch_id in taken:
                self._pool.submit(self._one, launch_id)
            if len(taken) < free:
                return self._until_next()
        return LONGEST_NAP  # the next thread that gets free rings

    def _free(self) -> int:
        """How many threads have nothing to do; where that is none, the next one that ends its work rings."""
        with self._lock:
            free = self._size - len(self._held)
            self._turned_away = not free
        return free

    def _until_next(self) -> timedelta:
        return self._until(self._queue.next_due())

    def _until(self, due: datetime | None) -> timedelta:
        if due is None:
            return LONGEST_NAP
        return min(max(due - self._journal.now(), timedelta()), LONGEST_NAP)

    def _one(self, launch_id: LaunchId) -> None:
        try:
            self._work(launch_id)
        except Exception:
            log.exception("%s failed; it is tried again", self._name, extra={"launch_id": launch_id})
            # Unread: what cannot be read is put off as well. What its last event made due later, or never, stays so.
            retry_until_database_answers(lambda: self._queue.put_off(launch_id, self._journal.now() + AFTER_TROUBLE))
        finally:
            self._finish(launch_id)

    def _finish(self, launch_id: LaunchId) -> None:
        # Before it is given back: what is appended to it from here on has to be heard.
        self._let_go(launch_id)
        again = retry_until_database_answers(lambda: self._until(self._queue.give_back(launch_id)))
        self._alarm.bring_forward(again.total_seconds())

    def _let_go(self, launch_id: LaunchId) -> None:
        with self._lock:
            self._held.discard(launch_id)
            if self._turned_away:
                self._alarm.bring_forward()


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
