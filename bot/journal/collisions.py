"""Other launches that a launch may meet: of its campaign, or to its audience."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, bindparam, literal, or_, select, union_all

from bot.campaign.request import LaunchId, Source, UserId
from bot.journal.tables import Moment, events, launches
from bot.launch.codec import decode, tag_of
from bot.launch.events import Requested, Vouched
from bot.launch.state import OPEN_END, State
from bot.launch.stop import StopAsked
from bot.policy.collision import Collision

MOST_COLLISIONS = 5
"""How many are told; one is enough to ask for more care."""

_OF_CAMPAIGN = or_(launches.c.campaign_id == bindparam("campaign"), launches.c.canary_of == bindparam("campaign"))
"""A canary that runs on a copy is one of the campaign that was copied."""

_IN_DOUBT = (
    select(launches.c.id)
    .where(
        _OF_CAMPAIGN,
        launches.c.state == State.IN_DOUBT.value,
        launches.c.id != bindparam("launch"),
    )
    .limit(1)
)


_OTHER = (launches.c.id != bindparam("launch")) & launches.c.belongs_to.is_distinct_from(bindparam("launch"))
"""A launch and its own canaries are one."""


# Written out: the index over stops alone serves only a query that says itself that it asks for these.
_IS_STOP = events.c.kind == literal(tag_of(StopAsked), literal_execute=True)
_STOPS = (
    select(events.c.launch_id, events.c.at, events.c.kind, events.c.data)
    .where(_IS_STOP, events.c.at >= bindparam("since", type_=Moment))
    .order_by(events.c.at.desc())
)
_OF_THESE = select(launches.c.id).where(launches.c.id.in_(bindparam("launches", expanding=True)), _OF_CAMPAIGN, _OTHER)


def _reaching(which: ColumnElement[bool]) -> Select[Any]:
    """The last launches, with their requests, that reach people after a moment. Each index gives those first."""
    found = (
        select(
            launches.c.id,
            launches.c.campaign_id,
            launches.c.canary_of,
            launches.c.audience,
            launches.c.state,
            launches.c.reaches_at,
        )
        .where(which, _OTHER, launches.c.reaches_at > bindparam("since"))
        .order_by(launches.c.reaches_at.desc())
        .limit(MOST_COLLISIONS)
        .subquery()
    )
    asked = events.join(found, (events.c.launch_id == found.c.id) & (events.c.seq == 1))
    return select(found, events.c.at, events.c.kind, events.c.actor, events.c.data).select_from(asked)


_SAME_CAMPAIGN = _reaching(launches.c.campaign_id == bindparam("campaign"))
_CANARIES = _reaching(
    (launches.c.canary_of == bindparam("campaign")) & (launches.c.campaign_id != bindparam("campaign"))
)
_SAME_AUDIENCE = _reaching(
    (launches.c.audience == bindparam("audience"))
    & (launches.c.campaign_id != bindparam("campaign"))
    & launches.c.canary_of.is_distinct_from(bindparam("campaign"))
)
_OF_EITHER_KIND = union_all(*(select(one.subquery()) for one in (_SAME_CAMPAIGN, _CANARIES)))
_EITHER = union_all(*(select(one.subquery()) for one in (_SAME_CAMPAIGN, _CANARIES, _SAME_AUDIENCE)))

_VOUCHED = select(events.c.launch_id, events.c.actor).where(
    events.c.launch_id.in_(bindparam("launches", expanding=True)), events.c.kind == tag_of(Vouched)
)


def in_doubt(connection: Connection, campaign_id: int, but: LaunchId) -> LaunchId | None:
    """Another launch of the campaign that is in doubt."""
    found = connection.execute(_IN_DOUBT, {"campaign": campaign_id, "launch": but}).scalar_one_or_none()
    return None if found is None else LaunchId(found)


def stopped_since(connection: Connection, campaign_id: int, but: LaunchId, since: datetime) -> datetime | None:
    """When somebody, or a brake, last asked to stop the campaign, if not before that moment.

    That the bot switches off a copy, or the campaign after its canary, is no such stop; nor is one of the launch's own
    canary, of which its card tells.
    """
    asked = connection.execute(_STOPS, {"since": since}).all()
    if not asked:
        return None
    about = {"launches": [row.launch_id for row in asked], "campaign": campaign_id, "launch": but}
    found = frozenset(connection.execute(_OF_THESE, about).scalars())
    stops = ((row.at, decode(row.kind, row.data)) for row in asked if row.launch_id in found)
    return next((at for at, stop in stops if isinstance(stop, StopAsked) and not stop.after_test), None)


def collisions(
    connection: Connection, but: LaunchId, campaign_id: int, audience: Source | None, since: datetime
) -> tuple[Collision, ...]:
    """Other launches of the campaign, or to the audience, that reach people after that moment; at most five of each."""
    about = {"launch": but, "campaign": campaign_id, "since": since}
    asked = (_EITHER, {**about, "audience": str(audience)}) if audience else (_OF_EITHER_KIND, about)
    latest_first = sorted(connection.execute(*asked).mappings(), key=lambda row: row["reaches_at"], reverse=True)
    of_the_campaign_first = sorted(latest_first, key=lambda row: not _is_of(row, campaign_id))
    words = _words(connection, [row["id"] for row in latest_first if row["state"] == State.UNREACHED])
    return tuple(_collision(row, campaign_id, words.get(row["id"], "")) for row in of_the_campaign_first)


def _words(connection: Connection, launches_without_a_run: list[str]) -> dict[str, str]:
    """Who said of each that it did not run."""
    if not launches_without_a_run:
        return {}
    found = connection.execute(_VOUCHED, {"launches": launches_without_a_run})
    return {row.launch_id: row.actor for row in found}


def _is_of(row: RowMapping, campaign_id: int) -> bool:
    return campaign_id in (row["campaign_id"], row["canary_of"])


def _collision(row: RowMapping, campaign_id: int, vouched_by: str) -> Collision:
    requested = decode(row["kind"], row["data"])
    campaign = requested.preview.campaign if isinstance(requested, Requested) else None
    return Collision(
        launch_id=LaunchId(row["id"]),
        campaign_id=row["canary_of"] or row["campaign_id"],
        # An edit may have chosen another campaign since.
        campaign_name=campaign.name if campaign and campaign.id in (row["campaign_id"], row["canary_of"]) else "",
        source=Source.parse(row["audience"]) if row["audience"] else None,
        state=row["state"],
        since=row["at"] if row["reaches_at"] == OPEN_END else row["reaches_at"],
        requester=UserId(row["actor"]),
        same_campaign=_is_of(row, campaign_id),
        vouched_by=UserId(vouched_by),
    )
