"""Those who received a launch, on their way into a segment: one row a launch, with how far it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.campaign.request import LaunchId, UserId
from bot.journal.journal import Journal
from bot.journal.recipient_tables import fillings
from bot.journal.recipients import any_kept, sweep_recipients, take
from bot.journal.runs import counts_of
from bot.journal.tables import Moment, runs
from bot.journal.vault import Locked, Vault
from bot.launch.commands import AskReceived
from bot.launch.state import Launch
from bot.policy.refusals import Refused
from bot.results.counts import Kind
from bot.results.recipients import chosen, packed_profiles, unpacked_profiles

_HERE = fillings.c.id == bindparam("launch")
_FIND = select(fillings).where(_HERE)
_OPEN = insert(fillings)
_AGAIN = (
    update(fillings)
    .where(_HERE)
    .values(
        fill_at=bindparam("now", type_=Moment),
        asked_at=bindparam("now", type_=Moment),
        version=fillings.c.version + 1,
        missed_at=None,
        in_a_row=0,
    )
)
_NOTE = (
    update(fillings)
    .where(_HERE)
    .values(
        done=bindparam("now_done"),
        refused=bindparam("now_refused"),
        code=bindparam("now_code"),
        in_a_row=bindparam("now_in_a_row"),
        missed_at=None,
    )
)
_MISS = update(fillings).where(_HERE, fillings.c.missed_at.is_(None)).values(missed_at=bindparam("now", type_=Moment))
_ERASE = update(fillings).where(_HERE).values(sealed=None)
_ERASE_OLD = (
    update(fillings)
    .where(fillings.c.sealed.is_not(None), fillings.c.asked_at < bindparam("before", type_=Moment))
    .values(sealed=None)
)
_REMOVE = delete(fillings).where(_HERE)
_TAKEN = select(fillings.c.segment_id).where(fillings.c.segment_id.is_not(None), fillings.c.id != bindparam("launch"))
_COUNTED_AT = select(runs.c.counted_at).where(runs.c.launch_id == bindparam("launch"))


class NobodyNamed(Exception):
    """No event that was kept of the run names a profile of that database."""


class TooMany(Exception):
    """More people than are allowed received the run; `people` is how many."""

    def __init__(self, people: int) -> None:
        super().__init__(people)
        self.people = people


class SegmentTaken(Exception):
    """Those who received another launch are in that segment, or are about to be."""


@dataclass(frozen=True)
class Filling:
    """How far it is: of `people`, the platform was asked for the first `done`, and refused `refused` of them.

    `segment` and `database` are None until the list is closed; `sealed` is None before that, and once nobody is needed.
    """

    launch_id: LaunchId
    asked_at: datetime
    version: int
    segment: int | None
    database: int | None
    people: int
    named: int
    nameless: int
    elsewhere: int
    ambiguous: int
    done: int
    refused: int
    code: int
    in_a_row: int
    missed_at: datetime | None
    sealed: bytes | None = field(repr=False)

    @property
    def added(self) -> int:
        return self.done - self.refused


class Fillings:
    """The fillings of one journal. `vault` is None where nobody's profile is kept, and what was kept cannot be read."""

    def __init__(self, journal: Journal, vault: Vault | None) -> None:
        self._journal = journal
        self._vault = vault
        self._wake: Callable[[], None] = _nobody

    @property
    def keeps(self) -> bool:
        """Whether profiles are kept at all."""
        return self._vault is not None

    def wakes(self, wake: Callable[[], None]) -> None:
        """From now on, `wake` is called when one was asked for."""
        self._wake = wake

    def ask(self, launch_id: LaunchId, person: UserId) -> Launch | Refused:
        """Puts it on record that somebody wants them in a segment, and makes it due, in one transaction."""
        now = self._journal.now()

        def made_due(connection: Connection) -> None:
            if not connection.execute(_AGAIN, {"launch": launch_id, "now": now}).rowcount:
                connection.execute(_OPEN, {"id": launch_id, "asked_at": now, "version": 0, "fill_at": now})

        asked = self._journal.execute(launch_id, AskReceived(person), made_due)
        self._wake()
        return asked

    def find(self, launch_id: LaunchId) -> Filling | None:
        with self._journal.asking() as connection:
            return _found(connection, launch_id)

    def anybody_kept(self, launch_id: LaunchId) -> bool:
        """Whether anybody who received the launch is kept, be it in a list that is closed already."""
        with self._journal.asking() as connection:
            filling = _found(connection, launch_id)
            return any_kept(connection, launch_id) or (filling is not None and filling.sealed is not None)

    def taken(self, but: LaunchId) -> frozenset[int]:
        """The segments that those who received other launches are in, or are about to be."""
        with self._journal.asking() as connection:
            return frozenset(connection.execute(_TAKEN, {"launch": but}).scalars())

    def counted_at(self, launch_id: LaunchId) -> datetime | None:
        """When the last event of the launch's run was counted."""
        with self._journal.asking() as connection:
            found: datetime | None = connection.execute(_COUNTED_AT, {"launch": launch_id}).scalar_one_or_none()
        return found

    def unkept(self, filling: Filling) -> int:
        """How many of the run's events of sending are not in the list: counted after it was closed, or unkept."""
        with self._journal.asking() as connection:
            sent = counts_of(connection, filling.launch_id)[Kind.SENT]
        return max(0, sent - filling.named - filling.nameless)

    def close(self, launch_id: LaunchId, segment: int, database: int, most: int) -> Filling:
        """Closes the list of those who go into that segment. All of it, or nothing where it raises.

        Raises Locked, NobodyNamed, TooMany or SegmentTaken.
        """
        if self._vault is None:
            raise Locked
        try:
            with self._journal.writing() as connection:
                kept = take(connection, self._vault, launch_id)
                found = chosen(kept.recipients, database)
                if not found.profiles:
                    raise NobodyNamed
                if len(found.profiles) > most:
                    raise TooMany(len(found.profiles))
                values: dict[str, Any] = {
                    "segment_id": segment,
                    "database_id": database,
                    "people": len(found.profiles),
                    "named": kept.named,
                    "nameless": kept.nameless,
                    "elsewhere": found.elsewhere,
                    "ambiguous": kept.ambiguous,
                    "done": 0,
                    "refused": 0,
                    "code": 0,
                    "sealed": self._vault.seal(packed_profiles(found.profiles), launch_id),
                }
                connection.execute(update(fillings).where(fillings.c.id == launch_id).values(values))
                closed = _found(connection, launch_id)
        except IntegrityError as error:
            raise SegmentTaken from error
        if closed is None:
            raise NobodyNamed
        return closed

    def profiles(self, filling: Filling) -> tuple[str, ...]:
        """Those of the closed list, in its order. Raises Locked."""
        if self._vault is None or filling.sealed is None:
            raise Locked
        return unpacked_profiles(self._vault.opened(filling.sealed, filling.launch_id))

    def note(self, filling: Filling) -> None:
        """That the platform was asked for so many, and did not refuse more than those.

        A power cut may undo it: then the same people are asked for again, and nobody is mailed by that.
        """
        noted = {
            "launch": filling.launch_id,
            "now_done": filling.done,
            "now_refused": filling.refused,
            "now_code": filling.code,
            "now_in_a_row": filling.in_a_row,
        }
        with self._journal.writing(durable=False) as connection:
            connection.execute(_NOTE, noted)

    def note_missed(self, filling: Filling) -> None:
        """That the platform has not answered."""
        with self._journal.writing(durable=False) as connection:
            connection.execute(_MISS, {"launch": filling.launch_id, "now": self._journal.now()})

    def erase(self, launch_id: LaunchId) -> Callable[[Connection], None]:
        """Removes the closed list, within a transaction."""

        def erased(connection: Connection) -> None:
            connection.execute(_ERASE, {"launch": launch_id})

        return erased

    def remove(self, launch_id: LaunchId) -> None:
        """Removes the row of a launch that is on record no more."""
        with self._journal.writing() as connection:
            connection.execute(_REMOVE, {"launch": launch_id})

    def sweep(self, keep_for: timedelta | None) -> None:
        """Removes whoever was kept longer than that, None for all whose list is not closed."""
        before = None if keep_for is None else self._journal.now() - keep_for
        with self._journal.writing() as connection:
            sweep_recipients(connection, before)
            if before is not None:
                connection.execute(_ERASE_OLD, {"before": before})


def _found(connection: Connection, launch_id: LaunchId) -> Filling | None:
    row = connection.execute(_FIND, {"launch": launch_id}).mappings().one_or_none()
    if row is None:
        return None
    return Filling(
        launch_id=launch_id,
        segment=row["segment_id"],
        database=row["database_id"],
        **{
            name: row[name]
            for name in (
                "asked_at",
                "version",
                "people",
                "named",
                "nameless",
                "elsewhere",
                "ambiguous",
                "done",
                "refused",
                "code",
                "in_a_row",
                "missed_at",
                "sealed",
            )
        },
    )


def _nobody() -> None:
    """While nobody fills segments in this process."""
