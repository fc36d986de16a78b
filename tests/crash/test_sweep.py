"""The bot is killed at every point of a launch's life, and at random: never twice, never silently lost."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Sequence

import pytest

from tests.conftest import ENGINES
from tests.crash.harness import LIVES, TEAM, Tally, Verdict, World, launched, world

LANES = 4
"""Worlds side by side: a launch mostly waits."""

SAMPLE = 4
RANDOM_KILLS = 100
"""On each engine."""

TOGETHER = 4
"""Launches that are under way when the bot is killed at random."""


@pytest.fixture(params=ENGINES)
def databases(request, tmp_path) -> Callable[[int], str]:
    """An empty database for each lane."""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        return lambda _: server.new_journal()
    return lambda lane: f"sqlite:///{tmp_path / str(lane) / 'journal.db'}"


async def in_lanes(tmp_path, databases, work: Callable[[World], object]) -> None:
    async def lane(number: int) -> None:
        folder = tmp_path / str(number)
        folder.mkdir(exist_ok=True)
        async with world(folder, databases(number)) as one:
            await work(one)

    await asyncio.gather(*(lane(number) for number in range(LANES)))


async def points_of(tmp_path, databases, lives: Sequence[str]) -> list[tuple[str, str]]:
    """Every point that a life passes when nothing goes wrong."""
    found: list[tuple[str, str]] = []
    folder = tmp_path / "recording"
    folder.mkdir()
    (tmp_path / "record").mkdir()
    async with world(folder, databases("record")) as one:
        for life in lives:
            one.arm()
            verdict = await one.verdict(await LIVES[life](one))
            assert verdict.broken == ()
            found.extend((life, point) for point in one.disarm())
    return found


async def sweep(tmp_path, databases, points: Sequence[tuple[str, str]]) -> Tally:
    tally, left = Tally(), deque(points)

    async def work(one: World) -> None:
        while left:
            life, point = left.popleft()
            one.arm(point)
            before = one.deaths
            verdict = await one.verdict(await LIVES[life](one))
            one.disarm()
            tally.note(life, point, verdict if one.deaths > before else None)

    await in_lanes(tmp_path, databases, work)
    return tally


def sampled(points: list[tuple[str, str]], engine: str) -> list[tuple[str, str]]:
    """Around the dangerous call, everything on SQLite and a few points on the other engine; and a few of the rest."""
    dangerous = [one for one in points if "activate" in one[1] or "launch:start" in one[1] or "launch:accept" in one[1]]
    rest = [one for one in points if one not in dangerous]
    near = dangerous if engine == "sqlite" else random.sample(dangerous, SAMPLE)
    return near + random.sample(rest, SAMPLE)


def test_killed_at_every_point_of_its_life(request, tmp_path, databases, full, say):
    engine = request.node.callspec.params["databases"]
    lives = list(LIVES) if full else ["launched"]
    points = asyncio.run(points_of(tmp_path, databases, lives))
    tally = asyncio.run(sweep(tmp_path, databases, points if full else sampled(points, engine)))
    say(tally.table())
    assert tally.broken == []
    # A call that is answered from a cache the second time has a point, and no kill.
    assert sum(verdict is None for _, _, verdict in tally.rows) <= max(2, len(tally.rows) * 0.1)


def test_killed_at_random_moments(tmp_path, databases, full, say):
    kills = RANDOM_KILLS if full else 4
    verdicts: list[Verdict] = []
    deaths: list[int] = []

    async def work(one: World) -> None:
        while one.deaths < kills / LANES:
            lives = asyncio.gather(*(launched(one, who) for who in TEAM[:TOGETHER]))
            while not lives.done():
                await asyncio.sleep(random.uniform(0.1, 3.0))
                if one.stage.bot.status() == "running" and one.deaths < kills / LANES:
                    await one.stage.bot.kill()
            verdicts.extend([await one.verdict(launch_id) for launch_id in await lives])
        deaths.append(one.deaths)

    asyncio.run(in_lanes(tmp_path, databases, work))
    say(
        f"random kills {sum(deaths)}, launches {len(verdicts)}, doubles {sum(v.activations > 1 for v in verdicts)}, "
        f"lost {sum(bool(v.broken) for v in verdicts)}, ask {sum(v.state == 'in_doubt' for v in verdicts)}"
    )
    assert [verdict for verdict in verdicts if verdict.broken] == []
