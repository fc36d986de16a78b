"""Counts the events of the platform's hooks, each once: whatever comes twice, out of order, or at several receivers.

What was counted stands in the database as keyed hashes, so that it survives a kill and every receiver goes by it. This
process keeps those that it needs in memory as well, and learns under the run's lock what others have added.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import compress
from typing import Self, TypeAlias

from sqlalchemy import Connection, RowMapping, bindparam, exists, insert, or_, select, update

from bot.campaign.request import LaunchId
from bot.journal.gathered import Gathered, Sending
from bot.journal.hash_cache import Known, Place
from bot.journal.hash_set import unpacked
from bot.journal.journal import Journal
from bot.journal.recipients import keep
from bot.journal.runs import LONGEST, SHOW
from bot.journal.sorting import Followed, Sorted, sorted_batch
from bot.journal.tables import Moment, events, launches, runs, seen
from bot.journal.vault import Vault
from bot.launch.codec import tag_of
from bot.launch.state import State
from bot.launch.stop import StopAsked
from bot.launch.stoppable import BRAKED
from bot.launch.timing import JUDGED_AFTER
from bot.results.counts import Counts
from bot.results.first_day import counted as first_day_with
from bot.results.runs import Run

MOST_CAMPAIGNS = 64
"""With events just now, whose followed runs are kept in mind. With more, batches are sorted twice."""

_FOLLOWED = select(runs).where(
    runs.c.campaign_id.in_(bindparam("campaigns", expanding=True)),
    runs.c.followed.is_(True),
    runs.c.since > bindparam("since", type_=Moment),
)
_LOCKED = _FOLLOWED.order_by(runs.c.id).with_for_update()
"""In the order of their ids, so that of two receivers neither waits for the other for ever."""

_NEWER = select(seen.c.part, seen.c.hashes).where(
    seen.c.run_id == bindparam("run"),
    seen.c.part.in_(bindparam("parts", expanding=True)),
    seen.c.segment > bindparam("after"),
)
_KEEP = insert(seen)
_COUNT = (
    update(runs)
    .where(runs.c.id == bindparam("run"))
    .values(
        segments=bindparam("segment"),
        counts=bindparam("now_counted", type_=runs.c.counts.type),
        counted_at=bindparam("at", type_=Moment),
        proved_at=bindparam("proof", type_=Moment),
        first_day=bindparam("day"),
    )
)
_SETTLE = (
    update(launches)
    .where(launches.c.id == bindparam("launch"), launches.c.state.in_([State.IN_DOUBT.value, State.UNREACHED.value]))
    .values(due_at=bindparam("at", type_=Moment))
)
"""A launch in doubt is looked at anew, for the doubt can be settled."""

_JUDGE = (
    update(launches)
    .where(
        launches.c.id == bindparam("launch"),
        launches.c.state.in_([state.value for state in BRAKED]),
        or_(launches.c.stop_at.is_(None), launches.c.stop_claim.is_not(None)),
        ~exists().where(events.c.launch_id == launches.c.id, events.c.kind == tag_of(StopAsked)),
    )
    .values(stop_at=bindparam("at", type_=Moment))
)
"""Has the run held against the brakes. Whoever does that just now may have read older counts: it is done again."""


@dataclass(frozen=True)
class _Row:
    """A run as it stands in the database."""

    id: int
    run: Run
    segments: int
    counts: Counts
    proved_at: datetime | None
    first_day: bytes | None
    list_closed: bool

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        run = Run(LaunchId(row["launch_id"]), row["campaign_id"], row["since"])
        counts = Counts.decoded(row["counts"])
        proved_at, first_day, closed = row["proved_at"], row["first_day"], row["list_closed"]
        return cls(row["id"], run, row["segments"], counts, proved_at, first_day, closed)

    @property
    def followed(self) -> Followed:
        return Followed(self.id, self.run, self.proved_at is not None)


@dataclass(frozen=True)
class Prepared:
    """A batch, as its body and sorted by the runs of its campaigns that were followed when it came."""

    body: bytes
    followed: tuple[Followed, ...]
    sorted: Sorted

    def follows_as(self, rows: Iterable[_Row]) -> bool:
        """Whether the same runs of its campaigns are followed as when it was prepared."""
        campaigns = {row.run.campaign_id for row in self.followed}
        return {row.id for row in self.followed} == {row.id for row in rows if row.run.campaign_id in campaigns}


Sort: TypeAlias = Callable[[bytes, Sequence[Followed]], Sorted]
"""Reads and sorts a batch. Raises NoBatch."""


class Counting:
    """Counts into one journal, for one thread at a time.

    `key` makes the hashes: without it, nobody can try out which recipient one stands for. With `vault`, whom a run was
    sent to is kept, sealed; without it, nobody is. `sort` is who sorts batches with that key, this thread unless told.
    """

    def __init__(self, journal: Journal, key: bytes, vault: Vault | None = None, sort: Sort | None = None) -> None:
        self._journal = journal
        self._vault = vault
        self._sort: Sort = sort or partial(sorted_batch, key=key, with_recipients=vault is not None)
        self._known = Known()
        self._followed: dict[int, tuple[Followed, ...]] = {}
        """By campaign, as it was read last; never changed in place. That it is so no more shows under the locks."""

    def prepare(self, body: bytes) -> Prepared:
        """What can be done before it is the turn of these events; by any thread. Raises NoBatch or SQLAlchemyError."""
        known = self._followed
        found = self._sort(body, [run for runs in known.values() for run in runs])
        followed = tuple(run for campaign in found.campaigns for run in known.get(campaign, ()))
        if not found.campaigns or (found.by_run and found.campaigns <= known.keys()):
            return Prepared(body, followed, found)
        # A campaign may be followed since a moment ago: only what is read now says that it is not.
        with self._journal.asking() as connection:
            now = tuple(row.followed for row in self._read(connection, found.campaigns))
        if {run.id for run in now} != {run.id for run in followed}:
            found = self._sort(body, now)
        return Prepared(body, now, found)

    def count(self, batches: Sequence[Prepared]) -> frozenset[LaunchId]:
        """Counts what belongs to a followed run and was not counted before; gives the launches whose counts moved.

        All of it is committed when it returns, and none where it raises SQLAlchemyError.
        """
        concerned = [batch for batch in batches if batch.sorted.by_run]
        if not concerned:
            return frozenset()
        used: set[Place] = set()
        try:
            with self._journal.writing() as connection:
                moved = self._counted(connection, concerned, used)
        except BaseException:
            # What was not committed must not be taken for counted.
            self._known.forget(used)
            raise
        self._known.keep_little(used)
        return moved

    def _read(self, connection: Connection, campaigns: Collection[int], *, lock: bool = False) -> tuple[_Row, ...]:
        """The followed runs of these campaigns."""
        asked = {"campaigns": sorted(campaigns), "since": self._journal.now() - LONGEST}
        rows = tuple(_Row.of(row) for row in connection.execute(_LOCKED if lock else _FOLLOWED, asked).mappings())
        others = {one: runs for one, runs in self._followed.items() if one not in campaigns}
        found = {one: tuple(row.followed for row in rows if row.run.campaign_id == one) for one in campaigns}
        newest = [*others.items(), *((one, runs) for one, runs in found.items() if runs)][-MOST_CAMPAIGNS:]
        self._followed = dict(newest)
        return rows

    def _counted(self, connection: Connection, batches: Sequence[Prepared], used: set[Place]) -> frozenset[LaunchId]:
        campaigns = {row.run.campaign_id for batch in batches for row in batch.followed}
        rows = self._read(connection, campaigns, lock=True)
        gathered: defaultdict[int, defaultdict[int, Gathered]] = defaultdict(lambda: defaultdict(Gathered))
        for batch in batches:
            # Where a run has begun or ended meanwhile, an event may be another's.
            stands = batch.follows_as(rows)
            found = batch.sorted if stands else self._sort(batch.body, [row.followed for row in rows])
            for run, parts in found.by_run.items():
                for part, events_of_part in parts.items():
                    gathered[run][part].join(events_of_part)
        by_id = {row.id: row for row in rows}
        now = self._journal.now()
        moved = [
            by_id[run].run.launch_id
            for run, parts in sorted(gathered.items())
            if self._counted_of(connection, by_id[run], parts, used, now)
        ]
        self._show(connection, sorted(moved), now)
        return frozenset(moved)

    def _show(self, connection: Connection, moved: Iterable[LaunchId], now: datetime) -> None:
        for launch_id in moved:
            connection.execute(SHOW, {"launch": launch_id, "at": now})
            connection.execute(_JUDGE, {"launch": launch_id, "at": now + JUDGED_AFTER})

    def _counted_of(
        self, connection: Connection, row: _Row, parts: Mapping[int, Gathered], used: set[Place], now: datetime
    ) -> bool:
        """Counts the events of one run, whose row is locked. False where each was counted before."""
        used.update((row.id, part) for part in parts)
        self._learn(connection, row, parts)
        segment = row.segments + 1
        kept, counts = [], row.counts
        slots: Counter[int] = Counter()
        sendings: list[Sending | None] = []
        for part, found in parts.items():
            new = self._known.add((row.id, part), found.hashes)
            if any(new):
                kept.append({"run_id": row.id, "part": part, "segment": segment, "hashes": found.packed(new)})
                counts = counts.plus(found.counts(new))
                slots.update(compress(found.slots, new))
                sendings += compress(found.sendings, new)
        if not kept:
            return False
        self._known.reached(row.id, parts, segment)
        connection.execute(_KEEP, kept)
        if self._vault and not row.list_closed:
            keep(connection, self._vault, row.run.launch_id, (row.id, segment), [one for one in sendings if one])
        proof = row.proved_at or next((found.proof for found in parts.values() if found.proof), None)
        numbers = {"now_counted": counts.encoded(), "day": first_day_with(row.first_day, slots)}
        counted = {"run": row.id, "segment": segment, **numbers, "at": now, "proof": proof}
        connection.execute(_COUNT, counted)
        if proof and not row.proved_at:
            connection.execute(_SETTLE, {"launch": row.run.launch_id, "at": now})
        return True

    def _learn(self, connection: Connection, row: _Row, parts: Iterable[int]) -> None:
        """Reads what was counted in these parts by others, or before this process began."""
        for upto, unread in self._known.behind(row.id, parts, row.segments).items():
            found = connection.execute(_NEWER, {"run": row.id, "parts": unread, "after": upto})
            for part, hashes in found:
                self._known.add((row.id, part), unpacked(hashes))
        self._known.reached(row.id, parts, row.segments)
