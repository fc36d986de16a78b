"""Measurement 9: acks while mails are read and painted, hostile ones beside ordinary ones in one run."""

import asyncio
from statistics import median

from bot.picture import chromium
from tests.benchmarks import flows
from tests.benchmarks.arithmetic import Goal, Section, Table, milliseconds, percentile, ratio
from tests.benchmarks.flows import Watches, asks
from tests.benchmarks.payloads import Modal
from tests.benchmarks.rig import PATIENCE, App, Rig

A_SECOND = 40
DUE = 'campaign_bot_due_launches{lane="pictures"}'
KINDS = ("ordinary", "hostile", "none")


async def measure(rig: Rig, *, turns: int, seconds: int) -> Section:
    """Takes turns of so many seconds: in each, a launch a second is asked for, or none is."""
    acks: dict[str, list[float]] = {kind: [] for kind in KINDS}
    asked: dict[str, int] = dict.fromkeys(KINDS, 0)
    broken: list[str] = []
    await rig.stand_ins.switch(slack=0.0, platform=0.0)
    paints = chromium.find() is not None
    async with rig.app("mails", settings={"MESSAGE_PICTURES": "yes"}) as app:
        for turn in range(turns):
            for kind in KINDS if turn % 2 else KINDS[::-1]:
                await rig.stand_ins.switch(mails="" if kind == "none" else kind)
                watches = Watches()
                many = 0 if kind == "none" else seconds
                took, _ = await asyncio.gather(flows.acks(app, A_SECOND, seconds), _launches(app, rig, watches, many))
                acks[kind] += took
                await _painted(app)
                # What was kept open meanwhile may be closed on the other side.
                app.close()
                asked[kind] += len(watches["submission"])
                broken += watches.lost
    await rig.stand_ins.switch(mails="")
    return _told(acks, asked, broken, paints=paints)


def _told(acks: dict[str, list[float]], asked: dict[str, int], broken: list[str], *, paints: bool) -> Section:
    found = ratio(acks["hostile"], acks["ordinary"])
    head = ("mails", "launches asked for", "commands", "median of acks, ms", "p99", "longest")
    rows = tuple(
        (
            kind,
            str(asked[kind]),
            str(len(acks[kind])),
            *map(milliseconds, (median(acks[kind]), percentile(acks[kind], 0.99), max(acks[kind]))),
        )
        for kind in KINDS
    )
    goals = (
        Goal("hostile mails leave acks where ordinary ones do, within a tenth", f"Ratio {found}", found.whole <= 1.1),
        Goal("no ack over 1 s", f"The longest took {milliseconds(max(acks['hostile']))} ms", max(acks["hostile"]) <= 1),
    )
    painted = "and painted" if paints else "and not painted, for want of a browser,"
    told = (
        f"{A_SECOND} commands a second, while a launch a second is asked for, each with a mail that is read, checked "
        f"{painted} in turns with ordinary mails, hostile ones (2 MB, deeply nested, malformed, thousands of links, "
        "large `data:` images) and none. The browser takes one of the two processors while it paints."
    )
    return Section("9. Acks while mails are read and painted", (Table(head, rows),), goals, (told,), tuple(broken))


async def _launches(app: App, rig: Rig, watches: Watches, many: int) -> None:
    """Asks for so many launches, one a second, whatever becomes of the earlier ones."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    asked = []
    for number in range(many):
        await asyncio.sleep(begun + number - loop.time())
        asked.append(asyncio.create_task(_launch(app, rig, watches)))
    await asyncio.gather(*asked)


async def _launch(app: App, rig: Rig, watches: Watches) -> None:
    campaign, modal = await flows.opens(app, rig.stand_ins, watches)
    filled = await asyncio.wait_for(rig.stand_ins.expect(app.name, "filled", modal.view), PATIENCE)
    await asks(app, rig.stand_ins, Modal(modal.view, filled["carried"]), campaign, watches)


async def _painted(app: App) -> None:
    """Waits until no picture is due any more, so that a turn costs the next one nothing."""
    async with asyncio.timeout(PATIENCE):
        while (await app.metrics()).get(DUE, 0):  # noqa: ASYNC110 -- another process counts them
            await asyncio.sleep(0.2)
