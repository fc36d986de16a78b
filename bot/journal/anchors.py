"""Anchors: one digest over the heads of all chains, told elsewhere, so that a later change of any of them shows."""

from sqlalchemy import Connection, delete, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from bot.journal.anchored_heads import anchor_digest, list_of, moved_heads
from bot.journal.first_events import ONLY
from bot.journal.journal import Journal
from bot.journal.tables import anchored, anchors, openings_head
from bot.launch.anchor import Anchor


class Anchors:
    """A day is anchored once, whatever instances there are and whichever of them dies: its row comes first."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def begin(self, day: str) -> Anchor | None:
        """The anchor of that day, which is this caller's to tell; None where it was begun, or nothing has happened."""
        with self._journal.reading() as connection:
            is_begun = connection.execute(select(anchors.c.day).where(anchors.c.day == day)).first()
            if is_begun or not connection.execute(select(moved_heads().subquery().c.id).limit(1)).first():
                return None
        try:
            with self._journal.writing() as connection:
                return self._written(connection, day)
        except IntegrityError:
            return None

    def told(self, anchor: Anchor, channel: str) -> None:
        """It certainly stands in that channel."""
        here = update(anchors).where(anchors.c.number == anchor.number)
        with self._journal.writing() as connection:
            connection.execute(here.values(channel=channel))

    def stamped(self, anchor: Anchor, stamp: bytes) -> None:
        """An authority has stamped its digest."""
        here = update(anchors).where(anchors.c.number == anchor.number)
        with self._journal.writing() as connection:
            connection.execute(here.values(token=stamp))

    def take_back(self, anchor: Anchor) -> None:
        """It was certainly not told, so that somebody may try again, with what has happened meanwhile."""
        with self._journal.writing() as connection:
            connection.execute(delete(anchored).where(anchored.c.number == anchor.number))
            connection.execute(delete(anchors).where(anchors.c.number == anchor.number))

    def _written(self, connection: Connection, day: str) -> Anchor:
        newest = select(anchors.c.number, anchors.c.digest).order_by(anchors.c.number.desc()).limit(1)
        before = connection.execute(newest).one_or_none()
        number = before.number + 1 if before else 1
        chains = connection.execute(select(openings_head.c.number).where(openings_head.c.id == ONLY)).scalar_one()
        row = {"number": number, "day": day, "begun_at": self._journal.now(), "chains": chains, "channel": ""}
        # Others who would anchor the day wait here, and then find it anchored.
        connection.execute(insert(anchors), {**row, "heads": 0, "digest": ""})
        moved = moved_heads(literal(number))
        connection.execute(insert(anchored).from_select(["launch_id", "seq", "digest", "number"], moved))
        heads = list_of(connection, number)
        digest, count = anchor_digest(before.digest if before else "", number, day, chains, heads)
        here = update(anchors).where(anchors.c.number == number)
        connection.execute(here.values(heads=count, digest=digest))
        return Anchor(number, day, chains, count, digest)
