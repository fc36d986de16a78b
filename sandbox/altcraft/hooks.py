"""The stand-in platform's action hooks: what becomes of a run's messages, sent in batches to whoever is told."""

import asyncio
import json
import random
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import islice

from sandbox.altcraft.objects import Json, rfc3339
from sandbox.altcraft.runs import Run

BATCH = 500
PAUSE_SECONDS = 0.1
"""Between two batches, so that whoever looks on sees it count."""

TRIES = 100
TRY_AGAIN_SECONDS = 0.3
ACCOUNT = 161

HEALTHY = {"deliv": 0.97, "hbounce": 0.01, "sbounce": 0.02, "uopen": 0.21, "open": 0.34, "uclick": 0.02, "click": 0.03}
RATES: Mapping[str, Mapping[str, float]] = {
    "off": {},
    "healthy": {**HEALTHY, "unsub": 0.002, "complain": 0.0003},
    "bounces": {**HEALTHY, "deliv": 0.92, "hbounce": 0.06, "unsub": 0.004, "complain": 0.002},
    "nobody_opens": {"deliv": 0.97, "hbounce": 0.01},
}
"""Events for each message that was sent, by what the switch says."""


class Hooks:
    """Sends the events of runs that are over. `url` is where to; "" for nowhere. Lives on one event loop."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.url = ""
        self._clock = clock
        self._sending: set[asyncio.Task[None]] = set()

    def tell(self, run: Run, rates: Mapping[str, float], *, repeat: bool) -> None:
        """Begins to send what became of the run's messages. With `repeat`, until it is answered with OK."""
        if not self.url or not rates or run.started is None:
            return
        task = asyncio.get_running_loop().create_task(self._send(self._batches(run, rates), repeat=repeat))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, batches: Iterator[list[Json]], *, repeat: bool) -> None:
        for batch in batches:
            body = json.dumps(batch).encode()
            for _ in range(TRIES if repeat else 1):
                if await asyncio.to_thread(posted, self.url, body):
                    break
                await asyncio.sleep(TRY_AGAIN_SECONDS)
            await asyncio.sleep(PAUSE_SECONDS)

    def _batches(self, run: Run, rates: Mapping[str, float]) -> Iterator[list[Json]]:
        chance = random.Random(run.id)  # noqa: S311 -- made-up people
        events = self._events(run, rates, chance)
        while batch := list(islice(events, BATCH)):
            chance.shuffle(batch)
            yield batch

    def _events(self, run: Run, rates: Mapping[str, float], chance: random.Random) -> Iterator[Json]:
        sent = run.sent_so_far(self._clock())
        for kind, share in {"send": 1.0, **rates}.items():
            for nth in range(round(sent * share)):
                yield self._event(run, kind, nth, chance)

    def _event(self, run: Run, kind: str, nth: int, chance: random.Random) -> Json:
        details: Json = {"message_id": 77, "segment_id": run.order.source.id, "campaign_id": run.campaign_id}
        if kind.endswith(("open", "click", "unsub")):
            begun = int(run.started.timestamp()) if run.started else 0
            details |= {"launch_id": f"{ACCOUNT:08x}{run.campaign_id:08x}{begun:08x}", "ip": "203.0.113.9"}
        return {
            "event_type": kind,
            "event_date": rfc3339(self._clock()),
            "list_id": 50,
            "account_id": ACCOUNT,
            "is_test": False,
            "profile_id": f"made-up-{run.id}-{nth}",
            "_xxh": f"{chance.getrandbits(64):016x}",
            "event_data": details,
            "custom_data": {"email": f"person{nth}@example.com"},
        }


def posted(url: str, body: bytes) -> bool:
    """Whether what was posted is answered with OK."""
    asked = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 -- the sandbox's own
    with suppress(OSError), urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310
        return b"OK" in answer.read()
    return False
