"""Reads and appends launches: every change is one transaction, guarded by the launch's version."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, RowMapping, bindparam, select, text
from sqlalchemy.exc import IntegrityError

from bot.campaign.campaign import Preview, audience_of
from bot.campaign.request import ActivationRequest, LaunchId, UserId
from bot.journal.appending import (
    Conflict,
    insert_events,
    last_stored,
    move,
    move_from_anywhere,
    open_stream,
)
from bot.journal.audit import doubts
from bot.journal.clock import ServersClock, own_clock
from bot.journal.collisions import collisions, in_doubt, stopped_since
from bot.journal.commit_observers import Appended, CommitObservers
from bot.journal.engine import takes_writes
from bot.journal.filling_progress import added_of
from bot.journal.finding import Finding
from bot.journal.first_events import enter, next_opening
from bot.journal.kept_files import hold
from bot.journal.keys import NO_KEYS, Keys
from bot.journal.launch_cache import Remembered
from bot.journal.references import files_of
from bot.journal.runs import counts_of, follow
from bot.journal.tables import events, launches
from bot.journal.write_health import Unwritten, Writes
from bot.journal.write_lock import WriteLock
from bot.launch.codec import decode
from bot.launch.commands import Command
from bot.launch.decide import actor_of, decide
from bot.launch.events import BOT, Denied, Entry, Event, HeldBack
from bot.launch.evolve import evolve, fold
from bot.launch.state import Launch
from bot.launch.stop import StopGaveUp
from bot.launch.story import Line, Place, Story
from bot.launch.upkeep import Upkeep
from bot.policy.collision import Collision
from bot.policy.refusals import Refused
from bot.results.counts import Counts

TRIES = 50
"""How often a command reads again after losing to another; each loss means that someone else has moved on."""

# A statement that is built once is sent three times as fast as one that is built for each use.
_EVENTS = (
    select(events)
    .where(events.c.launch_id == bindparam("launch"), events.c.seq > bindparam("after"))
    .order_by(events.c.seq)
)
_VERSION = select(launches.c.version).where(launches.c.id == bindparam("launch"))
_PLACE = ("channel", "message_ts", "posting_seq", "published_seq", "elsewhere_seq", "publish_at")
_ROW = select(launches).where(launches.c.id == bindparam("launch"))


Within = Callable[[Connection], None]
"""What else is done in the transaction of an append. Whatever it raises undoes both."""


class Journal:
    """The record of all launches in one database. `observers` are told what every commit holds.

    `keys` are what digests are made under, and verified with.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime] | None = None, keys: Keys = NO_KEYS) -> None:
        self._engine = engine
        self.keys = keys
        self.shared = shared = engine.dialect.name == "postgresql"
        """Whether the database is a server's: one that breaks down may forget what this process lives on knowing."""
        # SQLite reads one state in every transaction by itself.
        self._reader = engine.execution_options(isolation_level="REPEATABLE READ") if shared else engine
        self._asker = engine.execution_options(**({"isolation_level": "AUTOCOMMIT"} if shared else {"single": True}))
        self._clock = clock or (ServersClock(engine) if shared else own_clock)
        self.observers = CommitObservers()
        self._remembered = Remembered()
        self._turn = nullcontext() if shared else WriteLock()
        self._writes = Writes()

    @property
    def url(self) -> str:
        """The DATABASE_URL, with its password."""
        return self._engine.url.render_as_string(hide_password=False)

    def now(self) -> datetime:
        """The one clock that decides what is due: the database server's, where instances on several machines share it.

        Raises SQLAlchemyError where that has to be asked and does not answer.
        """
        return self._clock()

    def load(self, launch_id: LaunchId) -> Launch | None:
        known = self._remembered.get(launch_id)
        with self.asking() as connection:
            if known and connection.execute(_VERSION, {"launch": launch_id}).scalar_one_or_none() == known.version:
                return known
            return self._folded(connection, launch_id)

    def story(self, launch_id: LaunchId) -> Story | None:
        known = self._remembered.get(launch_id)
        with self.reading() as connection:
            row = connection.execute(_ROW, {"launch": launch_id}).mappings().one_or_none()
            if row is None:
                return None
            launch = known if known and known.version == row["version"] else self._folded(connection, launch_id)
            place = Place(*(row[column] for column in _PLACE))
            untold = _lines(connection, launch_id, after=place.published_seq)
            counts = counts_of(connection, launch_id) if launch and launch.was_sent else Counts()
            added = added_of(connection, launch_id) if launch and launch.received else 0
        return Story(launch, untold, place, counts, added=added, head=row["head"]) if launch else None

    def _folded(self, connection: Connection, launch_id: LaunchId) -> Launch | None:
        launch = fold(tuple(line.entry for line in _lines(connection, launch_id)))
        if launch:
            self._remembered.put(launch)
        return launch

    def execute(self, launch_id: LaunchId, command: Command, within: Within | None = None) -> Launch | Refused:
        """Decides the command against the launch as it stands and appends what follows; of two at once, one wins.

        Raises Conflict only where the launch keeps changing under it, and FileGone where an event would refer to a
        file that is not kept.
        """
        # What this process saw last may be old, so it refuses nothing; an append on it fails at the version.
        launch = self._remembered.get(launch_id)
        decision = decide(launch, command) if launch else None
        if isinstance(decision, tuple):
            with suppress(Conflict):
                return self._append(launch_id, launch, decision, actor_of(command), within)
        for _ in range(TRIES):
            launch = self.load(launch_id)
            decision = decide(launch, command)
            if isinstance(decision, Refused):
                return decision
            with suppress(Conflict):
                return self._append(launch_id, launch, decision, actor_of(command), within)
        raise Conflict(f"launch {launch_id} changed {TRIES} times while one command was tried")

    def distrust(self, launch: Launch, noted: HeldBack | StopGaveUp) -> Launch:
        """Puts on record that the launch is not acted upon, because what is stored of it is not what was written.

        It is appended behind whatever is stored, and the row is set to follow from it: what is wrong with them stands
        in the event. Raises Conflict where something else is appended meanwhile.
        """
        now = max(self.now(), launch.moved_at)
        try:
            with self.writing() as connection:
                seq, head = last_stored(connection, launch.id)
                entry = Entry(launch.id, seq + 1, now, BOT, noted)
                after = evolve(launch, entry)
                moments = move_from_anywhere(connection, seq, head, after, entry, self.keys)
        except IntegrityError as error:
            raise Conflict(launch.id) from error
        self._remembered.put(after)
        self.observers.tell(Appended(launch, after, (entry,), moments))
        return after

    def doubts(self, launch: Launch) -> tuple[Finding, ...]:
        """Why the launch must not be acted upon: what is stored of it is not what the bot would have left."""
        now = self.now()
        with self.asking() as connection:
            return doubts(connection, launch, self.keys, now)

    def in_doubt(self, campaign_id: int, but: LaunchId) -> Story | None:
        """Another launch of the campaign that is in doubt."""
        with self.asking() as connection:
            found = in_doubt(connection, campaign_id, but)
        return None if found is None else self.story(found)

    def stopped_since(self, launch: Launch) -> datetime | None:
        """When somebody, or a brake, last asked to stop its campaign, if since it was last settled."""
        with self.asking() as connection:
            return stopped_since(connection, launch.request.campaign_id, launch.id, launch.settled_at)

    def collisions(
        self, but: LaunchId, request: ActivationRequest, preview: Preview, window: timedelta
    ) -> tuple[Collision, ...]:
        """Other launches of the campaign, or to its audience, that are open, or were sent in that time.

        At most five of each; practice launches do not count.
        """
        since = self.now() - window
        with self.asking() as connection:
            return collisions(connection, but, request.campaign_id, audience_of(request, preview), since)

    def record_alone(
        self, stream: LaunchId, actor: UserId, event: Denied | Upkeep, within: Within | None = None
    ) -> None:
        """Puts on record what belongs to no launch: a refused attempt, or what somebody has done to the record.

        `stream` is an id of its own.
        """
        entry = Entry(stream, 1, self.now(), actor, event)
        with self.writing() as connection:
            opening = next_opening(connection)
            enter(connection, opening, stream, insert_events(connection, (entry,), opening.previous, self.keys))
            if within:
                within(connection)
        self.observers.tell(Appended(None, None, (entry,)))

    def ping(self) -> None:
        """Raises Unwritten where the database takes no writes, another SQLAlchemyError where it does not answer."""
        with self.asking() as connection:
            connection.execute(text("SELECT 1"))
            if self.shared and not takes_writes(connection.connection.dbapi_connection):
                raise Unwritten
        self._writes.check()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction: everything in the block sees one state of the database."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """No transaction: each statement in the block reads one state of its own, without the cost of a beginning."""
        with self._asker.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        """A write transaction, committed at the end of the block.

        Without `durable` the commit does not wait for the disk: a power cut may undo the last such commits, but none
        that came before a durable one. Only for what does no harm when it is undone. A kill of the process undoes none.
        """
        options = {"writes": True, "durable": durable}
        with (
            self._writes.watched(),
            self._turn,
            self._engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            if self.shared and not durable:
                connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
            yield connection

    def _append(
        self,
        launch_id: LaunchId,
        before: Launch | None,
        new: Sequence[Event],
        actor: UserId,
        within: Within | None = None,
    ) -> Launch:
        version = before.version if before else 0
        now = max(self.now(), before.moved_at) if before else self.now()
        entries = tuple(Entry(launch_id, version + nth, now, actor, event) for nth, event in enumerate(new, start=1))
        after = evolve(before, entries[0])
        for entry in entries[1:]:
            after = evolve(after, entry)
        try:
            with self.writing() as connection:
                hold(connection, {one for event in new for one in files_of(event)}, now)
                if before is None:
                    open_stream(connection, after, entries[0], self.keys)
                follow(connection, before, after)
                moments = move(connection, version, after, entries, self.keys)
                if within:
                    within(connection)
        except IntegrityError as error:
            raise Conflict(launch_id) from error
        self._remembered.put(after)
        self.observers.tell(Appended(before, after, entries, moments))
        return after


def _lines(connection: Connection, launch_id: LaunchId, *, after: int = 0) -> tuple[Line, ...]:
    rows = connection.execute(_EVENTS, {"launch": launch_id, "after": after})
    return tuple(line_of(row) for row in rows.mappings())


def line_of(row: RowMapping) -> Line:
    """The entry of a row of events, with its digest."""
    event = decode(row["kind"], row["data"])
    entry = Entry(LaunchId(row["launch_id"]), row["seq"], row["at"], UserId(row["actor"]), event)
    return Line(entry, row["digest"])
