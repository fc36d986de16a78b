"""Measurement 4: acks while everything is in trouble, beside plain Bolt."""

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus
from statistics import median

from tests.benchmarks import payloads
from tests.benchmarks.arithmetic import Goal, Section, Table, milliseconds, percentile
from tests.benchmarks.comparison import PLATFORM, SLACK
from tests.benchmarks.flows import Watches, asks, opens
from tests.benchmarks.payloads import Modal
from tests.benchmarks.rig import PATIENCE, PLAIN, App, Rig

A_SECOND = 200
APPROVED = 'campaign_bot_launches_total{practice="no",state="approved"}'
SLACKS_PATIENCE = 3.0
"""Seconds after which Slack gives up waiting for an ack, and tells the person an error."""
SETTLING = 90.0
"""Seconds within which every launch has to come to rest once the trouble is over."""


TOGETHER = 20
"""Launches that are asked for at the same time, before the trouble begins."""


@dataclass
class Acks:
    """Seconds that each ack took; `lost` never came, came too late, or was none."""

    seconds: list[float] = field(default_factory=list)
    lost: int = 0

    def row(self, name: str) -> tuple[str, ...]:
        sent = len(self.seconds) + self.lost
        if not self.seconds:
            return name, str(sent), str(self.lost), "–", "–", "–"
        figures = (median(self.seconds), percentile(self.seconds, 0.99), max(self.seconds))
        return name, str(sent), str(self.lost), *map(milliseconds, figures)


async def measure(rig: Rig, *, quick: bool) -> Section:
    launches, seconds, hand_seconds, timeout = (20, 5, 3, "5") if quick else (100, 60, 8, "10")
    stand_ins = rig.stand_ins
    await stand_ins.switch(slack=SLACK, platform=0.0)
    settings = {"ALTCRAFT_TIMEOUT": timeout}
    broken: list[str] = []
    async with rig.app("plain-troubled", PLAIN) as plain:
        await stand_ins.switch(limit_every=3)
        by_hand = await _under(plain, hand_seconds)
        await stand_ins.switch(limit_every=0)
    async with rig.app("troubled", settings=settings) as ours:
        waiting = await pending(ours, rig, launches, broken)
        await stand_ins.switch(platform=PLATFORM, platform_hangs="activations", limit_every=3)
        clicks = await _approved(ours, waiting)
        await _decided(ours, launches)
        await stand_ins.switch(platform_hangs="all")
        acks = await _under(ours, seconds)
        await stand_ins.switch(platform_hangs="", limit_every=0)
        broken += await _settled(rig, ours, {card for _, card, _ in waiting})
        broken += clicks
    await stand_ins.switch(slack=0.0, platform=0.0, platform_hangs="", limit_every=0)
    activated = stand_ins.activations[ours.name].values()
    broken += [f"a launch was activated {times} times" for times in activated if times > 1]
    rows = (acks.row("campaign-bot"), by_hand.row("plain Bolt"))
    head = ("", "commands", "acks lost", "median", "p99", "longest")
    tail, longest = percentile(acks.seconds, 0.99), max(acks.seconds)
    goals = (
        Goal("p99 below 100 ms", f"{milliseconds(tail)} ms", tail < 0.1),
        Goal("no ack over 1 s", f"The longest took {milliseconds(longest)} ms", longest <= 1),
        Goal("none lost", f"{acks.lost} of {len(acks.seconds) + acks.lost}", not acks.lost),
    )
    told = (
        f"{A_SECOND} commands a second for {seconds} s ({hand_seconds} s for plain Bolt, which has too few threads to "
        f"last longer), while the platform hangs, {launches} launches are in flight, and Slack answers every third "
        "call with 429."
    )
    return Section("4. Acks under trouble", (Table(head, rows),), goals, (told,), tuple(broken))


async def pending(app: App, rig: Rig, many: int, broken: list[str]) -> list[tuple[str, str, int]]:
    """That many launches that wait for approval: what each card's button carries, the card, and the campaign."""
    watches = Watches()

    async def one() -> tuple[str, str, int]:
        campaign, modal = await opens(app, rig.stand_ins, watches)
        filled = await rig.stand_ins.expect(app.name, "filled", modal.view)
        value, card = await asks(app, rig.stand_ins, Modal(modal.view, filled["carried"]), campaign, watches)
        return value, card, campaign

    found: list[tuple[str, str, int]] = []
    for first in range(0, many, TOGETHER):
        found += await asyncio.gather(*(one() for _ in range(first, min(first + TOGETHER, many))))
    broken += watches.lost
    return found


async def _approved(app: App, waiting: list[tuple[str, str, int]]) -> list[str]:
    """Clicks on Approve for all of them at once; gives what was not acked."""
    clicks = [app.send(payloads.approval(value, card, app.respond_at)) for value, card, _ in waiting]
    answers = await asyncio.gather(*clicks, return_exceptions=True)
    bad = [
        one if isinstance(one, BaseException) else one[0]
        for one in answers
        if isinstance(one, BaseException) or one[0] != HTTPStatus.OK
    ]
    return [f"{len(bad)} clicks were not acked: {bad[0]!r}"] if bad else []


async def _decided(app: App, many: int) -> None:
    """Waits until that many launches are approved: from then on, the platform's reads may hang as well."""
    async with asyncio.timeout(PATIENCE):
        while (await app.metrics()).get(APPROVED, 0) < many:  # noqa: ASYNC110 -- another process counts them
            await asyncio.sleep(0.1)


async def _under(app: App, seconds: int) -> Acks:
    """Commands at an even rate, whatever becomes of the earlier ones."""
    acks = Acks()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    sent = []
    for number in range(seconds * A_SECOND):
        await asyncio.sleep(begun + number / A_SECOND - loop.time())
        sent.append(asyncio.create_task(_acked(app, number, acks)))
    await asyncio.gather(*sent)
    return acks


async def _acked(app: App, number: int, acks: Acks) -> None:
    campaign = 5_000_000 + number
    payload = payloads.command(f"{campaign} run_now source=segment:{campaign}", app.respond_at)
    try:
        status, _, seconds = await asyncio.wait_for(app.send(payload), 2 * SLACKS_PATIENCE)
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        acks.lost += 1
        return
    if status == 200 and seconds <= SLACKS_PATIENCE:
        acks.seconds.append(seconds)
    else:
        acks.lost += 1


async def _settled(rig: Rig, app: App, cards: set[str]) -> list[str]:
    """Waits until each card says how its launch ended, or that it is in doubt; gives those that do not."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + SETTLING
    missing = cards
    while missing and loop.time() < deadline:
        await asyncio.sleep(0.2)
        missing = cards - rig.stand_ins.told_outcome[app.name]
    return [f"{len(missing)} launches have no outcome on their cards"] if missing else []
