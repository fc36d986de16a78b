"""The record of a bot at work: verified beside it, against the threads that it wrote itself."""

import sqlite3
from contextlib import closing

import pytest

from bot.cli import main
from sandbox.cast import ANA, launch_of


@pytest.fixture
def verifies(scene, monkeypatch, capsys):
    """Runs `audit verify --against-slack` beside the bot; gives its exit status and what it printed."""
    for name in ("DATABASE_URL", "JOURNAL_KEY", "SLACK_BOT_TOKEN", "SLACK_API_URL"):
        monkeypatch.setenv(name, scene.stage.environment[name])

    def verified():
        status = main(["audit", "verify", "--against-slack"])
        return status, capsys.readouterr().out

    return verified


def test_what_the_bot_wrote_agrees_with_its_threads_until_somebody_cuts_the_journal(scene, verifies):
    card = scene.launches("82 run_now")
    scene.sees_reply(card, "The run ended")
    cancelled = scene.asks("83 run_now")
    scene.presses(ANA, cancelled, "launch:cancel")
    scene.sees_reply(cancelled, "cancelled the launch")
    scene.sees_card(cancelled, "Cancelled")

    status, printed = verifies()
    assert status == 0, printed
    assert "Read 2 threads with 8 replies in Slack." in printed

    cut = launch_of(cancelled)
    with closing(sqlite3.connect(scene.stage.environment["DATABASE_URL"].removeprefix("sqlite:///"))) as journal:
        first = journal.execute("SELECT digest FROM events WHERE launch_id = ? AND seq = 1", (cut,)).fetchone()
        journal.execute("DELETE FROM events WHERE launch_id = ? AND seq = 2", (cut,))
        restored = "UPDATE launches SET version = 1, head = ?, state = 'requested', reaches_at = NULL WHERE id = ?"
        journal.execute(restored, (*first, cut))
        journal.commit()

    status, printed = verifies()
    assert status == 1
    assert f"launch {cut}, event 2: The thread tells of it, and the journal does not have it" in printed
