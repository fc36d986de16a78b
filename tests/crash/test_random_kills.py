"""The bot is killed at any moment, with several launches under way: never twice, never silently lost."""

import asyncio
import random

from tests.crash.harness import TEAM, Verdict, World, launched
from tests.crash.lanes import in_lanes

RANDOM_KILLS = 100
"""On each engine."""

TOGETHER = 4
"""Launches that are under way when the bot is killed at random."""


def test_killed_at_random_moments(tmp_path, databases, lanes, full, say):
    kills = RANDOM_KILLS if full else 4
    verdicts: list[Verdict] = []
    deaths: list[int] = []

    async def work(one: World) -> None:
        while one.deaths < kills / lanes:
            lives = asyncio.gather(*(launched(one, who) for who in TEAM[:TOGETHER]))
            while not lives.done():
                await asyncio.sleep(random.uniform(0.1, 3.0))
                if one.stage.bot.status() == "running" and one.deaths < kills / lanes:
                    await one.stage.bot.kill()
            verdicts.extend([await one.verdict(launch_id) for launch_id in await lives])
        deaths.append(one.deaths)

    asyncio.run(in_lanes(tmp_path, databases, lanes, work))
    say(
        f"random kills {sum(deaths)}, launches {len(verdicts)}, doubles {sum(v.activations > 1 for v in verdicts)}, "
        f"lost {sum(bool(v.broken) for v in verdicts)}, ask {sum(v.state == 'in_doubt' for v in verdicts)}"
    )
    assert [verdict for verdict in verdicts if verdict.broken] == []
