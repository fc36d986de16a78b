"""The driver's side: starts the stand-ins and the apps as processes, sends what people do, and sees what follows."""

import asyncio
import json
import os
import sys
import time
from collections import Counter, OrderedDict, defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from sandbox.bot_process import BotProcess
from sandbox.stage import free_port
from tests.benchmarks.payloads import APPROVER, REQUESTER, SECRET, Payload
from tests.benchmarks.wire import HOST, Client

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0
"""Seconds after which what was waited for counts as lost."""

MOST_EARLY = 20_000
"""What is told before anybody asks for it and kept for that."""

OURS = (sys.executable, "-m", "bot", "run")
COUNTED = (sys.executable, "-m", "tests.benchmarks.counted")
PLAIN = (sys.executable, "-m", "tests.benchmarks.plain_bolt")

Told = dict[str, Any]
Key = tuple[object, ...]


class StandIns:
    """The stand-ins' process: what it tells, and its switches."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._awaited: dict[Key, list[asyncio.Future[Told]]] = defaultdict(list)
        self._early: OrderedDict[Key, Told] = OrderedDict()
        self._switched: asyncio.Queue[None] = asyncio.Queue()
        self._serving: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._reading = asyncio.create_task(self._read())
        self.calls: Counter[tuple[str, str]] = Counter()
        """How often each side, by its token, called each method."""
        self.activations: dict[str, Counter[int]] = defaultdict(Counter)
        """How often each side activated each campaign."""
        self.told_outcome: dict[str, set[str]] = defaultdict(set)
        """The cards of each side in whose thread the outcome stands, or that it is in doubt."""

    async def ports(self) -> Told:
        return await asyncio.wait_for(asyncio.shield(self._serving), PATIENCE)

    async def switch(self, **changes: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write((json.dumps(changes) + "\n").encode())
        await asyncio.wait_for(self._switched.get(), PATIENCE)

    def expect(self, *key: object) -> "asyncio.Future[Told]":
        """What is told under that key next, or was told already and not asked for yet."""
        future: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        if key in self._early:
            future.set_result(self._early.pop(key))
        else:
            self._awaited[key].append(future)
        return future

    async def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self._note(json.loads(line))

    def _note(self, told: Told) -> None:
        if told["what"] == "serving":
            self._serving.set_result(told)
            return
        if told["what"] == "switched":
            self._switched.put_nowait(None)
            return
        self.calls[told["by"], told["what"]] += 1
        if told["what"] == "campaigns/activate":
            self.activations[told["by"]][told["campaign"]] += 1
        if is_outcome(told) or is_doubt(told):
            self.told_outcome[told["by"]].add(str(told["thread"]))
        for key in _keys(told):
            waiting = self._awaited.pop(key, ())
            for future in waiting:
                if not future.done():
                    future.set_result(told)
            if not waiting:
                self._early[key] = told
                if len(self._early) > MOST_EARLY:
                    self._early.popitem(last=False)


def is_outcome(told: Told) -> bool:
    """Whether it is the bot's reply about the platform's answer, or plain Bolt's."""
    text = str(told.get("text", ""))
    return told["what"] == "chat.postMessage" and ("accepted the launch" in text or "Successful" in text)


def is_doubt(told: Told) -> bool:
    return told["what"] == "chat.postMessage" and told["thread"] is not None and ":warning:" in told["text"]


def _keys(told: Told) -> list[Key]:
    """Under which keys something told may be awaited."""
    by, what = told["by"], told["what"]
    match what:
        case "views.open":
            return [(by, "opened", told["trigger"])]
        case "views.update" if '"shown"' in str(told["carried"]):
            return [(by, "filled", told["view"])]
        case "chat.postMessage" if told["thread"] is None:
            return [(by, "card", told["launch"])]
        case "chat.postMessage" if is_outcome(told):
            return [(by, "outcome", told["thread"])]
        # Of two states that follow each other closely, the card may show the later one alone.
        case "chat.update" if any(word in told["text"] for word in ("aunched", "Running", "finished")):
            return [(by, "launched", told["ts"])]
        case "campaigns/activate":
            return [(by, "activation", told["campaign"])]
        case _:
            return []


class App:
    """One app under test, as a process."""

    def __init__(self, name: str, process: BotProcess, port: int, health_port: int, respond_at: str) -> None:
        self.name = name
        self.process = process
        self.port = port
        self.respond_at = respond_at
        self._client = Client(port)
        self._looking = Client(health_port)

    async def send(self, payload: Payload) -> tuple[int, bytes, float]:
        """Delivers it as Slack does; gives the ack's status, its body, and the seconds that it took."""
        headers, body = payload.signed()
        begun = time.monotonic()
        status, answer = await asyncio.wait_for(self._client.post("/slack/events", headers, body), PATIENCE)
        return status, answer, time.monotonic() - begun

    async def metrics(self) -> dict[str, float]:
        """What the app counts, by the metric's name and labels."""
        _, page = await self._looking.get("/metrics")
        lines = (line.rpartition(" ") for line in page.decode().splitlines() if not line.startswith("#"))
        return {name: float(value) for name, _, value in lines}

    def close(self) -> None:
        self._client.close()
        self._looking.close()


class Rig:
    """The stand-ins and the apps between them."""

    def __init__(self, stand_ins: StandIns, ports: Told, folder: Path) -> None:
        self.stand_ins = stand_ins
        self.folder = folder
        self._slack = f"http://{HOST}:{ports['slack']}"
        self._altcraft = f"http://{HOST}:{ports['altcraft']}"

    @classmethod
    @asynccontextmanager
    async def raised(cls, folder: Path) -> AsyncIterator[Self]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.benchmarks.stand_ins"),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=2**20,
        )
        stand_ins = StandIns(process)
        try:
            yield cls(stand_ins, await stand_ins.ports(), folder)
        finally:
            await stand_ins.stop()

    @asynccontextmanager
    async def app(
        self, name: str, command: Sequence[str] = OURS, settings: Mapping[str, str] | None = None
    ) -> AsyncIterator[App]:
        """An app that runs; `name` is its token, by which the stand-ins tell it from other apps."""
        port, health_port = free_port(), free_port()
        environment = {
            "SLACK_BOT_TOKEN": name,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{self._slack}/api/",
            "ALTCRAFT_URL": self._altcraft,
            "ALTCRAFT_TOKEN": name,
            "ALTCRAFT_TIMEOUT": "60",
            "MESSAGE_PICTURES": "no",
            "REQUESTERS": REQUESTER,
            "APPROVERS": APPROVER,
            "ADMINS": "U0DAN",
            "PORT": str(port),
            "HEALTH_PORT": str(health_port),
            "DATABASE_URL": f"sqlite:///{self.folder / f'{name}.db'}",
            "PYTHONPATH": str(ROOT),
            **(settings or {}),
        }
        process = BotProcess(environment, str(self.folder), command)
        app = App(name, process, port, health_port, f"{self._slack}/response")
        try:
            await process.start()
            await process.wait_ready()
            yield app
        finally:
            app.close()
            await process.stop()


def cores() -> int:
    return len(os.sched_getaffinity(0))
