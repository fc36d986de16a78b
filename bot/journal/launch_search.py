"""Finds launches to look at: pages and lists, each by an index, with so many rows and statements and no more.

A page costs the same however long the record is, so nothing here counts or skips rows.
"""

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, select, true, tuple_, union_all

from bot.campaign.request import LaunchId, UserId
from bot.journal.journal import Journal, line_of
from bot.journal.runs import all_counts
from bot.journal.tables import Moment, events, launches
from bot.launch.evolve import fold
from bot.launch.search import OPEN_PHASES, PAGE, RUNNING_PHASES, Board, Found, Mark, Page, Phase, Wanted
from bot.launch.state import State
from bot.results.counts import Counts

MOST_WAITING = 30
"""Requests that are held against whether a person may approve them: the soonest to expire."""

NOTHING_COUNTED = Counts()

MOST_OWN_ENDED = 5

FOUND = (launches.c.id, launches.c.asked_at, launches.c.expires_at, launches.c.message_ts)
_EVENTS = (
    select(events)
    .where(events.c.launch_id.in_(bindparam("launches", expanding=True)))
    .order_by(events.c.launch_id, events.c.seq)
)
_place = tuple_(launches.c.asked_at, launches.c.id)
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "campaign": and_(launches.c.campaign_id == bindparam("campaign"), launches.c.test_of.is_(None)),
    "tests": launches.c.test_of == bindparam("campaign"),
    "requester": launches.c.requester == bindparam("requester"),
    "since": launches.c.asked_at >= bindparam("since", type_=Moment),
    "until": launches.c.asked_at < bindparam("until", type_=Moment),
}


class Looking:
    """Reads for people's eyes; nothing is decided on what it gives."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def page(self, wanted: Wanted, beside: Mark | None = None, size: int = PAGE) -> Page:
        """The page of history beside that mark; the newest without one."""
        newer = beside is not None and beside.newer
        asked: dict[str, object] = {
            "campaign": wanted.campaign_id,
            "requester": wanted.requester,
            "since": wanted.since,
            "until": wanted.until,
        }
        values = {name: value for name, value in asked.items() if value is not None}
        tests = wanted.tests and not wanted.reached and wanted.campaign_id is not None
        query = _page(tuple(values), wanted.phases, _side(beside), wanted.states, reached=wanted.reached, tests=tests)
        values["most"] = size + 1
        if beside:
            values |= {"at": beside.asked_at, "launch": beside.launch_id}
        with self._journal.reading() as connection:
            rows = connection.execute(query, values).all()
            more, rows = len(rows) > size, rows[:size]
            found = folded(connection, rows[::-1] if newer else rows)
        if newer and not more:
            # Back at the beginning: a whole first page, rather than what was left before the mark.
            return self.page(wanted, size=size)
        if newer:
            return Page(found, has_newer=True, has_older=True)
        return Page(found, has_newer=beside is not None, has_older=more)

    def last_to_reach(self, campaign_id: int) -> Found | None:
        """The campaign's launch that reached people last, or may do so still; None where none did."""
        with self._journal.reading() as connection:
            rows = connection.execute(_reaching(), {"campaign": campaign_id}).all()
            return next(iter(folded(connection, rows)), None)

    def board(self, person: UserId) -> Board:
        """Everything from which the person's App Home is made, as of one moment."""
        mine = {"requester": person, "most": PAGE}
        with self._journal.reading() as connection:
            lists = [
                connection.execute(_waiting(), {"most": MOST_WAITING}).all(),
                connection.execute(_page((), (Phase.IN_DOUBT,), ""), {"most": PAGE}).all(),
                connection.execute(_page(("requester",), OPEN_PHASES, ""), mine).all(),
                connection.execute(_page(("requester",), (Phase.OVER,), ""), {**mine, "most": MOST_OWN_ENDED}).all(),
                connection.execute(_page((), RUNNING_PHASES, ""), {"most": PAGE}).all(),
                # As many more as the lists before may have shown already.
                connection.execute(_page((), (Phase.OVER,), ""), {"most": PAGE + MOST_OWN_ENDED}).all(),
            ]
            every = {row.id: row for rows in lists for row in rows}
            found = {one.launch.id: one for one in folded(connection, tuple(every.values()))}
        waiting, in_doubt, own_open, own_latest, running, over = (
            tuple(found[row.id] for row in rows if row.id in found) for rows in lists
        )
        return Board(
            waiting=waiting, in_doubt=in_doubt, own_open=own_open, own_latest=own_latest, running=running, over=over
        )


def _side(beside: Mark | None) -> str:
    if beside is None:
        return ""
    return "newer" if beside.newer else "older"


@cache
def _page(
    filters: tuple[str, ...],
    phases: tuple[Phase, ...],
    side: str,
    states: tuple[State, ...] = (),
    *,
    reached: bool = False,
    tests: bool = False,
) -> Select[Any]:
    """A page in the order of asking, away from the mark: nearest first on either side.

    With `tests`, a campaign's tests stand beside its launches: a test's row names the copy that it is made on.
    """
    conditions = [_CONDITIONS[name] for name in filters if name != "campaign"]
    of_campaign = [_CONDITIONS["campaign"]] if "campaign" in filters else []
    subjects = [*of_campaign, *([_CONDITIONS["tests"]] if tests else [])] or [true()]
    if reached:
        conditions.append(launches.c.reaches_at.is_not(None))
    mark = tuple_(bindparam("at", type_=Moment), bindparam("launch"))
    if side:
        conditions.append(_place > mark if side == "newer" else _place < mark)
    places = [launches.c.shelf == one.value for one in phases] + [launches.c.state == one.value for one in states]
    # An index gives one shelf, or one state, in order; so each is read by itself, and what they give is merged.
    parts = [
        _ordered(select(*FOUND).where(*conditions, subject, place), side)
        for subject in subjects
        for place in places or [true()]
    ]
    if len(parts) == 1:
        return parts[0]
    merged = union_all(*(select(part.subquery()) for part in parts)).subquery()
    return _ordered(select(merged), side, merged.c.asked_at, merged.c.id)


def _ordered(
    query: Select[Any],
    side: str,
    at: ColumnElement[Any] = launches.c.asked_at,
    by_id: ColumnElement[Any] = launches.c.id,
) -> Select[Any]:
    order = (at.asc(), by_id.asc()) if side == "newer" else (at.desc(), by_id.desc())
    return query.order_by(*order).limit(bindparam("most"))


@cache
def _waiting() -> Select[Any]:
    query = select(*FOUND).where(launches.c.shelf == Phase.WAITING.value)
    return query.order_by(launches.c.expires_at, launches.c.id).limit(bindparam("most"))


@cache
def _reaching() -> Select[Any]:
    reaches = launches.c.reaches_at
    query = select(*FOUND).where(_CONDITIONS["campaign"], reaches.is_not(None))
    return query.order_by(reaches.desc(), launches.c.asked_at.desc()).limit(1)


def folded(connection: Connection, rows: Sequence[Any]) -> tuple[Found, ...]:
    """The launches of the rows, in their order, from one query of all their events."""
    if not rows:
        return ()
    every = connection.execute(_EVENTS, {"launches": [row.id for row in rows]}).mappings()
    folded = {
        LaunchId(launch_id): fold(tuple(line_of(one).entry for one in told))
        for launch_id, told in groupby(every, key=lambda one: one["launch_id"])
    }
    counts = all_counts(connection, [row.id for row in rows])
    return tuple(
        Found(launch, row.message_ts, counts.get(launch.id, NOTHING_COUNTED))
        for row in rows
        if (launch := folded.get(LaunchId(row.id)))
    )
