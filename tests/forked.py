"""Starts the bot as a process of its own out of one that has imported it already.

It is the bot as it is, with its own environment, files and signals, and it is killed like any other. But importing
takes most of the time of a start, and the tests start it more than a thousand times.
"""

import asyncio
import atexit
import os
import runpy
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess

IMPORTED = [
    "bot.cli",
    "bot.long_running",
    "bot.setting_up",
    "alembic.command",
    "sqlalchemy.dialects.sqlite",
    "psycopg",
    "time_machine",
]


class Forked:
    """A started process, as asyncio has its own."""

    def __init__(self, process: BaseProcess, stderr: asyncio.StreamReader) -> None:
        self._process = process
        self._ended = asyncio.Event()
        self.stderr = stderr
        asyncio.get_running_loop().add_reader(process.sentinel, self._end)

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        if self._process.exitcode is None:
            os.kill(self.pid, number)

    async def wait(self) -> int:
        await self._ended.wait()
        return self._process.exitcode or 0

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._process.join()
        self._ended.set()


async def start(command: Sequence[str], folder: str, environment: Mapping[str, str]) -> Forked:
    """Starts what that command of this Python would run."""
    reading, writing = _context().Pipe(duplex=False)
    process = _context().Process(target=_become, args=(command[1:], folder, environment, writing))
    await asyncio.to_thread(process.start)
    writing.close()
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), os.fdopen(os.dup(reading.fileno()), "rb")
    )
    reading.close()
    return Forked(process, lines)


@cache
def _context() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    atexit.register(_leave_none, context)
    return context


def _leave_none(context: ForkServerContext) -> None:
    """Whoever starts processes waits for them at the end, for ever if need be."""
    for one in context.active_children():
        one.kill()


def _become(command: Sequence[str], folder: str, environment: Mapping[str, str], stderr: Connection) -> None:
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for taken, given in ((nowhere, 0), (nowhere, 1), (stderr.fileno(), 2)):
        os.dup2(taken, given)
    stderr.close()
    match command:
        case ["-m", module, *arguments]:
            sys.argv = [module, *arguments]
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        case ["-c", code]:
            sys.argv = ["-c"]
            exec(code, {"__name__": "__main__"})
        case [file, *arguments]:
            sys.argv = [file, *arguments]
            runpy.run_path(file, run_name="__main__")
        case _:
            raise ValueError(f"nothing that Python could run: {command}")
