"""The sandbox as a test drives it: plain calls over the coroutines of the cast."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.sandbox.altcraft_switches import Switches
from bot.sandbox.bot_process import COMMAND, BotProcess
from bot.sandbox.cast import ANA, BEN, LAUNCHES, Cast
from bot.sandbox.platform import Platform
from bot.sandbox.records import Limits
from bot.sandbox.seed import seeded_platform
from bot.sandbox.server import InThread
from bot.sandbox.stage import ALTCRAFT_TOKEN, Stage, free_port, staged
from bot.sandbox.workspace import Workspace

UNHURRIED = Limits(post_burst=10_000)
"""Slack's rate limit has tests of its own; in the others it would only cost time."""

QUICK = {"run_seconds": 0.2, "start_delay_seconds": 0.05, "round_trip_ms": 0}


class Scene:
    """One running sandbox. `cast`'s coroutines are run by `do`; the rest is short for what most tests say."""

    def __init__(self, thread: InThread[Stage]) -> None:
        self._thread = thread
        self.stage = thread.value
        self.cast = Cast(self.stage)

    @property
    def platform(self) -> Platform:
        return self.stage.platform

    @property
    def workspace(self) -> Workspace:
        return self.stage.workspace

    @property
    def sent(self) -> list[bytes]:
        """The bodies sent to campaigns/activate."""
        return self.stage.sent.activations

    @property
    def runs(self) -> list[dict]:
        """The platform's runs, as it tells them itself."""
        return self.run(lambda: self.platform.snapshot()["runs"])

    def do(self, coroutine: Any) -> Any:
        return self._thread.call(coroutine, 60)

    def run(self, act: Callable[[], Any]) -> Any:
        """Calls something that belongs to the sandbox's event loop, in it."""

        async def called() -> Any:
            return act()

        return self.do(called())

    def switch(self, **changes: object) -> None:
        self.run(lambda: self.platform.switch(**changes))

    def sweep(self) -> None:
        """As new: no launches running, nothing switched, no ephemerals; the channel's messages stay."""

        def swept() -> None:
            fresh = seeded_platform(self.workspace.hub, ALTCRAFT_TOKEN)
            self.platform.campaigns = fresh.campaigns
            self.platform.runs.all.clear()
            self.platform.logs.clear()
            self.stage.sent.activations.clear()
            self.platform.switches = Switches().changed(QUICK)
            self.workspace.faults.clear()
            self.workspace.state.ephemerals.clear()
            self.workspace.state.groups["S0LEADS"].users = ["U0CLEO"]
            self.workspace.state.channels["C0RANDOM"].members = ["U0ANA", "U0BEN", "U0CLEO", "U0DAN", "U0OTTO"]

        self.run(swept)
        self.do(self._close_views())

    async def _close_views(self) -> None:
        for person in ("U0ANA", "U0BEN", "U0CLEO", "U0DAN", "U0OTTO"):
            for view in reversed(self.workspace.snapshot(person)["views"]):
                await self.workspace.close(person, view["view_id"], everything=True)

    def asks(self, text: str, who: str = ANA, channel: str = LAUNCHES, *, in_a_hurry: bool = False) -> dict:
        return self.do(self.cast.asks(who, text, channel, in_a_hurry=in_a_hurry))

    def presses(self, who: str, card: dict, action_id: str, channel: str = LAUNCHES) -> None:
        self.do(self.cast.presses(who, card, action_id, channel))

    def sees_card(self, card: dict, *having: str, channel: str = LAUNCHES) -> dict:
        return self.do(self.cast.sees_card(card, *having, channel=channel))

    def sees_reply(self, card: dict, having: str, channel: str = LAUNCHES) -> dict:
        return self.do(self.cast.sees_reply(card, having, channel))

    def is_told(self, who: str, having: str) -> dict:
        return self.do(self.cast.is_told(who, having))

    def replies(self, card: dict) -> list[str]:
        return [reply["text"] for reply in self.run(lambda: self.cast.thread(card))]

    def until(self, seen: Callable[[], Any], what: str) -> Any:
        return self.do(self.cast.until(seen, what))

    def launches(self, text: str, approver: str = BEN) -> dict:
        """Asks, approves, and waits until the platform has taken it."""
        card = self.asks(text)
        self.presses(approver, card, "launch:approve")
        self.sees_reply(card, "accepted the launch")
        return card

    def kill_bot(self) -> None:
        self.do(self.stage.bot.kill())

    def at_once(self, *coroutines: Any) -> None:
        async def together() -> None:
            await asyncio.gather(*coroutines)

        self.do(together())

    def start_bot(self) -> None:
        async def started() -> None:
            await self.stage.bot.start()
            await self.stage.bot.wait_ready()

        self.do(started())

    @contextmanager
    def another_bot(self, command: Sequence[str] = COMMAND) -> Iterator[BotProcess]:
        """A second instance beside the first, on the same database."""
        environment = {**self.stage.environment, "PORT": str(free_port())}
        bot = BotProcess(environment, tempfile.gettempdir(), command)

        async def started() -> None:
            await bot.start()
            await bot.wait_ready()

        self.do(started())
        try:
            yield bot
        finally:
            self.do(bot.stop())


@contextmanager
def open_scene(
    *,
    socket_mode: bool = True,
    folder: Path | None = None,
    settings: Mapping[str, str] | None = None,
    command: Sequence[str] = COMMAND,
) -> Iterator[Scene]:
    thread = InThread(
        lambda: staged(socket_mode=socket_mode, folder=folder, settings=settings, limits=UNHURRIED, command=command)
    )
    try:
        scene = Scene(thread)
        scene.sweep()
        yield scene
    finally:
        thread.close()
