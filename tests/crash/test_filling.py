"""The bot is killed at every commit and every call of a filling: all get into the segment, and nobody is kept."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.campaign.request import LaunchId
from bot.journal.audit import verify_launch
from bot.journal.counting import Counting
from bot.journal.fillings import Fillings
from bot.journal.vault import Vault
from bot.launch.commands import Approve, Observe, Request
from bot.launch.outcome import Accepted
from bot.launch.received import ReceivedStep
from bot.launch.run import RunEnded
from tests.builders import ANA, BEN, asked, journal_on, started
from tests.crash.filler import KEY
from tests.results.hooks import body, event

FILLER = (sys.executable, str(Path(__file__).with_name("filler.py")))
PEOPLE = 5
MOST_POINTS = 80


def asked_who_got_it(url: str) -> LaunchId:
    """A launch that went to five people, of which somebody has asked just now."""
    journal, name = journal_on(url), LaunchId("L1")
    now = datetime.now(UTC)
    for command in (Request(ANA, asked()), Approve(BEN), *map(Observe, (started(name), Accepted(), RunEnded(now)))):
        journal.execute(name, command)
    events = [event("send", nth=nth, at=now + timedelta(seconds=1)) for nth in range(PEOPLE)]
    receiver = Counting(journal, KEY, Vault([KEY]))
    receiver.count([receiver.prepare(body(*events))])
    Fillings(journal, Vault([KEY])).ask(name, BEN)
    journal._engine.dispose()
    return name


def filled(url: str, launch: LaunchId, platform: Path, dies_at: int) -> bool:
    """Runs until it is done; whether it was killed on the way."""
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    root = str(Path(__file__).parent.parent.parent)
    environment = {**known, "PYTHONPATH": root, "DATABASE_URL": url, "LAUNCH": launch, "PLATFORM": str(platform)}
    first = subprocess.run(FILLER, env={**environment, "DIES_AT": str(dies_at)}, check=False, timeout=60)
    if first.returncode == 0:
        return False
    assert first.returncode == -signal.SIGKILL
    subprocess.run(FILLER, env={**environment, "DIES_AT": "0"}, check=True, timeout=60)
    return True


def test_killed_at_every_commit_and_call_everybody_is_in_the_segment_and_nobody_is_kept(databases, tmp_path, full):
    for point in range(1, MOST_POINTS) if full else (1, 4, 6, 9, 10, 11, 16, 23):
        url, platform = databases(point), tmp_path / f"platform-{point}"
        if url.startswith("sqlite"):
            (tmp_path / str(point)).mkdir()
        launch = asked_who_got_it(url)
        killed = filled(url, launch, platform, point)

        lines = platform.read_text().splitlines()
        assert {line.split()[0] for line in lines} == {f"profile-{nth}" for nth in range(PEOPLE)}, point
        # Whoever was being added is added once more at most, under the same id.
        assert len(lines) <= PEOPLE + killed, point
        assert len({line.split()[1] for line in lines}) == PEOPLE, point
        journal = journal_on(url)
        received = journal.load(launch).received
        assert (received.step, received.done.added, received.done.unkept) == (ReceivedStep.DONE, PEOPLE, 0), point
        assert not Fillings(journal, Vault([KEY])).anybody_kept(launch), point
        with journal.reading() as connection:
            assert verify_launch(connection, launch, now=journal.now()) == (), point
        journal._engine.dispose()
        if not killed:
            return
    assert not full
