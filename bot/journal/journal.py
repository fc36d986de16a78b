"""Reads and appends launches: every change is one transaction, guarded by the launch's version."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from bot.journal.chain import START, digest
from bot.journal.tables import events, files, launches
from bot.launch.campaign import Preview, audience_of
from bot.launch.codec import decode, encode, kind_of
from bot.launch.collision import Collision
from bot.launch.commands import Command
from bot.launch.events import Denied, Entry, Event, Requested
from bot.launch.lifecycle import actor_of, decide, evolve, fold
from bot.launch.policy import Refused
from bot.launch.request import ActivationRequest, LaunchId, Source, UserId
from bot.launch.state import OPEN_END, Launch, State
from bot.launch.story import Line, Place, Story
from bot.launch.timing import due_at

MOST_COLLISIONS = 5
"""How many are told; one is enough to ask for more care."""

TRIES = 50
"""How often a command reads again after losing to another; each loss means that someone else has moved on."""


class Conflict(Exception):
    """Another append came first: the launch is no longer at the version that was read."""


class Bell:
    """Rings for everybody in this process who waits for something to be appended."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []

    def call(self, listener: Callable[[], None]) -> None:
        """From now on, calls the listener, which must be quick, at every ring."""
        self._listeners.append(listener)

    def ring(self) -> None:
        for listener in self._listeners:
            listener()


class Journal:
    """The record of all launches in one database. `appended` rings after every commit that moves a launch."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] | None = None) -> None:
        self._engine = engine
        shared = engine.dialect.name == "postgresql"
        # SQLite reads one state in every transaction by itself.
        self._reader = engine.execution_options(isolation_level="REPEATABLE READ") if shared else engine
        self._clock = clock or (self._servers_clock if shared else _own_clock)
        self.appended = Bell()

    def now(self) -> datetime:
        """The one clock that decides what is due: the database server's, where instances on several machines share it.

        Raises SQLAlchemyError where that does not answer.
        """
        return self._clock()

    def load(self, launch_id: LaunchId) -> Launch | None:
        with self.reading() as connection:
            return fold(_entries(connection, launch_id))

    def story(self, launch_id: LaunchId) -> Story | None:
        with self.reading() as connection:
            row = connection.execute(select(launches).where(launches.c.id == launch_id)).mappings().one_or_none()
            lines = _lines(connection, launch_id)
        launch = fold(tuple(line.entry for line in lines))
        if row is None or launch is None:
            return None
        place = Place(row["channel"], row["message_ts"], row["posting_seq"], row["published_seq"], row["elsewhere_seq"])
        return Story(launch, lines, place)

    def execute(self, launch_id: LaunchId, command: Command) -> Launch | Refused:
        """Decides the command against the launch as it stands and appends what follows; of two at once, one wins.

        Raises Conflict only where the launch keeps changing under it.
        """
        for _ in range(TRIES):
            launch = self.load(launch_id)
            decision = decide(launch, command)
            if isinstance(decision, Refused):
                return decision
            with suppress(Conflict):
                return self._append(launch_id, launch, decision, actor_of(command))
        raise Conflict(f"launch {launch_id} changed {TRIES} times while one command was tried")

    def in_doubt(self, campaign_id: int, but: LaunchId) -> Story | None:
        """Another launch of the campaign that is in doubt."""
        query = select(launches.c.id).where(
            launches.c.campaign_id == campaign_id, launches.c.state == State.IN_DOUBT.value, launches.c.id != but
        )
        with self.reading() as connection:
            found = connection.execute(query.limit(1)).scalar_one_or_none()
        return None if found is None else self.story(LaunchId(found))

    def collisions(
        self, but: LaunchId, request: ActivationRequest, preview: Preview, window: timedelta
    ) -> tuple[Collision, ...]:
        """Other launches of the campaign, or to its audience, that are open, or were sent in that time.

        At most five of each; practice launches do not count.
        """
        since = self.now() - window
        audience = str(audience_of(request, preview) or "")
        same = [launches.c.campaign_id == request.campaign_id]
        if audience:
            same.append((launches.c.audience == audience) & (launches.c.campaign_id != request.campaign_id))
        with self.reading() as connection:
            rows = [row for one in same for row in _reaching(connection, one & (launches.c.id != but), since)]
        return tuple(_collision(row, request.campaign_id) for row in rows)

    def record_denied(self, stream: LaunchId, actor: UserId, denied: Denied) -> None:
        """Puts a refused attempt on record that belongs to no launch; `stream` is an id of its own."""
        with self.writing() as connection:
            _insert_events(connection, (Entry(stream, 1, self.now(), actor, denied),), START)

    def keep_file(self, content: bytes) -> str:
        """Stores a file's bytes, once, and returns their SHA-256 in hex."""
        sha256 = hashlib.sha256(content).hexdigest()
        with suppress(IntegrityError), self.writing() as connection:  # refused where the same bytes are kept already
            connection.execute(insert(files).values(sha256=sha256, content=content))
        return sha256

    def file(self, sha256: str) -> bytes:
        """The bytes of a kept file. Raises LookupError where there are none."""
        with self.reading() as connection:
            content = connection.execute(select(files.c.content).where(files.c.sha256 == sha256)).scalar_one_or_none()
        if content is None:
            raise LookupError(f"no file {sha256} is kept")
        return bytes(content)

    def ping(self) -> None:
        """Raises SQLAlchemyError where the database does not answer."""
        with self.reading() as connection:
            connection.execute(text("SELECT 1"))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction: everything in the block sees one state of the database."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction, committed at the end of the block."""
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    def _servers_clock(self) -> datetime:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
            return now.astimezone(UTC)

    def _append(self, launch_id: LaunchId, before: Launch | None, new: Sequence[Event], actor: UserId) -> Launch:
        version = before.version if before else 0
        now = max(self.now(), before.moved_at) if before else self.now()
        entries = tuple(Entry(launch_id, version + nth, now, actor, event) for nth, event in enumerate(new, start=1))
        after = evolve(before, entries[0])
        for entry in entries[1:]:
            after = evolve(after, entry)
        try:
            with self.writing() as connection:
                if before is None:
                    _open_row(connection, after)
                _move(connection, version, after, entries)
        except IntegrityError as error:
            raise Conflict(launch_id) from error
        self.appended.ring()
        return after


