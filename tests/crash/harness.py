"""Lives launches through while the bot dies: people who try again, somebody who starts the bot again, and a judge."""

import asyncio
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import select

from bot.campaign.request import LaunchId
from bot.journal.audit import verify_launch
from bot.journal.engine import open_engine
from bot.journal.journal import Journal, line_of
from bot.journal.keys import keys_of
from bot.journal.tables import events, launches
from bot.launch.canary import IN_DOUBT, CanaryStanding
from bot.launch.copying import CopyStep
from bot.launch.state import ENDED, SENT, Launch, State
from bot.launch.stop import UNDER_WAY, StopStep
from bot.launch.story import Story
from bot.launch.testing import off_due_at
from bot.slack.views.card import card as card_of
from sandbox.altcraft.hooks import posted
from sandbox.altcraft.objects import Campaign
from sandbox.cast import ANA, BEN, DAN, Cast, NotSeen, texts
from sandbox.slack.records import Limits, Message
from sandbox.stage import Stage, staged
from sandbox.team import JOURNAL_KEY
from tests import forked
from tests.migrated import lay_tables
from tests.results.hooks import body, event

INSTRUMENTED = (sys.executable, str(Path(__file__).with_name("instrumented.py")))
PATIENCE = 300.0
"""Seconds within which a launch must come to rest, restarts included: a busy machine takes ten for each of them."""

KEYS = keys_of([JOURNAL_KEY.encode()])

SETTLING = "3"
"""Seconds: far more than the stand-in takes for a message, however busy the machine is."""

RUN_OF_A_TEST = 8.0
"""Seconds."""

TRIES = 1000
"""How often the platform's hooks tell what is not taken: longer than a restart takes."""

SWITCHES = {"run_seconds": 0.2, "start_delay_seconds": 0.05, "round_trip_ms": 0, "dedup": "off"}
"""A platform that takes whatever it gets: a second activation would be a second run."""


TESTS = '[test]\nsegment = 21\nat_most = 25\na_day = 1000\nno_schedule = "never_starts"\n'
BRAKES = '[brakes]\nhard_bounces = "2%"\nafter = 20\nstop = true\n'
CANARIES = '[canary]\nno_schedule = "never_starts"\n'
"""They change nothing for launches that do not bounce; tests and canaries have where to go, and may be copied."""

FIRST_FEW = 9
"""The canary's segment."""


@dataclass(frozen=True)
class Verdict:
    """What became of one launch, and everything about it that breaks a promise."""

    launch_id: str
    state: str
    activations: int
    broken: tuple[str, ...]


