"""Reads and appends launches: every change is one transaction, guarded by the launch's version."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Select,
    bindparam,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.journal.chain import digest
from bot.journal.clock import ServersClock, own_clock
from bot.journal.openings import enter, next_opening
from bot.journal.tables import events, files, launches
from bot.journal.witnesses import Appended, Witnesses
from bot.launch.campaign import Preview, audience_of
from bot.launch.codec import decode, encode, kind_of
from bot.launch.collision import Collision
from bot.launch.commands import Command
from bot.launch.events import Denied, Entry, Event, Requested
from bot.launch.lifecycle import actor_of, decide, evolve, fold
from bot.launch.looking import shelf_of
from bot.launch.policy import Refused
from bot.launch.request import ActivationRequest, LaunchId, Source, UserId
from bot.launch.state import OPEN_END, Launch, State
from bot.launch.story import Line, Place, Story
from bot.launch.timing import due_at, stop_due_at, tell_at

MOST_COLLISIONS = 5
"""How many are told; one is enough to ask for more care."""

TRIES = 50
"""How often a command reads again after losing to another; each loss means that someone else has moved on."""


MOST_REMEMBERED = 1000
"""Launches that are kept folded in memory."""

# A statement that is built once is sent three times as fast as one that is built for each use.
_EVENTS = select(events).where(events.c.launch_id == bindparam("launch")).order_by(events.c.seq)
_VERSION = select(launches.c.version).where(launches.c.id == bindparam("launch"))
_ROW = select(launches).where(launches.c.id == bindparam("launch"))
_IN_DOUBT = (
    select(launches.c.id)
    .where(
        launches.c.campaign_id == bindparam("campaign"),
        launches.c.state == State.IN_DOUBT.value,
        launches.c.id != bindparam("launch"),
    )
    .limit(1)
)
_HERE = (launches.c.id == bindparam("launch")) & (launches.c.version == bindparam("from_version"))
_HEAD = select(launches.c.head).where(_HERE)
_ADD_EVENT = insert(events)
_MOVE = (
    update(launches)
    .where(_HERE)
    .values(
        {
            column: bindparam(column.name, type_=column.type)
            for column in (
                launches.c.state,
                launches.c.version,
                launches.c.head,
                launches.c.due_at,
                launches.c.publish_at,
                launches.c.stop_at,
                launches.c.campaign_id,
                launches.c.audience,
                launches.c.reaches_at,
                launches.c.expires_at,
                launches.c.shelf,
            )
        }
    )
)


def _reaching(which: ColumnElement[bool]) -> Select[Any]:
    """Launches, with their requests, that reach people after a moment. Each index gives the last ones first."""
    found = (
        select(launches.c.id, launches.c.campaign_id, launches.c.audience, launches.c.state, launches.c.reaches_at)
        .where(which, launches.c.id != bindparam("launch"), launches.c.reaches_at > bindparam("since"))
        .order_by(launches.c.reaches_at.desc())
        .limit(MOST_COLLISIONS)
        .subquery()
    )
    asked = events.join(found, (events.c.launch_id == found.c.id) & (events.c.seq == 1))
    query = select(found, events.c.at, events.c.kind, events.c.actor, events.c.data).select_from(asked)
    return query.order_by(found.c.reaches_at.desc())


_SAME_CAMPAIGN = _reaching(launches.c.campaign_id == bindparam("campaign"))
_SAME_AUDIENCE = _reaching(
    (launches.c.audience == bindparam("audience")) & (launches.c.campaign_id != bindparam("campaign"))
)


class Conflict(Exception):
    """Another append came first: the launch is no longer at the version that was read."""


class _Remembered:
    """Launches as this process saw them last: folding a long history again and again is what costs."""

    def __init__(self) -> None:
        self._launches: OrderedDict[LaunchId, Launch] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, launch_id: LaunchId) -> Launch | None:
        with self._lock:
            return self._launches.get(launch_id)

    def put(self, launch: Launch) -> None:
        with self._lock:
            known = self._launches.get(launch.id)
            if known is None or known.version < launch.version:
                self._launches[launch.id] = launch
            self._launches.move_to_end(launch.id)
            while len(self._launches) > MOST_REMEMBERED:
                self._launches.popitem(last=False)


class Journal:
    """The record of all launches in one database. `witnesses` are told what every commit holds."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] | None = None) -> None:
        self._engine = engine
        self._shared = shared = engine.dialect.name == "postgresql"
        # SQLite reads one state in every transaction by itself.
        self._reader = engine.execution_options(isolation_level="REPEATABLE READ") if shared else engine
        self._asker = engine.execution_options(**({"isolation_level": "AUTOCOMMIT"} if shared else {"single": True}))
        self._clock = clock or (ServersClock(engine) if shared else own_clock)
        self.witnesses = Witnesses()
        self._remembered = _Remembered()

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
            launch = fold(tuple(line.entry for line in _lines(connection, launch_id)))
        if launch:
            self._remembered.put(launch)
        return launch

    def story(self, launch_id: LaunchId) -> Story | None:
        with self.reading() as connection:
            row = connection.execute(_ROW, {"launch": launch_id}).mappings().one_or_none()
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
        # What this process saw last may be old, so it refuses nothing; an append on it fails at the version.
        launch = self._remembered.get(launch_id)
        decision = decide(launch, command) if launch else None
        if isinstance(decision, tuple):
            with suppress(Conflict):
                return self._append(launch_id, launch, decision, actor_of(command))
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
        with self.asking() as connection:
            found = connection.execute(_IN_DOUBT, {"campaign": campaign_id, "launch": but}).scalar_one_or_none()
        return None if found is None else self.story(LaunchId(found))

    def collisions(
        self, but: LaunchId, request: ActivationRequest, preview: Preview, window: timedelta
    ) -> tuple[Collision, ...]:
        """Other launches of the campaign, or to its audience, that are open, or were sent in that time.

        At most five of each; practice launches do not count.
        """
        about = {"launch": but, "campaign": request.campaign_id, "since": self.now() - window}
        audience = str(audience_of(request, preview) or "")
        with self.asking() as connection:
            rows = list(connection.execute(_SAME_CAMPAIGN, about).mappings())
            if audience:
                rows += connection.execute(_SAME_AUDIENCE, {**about, "audience": audience}).mappings()
        return tuple(_collision(row, request.campaign_id) for row in rows)

    def record_denied(self, stream: LaunchId, actor: UserId, denied: Denied) -> None:
        """Puts a refused attempt on record that belongs to no launch; `stream` is an id of its own."""
        entry = Entry(stream, 1, self.now(), actor, denied)
        with self.writing() as connection:
            opening = next_opening(connection)
            enter(connection, opening, stream, _insert_events(connection, (entry,), opening.previous))
        self.witnesses.tell(Appended(None, None, (entry,)))

    def keep_file(self, content: bytes) -> str:
        """Stores a file's bytes, once, and returns their SHA-256 in hex."""
        sha256 = hashlib.sha256(content).hexdigest()
        with suppress(IntegrityError), self.writing() as connection:  # refused where the same bytes are kept already
            connection.execute(insert(files).values(sha256=sha256, content=content))
        return sha256

    def file(self, sha256: str) -> bytes:
        """The bytes of a kept file. Raises LookupError where there are none."""
        with self.asking() as connection:
            content = connection.execute(select(files.c.content).where(files.c.sha256 == sha256)).scalar_one_or_none()
        if content is None:
            raise LookupError(f"no file {sha256} is kept")
        return bytes(content)

    def ping(self) -> None:
        """Raises SQLAlchemyError where the database does not answer."""
        with self.asking() as connection:
            connection.execute(text("SELECT 1"))

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
        with self._engine.connect().execution_options(**options) as connection, connection.begin():
            if self._shared and not durable:
                connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
            yield connection

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
                    _open_stream(connection, after, entries[0])
                moments = _move(connection, version, after, entries)
        except IntegrityError as error:
            raise Conflict(launch_id) from error
        self._remembered.put(after)
        self.witnesses.tell(Appended(before, after, entries, moments))
        return after


