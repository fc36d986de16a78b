"""The bot as the sandbox runs it: a process of its own, started, killed and started again like in life."""

import asyncio
import os
import signal
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

LINES_KEPT = 200
READY = "ready:"
"""What the bot's log line begins with once it takes what people do."""


COMMAND = (sys.executable, "-m", "bot", "run")


class Running(Protocol):
    """What is used of a process that asyncio has started."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    @property
    def stderr(self) -> asyncio.StreamReader | None: ...

    def send_signal(self, number: int, /) -> None: ...

    async def wait(self) -> int: ...


Starting: TypeAlias = Callable[[Sequence[str], str, Mapping[str, str]], Awaitable[Running]]
"""Starts a command in a folder, with that environment and no other."""


async def as_program(command: Sequence[str], folder: str, environment: Mapping[str, str]) -> Running:
    """As anybody starts it."""
    return await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )


class BotProcess:
    """`campaign-bot run` with an environment of its own. Nothing of the machine's own settings reaches it."""

    def __init__(
        self,
        environment: Mapping[str, str],
        folder: str,
        command: Sequence[str] = COMMAND,
        starting: Starting = as_program,
    ) -> None:
        self._starting = starting
        self._command = command
        self._environment = {**_bare_environment(), **environment}
        self._folder = folder
        self._process: Running | None = None
        self._reading: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._log: deque[str] = deque(maxlen=LINES_KEPT)

    def status(self) -> str:
        """`running`, `starting` or `stopped`."""
        if self._process is None or self._process.returncode is not None:
            return "stopped"
        return "running" if self._ready.is_set() else "starting"

    @property
    def pid(self) -> int | None:
        """The process that was started last."""
        return self._process.pid if self._process else None

    @property
    def exit_status(self) -> int | None:
        """How the last process ended: its status, or less than 0 for the signal that killed it; None while it runs."""
        return self._process.returncode if self._process else None

    def log_tail(self) -> list[str]:
        return list(self._log)

    async def start(self) -> None:
        """Starts the process unless it runs; does not wait until it is ready."""
        if self.status() != "stopped":
            return
        self._ready.clear()
        self._process = await self._starting(self._command, self._folder, self._environment)
        self._reading = asyncio.create_task(self._read(self._process))

    async def wait_ready(self, within: float = 30.0) -> None:
        """Raises TimeoutError, with the log's end, where the bot does not get ready in time."""
        try:
            await asyncio.wait_for(self._ready.wait(), within)
        except TimeoutError as error:
            raise TimeoutError("the bot did not get ready:\n" + "\n".join(self._log)) from error
        if self.status() == "stopped":
            raise TimeoutError("the bot stopped at once:\n" + "\n".join(self._log))

    async def kill(self) -> None:
        """Kills it on the spot (SIGKILL), as a power cut would."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Asks it to stop (SIGTERM) and waits; kills it where it does not."""
        try:
            await asyncio.wait_for(self._end(signal.SIGTERM), 15)
        except TimeoutError:
            await self.kill()

    async def _end(self, number: signal.Signals) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        self._process.send_signal(number)
        await self._process.wait()
        if self._reading:
            await self._reading

    async def _read(self, process: Running) -> None:
        if process.stderr is None:
            return
        async for line in process.stderr:
            text = line.decode(errors="replace").rstrip()
            self._log.append(text)
            if READY in text:
                self._ready.set()
        await process.wait()
        # Whoever waits for readiness learns of the end instead.
        self._ready.set()


def _bare_environment() -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "SYSTEMROOT", "TMPDIR", "COVERAGE_PROCESS_START")
    return {name: os.environ[name] for name in kept if name in os.environ}