class World:
    """One sandbox whose bot may die, and the people in it."""

    def __init__(self, stage: Stage, journal: Journal, control: Path, poll: float = 0.05) -> None:
        self.stage = stage
        self.cast = Cast(stage)
        self.journal = journal
        self.control = control
        self.deaths = 0
        self._poll = poll
        self._rounds = itertools.count(1)
        self._campaigns = itertools.count(1000)
        self.bouncing: set[LaunchId] = set()
        """The launches whose runs have passed a brake."""

    # -- the bot ---------------------------------------------------------------------------------------------------

    def arm(self, at: str = "") -> None:
        """From now on the bot notes the points it passes, or dies at that one."""
        self.control.with_suffix(".passed").unlink(missing_ok=True)
        order = {"round": next(self._rounds), **({"at": at} if at else {})}
        fresh = self.control.with_suffix(".new")
        fresh.write_text(json.dumps(order))
        fresh.rename(self.control)

    def disarm(self) -> list[str]:
        """The points passed since `arm`, in order."""
        self.control.unlink(missing_ok=True)
        passed = self.control.with_suffix(".passed")
        return passed.read_text().splitlines() if passed.exists() else []

    async def keep_alive(self) -> None:
        """Starts the bot again whenever it has died."""
        while True:
            if self.stage.bot.status() == "stopped":
                # Whatever was to be tried has been tried.
                self.control.unlink(missing_ok=True)
                self.deaths += 1
                await self.stage.bot.start()
                with suppress(TimeoutError):
                    await self.stage.bot.wait_ready()
            await asyncio.sleep(0.02)

    # -- people ----------------------------------------------------------------------------------------------------

    def new_campaign(self) -> int:
        campaign_id = next(self._campaigns)
        platform = self.stage.platform
        platform.campaigns[campaign_id] = replace(platform.campaigns[82], id=campaign_id)
        return campaign_id

    async def ask(self, campaign_id: int, who: str = ANA, words: str = "") -> LaunchId:
        """Types and submits until the journal has the request."""

        async def once() -> None:
            with suppress(NotSeen):
                await self._ask_once(campaign_id, who, words)

        await self.persist(once, lambda: self.found(campaign_id), f"campaign {campaign_id} is asked for")
        return self.found(campaign_id)[0]

    async def _ask_once(self, campaign_id: int, who: str, words: str) -> None:
        slack, before = self.stage.workspace, self.deaths
        for view in reversed(slack.views.stack(who)):
            await slack.close(who, view.id, everything=True)
        await self.cast.types(who, f"{campaign_id} run_now{words}")
        # Refused because something could not be looked up, a person types it again, long before a minute is over.
        await self.wait(lambda: self._form_is_loaded(who) or self.deaths > before, 10)
        for view in slack.views.stack(who):
            if (await slack.submit(who, view.id, {})).ok:
                await self.wait(lambda: self.found(campaign_id) or self.deaths > before)

    def _form_is_loaded(self, who: str) -> bool:
        shown = texts([view["view"] for view in self.stage.workspace.snapshot(who)["views"]])
        return bool(shown) and "loading" not in shown

    async def press(self, who: str, launch_id: LaunchId, action_id: str, until: Callable[[State], bool]) -> None:
        """Presses a button until the journal shows that it was taken."""
        taken = lambda: until(self.state(launch_id))  # noqa: E731

        async def once() -> None:
            before = self.deaths
            card = await self.wait(lambda: self.card(launch_id))
            assert card, "the card is there"
            with suppress(NotSeen):
                await self.cast.presses(who, card, action_id)
                await self.wait(lambda: taken() or self.deaths > before, 3)

        await self.persist(once, taken, f"{who} presses {action_id} for {launch_id}")

    async def persist(self, act: Callable[[], Awaitable[None]], done: Callable[[], Any], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > deadline:
                tail = "\n".join(self.stage.bot.log_tail()[-30:])
                raise NotSeen(f"not within {PATIENCE:.0f} s: {what}; the bot is {self.stage.bot.status()}:\n{tail}")
            await self.wait(lambda: self.stage.bot.status() == "running", 20)
            await act()
            await asyncio.sleep(self._poll)

    async def wait(self, seen: Callable[[], Any], within: float = PATIENCE) -> Any:
        """What `seen` gives once it gives something; None where that takes too long."""
        deadline = time.monotonic() + within
        while not (found := seen()) and time.monotonic() < deadline:  # noqa: ASYNC110 -- a database has no event
            await asyncio.sleep(self._poll)
        return found

    # -- what there is ---------------------------------------------------------------------------------------------

    def found(self, campaign_id: int) -> list[LaunchId]:
        """The launches of the campaign, or its tests."""
        of_it = (launches.c.campaign_id == campaign_id) | (launches.c.test_of == campaign_id)
        of_it &= launches.c.canary_of.is_(None)
        with self.journal.reading() as connection:
            query = select(launches.c.id).where(of_it).order_by(launches.c.asked_at)
            return [LaunchId(one) for one in connection.execute(query).scalars()]

    def state(self, launch_id: LaunchId) -> State:
        with self.journal.reading() as connection:
            query = select(launches.c.state).where(launches.c.id == launch_id)
            return State(connection.execute(query).scalar_one())

    def story(self, launch_id: LaunchId) -> Story:
        story = self.journal.story(launch_id)
        assert story
        return story

    def messages(self, launch_id: LaunchId) -> list[Message]:
        """The bot's messages about a launch, card and replies alike, in the order of the channel."""
        channel = self.stage.workspace.state.channels["C0LAUNCH"]
        return [one for one in channel.messages.values() if _payload(one).get("launch_id") == launch_id]

    def card(self, launch_id: LaunchId) -> dict[str, Any] | None:
        """As much of the card as it takes to press its buttons."""
        cards = [one for one in self.messages(launch_id) if _seq(one) == 0]
        return {"ts": cards[-1].ts, "metadata": cards[-1].metadata, "blocks": cards[-1].blocks} if cards else None

    def activations(self, campaign_id: int) -> int:
        bodies = (json.loads(body) for body in self.stage.sent.activations)
        return sum(body["id"] == campaign_id for body in bodies)

    def deactivations(self, campaign_id: int) -> int:
        asked = self.stage.platform.snapshot()["requests"]
        return sum(one["method"] == "campaigns/deactivate" and one["body"]["id"] == campaign_id for one in asked)

    async def bounces(self, campaign_id: int) -> None:
        """The platform's hooks tell of a run of which ten percent bounce, again and again until that is taken."""
        now = datetime.now(UTC)
        told = [event("send", nth=nth, campaign=campaign_id, at=now) for nth in range(20)]
        told += [event("hbounce", nth=nth, campaign=campaign_id, at=now) for nth in range(2)]
        url = self.stage.platform.hooks.url
        for _ in range(TRIES):
            if await asyncio.to_thread(posted, url, body(*told)):
                return
            await asyncio.sleep(self._poll)

    def copies(self, launch_id: LaunchId) -> list[Campaign]:
        """The copies that the platform has made for a test, told by their names."""
        return [one for one in self.stage.platform.campaigns.values() if one.name.endswith(f" {launch_id}")]

    # -- the judge -------------------------------------------------------------------------------------------------

    async def verdict(self, launch_id: LaunchId) -> Verdict:
        """Waits for the launch to come to rest, and says what is wrong with it then."""
        at_rest = ENDED | {State.IN_DOUBT}
        await self.wait(lambda: self.state(launch_id) in at_rest and not self._unrest_of_all(launch_id))
        story = self.story(launch_id)
        broken = [*self._unrest(launch_id), *self._broken_of_canary(story.launch)]
        if story.launch.request.is_test:
            return self._verdict_on_a_test(story.launch, broken)
        activations = self.activations(story.launch.request.campaign_id)
        if activations > 1:
            broken.append(f"activated {activations} times")
        stops = self.deactivations(story.launch.request.campaign_id)
        if stops > 1:
            broken.append(f"stopped {stops} times")
        if activations and not story.launch.approvals:
            broken.append("activated without an approval")
        if story.launch.state == State.FINISHED and activations != 1:
            broken.append(f"finished after {activations} activations")
        with self.journal.reading() as connection:
            broken += [one.text for one in verify_launch(connection, launch_id, KEYS, self.journal.now())]
        return Verdict(launch_id, story.launch.state, activations, tuple(broken))

    def _verdict_on_a_test(self, test: Launch, broken: list[str]) -> Verdict:
        """One copy and one run at most, to the policy's segment and with its limit, and nothing is left switched on."""
        copies = self.copies(test.id)
        bodies = [json.loads(body) for body in self.stage.sent.activations]
        sent = [body for body in bodies if body["id"] in {one.id for one in copies}]
        if len(copies) > 1:
            broken.append(f"copied {len(copies)} times")
        if len(sent) > 1 or self.activations(test.request.campaign_id):
            broken.append("activated twice, or the campaign itself")
        if any((body["override_source_id"], body["override_limit"]) != (21, 25) for body in sent):
            broken.append("sent beyond the policy's segment")
        if any(one.is_active for one in copies):
            broken.append("left a copy switched on")
        return Verdict(test.id, test.state, len(sent), tuple(broken))

    def _unrest_of_all(self, launch_id: LaunchId) -> list[str]:
        """What is missing for the launch, and for its canary."""
        canary = self.story(launch_id).launch.canary
        opened = canary is not None and self.journal.load(canary.launch_id) is not None
        return [*self._unrest(launch_id), *(self._unrest(canary.launch_id) if canary and opened else [])]

    def _broken_of_canary(self, launch: Launch) -> list[str]:
        """One copy and one run at most, to the canary's segment, before the rest; and nothing is left switched on."""
        if launch.canary is None or self.journal.load(launch.canary.launch_id) is None:
            return []
        canary = launch.canary.launch_id
        copies = self.copies(canary)
        bodies = [json.loads(body) for body in self.stage.sent.activations]
        places = [place for place, body in enumerate(bodies) if body["id"] in {one.id for one in copies}]
        rest = [place for place, body in enumerate(bodies) if body["id"] == launch.request.campaign_id]
        broken = [f"its canary: {one}" for one in self._unrest(canary)]
        if len(copies) > 1 or len(places) > 1:
            broken.append(f"its canary was copied {len(copies)} times, and activated {len(places)} times")
        if any(bodies[place]["override_source_id"] != FIRST_FEW for place in places):
            broken.append("its canary went to somebody else")
        if rest and (launch.canary.released_at is None or any(place > rest[0] for place in places)):
            broken.append("the rest went before it was released, or before the canary")
        if any(one.is_active for one in copies):
            broken.append("left a canary's copy switched on")
        with self.journal.reading() as connection:
            broken += [one.text for one in verify_launch(connection, canary, KEYS, self.journal.now())]
        return broken

    def _to_be_told(self, launch_id: LaunchId) -> list[int]:
        with self.journal.reading() as connection:
            query = select(events).where(events.c.launch_id == launch_id).order_by(events.c.seq)
            lines = [line_of(row) for row in connection.execute(query).mappings()]
        return [line.entry.seq for line in lines if line.told]

    def _unrest(self, launch_id: LaunchId) -> list[str]:
        """What is missing for the launch to be at rest: an outcome or a card that asks, told whole and once."""
        story = self.story(launch_id)
        launch, messages = story.launch, self.messages(launch_id)
        cards = [one for one in messages if _seq(one) == 0]
        told, should = [_seq(one) for one in messages if _seq(one)], self._to_be_told(launch_id)
        wrong = []
        if launch.state not in ENDED and not (launch.state == State.IN_DOUBT and launch.looked):
            wrong.append(f"it stands at {launch.state}")
        if launch.copy and launch.copy.step == CopyStep.IN_DOUBT and launch.copy.looked is None:
            wrong.append("its copy was not looked for")
        if off_due_at(launch) or (launch.is_on_copy and launch.stop and launch.stop.step in UNDER_WAY):
            wrong.append("its copy is not off yet")
        if launch_id in self.bouncing and not _is_braked(launch):
            wrong.append("no brake has stopped it")
        if len(cards) != 1:
            wrong.append(f"it has {len(cards)} cards")
        elif cards[0].text != card_of(launch).text:
            wrong.append(f"its card says {cards[0].text!r} at {launch.state}")
        elif launch.state == State.IN_DOUBT and "It did not run" not in texts(cards[0].blocks):
            wrong.append("its card does not ask")
        if told != should:
            wrong.append(f"its thread tells {told} instead of {should}")
        return wrong


def _payload(message: Message) -> dict[str, Any]:
    return (message.metadata or {}).get("event_payload") or {}


def _seq(message: Message) -> int:
    return int(_payload(message)["seq"])


def _is_braked(launch: Launch) -> bool:
    """Whether a stop has come to its end, or is in doubt and was looked into."""
    stop = launch.stop
    return stop is not None and stop.step not in UNDER_WAY and (stop.step != StopStep.IN_DOUBT or bool(stop.looked))


TEAM = tuple(f"U0TEAM{number}" for number in range(8))
"""People who ask at the same time: each has one form open at most."""


@asynccontextmanager
async def world(
    folder: Path, database_url: str, more: Mapping[str, str] | None = None, poll: float = 0.05
) -> AsyncIterator[World]:
    """A sandbox with the instrumented bot, which is started again whenever it dies."""
    control = folder / "control"
    lay_tables(database_url)
    settings = {
        "CRASH_CONTROL": str(control),
        "DATABASE_URL": database_url,
        "ALTCRAFT_TIMEOUT": "5",
        "REQUESTERS": ",".join((ANA, *TEAM)),
        "SLACK_SETTLING": SETTLING,
        "MESSAGE_PICTURES": "no",
        **(more or {}),
    }
    limits = Limits(post_burst=100_000)
    async with staged(
        settings=settings, folder=folder, limits=limits, command=INSTRUMENTED, starting=forked.start
    ) as stage:
        stage.platform.switch(**SWITCHES)
        stage.policy.write(TESTS + BRAKES + CANARIES)
        state = stage.workspace.state
        for person in TEAM:
            state.people[person] = replace(state.people[ANA], id=person)
            state.channels["C0LAUNCH"].members.append(person)
        engine = open_engine(database_url)
        living = World(stage, Journal(engine), control, poll)
        nurse = asyncio.create_task(living.keep_alive())
        try:
            yield living
        finally:
            nurse.cancel()
            engine.dispose()


# -- the lives that are lived ------------------------------------------------------------------------------------------


async def launched(world: World, who: str = ANA) -> LaunchId:
    """Asked for, approved, accepted, run to its end."""
    launch_id = await world.ask(world.new_campaign(), who)
    await world.press(BEN, launch_id, "launch:approve", lambda state: state != State.REQUESTED)
    return launch_id


async def doubted(world: World) -> LaunchId:
    """The platform breaks the connection before it takes anything; an admin looks, and says that it did not run."""
    campaign_id = world.new_campaign()
    world.stage.platform.switch(activation="reset", only_next=True)
    launch_id = await world.ask(campaign_id)
    await world.press(BEN, launch_id, "launch:approve", lambda state: state != State.REQUESTED)
    await world.wait(lambda: world.story(launch_id).launch.looked)
    if world.story(launch_id).launch.state == State.IN_DOUBT:
        await world.press(DAN, launch_id, "launch:vouch_not_run", lambda state: state != State.IN_DOUBT)
    world.stage.platform.switch(activation="normal", only_next=False)
    return launch_id


async def cancelled(world: World) -> LaunchId:
    """Asked for, and cancelled by the requester."""
    launch_id = await world.ask(world.new_campaign())
    await world.press(ANA, launch_id, "launch:cancel", lambda state: state != State.REQUESTED)
    return launch_id


async def tested(world: World) -> LaunchId:
    """A test, from its copy to the copy's end."""
    campaign_id = world.new_campaign()
    # Long enough that the bot has to switch the copy off, and finds it off only where it was killed meanwhile.
    world.stage.platform.switch(run_seconds=RUN_OF_A_TEST)

    async def once() -> None:
        before = world.deaths
        with suppress(NotSeen):
            await world.cast.types(ANA, f"test {campaign_id}")
            await world.wait(lambda: world.found(campaign_id) or world.deaths > before, 10)

    await world.persist(once, lambda: world.found(campaign_id), f"a test of campaign {campaign_id} is asked for")
    return world.found(campaign_id)[0]


async def braked(world: World) -> LaunchId:
    """Launched, and stopped by a brake."""
    launch_id = await launched(world)
    await world.wait(lambda: world.state(launch_id) in SENT | {State.IN_DOUBT})
    if world.state(launch_id) in SENT:
        await world.bounces(world.story(launch_id).launch.request.campaign_id)
        world.bouncing.add(launch_id)
    return launch_id


async def _after_its_canary(world: World) -> LaunchId:
    """Up to where the rest waits for somebody. Of a canary in doubt that left no trace, an admin says so."""
    launch_id = await world.ask(world.new_campaign(), words=f" canary=segment:{FIRST_FEW} wait=1s")
    await world.press(BEN, launch_id, "launch:approve", lambda state: state != State.REQUESTED)

    def standing() -> CanaryStanding | None:
        return world.story(launch_id).launch.canary

    def canary() -> Launch | None:
        begun = standing()
        return world.journal.load(begun.launch_id) if begun else None

    def looked_for() -> bool:
        found = canary()
        return bool(found and found.state == State.IN_DOUBT and found.looked)

    def waits() -> bool:
        now = standing()
        return bool(now and now.waits_for_a_person and now.failed != IN_DOUBT)

    await world.wait(lambda: waits() or looked_for())
    if looked_for() and (found := canary()):
        await world.press(DAN, found.id, "launch:vouch_not_run", lambda state: state != State.IN_DOUBT)
    await world.wait(waits)
    return launch_id


async def released(world: World) -> LaunchId:
    """First to a few, then released."""
    launch_id = await _after_its_canary(world)
    await world.press(BEN, launch_id, "canary:release", lambda state: state != State.APPROVED)
    return launch_id


async def ended_here(world: World) -> LaunchId:
    """First to a few, and ended there; somebody tries to release the rest after that."""
    launch_id = await _after_its_canary(world)
    await world.press(ANA, launch_id, "canary:stop", lambda state: state != State.APPROVED)
    card = await world.wait(lambda: world.card(launch_id))
    with suppress(NotSeen):
        await world.cast.presses(BEN, card, "canary:release")
    return launch_id


LIVES = {
    "launched": launched,
    "doubted": doubted,
    "cancelled": cancelled,
    "tested": tested,
    "released": released,
    "ended_here": ended_here,
    "braked": braked,
}


class Tally:
    """The sweep's table."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, Verdict | None]] = []

    def note(self, life: str, point: str, verdict: Verdict | None) -> Self:
        self.rows.append((life, point, verdict))
        return self

    @property
    def broken(self) -> list[str]:
        return [f"{life}, killed at {point}: {v.broken}" for life, point, v in self.rows if v and v.broken]

    def table(self) -> str:
        """Points, kills, doubles and losses, by kind of point."""
        kinds: dict[tuple[str, str], Counter[str]] = {}
        for life, point, verdict in self.rows:
            counter = kinds.setdefault((life, point.rpartition(" #")[0] or point), Counter())
            counter["points"] += 1
            if verdict is None:
                continue
            counter["kills"] += 1
            counter["doubles"] += verdict.activations > 1
            counter["lost"] += bool(verdict.broken)
            counter["asks"] += verdict.state == State.IN_DOUBT
        columns = ("points", "kills", "doubles", "lost", "asks")
        total: Counter[str] = sum(kinds.values(), Counter())
        lines = [f"{'life':10} {'killed at':74}" + "".join(f"{name:>8}" for name in columns)]
        for (life, kind), counter in (*sorted(kinds.items()), (("all", ""), total)):
            lines.append(f"{life:10} {kind[:74]:74}" + "".join(f"{counter[name]:>8}" for name in columns))
        return "\n".join(lines)
