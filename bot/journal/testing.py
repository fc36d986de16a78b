"""Finds the tests to reviewers that were made of a campaign, and the launch that a new one is made for."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from bot.campaign.request import LaunchId, UserId
from bot.journal.journal import Journal, Within
from bot.journal.tables import Moment, launches
from bot.launch.search import Phase, phase_of
from bot.launch.state import PENDING, Launch
from bot.launch.testing import Tested, tested
from bot.policy.fingerprint import message_fingerprint

MOST_LOOKED_AT = 20
"""Of a campaign's tests, the newest: an older one is as good as none."""

_OF_CAMPAIGN = (
    select(launches.c.id)
    .where(launches.c.test_of == bindparam("campaign"))
    .order_by(launches.c.asked_at.desc(), launches.c.id)
    .limit(MOST_LOOKED_AT)
)
_ASKED_BY = select(func.count()).where(
    launches.c.requester == bindparam("person"),
    launches.c.asked_at > bindparam("since", type_=Moment),
    launches.c.test_of.is_not(None),
)
_WAITING = (
    select(launches.c.id)
    .where(
        launches.c.campaign_id == bindparam("campaign"),
        launches.c.test_of.is_(None),
        launches.c.canary_of.is_(None),
        launches.c.state.in_([state.value for state in PENDING]),
    )
    .order_by(launches.c.asked_at.desc(), launches.c.id)
    .limit(1)
)


class BeyondBound(Exception):
    """The person has asked for as many tests as the policy allows in that time."""


class MadeTests:
    """Queries over one journal. What a test proves is read from its events, never from its row."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def was_tested(self, campaign_id: int, fingerprint: str) -> bool:
        """Whether a test of the campaign was seen to send what has that fingerprint, and its record bears that out."""
        return any(
            one.run is not None and _received(one) == fingerprint and not self._journal.doubts(one)
            for one in self._found(_OF_CAMPAIGN, {"campaign": campaign_id})
        )

    def last(self, launch: Launch) -> Tested | None:
        """The last test of what the launch sends; else the last one of its campaign as it was before."""
        if launch.request.is_test or launch.adopted:
            return None
        made = [one for one in self._found(_OF_CAMPAIGN, {"campaign": launch.request.campaign_id}) if one.run]
        if not made:
            return None
        would_be = message_fingerprint(launch.request, launch.preview)
        same = next((one for one in made if would_be and _received(one) == would_be), None)
        return tested(same or made[0], current=same is not None)

    def asked_by(self, person: UserId, since: datetime) -> int:
        """How many tests the person has asked for since then."""
        with self._journal.asking() as connection:
            count: int = connection.execute(_ASKED_BY, {"person": person, "since": since}).scalar_one()
        return count

    def within_bound(self, person: UserId, since: datetime, most: int) -> Within:
        """Holds one test more against the bound, in the transaction that puts it on record: raises BeyondBound.

        Those that open a launch wait for each other, so that of two at once one counts the other.
        """

        def check(connection: Connection) -> None:
            if connection.execute(_ASKED_BY, {"person": person, "since": since}).scalar_one() > most:
                raise BeyondBound

        return check

    def over(self, campaign_id: int) -> int:
        """How many of the campaign's tests have come to their end, of those that are looked at."""
        found = self._found(_OF_CAMPAIGN, {"campaign": campaign_id})
        return sum(phase_of(one) is Phase.OVER for one in found)

    def made_for(self, campaign_id: int) -> LaunchId | None:
        """The launch of the campaign that waits for a decision or its moment, the newest; None where none does."""
        return next((one.id for one in self._found(_WAITING, {"campaign": campaign_id})), None)

    def _found(self, query: Select[Any], about: Mapping[str, object]) -> Iterator[Launch]:
        with self._journal.asking() as connection:
            found = connection.execute(query, about).scalars().all()
        loaded = (self._journal.load(LaunchId(one)) for one in found)
        return (launch for launch in loaded if launch)


def _received(test: Launch) -> str:
    return message_fingerprint(test.request, test.preview)
