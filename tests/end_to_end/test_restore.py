"""A backup is made beside a bot at work, and restored as docs/operations.md says: nothing is launched again."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from sandbox.cast import ANA, BEN, launch_of
from tests.conftest import ENGINES
from tests.end_to_end.scene import open_scene

HELD = '[always]\nhold = "4s"\n'
DOCS = (Path(__file__).parents[2] / "docs/operations.md").read_text()
NOWHERE = {"ALTCRAFT_URL": re.findall(r"`ALTCRAFT_URL=(\S+)`", DOCS)[0]}


class Sqlite:
    """The journal's file, and a copy of it that is made as the docs say."""

    def __init__(self, folder):
        self.file, self.copy = folder / "journal.db", folder / "backup.db"
        self.settings = {}

    def back_up(self):
        [command] = re.findall(r"^python3 (-c \"import sqlite3.+)$", DOCS, re.MULTILINE)
        command = command.replace("/var/lib/campaign-bot/campaign-bot.db", str(self.file))
        command = command.replace("/backup/campaign-bot.db", str(self.copy))
        subprocess.run([sys.executable, *shlex.split(command)], check=True)

    def restore(self):
        for beside in ("-wal", "-shm"):
            Path(f"{self.file}{beside}").unlink(missing_ok=True)
        self.copy.rename(self.file)


class Postgresql:
    """A database, and a dump of it that is made as the docs say, with the programs of the server."""

    def __init__(self, server, folder):
        self.url, self.dump, self._programs = server.new_journal(), folder / "backup.dump", server.programs
        self.settings = {"DATABASE_URL": self.url}

    def back_up(self):
        self._run(r"`(pg_dump --format=custom [^`]+)`")

    def restore(self):
        self._run(r"`(pg_restore --clean [^`]+)`")

    def _run(self, command):
        [command] = re.findall(command, DOCS)
        command = command.replace("campaign-bot.dump", str(self.dump)).replace("campaign_bot", self.url)
        program, *arguments = shlex.split(command)
        subprocess.run([str(self._programs / program), *arguments], check=True, env=os.environ)


@pytest.fixture(params=ENGINES)
def kept(request, tmp_path):
    """Where the journal is kept, and how it is backed up and restored."""
    if request.param == "sqlite":
        return Sqlite(tmp_path)
    return Postgresql(request.getfixturevalue("postgres"), tmp_path)


@pytest.fixture
def scene(kept, tmp_path):
    with open_scene(folder=tmp_path, settings=kept.settings) as scene:
        yield scene


@pytest.fixture
def verifies(scene, monkeypatch, capsys):
    for name in ("DATABASE_URL", "JOURNAL_KEY", "SLACK_BOT_TOKEN", "SLACK_API_URL"):
        monkeypatch.setenv(name, scene.stage.environment[name])

    def verified(command):
        status = main(["audit", "verify", *command.split()])
        return status, capsys.readouterr().out

    return verified


def test_what_ran_after_the_backup_is_named_and_nothing_is_launched_again(scene, kept, verifies):
    over = scene.launches("82 run_now")
    scene.sees_reply(over, "The run ended")
    waiting = scene.asks(f"{scene.adds_campaign()} run_now")
    scene.policy(HELD)
    held = scene.asks(f"{scene.adds_campaign()} run_now")
    scene.presses(BEN, held, "launch:approve")
    scene.sees_reply(held, "approved the launch")
    kept.back_up()
    assert len(scene.sent) == 1, "the held launch went out before the backup was made: it proves nothing"

    scene.sees_reply(held, "The run ended")
    scene.policy("")
    scene.presses(BEN, waiting, "launch:approve")
    scene.sees_reply(waiting, "The run ended")
    unknown = scene.asks(f"{scene.adds_campaign()} run_now")
    scene.kill_bot()
    assert len(scene.sent) == 3
    kept.restore()

    status, printed = verifies("--against-slack")
    assert status == 1
    for card, seq in ((held, 3), (waiting, 2)):
        assert f"launch {launch_of(card)}, event {seq}: The thread tells of it, and the journal does not" in printed
    assert f"launch {launch_of(unknown)}, event 1: C0LAUNCH has a card of it" in printed
    assert launch_of(over) not in printed

    with scene.another_bot(settings=NOWHERE):
        scene.sees_card(held, "It is tried again by itself; Cancel ends that.")
        scene.presses(ANA, held, "launch:cancel")
        scene.sees_reply(held, "cancelled the launch")
        scene.do(scene.cast.opens_home(ANA, "Waiting for approval"))
        scene.do(scene.cast.presses_home(ANA, "launch:cancel", launch_of(waiting)))
        scene.sees_reply(waiting, "cancelled the launch")
        scene.presses(BEN, unknown, "launch:approve")
        scene.is_told(BEN, "I know no such launch")

    scene.start_bot()
    afterwards = scene.launches(f"{scene.adds_campaign()} run_now")
    scene.sees_reply(afterwards, "The run ended")
    assert len(scene.sent) == 4
    status, printed = verifies("")
    assert (status, printed.splitlines()[-1]) == (0, "The record is whole.")
