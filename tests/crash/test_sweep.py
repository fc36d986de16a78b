"""The bot is killed at every point of a launch's life: never twice, never silently lost."""

import asyncio
import random
from collections import deque
from collections.abc import Sequence

import pytest

from tests.crash.harness import LIVES, Tally, Verdict, World, world
from tests.crash.lanes import in_lanes

SAMPLE = 4

DANGEROUS = ("activate", "clone", "deactivate", "launch:start", "launch:accept", "copy:", "canary:", "stop:")
"""What names the points around the calls that change something in the platform."""


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


async def sweep(tmp_path, databases, lanes, points: Sequence[tuple[str, str]]) -> Tally:
    tally, left = Tally(), deque(points)

    async def work(one: World) -> None:
        while left:
            life, point = left.popleft()
            tally.note(life, point, await killed_at(one, life, point) or await killed_at(await anew(one), life, point))

    await in_lanes(tmp_path, databases, lanes, work)
    return tally


async def killed_at(one: World, life: str, point: str) -> Verdict | None:
    """Lives a life in which the bot is killed at that point; None where it did not pass there."""
    one.arm(point)
    before = one.deaths
    verdict = await one.verdict(await LIVES[life](one))
    one.disarm()
    return verdict if one.deaths > before else None


async def anew(one: World) -> World:
    """A bot that has just started answers nothing from what it has kept."""
    before = one.deaths
    await one.stage.bot.kill()
    assert await one.wait(lambda: one.deaths > before and one.stage.bot.status() == "running")
    return one


AROUND_A_BRAKE = ("deactivate", "stop:", "seen", "stop_claim")
"""What names the points from the counting that puts a brake on to the outcome of the stop."""


def sampled(points: list[tuple[str, str]], engine: str) -> list[tuple[str, str]]:
    """Around a launch's call, everything on SQLite and a few points on the other engine; a few points of all else."""
    if all(life == "braked" for life, _ in points):
        near = [one for one in points if any(word in one[1] for word in AROUND_A_BRAKE)]
        return random.sample(near, SAMPLE)
    dangerous = [one for one in points if any(word in one[1] for word in DANGEROUS)]
    rest = [one for one in points if one not in dangerous]
    every = engine == "sqlite" and all(life == "launched" for life, _ in points)
    near = dangerous if every else random.sample(dangerous, SAMPLE)
    return near + random.sample(rest, SAMPLE)


@pytest.mark.parametrize(
    "lives",
    [["launched", "doubted", "cancelled"], ["tested"], ["braked"], ["released", "ended_here"]],
    ids=["launch", "test", "brake", "canary"],
)
def test_killed_at_every_point_of_its_life(request, tmp_path, databases, lanes, full, say, lives):
    engine = request.node.callspec.params["databases"]
    lives = lives if full else lives[:1]
    points = asyncio.run(points_of(tmp_path, databases, lives))
    tally = asyncio.run(sweep(tmp_path, databases, lanes, points if full else sampled(points, engine)))
    say(tally.table())
    assert tally.broken == []
    # What is told in one message or in two, as it happens to come, has a point that another life may not pass.
    assert sum(verdict is None for _, _, verdict in tally.rows) <= max(2, len(tally.rows) * 0.1)
