"""Two instances on one PostgreSQL, clicks racing on both, one of them killed all the time: each launch runs once."""

import asyncio
import random
from collections import Counter

from bot.campaign.request import LaunchId
from bot.launch.state import State
from sandbox.bot_process import BotProcess
from sandbox.cast import BEN, CLEO
from sandbox.stage import free_port
from tests import forked
from tests.crash.harness import TEAM, Verdict, World, world

SETTINGS = {"ALTCRAFT_DEDUPLICATES": "yes", "SLACK_SETTLING": "10"}
"""A launch whose instance died before the call left is sent again: with the same id, it runs once.

Seconds of settling: two bots, five people and the stand-ins on a machine that does other things keep a message waiting
for longer than where one bot is killed alone.
"""


async def keep_killing(bot: BotProcess, one: World) -> None:
    """Kills the bot again and again, each time after it has worked for a while."""
    while True:
        await asyncio.sleep(random.uniform(1.0, 4.0))
        await bot.kill()
        one.deaths += 1
        await bot.start()
        await bot.wait_ready()


async def approved_by_two(one: World, who: str) -> LaunchId:
    launch_id = await one.ask(one.new_campaign(), who)
    decided = lambda state: state != State.REQUESTED  # noqa: E731
    clicks = (one.press(person, launch_id, "launch:approve", decided) for person in (BEN, CLEO))
    await asyncio.gather(*clicks)
    return launch_id


async def rush(one: World, count: int) -> list[Verdict]:
    asked = iter(range(count))
    launched: list[LaunchId] = []

    async def member(who: str) -> None:
        for _ in asked:
            launch_id = await approved_by_two(one, who)
            launched.append(launch_id)

    await asyncio.gather(*(member(who) for who in TEAM))
    return [await one.verdict(launch_id) for launch_id in launched]


def test_racing_clicks_on_two_instances_of_which_one_keeps_dying(tmp_path, postgres, full, say):
    count = 1000 if full else 12

    async def play() -> tuple[list[Verdict], Counter[int], int]:
        async with world(tmp_path, postgres.new_journal(), SETTINGS, poll=0.1) as one:
            one.stage.platform.switch(dedup="both")
            environment = {**one.stage.environment, "PORT": str(free_port())}
            second = BotProcess(environment, str(tmp_path), starting=forked.start)
            await second.start()
            await second.wait_ready()
            killing = asyncio.create_task(keep_killing(second, one))
            verdicts = await rush(one, count)
            killing.cancel()
            await second.stop()
            return verdicts, Counter(run.campaign_id for run in one.stage.platform.runs.all), one.deaths

    verdicts, runs, deaths = asyncio.run(play())
    say(
        f"two instances: launches {len(verdicts)}, kills {deaths}, runs {sum(runs.values())}, "
        f"run twice {sum(number > 1 for number in runs.values())}, "
        f"outcomes told {sum(not verdict.broken for verdict in verdicts)}"
    )
    for verdict in verdicts:
        if verdict.broken:
            say(f"broken: {verdict}")
    assert [verdict for verdict in verdicts if verdict.broken or verdict.state != State.FINISHED] == []
    assert len(verdicts) == len(runs) == sum(runs.values()) == count
