"""The bot with a mine at every step: run as a program, it kills itself with SIGKILL at the point it is told.

Points are found, not listed: every commit that writes, every HTTP request before it leaves, when it has left and when
its answer is there, and every ack over Socket Mode. The control file says what to do: `{"round": n}` notes each point
as it is passed, `{"round": n, "at": name}` dies at that one; without the file the bot runs as ever.
"""

import contextlib
import http.client
import json
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine, Insert, Update, event
from sqlalchemy.engine.default import DefaultDialect

from bot.cli import main
from bot.slack.socket_mode import SocketMode

CONTROL = "CRASH_CONTROL"
"""Names the control file; the points passed are written beside it."""


class Mines:
    """Counts the points of one round by name, and blows up at the one that the control file names."""

    def __init__(self, control: Path) -> None:
        self._control = control
        self._passed = control.with_suffix(".passed")
        self._round: int | None = None
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def pass_by(self, name: str) -> None:
        try:
            told = json.loads(self._control.read_text())
        except (OSError, ValueError):
            return
        with self._lock:
            if told["round"] != self._round:
                self._round = told["round"]
                self._counts.clear()
            self._counts[name] += 1
            numbered = f"{name} #{self._counts[name]}"
            if told.get("at") == numbered:
                os.kill(os.getpid(), signal.SIGKILL)
            with self._passed.open("a") as passed:
                passed.write(f"{numbered}\n")


def lay(mines: Mines) -> None:
    _in_commits(mines)
    _in_requests(mines)
    _in_acks(mines)


def _in_commits(mines: Mines) -> None:
    here = threading.local()

    @event.listens_for(Engine, "before_execute")
    def note(_connection: Any, clause: Any, many: Any, one: Any, *_: Any) -> None:
        if isinstance(clause, Insert | Update):
            given = one or (many[0] if many else {})
            here.writes = [*getattr(here, "writes", []), _what(clause, given)]

    commit = DefaultDialect.do_commit

    def do_commit(self: DefaultDialect, connection: Any) -> None:
        writes = list(dict.fromkeys(getattr(here, "writes", []))) or ["nothing"]
        here.writes = []
        # An event says it all; what moves with it goes without saying.
        name = "commit " + " + ".join([one for one in writes if ":" in one] or writes)
        mines.pass_by(f"{name}, before")
        commit(self, connection)
        mines.pass_by(f"{name}, after")

    DefaultDialect.do_commit = do_commit


def _what(clause: Insert | Update, given: Mapping[str, Any]) -> str:
    """A write in words: an event by its kind, a row's change by its columns. `given` are the values it is sent with."""
    values = {**clause.compile().params, **given}
    if isinstance(clause, Insert):
        return str(values["kind"]) if clause.table.name == "events" else f"new {clause.table.name}"
    changed = ",".join(str(getattr(column, "name", column)) for column in clause._values or {})
    return f"{clause.table.name}({changed})"


def _in_requests(mines: Mines) -> None:
    connection = http.client.HTTPConnection
    put, leave, answer = connection.putrequest, connection.endheaders, connection.getresponse

    def putrequest(self: Any, method: str, url: str, *more: Any, **options: Any) -> None:
        self.mine = f"{method} {urlsplit(url).path.rstrip('/')}"
        put(self, method, url, *more, **options)

    def endheaders(self: Any, *more: Any, **options: Any) -> None:
        mines.pass_by(f"{self.mine}, before")
        leave(self, *more, **options)

    def getresponse(self: Any, *more: Any, **options: Any) -> Any:
        mines.pass_by(f"{self.mine}, sent")
        response = answer(self, *more, **options)
        mines.pass_by(f"{self.mine}, answered")
        return response

    connection.putrequest, connection.endheaders, connection.getresponse = putrequest, endheaders, getresponse


def _in_acks(mines: Mines) -> None:
    ack: Callable[..., None] = SocketMode.ack

    def acked(self: SocketMode, *more: Any, **options: Any) -> None:
        mines.pass_by("ack, before")
        ack(self, *more, **options)
        mines.pass_by("ack, after")

    SocketMode.ack = acked


if __name__ == "__main__":
    lay(Mines(Path(os.environ[CONTROL])))
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main(["run"]))
