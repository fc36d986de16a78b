"""The receiver is killed at every commit and answer: what is sent again until OK comes counts once, and is kept so."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.journal.numbers import Numbers
from bot.journal.recipients import take
from bot.journal.vault import Vault
from bot.results.counts import Kind
from bot.results.recipients import chosen
from sandbox.stage import free_port
from tests.builders import Clock, journal_on
from tests.journal.test_counting import accepted, at, counted
from tests.results.hooks import body, event
from tests.test_receiver import PATH, SECRET
from tests.waiting import until

MINED = (sys.executable, str(Path(__file__).with_name("receiver.py")))
BATCHES = [
    body(*[event(kind, nth=nth, at=at(hours=nth, seconds=1)) for nth in range(first, first + 8)])
    for kind in ("send", "deliv")
    for first in (0, 4)
]
"""They overlap: four of each kind come in two batches."""

RECIPIENTS_KEY = "a-key-of-the-tests-under-which-ids-are-kept"

STARTS = 40
"""Points that the receiver passes at its own start at most, and in all of the batches together."""


class Receiver:
    """Starts again whenever it has died; only the first one has a mine. What it logs goes into the file."""

    def __init__(self, url: str, dies_at: int, logged: Path) -> None:
        self.port = free_port()
        self._logged = logged
        self._environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "PYTHONPATH": str(Path(__file__).parent.parent.parent),
            "DATABASE_URL": url,
            "ALTCRAFT_EVENTS_SECRET": SECRET,
            "EVENTS_PORT": str(self.port),
            "RECIPIENTS_KEY": RECIPIENTS_KEY,
        }
        self.deaths = 0
        self._process = self._started(dies_at)

    def _started(self, dies_at: int) -> subprocess.Popen:
        environment = {**self._environment, "DIES_AT": str(dies_at)}
        with self._logged.open("a") as log:
            return subprocess.Popen(MINED, env=environment, stderr=log)

    def bring(self, batch: bytes) -> None:
        """Sends the batch until it is answered with OK."""
        while not self._posted(batch):
            if self._process.poll() is not None:
                assert self._process.returncode == -signal.SIGKILL, self._logged.read_text()
                self.deaths += 1
                self._process = self._started(0)

    def _posted(self, batch: bytes) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", PATH, batch)
            return b"OK" in connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            until(lambda: self._process.poll() is not None or self._takes(), seconds=60)
            return False
        finally:
            connection.close()

    def _takes(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(30)


# Each start takes two interpreters more, which a busy machine begins slowly.
@pytest.mark.timeout(300)
def test_killed_at_every_commit_and_answer_each_event_counts_once(journal_url, full, tmp_path):
    survived = False
    # Each batch has four points: before and after its commit, before its answer; a start may have some of its own.
    for point in range(1, STARTS) if full else (1, 2, 3, 5, 9):
        journal = journal_on(journal_url, Clock())
        name = f"L{point}"
        accepted(journal, name, campaign_id=82)
        receiver = Receiver(journal_url, point, tmp_path / "log")
        try:
            for batch in BATCHES:
                receiver.bring(batch)
        finally:
            receiver.end()
        found = counted(journal, name)
        assert found.by_kind == {Kind.SENT: 12, Kind.DELIVERED: 12}, point
        with journal.writing() as connection:
            kept = take(connection, Vault([RECIPIENTS_KEY.encode()]), name)
        assert kept.named == 12, point
        assert chosen(kept.recipients, 50).profiles == tuple(sorted(f"profile-{nth}" for nth in range(12))), point
        # The next point has a run of its own.
        Numbers(journal).stop_counting(name)
        journal._engine.dispose()
        survived |= not receiver.deaths
        if survived:
            return
    assert not full
