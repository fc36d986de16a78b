"""The bot with a tally of its transactions: run as a program, it writes how often each place in the code began one.

A line of JSON goes to the file that TALLY names whenever the process gets SIGUSR1.
"""

import json
import os
import signal
import sys
import threading
from collections import Counter
from pathlib import Path
from types import FrameType

from sqlalchemy import Connection, Engine, event

from bot.cli import main

TALLY = "TALLY"
_OWN = ("_append", "writing", "reading", "_write", "_note", "_ask")
"""Functions that stand for whoever calls them."""


class Tally:
    """Counts transactions by the function that wanted them, and whether they write."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def note(self, connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        with self._lock:
            self._counts[f"{'write' if writes else 'read'} {_wanted_by(sys._getframe(1))}"] += 1

    def write(self, *_: object) -> None:
        Path(os.environ[TALLY]).write_text(json.dumps(self._counts))


def _wanted_by(frame: FrameType | None) -> str:
    """The innermost function of the bot's that is not merely the way to a transaction."""
    while frame is not None:
        module, name = str(frame.f_globals.get("__name__")), frame.f_code.co_name
        if module.startswith("bot.") and name not in _OWN:
            return f"{module.removeprefix('bot.')}.{name}"
        frame = frame.f_back
    return "elsewhere"


if __name__ == "__main__":
    tally = Tally()
    event.listen(Engine, "begin", tally.note)
    signal.signal(signal.SIGUSR1, tally.write)
    sys.exit(main(["run"]))
