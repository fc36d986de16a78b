"""How much waits in the journal: what whoever runs the bot wants to see at a glance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Select, bindparam, func, select

from bot.journal.journal import Journal
from bot.journal.queue import LANES, Lane
from bot.journal.tables import launches
from bot.launch.search import Phase

MOST_COUNTED = 10_000
"""More than that are told as that many, so that a look never takes long."""


@dataclass(frozen=True)
class LaneBacklog:
    """One lane's launches, or steps of workflows, whose moment has come, those that are being worked on among them.

    `oldest` is for how many seconds the first of them has been due, 0 where there is none.
    """

    due: int
    oldest: float


@dataclass(frozen=True)
class Backlog:
    """All counts go up to MOST_COUNTED; `lanes` by the names of LANES."""

    lanes: Mapping[str, LaneBacklog]
    in_doubt: int


def backlog(journal: Journal) -> Backlog:
    """What waits now, by indexes alone. Raises SQLAlchemyError where the database does not answer."""
    now = journal.now()
    with journal.reading() as connection:
        return Backlog(
            lanes={name: _lane_backlog(connection, lane, now) for name, lane in LANES.items()},
            in_doubt=connection.execute(_IN_DOUBT).scalar_one(),
        )


def _lane_backlog(connection: Connection, lane: Lane, now: datetime) -> LaneBacklog:
    count, first = _DUE[lane.due.name]
    due = connection.execute(count, {"now": now}).scalar_one()
    since = connection.execute(first, {"now": now}).scalar_one_or_none()
    return LaneBacklog(due, (now - since).total_seconds() if since else 0.0)


def _counted(found: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(found.limit(MOST_COUNTED).subquery())


def _due(column: Column[Any]) -> tuple[Select[Any], Select[Any]]:
    due = column <= bindparam("now")
    return _counted(select(column).where(due)), select(column).where(due).order_by(column).limit(1)


_DUE = {lane.due.name: _due(lane.due) for lane in LANES.values()}

_IN_DOUBT = _counted(select(launches.c.id).where(launches.c.shelf == Phase.IN_DOUBT.value))
