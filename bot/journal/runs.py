"""The runs whose events are counted: from before the call that starts one, until the last of its numbers is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from bot.campaign.request import LaunchId
from bot.journal.recipient_tables import fillings
from bot.journal.recipients import forget_recipients
from bot.journal.tables import Moment, launches, runs, seen
from bot.launch.state import Launch, State
from bot.results.counts import Counts
from bot.results.first_day import FirstDay

LONGEST = timedelta(days=31)
"""How long a run's events are counted at most, whatever becomes of its launch."""

_OPEN = {"followed": True, "segments": 0, "counts": {}}
_ID = select(runs.c.id).where(runs.c.launch_id == bindparam("launch")).with_for_update()
_END = update(runs).where(runs.c.id == bindparam("run")).values(followed=False)
_FORGET = delete(seen).where(seen.c.run_id == bindparam("run"))
_REMOVE = delete(runs).where(runs.c.id == bindparam("run"))
_COUNTS = select(runs.c.counts).where(runs.c.launch_id == bindparam("launch"))

_FOLLOWED = (
    select(runs.c.id, runs.c.launch_id, runs.c.since, runs.c.counts)
    .where(runs.c.campaign_id == bindparam("campaign"), runs.c.followed.is_(True))
    .order_by(runs.c.id)
    .with_for_update()
)
_RECOUNT = (
    update(runs).where(runs.c.id == bindparam("run")).values(counts=bindparam("now_counted", type_=runs.c.counts.type))
)
SHOW = (
    update(launches)
    .where(
        launches.c.id == bindparam("launch"),
        or_(launches.c.publish_at.is_(None), launches.c.publish_claim.is_not(None)),
    )
    .values(publish_at=bindparam("at", type_=Moment))
)
"""Has a launch's card brought up to date. Whoever shows it just now may have read older counts: it is shown again."""

_FIRST_DAY = select(runs.c.first_day).where(runs.c.launch_id == bindparam("launch"))
_PROOF = select(runs.c.proved_at).where(runs.c.launch_id == bindparam("launch"))
_ALL_COUNTS = select(runs.c.launch_id, runs.c.counts).where(runs.c.launch_id.in_(bindparam("launches", expanding=True)))


def follow(connection: Connection, before: Launch | None, after: Launch) -> None:
    """Opens or ends the counting, as the launch has moved; in the transaction that moves it, before its row is written.

    In that order, as whoever counts has them too: of two transactions none waits for the other for ever.
    """
    was, now = before is not None and before.is_counted, after.is_counted
    if now and not was:
        # A call that never left begins anew; what was counted since is not its.
        since = after.moved_at if after.state == State.LAUNCHING else after.started_at
        row = {"launch_id": after.id, "campaign_id": after.target, "since": since}
        connection.execute(insert(runs).values(**row, **_OPEN))
        _tell_earlier(connection, after)
    elif was and not now:
        # What came for a launch that was never sent was another run's.
        forget(connection, after.id, keep_counts=after.was_sent)
        if not after.was_sent:
            _tell_earlier(connection, after)


def _tell_earlier(connection: Connection, launch: Launch) -> None:
    """Notes with each followed run of the campaign when the next one began, and has its card say so."""
    followed = connection.execute(_FOLLOWED, {"campaign": launch.target}).all()
    for run in followed:
        later = min((one.since for one in followed if (one.since, one.id) > (run.since, run.id)), default=None)
        counts = Counts.decoded(run.counts)
        if counts.overtaken == later:
            continue
        counted = replace(counts, overtaken=later).encoded()
        connection.execute(_RECOUNT, {"run": run.id, "now_counted": counted})
        connection.execute(SHOW, {"launch": run.launch_id, "at": launch.moved_at})


def forget(connection: Connection, launch_id: LaunchId, *, keep_counts: bool = True) -> None:
    """Ends the counting of a launch's run: what recognises repeats goes, and nothing counts for it any more."""
    run = connection.execute(_ID, {"launch": launch_id}).scalar_one_or_none()
    if run is None:
        return
    connection.execute(_FORGET, {"run": run})
    forget_recipients(connection, run)
    connection.execute(_END if keep_counts else _REMOVE, {"run": run})


def counts_of(connection: Connection, launch_id: LaunchId) -> Counts:
    """What was counted of the launch's run so far."""
    found = connection.execute(_COUNTS, {"launch": launch_id}).scalar_one_or_none()
    return Counts.decoded(found or {})


def first_day_of(connection: Connection, launch_id: LaunchId) -> FirstDay:
    """When in the first day what was counted of the launch's run happened."""
    return FirstDay.unpacked(connection.execute(_FIRST_DAY, {"launch": launch_id}).scalar_one_or_none())


def proof_of(connection: Connection, launch_id: LaunchId) -> datetime | None:
    """The moment of an event that shows that the launch's campaign was started after its call; None without one."""
    found: datetime | None = connection.execute(_PROOF, {"launch": launch_id}).scalar_one_or_none()
    return found


def all_counts(connection: Connection, launch_ids: Sequence[str]) -> dict[LaunchId, Counts]:
    """What was counted of these launches' runs; of those that have no run, nothing."""
    found = connection.execute(_ALL_COUNTS, {"launches": list(launch_ids)})
    return {LaunchId(launch_id): Counts.decoded(counts) for launch_id, counts in found}


def earlier(connection: Connection, campaign_id: int, before: datetime, most: int) -> list[Counts]:
    """What was counted of the campaign's runs before that moment which are told to their end, the newest first."""
    query = (
        select(runs.c.counts)
        .where(runs.c.campaign_id == campaign_id, runs.c.followed.is_(False), runs.c.since < before)
        .order_by(runs.c.since.desc())
        .limit(most)
    )
    return [Counts.decoded(found) for found in connection.execute(query).scalars()]


def sweep_runs(connection: Connection) -> int:
    """Removes what was counted of launches that are on record no more; says of how many."""
    gone = runs.c.launch_id.not_in(select(launches.c.id))
    ids: list[Any] = list(connection.execute(select(runs.c.id).where(gone).with_for_update()).scalars())
    for run in ids:
        connection.execute(_FORGET, {"run": run})
        forget_recipients(connection, run)
        connection.execute(_REMOVE, {"run": run})
    connection.execute(delete(fillings).where(fillings.c.id.not_in(select(launches.c.id))))
    return len(ids)
