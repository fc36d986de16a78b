"""Several worlds side by side, each on a database of its own: a launch mostly waits."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.crash.harness import World, world

LANES = 4
FEW_LANES = 2
"""For a few kills: every further world has a bot to start, which costs more than the time that it saves."""


async def in_lanes(
    tmp_path: Path, databases: Callable[[int], str], lanes: int, work: Callable[[World], Awaitable[None]]
) -> None:
    async def lane(number: int) -> None:
        folder = tmp_path / str(number)
        folder.mkdir(exist_ok=True)
        async with world(folder, databases(number)) as one:
            await work(one)

    await asyncio.gather(*(lane(number) for number in range(lanes)))
