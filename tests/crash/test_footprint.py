"""Requests that wait cost rows, not threads or memory, and hardly a look."""

import asyncio
import time
from datetime import timedelta

import psutil
import pytest
from sqlalchemy import text

from bot.campaign.request import LaunchId
from bot.journal.appending import move, open_stream
from bot.launch.events import Entry
from bot.launch.evolve import evolve
from sandbox.stage import staged
from tests.builders import ANA, asked, journal_on
from tests.conftest import ENGINES

LOOK_FOR = 6.0
"""Seconds over which the bot's own use of the processor is taken."""


@pytest.fixture(params=ENGINES)
def url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgres").new_journal()
    return f"sqlite:///{tmp_path / 'journal.db'}"


def fill(url: str, count: int) -> None:
    """That many requests that wait for approval, all told in Slack, written in one transaction."""
    journal = journal_on(url)
    now = journal.now()
    with journal.writing() as connection:
        for number in range(count):
            requested = asked(campaign_id=number + 1, reason="x" * 200)
            entry = Entry(LaunchId(f"pending-{number}"), 1, now, ANA, requested)
            launch = evolve(None, entry)
            open_stream(connection, launch, entry, journal.keys)
            move(connection, 0, launch, (entry,), journal.keys)
        connection.execute(
            text("update launches set publish_at = null, published_seq = 1, message_ts = '1.0', due_at = :later"),
            {"later": now + timedelta(hours=4)},
        )


async def idle(url: str, tmp_path) -> tuple[float, int, float]:
    """The bot's memory in MiB, its threads, and its share of one processor, while nothing happens."""
    # What waits was not written under a key.
    settings = {"DATABASE_URL": url, "JOURNAL_KEY": "", "MESSAGE_PICTURES": "no"}
    async with staged(settings=settings, folder=tmp_path) as stage:
        await asyncio.sleep(3)
        process = psutil.Process(stage.bot.pid)
        before, begun = process.cpu_times(), time.monotonic()
        await asyncio.sleep(LOOK_FOR)
        after, took = process.cpu_times(), time.monotonic() - begun
        used = (after.user + after.system) - (before.user + before.system)
        return process.memory_info().rss / 2**20, process.num_threads(), used / took


def test_requests_that_wait_cost_next_to_nothing(url, tmp_path, full, say):
    count = 10_000 if full else 300
    fill(url, count)
    memory, threads, share = asyncio.run(idle(url, tmp_path))
    say(f"{count} pending: {memory:.0f} MiB, {threads} threads, {share:.2%} of a processor while idle")
    assert memory < 200
    assert threads < 40
    assert share < 0.01
