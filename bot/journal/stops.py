"""Finds what a stop of a campaign concerns: launches of it that may still send, and stops outside any launch."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from bot.campaign.request import LaunchId, RequestId
from bot.journal.journal import Journal
from bot.journal.tables import events, launches, pruned
from bot.launch.codec import tag_of
from bot.launch.events import Adopted
from bot.launch.state import Launch, State
from bot.launch.stoppable import is_switched_off

LIVE = (State.IN_DOUBT, State.LAUNCHING, State.RUNNING, State.LAUNCHED)

MOST_COMPARED = 5
"""Stops of a campaign among which the same submission is looked for: it comes again within moments, if at all."""


def _in_states(*states: State) -> ColumnElement[bool]:
    # A canary that runs on a copy is one of the campaign that was copied.
    of_campaign = (launches.c.campaign_id == bindparam("campaign")) | (launches.c.canary_of == bindparam("campaign"))
    return of_campaign & launches.c.state.in_([state.value for state in states])


def _newest(which: ColumnElement[bool], most: int) -> Select[Any]:
    # What is open reaches into the far future there, so a doubt comes first; then the last that was sent.
    order = launches.c.reaches_at.desc().nulls_last()
    return select(launches.c.id).where(which).order_by(order, launches.c.id).limit(most)


_LIVE = _newest(_in_states(*LIVE), 1)
_LATELY_OVER = _newest(_in_states(State.FINISHED) & (launches.c.reaches_at > bindparam("since")), 1)
_STOPPED = _newest(_in_states(*LIVE, State.FINISHED, State.STOPPED), MOST_COMPARED)
_TAKEN_ON = (
    select(launches.c.id)
    .join(events, events.c.launch_id == launches.c.id)
    .where(
        launches.c.campaign_id == bindparam("campaign"),
        events.c.seq == 1,
        events.c.kind == tag_of(Adopted),
    )
)
_HOW_OFTEN = select(
    select(func.count()).select_from(_TAKEN_ON.subquery()).scalar_subquery()
    # Of what was pruned only the campaign is known: all of it is counted, so that no number comes a second time.
    + select(func.count()).select_from(pruned).where(pruned.c.campaign_id == bindparam("campaign")).scalar_subquery()
)
_COMING = _newest(_in_states(State.APPROVED), 1)
_STILL_TAKEN_ON = _newest(_in_states(State.ADOPTED), 1)
_TAKEN_ON_LAST = _TAKEN_ON.order_by(events.c.at.desc()).limit(1)


class Stops:
    """Queries over one journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def live(self, campaign_id: int, since: datetime) -> Launch | None:
        """The launch of that campaign that a stop belongs to: one in doubt, else the one that was sent last.

        Where none may still send, the last one that was sent after `since` and whose run is over, unless its campaign
        was switched off since: if it goes on, something else has switched it on.
        """
        about = {"campaign": campaign_id, "since": since}
        over = (one for one in self._found(_LATELY_OVER, about) if not is_switched_off(one))
        return next(self._found(_LIVE, about), None) or next(over, None)

    def coming(self, campaign_id: int) -> Launch | None:
        """A launch of the campaign that is approved and not sent yet."""
        return next(self._found(_COMING, {"campaign": campaign_id}), None)

    def made_as(self, campaign_id: int, request_id: RequestId) -> Launch | None:
        """The launch whose last stop has that request id, if there is one."""
        about = {"campaign": campaign_id}
        candidates = [*self._found(_STOPPED, about), *self._found(_TAKEN_ON_LAST, about)]
        return next((one for one in candidates if one.stop and one.stop.request_id == request_id), None)

    def taken_on(self, campaign_id: int) -> int:
        """A number that grows each time the campaign is taken on to be stopped without a launch of ours."""
        with self._journal.reading() as connection:
            count: int = connection.execute(_HOW_OFTEN, {"campaign": campaign_id}).scalar_one()
        return count

    def still_taken_on(self, campaign_id: int) -> Launch | None:
        """The campaign as it was taken on, where its stop is still open."""
        return next(self._found(_STILL_TAKEN_ON, {"campaign": campaign_id}), None)

    def _found(self, query: Select[Any], about: Mapping[str, object]) -> Iterator[Launch]:
        with self._journal.reading() as connection:
            found = connection.execute(query, about).scalars().all()
        loaded = (self._journal.load(LaunchId(one)) for one in found)
        return (launch for launch in loaded if launch)
