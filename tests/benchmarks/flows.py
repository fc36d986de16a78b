"""What people go through with stopwatches: a launch from the command to its outcome, and the same with plain Bolt."""

import asyncio
import itertools
import json
from collections import defaultdict
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TypeVar

from tests.benchmarks import payloads
from tests.benchmarks.payloads import Modal
from tests.benchmarks.rig import PATIENCE, App, StandIns

_T = TypeVar("_T")

LOOKS_FOR = 0.02
"""Seconds between a card's appearance and the click; far less than any person takes."""

_campaigns = itertools.count(1000)


@dataclass
class Watches:
    """Seconds of each leg, in the order in which the flows began."""

    legs: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    lost: list[str] = field(default_factory=list)
    """Flows in which something did not happen in time."""

    def note(self, leg: str, seconds: float) -> None:
        self.legs[leg].append(seconds)

    def __getitem__(self, leg: str) -> list[float]:
        return self.legs[leg]


async def opens(app: App, stand_ins: StandIns, watches: Watches) -> tuple[int, Modal]:
    """Enter, until the modal is open: a round trip stands for the command's way to the app and its call's way back."""
    campaign = next(_campaigns)
    payload = payloads.command(f"{campaign} run_now source=segment:{campaign}", app.respond_at)
    opening = stand_ins.expect(app.name, "opened", payload.trigger)
    begun = asyncio.get_running_loop().time()
    (_, _, acked), opened = await asyncio.gather(app.send(payload), _within(opening))
    watches.note("modal", opened["done"] - begun)
    watches.note("ack", acked)
    return campaign, Modal(opened["view"], opened["carried"])


async def launches(app: App, stand_ins: StandIns, watches: Watches) -> None:
    """The whole way of one launch through the bot."""
    campaign = 0
    try:
        begun = asyncio.get_running_loop().time()
        campaign, modal = await opens(app, stand_ins, watches)
        filled = await _within(stand_ins.expect(app.name, "filled", modal.view))
        watches.note("form", filled["done"] - begun)
        value, card = await asks(app, stand_ins, Modal(modal.view, filled["carried"]), campaign, watches)
        # Nobody clicks in the very moment in which a card appears, while the bot still notes that it has posted it.
        await asyncio.sleep(LOOKS_FOR)
        await approves(app, stand_ins, value, card, campaign, watches)
    except TimeoutError:
        watches.lost.append(f"the launch of campaign {campaign} by {app.name}")


async def asks(app: App, stand_ins: StandIns, modal: Modal, campaign: int, watches: Watches) -> tuple[str, str]:
    """Submits the form; gives what the card's button carries, and the card."""
    launch = _launch_in(modal.carried)
    posting = stand_ins.expect(app.name, "card", launch)
    _, answer, acked = await app.send(payloads.submission(modal, campaign))
    watches.note("submission", acked)
    if answer:
        watches.lost.append(f"a submission was answered with {answer[:200]!r}")
    posted = await _within(posting)
    return str(posted["approve"]), str(posted["ts"])


async def approves(app: App, stand_ins: StandIns, value: str, card: str, campaign: int, watches: Watches) -> None:
    """A click on Approve, until the request leaves, and until the outcome can be read."""
    activation = stand_ins.expect(app.name, "activation", campaign)
    reply = stand_ins.expect(app.name, "outcome", card)
    update = stand_ins.expect(app.name, "launched", card)
    begun = asyncio.get_running_loop().time()
    acking = asyncio.create_task(app.send(payloads.approval(value, card, app.respond_at)))
    watches.note("activation", (await _within(activation))["at"] - begun)
    told, shown = await _within(asyncio.gather(reply, update))
    watches.note("outcome", max(told["done"], shown["done"]) - begun)
    _, _, acked = await acking
    watches.note("click", acked)


async def by_hand(app: App, stand_ins: StandIns, watches: Watches) -> None:
    """The same with plain Bolt, which knows no form and no card of its own."""
    try:
        campaign, _ = await opens(app, stand_ins, watches)
        await approves(app, stand_ins, str(campaign), f"{campaign}.0", campaign, watches)
    except TimeoutError:
        watches.lost.append(f"a flow of {app.name}")


async def acks(app: App, a_second: int, seconds: int) -> list[float]:
    """Seconds that each ack took, of commands at an even rate, whatever becomes of the earlier ones."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    sent = []
    for number in range(seconds * a_second):
        await asyncio.sleep(begun + number / a_second - loop.time())
        sent.append(asyncio.create_task(app.send(payloads.command("help", app.respond_at))))
    return [took for _, _, took in await asyncio.gather(*sent)]


def _launch_in(carried: str) -> str:
    return str(json.loads(carried)["launch"])


async def _within(waiting: "Awaitable[_T]") -> _T:
    return await asyncio.wait_for(waiting, PATIENCE)
