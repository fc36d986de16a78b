"""How the bot starts other processes for its own work: with nothing that they do not need, its secrets least of all."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from bot.memory import collect_seldom

ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8"}
"""Nothing of the bot's own, which holds its secrets."""


def command(module: str, *arguments: str) -> list[str]:
    """What runs that module of the bot, whatever the folder and the environment it is started in."""
    return [sys.executable, "-I", "-m", module, *arguments]


def pool(processes: int) -> ProcessPoolExecutor:
    """So many processes that go through parts of a record."""
    # Started anew rather than forked: a copy of open connections would talk over the same sockets.
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=collect_seldom)
