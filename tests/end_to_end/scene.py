"""The sandbox as a test drives it: plain calls over the coroutines of the cast."""

import asyncio
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.journal.engine import open_engine
from sandbox.altcraft.objects import Campaign, Segment, Source
from sandbox.altcraft.platform import Platform
from sandbox.altcraft.seed import seeded_platform
from sandbox.altcraft.switches import Switches
from sandbox.bot_process import COMMAND, BotProcess
from sandbox.cast import ANA, BEN, LAUNCHES, Cast, launch_of
from sandbox.server import InThread
from sandbox.slack.records import Limits, Organisation
from sandbox.slack.workspace import Workspace
from sandbox.stage import ALTCRAFT_TOKEN, Stage, free_port, staged
from sandbox.team import PEOPLE
from tests import forked
from tests.migrated import lay_tables

UNHURRIED = Limits(post_burst=10_000, ack_seconds=10, trigger_seconds=10)
"""Slack's limits have tests of their own; in the others its rate limit would only cost time, and its three seconds
would measure how busy the machine is."""

PROMPT = {"SLACK_SETTLING": "0.5", "MESSAGE_PICTURES": "no"}
"""The stand-in takes a message as soon as it is there, and no browser is started, unless a test says otherwise."""

FIRST_ADDED = 9000
"""The id of the first campaign that a test adds."""

QUICK = {"run_seconds": 0.2, "start_delay_seconds": 0.05, "round_trip_ms": 0}


class Scene:
    """One running sandbox. `cast`'s coroutines are run by `do`; the rest is short for what most tests say."""

    def __init__(self, thread: InThread[Stage]) -> None:
        self._thread = thread
        self.stage = thread.value
        self.cast = Cast(self.stage)
        self._added: list[Campaign] = []
        self._newest = FIRST_ADDED - 1

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

    def stops_of(self, campaign: int) -> list[tuple[str, bool]]:
        """What was sent to stop the campaign: the request's id, and whether what is queued is to be dropped."""
        return self.run(lambda: stops_in(self.platform, campaign))

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

    def policy(self, text: str) -> None:
        """Writes the policy file anew; the next sweep empties it."""
        self.run(lambda: self.stage.policy.write(text))

    def sweep(self) -> None:
        """As new: no launches running, nothing switched, no ephemerals; the channel's messages stay."""

        def swept() -> None:
            fresh = seeded_platform(self.workspace.hub, ALTCRAFT_TOKEN)
            # A run that a test began may end only now, and belongs to its campaign.
            self._newest = max(self._newest, *self.platform.campaigns)
            self.platform.campaigns = fresh.campaigns | {campaign.id: campaign for campaign in self._added}
            self.platform.segments = fresh.segments
            self.platform.templates = fresh.templates
            self.platform.databases = fresh.databases
            self.stage.policy.choose("0-none")
            self.platform.runs.all.clear()
            self.platform.logs.clear()
            self.stage.sent.activations.clear()
            self.platform.switches = Switches().changed(QUICK)
            self.workspace.faults.clear()
            self.workspace.state.ephemerals.clear()
            for one in PEOPLE:
                self.workspace.state.people[one.id] = replace(one, locale=self.workspace.state.people[one.id].locale)
            self.workspace.state.groups["S0LEADS"].users = ["U0CLEO"]
            self.workspace.state.channels["C0RANDOM"].members = ["U0ANA", "U0BEN", "U0CLEO", "U0DAN", "U0OTTO"]

        self.run(swept)
        self.do(self._close_views("U0ANA", "U0BEN", "U0CLEO", "U0DAN", "U0OTTO"))

    async def _close_views(self, *people: str) -> None:
        for person in people:
            for view in reversed(self.workspace.snapshot(person)["views"]):
                await self.workspace.close(person, view["view_id"], everything=True)

    def _next_number(self) -> int:
        """One that no campaign had before, and no copy: the bot may still be at work on one that was swept away."""
        self._newest = max(self._newest, *self.platform.campaigns) + 1
        return self._newest

    def adds_campaign(self, **fields: Any) -> int:
        """A campaign that no launch has been asked for yet, with 1,000 people whom no other campaign goes to."""
        number = self.run(self._next_number)
        whole = {"name": f"Campaign of a test {number}", "type": "broadcast", "source": Source("segment", number)}

        def added() -> None:
            self.platform.segments[number] = Segment(number, "Segment of a test", 1000, {"email": 1000}, (1,))
            self.platform.campaigns[number] = Campaign(number, **{**whole, **fields})
            self._added.append(self.platform.campaigns[number])

        self.run(added)
        return number

    def asks(self, text: str, who: str = ANA, channel: str = LAUNCHES, *, in_a_hurry: bool = False) -> dict:
        self.do(self._close_views(who))
        return self.do(self.cast.asks(who, text, channel, in_a_hurry=in_a_hurry))

    def asks_in_form(self, text: str, who: str = ANA, **values: dict) -> dict:
        """Types the command, and changes these fields of the form before it is submitted; gives the new card."""
        self.opens(text, who)
        return self.do(self.cast.asks_in_form(who, **values))

    def opens(self, text: str, who: str = ANA, channel: str = LAUNCHES) -> dict:
        """Types the command, and gives the form once it tells what the policy asks for."""
        self.do(self._close_views(who))
        self.do(self.cast.types(who, text, channel))
        return self.sees_form(who)

    def edits(self, card: dict, who: str = ANA, **values: dict) -> dict[str, str]:
        """Presses Edit and submits the form with these fields changed; gives the errors at its fields."""
        self.do(self._close_views(who))
        self.presses(who, card, "launch:edit")
        self.sees_form(who, "Edit the request")
        return self.submits(who, **values)

    def confirms(self, who: str, card: dict, action_id: str = "launch:approve", **values: dict) -> dict[str, str]:
        """Presses a button that asks for something typed, and submits it; gives the errors at the fields."""
        self.presses(who, card, action_id)
        self.sees_modal(who, "Type the")
        return self.submits(who, **values)

    def sees_form(self, who: str, *having: str) -> dict:
        return self.sees_modal(who, "What will happen", *having, without="What exactly the policy asks for")

    def sees_modal(self, who: str, *having: str, without: str = "") -> dict:
        return self.do(self.cast.sees_modal(who, *having, without=without))["view"]

    def submits(self, who: str, **values: dict) -> dict[str, str]:
        return self.do(self.cast.submits(who, **values))

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

    def audit(self, card: dict) -> list[str]:
        """The audit tags of everything on record about the card's launch, in the journal's own file."""
        file = self.stage.environment["DATABASE_URL"].removeprefix("sqlite:///")
        with closing(sqlite3.connect(file)) as journal:
            rows = journal.execute("SELECT kind FROM events WHERE launch_id = ? ORDER BY seq", (launch_of(card),))
            return [kind for (kind,) in rows]

    def recorded(self, kind: str) -> int:
        """How many events with that audit tag the journal has, whatever launch they are of."""
        return self._counted("SELECT count(*) FROM events WHERE kind = :kind", kind=kind)

    def refusals(self) -> int:
        """How often somebody was refused something: what is on record, and what is counted beside it."""
        counted = self._counted("SELECT coalesce(sum(times), 0) FROM refusals")
        return self.recorded("launch:deny") + counted

    def _counted(self, query: str, **values: str) -> int:
        engine = open_engine(self.stage.environment["DATABASE_URL"])
        try:
            with engine.connect() as journal:
                return int(journal.execute(text(query), values).scalar_one())
        finally:
            engine.dispose()

    def until(self, seen: Callable[[], Any], what: str) -> Any:
        return self.do(self.cast.until(seen, what))

    def launches(self, text: str, approver: str = BEN) -> dict:
        """Asks, approves, and waits until the platform has taken it."""
        card = self.asks(text)
        self.presses(approver, card, "launch:approve")
        self.sees_reply(card, "The platform accepted the")
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
    def another_bot(
        self, command: Sequence[str] = COMMAND, settings: Mapping[str, str] | None = None
    ) -> Iterator[BotProcess]:
        """A second instance beside the first, or in its place, on the same database."""
        environment = {**self.stage.environment, "PORT": str(free_port()), **(settings or {})}
        bot = BotProcess(environment, tempfile.gettempdir(), command, forked.start)

        async def started() -> None:
            await bot.start()
            await bot.wait_ready()

        self.do(started())
        try:
            yield bot
        finally:
            self.do(bot.stop())