def _open_stream(connection: Connection, launch: Launch, first: Entry) -> None:
    """Makes the row of a launch that is about to begin: its first event will follow the last launch's."""
    opening = next_opening(connection)
    enter(connection, opening, launch.id, digest(first, opening.previous))
    connection.execute(
        insert(launches).values(
            id=launch.id,
            state=launch.state.value,
            campaign_id=launch.request.campaign_id,
            channel=launch.channel,
            requester=launch.requester,
            asked_at=launch.requested_at,
            version=0,
            head=opening.previous,
        )
    )


def _move(connection: Connection, version: int, after: Launch, entries: Sequence[Entry]) -> dict[str, datetime | None]:
    """Appends the entries and moves the projection from that version on; gives when what is due, by the column.

    Raises Conflict where the projection is at another version.
    """
    here = {"launch": after.id, "from_version": version}
    previous = connection.execute(_HEAD, here).scalar_one_or_none()
    if previous is None:
        raise Conflict(after.id)
    moments = {
        "due_at": due_at(after),
        "publish_at": tell_at(after, entries[-1].at),
        "stop_at": stop_due_at(after),
    }
    moved = connection.execute(
        _MOVE,
        {
            **here,
            "state": after.state.value,
            "version": after.version,
            "head": _insert_events(connection, entries, previous),
            **moments,
            "campaign_id": after.request.campaign_id,
            "audience": str(audience_of(after.request, after.preview) or ""),
            "reaches_at": after.reaches_at,
            "expires_at": after.expires_at,
            "shelf": shelf_of(after).value,
        },
    )
    if moved.rowcount != 1:
        raise Conflict(after.id)
    return moments


def _insert_events(connection: Connection, entries: Sequence[Entry], previous: str) -> str:
    """Inserts the entries behind the previous digest and returns the new head."""
    for entry in entries:
        head = digest(entry, previous)
        connection.execute(
            _ADD_EVENT,
            {
                "launch_id": entry.launch_id,
                "seq": entry.seq,
                "at": entry.at,
                "kind": kind_of(entry.event),
                "actor": entry.actor,
                "data": encode(entry.event),
                "previous": previous,
                "digest": head,
            },
        )
        previous = head
    return previous


def _lines(connection: Connection, launch_id: LaunchId) -> tuple[Line, ...]:
    return tuple(line_of(row) for row in connection.execute(_EVENTS, {"launch": launch_id}).mappings())


def line_of(row: RowMapping) -> Line:
    """The entry of a row of events, with its digest."""
    event = decode(row["kind"], row["data"])
    entry = Entry(LaunchId(row["launch_id"]), row["seq"], row["at"], UserId(row["actor"]), event)
    return Line(entry, row["digest"])


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