def _own_clock() -> datetime:
    return datetime.now(UTC)


def _open_row(connection: Connection, launch: Launch) -> None:
    connection.execute(
        insert(launches).values(
            id=launch.id,
            state=launch.state.value,
            campaign_id=launch.request.campaign_id,
            channel=launch.channel,
            version=0,
            head=START,
        )
    )


def _move(connection: Connection, version: int, after: Launch, entries: Sequence[Entry]) -> None:
    """Appends the entries and moves the projection from that version on. Raises Conflict where it is at another."""
    here = (launches.c.id == after.id) & (launches.c.version == version)
    previous = connection.execute(select(launches.c.head).where(here)).scalar_one_or_none()
    if previous is None:
        raise Conflict(after.id)
    moved = connection.execute(
        update(launches)
        .where(here)
        .values(
            state=after.state.value,
            version=after.version,
            head=_insert_events(connection, entries, previous),
            due_at=due_at(after),
            publish_at=entries[-1].at,
            campaign_id=after.request.campaign_id,
            audience=str(audience_of(after.request, after.preview) or ""),
            reaches_at=after.reaches_at,
        )
    )
    if moved.rowcount != 1:
        raise Conflict(after.id)


def _insert_events(connection: Connection, entries: Sequence[Entry], previous: str) -> str:
    """Inserts the entries behind the previous digest and returns the new head."""
    for entry in entries:
        head = digest(entry, previous)
        connection.execute(
            insert(events).values(
                launch_id=entry.launch_id,
                seq=entry.seq,
                at=entry.at,
                kind=kind_of(entry.event),
                actor=entry.actor,
                data=encode(entry.event),
                previous=previous,
                digest=head,
            )
        )
        previous = head
    return previous


def _lines(connection: Connection, launch_id: LaunchId) -> tuple[Line, ...]:
    query = select(events).where(events.c.launch_id == launch_id).order_by(events.c.seq)
    return tuple(_line(row) for row in connection.execute(query).mappings())


def _entries(connection: Connection, launch_id: LaunchId) -> tuple[Entry, ...]:
    return tuple(line.entry for line in _lines(connection, launch_id))


def _line(row: RowMapping) -> Line:
    event = decode(row["kind"], row["data"])
    entry = Entry(LaunchId(row["launch_id"]), row["seq"], row["at"], UserId(row["actor"]), event)
    return Line(entry, row["digest"])


def _reaching(connection: Connection, which: ColumnElement[bool], since: datetime) -> Sequence[RowMapping]:
    """The launches, with their requests, that reach people after that moment. Each index gives the last ones first."""
    found = (
        select(launches.c.id, launches.c.campaign_id, launches.c.audience, launches.c.state, launches.c.reaches_at)
        .where(which, launches.c.reaches_at > since)
        .order_by(launches.c.reaches_at.desc())
        .limit(MOST_COLLISIONS)
        .subquery()
    )
    asked = events.join(found, (events.c.launch_id == found.c.id) & (events.c.seq == 1))
    query = select(found, events.c.at, events.c.kind, events.c.actor, events.c.data).select_from(asked)
    return connection.execute(query.order_by(found.c.reaches_at.desc())).mappings().all()


def _collision(row: RowMapping, campaign_id: int) -> Collision:
    requested = decode(row["kind"], row["data"])
    campaign = requested.preview.campaign if isinstance(requested, Requested) else None
    return Collision(
        launch_id=LaunchId(row["id"]),
        campaign_id=row["campaign_id"],
        # An edit may have chosen another campaign since.
        campaign_name=campaign.name if campaign and campaign.id == row["campaign_id"] else "",
        source=Source.parse(row["audience"]) if row["audience"] else None,
        state=row["state"],
        since=row["at"] if row["reaches_at"] == OPEN_END else row["reaches_at"],
        requester=UserId(row["actor"]),
        same_campaign=row["campaign_id"] == campaign_id,
    )