def stops_in(platform: Platform, campaign: int) -> list[tuple[str, bool]]:
    """For who is in the sandbox's event loop; others ask `Scene.stops_of`."""
    return [
        (one["request_id"], one["body"]["abort_if_running"])
        for one in platform.snapshot()["requests"]
        if one["method"] == "campaigns/deactivate" and one["body"]["id"] == campaign
    ]


def with_its_clock_ahead(hours: float) -> tuple[str, ...]:
    """The bot on a machine whose clock is that far ahead."""
    start = f"import runpy, sys, time, time_machine; time_machine.travel(time.time() + {hours * 3600}).start(); "
    return (sys.executable, "-c", f"{start}sys.argv = ['bot', 'run']; runpy.run_module('bot', alter_sys=True)")


@contextmanager
def open_scene(
    *,
    socket_mode: bool = True,
    folder: Path | None = None,
    settings: Mapping[str, str] | None = None,
    command: Sequence[str] = COMMAND,
    organisation: Organisation | None = None,
) -> Iterator[Scene]:
    with tempfile.TemporaryDirectory(prefix="campaign-bot-") as temporary:
        home = folder or Path(temporary)
        lay_tables(f"sqlite:///{home / 'journal.db'}")
        thread = InThread(
            lambda: staged(
                socket_mode=socket_mode,
                folder=home,
                settings={**PROMPT, **(settings or {})},
                limits=UNHURRIED,
                command=command,
                starting=forked.start,
                organisation=organisation,
            )
        )
        try:
            scene = Scene(thread)
            scene.sweep()
            yield scene
        finally:
            thread.close()


@contextmanager
def open_house(settings: Mapping[str, str] | None = None) -> Iterator[Scene]:
    """The whole sandbox as `make sandbox` starts it, with its page."""
    thread = InThread(
        lambda: staged(page_port=0, settings={"MESSAGE_PICTURES": "no", **(settings or {})}, limits=UNHURRIED)
    )
    try:
        yield Scene(thread)
    finally:
        thread.close()
