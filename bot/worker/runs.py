"""What a campaign's log tells of the run that a launch began."""

from collections.abc import Sequence
from datetime import datetime

from bot.altcraft.client import LogEntry
from bot.launch.run import RunEnded, RunStarted, Trouble
from bot.launch.state import Launch

TROUBLES_KEPT = 10
"""How many of a run's warnings and errors are kept in full; the rest is counted."""

LONGEST_TROUBLE = 500
"""Characters of one that are kept."""


def mark_of(launch: Launch) -> datetime:
    """The moment that this launch's entries must be newer than: the log's own clock where it is known."""
    if not launch.attempts:
        return launch.moved_at
    return launch.attempts[0].newest_log or launch.started_at or launch.moved_at


def read_run(entries: Sequence[LogEntry], after: datetime) -> tuple[RunStarted | None, RunEnded | None]:
    """The first run in the log that began after that moment, and its end, as far as the entries tell."""
    newer = [entry for entry in entries if entry.time > after]
    start = next((entry for entry in newer if entry.state == "start"), None)
    if start is None:
        return None, None
    end = next((entry for entry in newer if entry.state == "end" and entry.time >= start.time), None)
    if end is None:
        return RunStarted(start.time), None
    during = [entry for entry in newer if start.time <= entry.time <= end.time]
    warnings = [entry for entry in during if entry.level == "WARNING"]
    errors = [entry for entry in during if entry.level == "ERROR"]
    # Errors matter most, so they are the ones to be kept where there are many.
    troubles = tuple(_trouble(entry) for entry in (errors + warnings)[:TROUBLES_KEPT])
    return RunStarted(start.time), RunEnded(end.time, len(warnings), len(errors), troubles)


def _trouble(entry: LogEntry) -> Trouble:
    value = f" ({entry.value})" if entry.value else ""
    return Trouble(f"{entry.message}{value}"[:LONGEST_TROUBLE], entry.level, entry.time)
