"""Counts refusals of the same, so that whoever is refused sixty times a minute does not grow the record without end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.campaign.request import LaunchId, UserId
from bot.journal.journal import Journal
from bot.journal.tables import refusals
from bot.launch.events import Denied
from bot.policy.roles import Action

HOUR = timedelta(hours=1)
"""For how long the same refusal is counted before it is put on record again."""

AT_ONCE = 200
"""Counts that are looked at together."""


class SettledByAnother(Exception):
    """Another instance has put the count on record, or it has grown since."""


@dataclass(frozen=True)
class Attempt:
    """The same attempt: of one person, on one launch or on none (`""`), refused for one reason."""

    launch_id: LaunchId
    actor: UserId
    denied: Denied

    @property
    def row(self) -> dict[str, str]:
        denied = self.denied
        return {
            "launch_id": self.launch_id,
            "actor": self.actor,
            "action": denied.action.value,
            "reason": denied.reason,
        }

    @property
    def here(self) -> list[ColumnElement[bool]]:
        return [refusals.c[name] == value for name, value in self.row.items()]


@dataclass(frozen=True)
class Count:
    """How often the attempt was refused since it was put on record last."""

    attempt: Attempt
    times: int

    def taken(self, connection: Connection) -> None:
        """Takes the count away, within the transaction that puts it on record. Raises SettledByAnother."""
        gone = connection.execute(delete(refusals).where(*self.attempt.here, refusals.c.times == self.times))
        if gone.rowcount != 1:
            raise SettledByAnother


class Repeats:
    """Refusals of the last hour, by all instances."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def counted(self, attempt: Attempt) -> int | None:
        """None where the same was put on record within the hour: it is counted, and its time will come.

        Else how often it was refused besides since it was put on record last: whoever asks does so now.
        """
        now = self._journal.now()
        with self._journal.writing(durable=False) as connection:
            lately = [*attempt.here, refusals.c.since > now - HOUR]
            if connection.execute(update(refusals).where(*lately).values(times=refusals.c.times + 1)).rowcount:
                return None
        begun = {**attempt.row, "since": now, "times": 0}
        try:
            with self._journal.writing() as connection:
                before = connection.execute(select(refusals.c.times).where(*attempt.here)).scalar_one_or_none() or 0
                connection.execute(delete(refusals).where(*attempt.here))
                connection.execute(insert(refusals), begun)
        except IntegrityError:
            return self.counted(attempt)  # somebody else began in the same moment
        return before

    def due(self) -> Iterator[Count]:
        """Counts that are an hour old. Those of nothing are taken away."""
        old = refusals.c.since <= self._journal.now() - HOUR
        with self._journal.reading() as connection:
            rows = connection.execute(select(refusals).where(old).limit(AT_ONCE)).mappings().all()
        if any(row["times"] == 0 for row in rows):
            with self._journal.writing(durable=False) as connection:
                connection.execute(delete(refusals).where(old, refusals.c.times == 0))
        yield from (_count(row) for row in rows if row["times"])


def _count(row: Any) -> Count:  # noqa: ANN401 -- a row of `refusals`
    denied = Denied(Action(row["action"]), row["reason"])
    return Count(Attempt(LaunchId(row["launch_id"]), UserId(row["actor"]), denied), row["times"])
