"""Who may stop what, under which card, and that it is one stop whatever is pressed twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.campaign.campaign import Preview
from bot.campaign.request import LaunchId, RequestId
from bot.desk.stopping import StopDesk, StopRequest
from bot.journal.audit import Counts, verify
from bot.journal.pruning import prune
from bot.journal.tables import events
from bot.launch.commands import Approve, Observe, ObserveStop, Request
from bot.launch.events import ChannelId
from bot.launch.outcome import Accepted, Unknown
from bot.launch.run import RunEnded
from bot.launch.state import Launch, State
from bot.launch.stop import Stopped, StopStarted
from bot.policy.context import PolicyContext
from bot.policy.policy import Policy, PolicyUnreadable
from bot.policy.refusals import (
    CancelInstead,
    MissingRole,
    NoRoomForCard,
    NoSuchLaunch,
    PolicyNotRead,
    Refused,
    RolesNotChecked,
    StopUnderWay,
)
from bot.policy.roles import Action, RolesUnknown
from tests.builders import ANA, BEN, DAN, LAUNCHES, NOON, OTTO, PREVIEW, Clock, asked, journal_on, started
from tests.message.builders import unchecked

L1, L2 = LaunchId("L1"), LaunchId("L2")


class Roles:
    """Ben is a lead and Dan an admin."""

    trouble = ""

    def holds(self, person, role):
        if self.trouble:
            raise RolesUnknown(self.trouble)
        return (person, role) in {(BEN, "lead"), (DAN, "admin")}


class Room:
    """A journal, and a desk over a policy that lets leads and admins stop."""

    def __init__(self, url):
        self.clock = Clock()
        self.journal = journal_on(url, self.clock)
        self.roles = Roles()
        self.unreadable = ""
        self.desk = StopDesk(self.journal, PolicyContext(self.policy, self.roles, self.journal.collisions, unchecked()))

    def policy(self):
        if self.unreadable:
            raise PolicyUnreadable(self.unreadable)
        return Policy(roles={}, may_stop=("lead", "admin"))

    def launches(self, launch_id=L1, *then, campaign_id=82):
        self.journal.execute(launch_id, Request(ANA, asked(campaign_id=campaign_id)))
        for command in (Approve(BEN), Observe(started(launch_id)), *(then or (Observe(Accepted()),))):
            launch = self.journal.execute(launch_id, command)
        return launch

    def stops(self, person=DAN, request_id="S1", campaign_id=82, channel=LAUNCHES, **more):
        request = StopRequest(
            campaign_id=campaign_id,
            person=person,
            request_id=RequestId(request_id),
            channel=ChannelId(channel),
            preview=PREVIEW,
            **more,
        )
        return self.desk.stop_campaign(request)

    def is_stopped(self, launch):
        stop = launch.stop.request_id
        self.journal.execute(launch.id, ObserveStop(StopStarted(1, stop, "d" * 64), stop))
        return self.journal.execute(launch.id, ObserveStop(Stopped(), stop))

    @property
    def recorded(self):
        with self.journal.reading() as connection:
            rows = connection.execute(select(events.c.actor, events.c.data).where(events.c.kind == "launch:deny"))
            return [(row.actor, row.data["action"], row.data["reason"]) for row in rows]


@pytest.fixture
def room(database_url):
    return Room(database_url)


def test_whoever_holds_no_role_that_may_stop_is_refused_and_recorded(room):
    room.launches()
    refused = Refused(MissingRole(Action.STOP, ("lead", "admin")))
    assert room.desk.stop_launch(L1, OTTO) == room.stops(OTTO) == room.desk.may_stop(OTTO) == refused
    assert room.desk.stop_launch(L1, ANA) == refused
    assert room.recorded.count((OTTO, "launch:stop", "MissingRole")) == 2  # those of no launch are one


def test_where_the_roles_or_the_policy_cannot_be_read_nobody_may_stop(room):
    room.launches()
    room.roles.trouble = "Slack did not answer"
    assert isinstance(room.stops().reason, RolesNotChecked)
    room.roles.trouble, room.unreadable = "", "policy.toml has mistakes"
    assert isinstance(room.desk.stop_launch(L1, DAN).reason, PolicyNotRead)


def test_a_role_of_the_policys_own_may_stop(room):
    room.launches()
    assert room.desk.stop_launch(L1, BEN).stop.by == BEN


def test_the_launch_that_may_still_send_gets_the_stop(room):
    room.launches()
    launch = room.stops(keep_queue=True)
    assert (launch.id, launch.stop.keep_queue) == (L1, True)


def test_a_launch_in_doubt_gets_the_stop_before_all_others(room):
    room.launches(L2)
    room.launches(L1, Observe(Unknown("lost")))
    assert room.stops().id == L1


def test_a_launch_whose_run_is_over_gets_the_stop_for_a_day(room):
    room.launches(L1, Observe(Accepted()), Observe(RunEnded(NOON)))
    assert room.desk.launch_of(82).id == L1
    room.clock.now = NOON + timedelta(hours=25)
    assert room.desk.launch_of(82) is None


def test_a_campaign_that_was_not_launched_here_is_taken_on(room):
    room.launches(campaign_id=83)
    launch = room.stops()
    assert (launch.state, launch.requester, launch.channel, launch.adopted) == (State.ADOPTED, DAN, LAUNCHES, True)
    beside = room.journal.collisions(L2, asked().request, PREVIEW, timedelta(days=1))
    assert [one.launch_id for one in beside] == [L1]


def test_a_launch_that_waits_for_approval_is_left_to_its_card(room):
    room.journal.execute(L1, Request(ANA, asked()))
    assert room.desk.stop_launch(L1, DAN) == Refused(CancelInstead())
    assert room.stops().adopted


def test_the_same_submission_twice_is_one_stop_also_when_it_is_over(room):
    first = room.stops()
    assert room.stops().id == first.id
    room.is_stopped(first)
    assert room.stops().version == room.journal.load(first.id).version


def test_the_same_submission_twice_is_one_stop_of_a_launch_also_when_it_is_over(room):
    room.launches()
    room.is_stopped(room.stops())
    again = room.stops()
    assert (again.id, again.state) == (L1, State.STOPPED)


def test_a_campaign_can_be_stopped_again_another_day(room):
    first = room.is_stopped(room.stops())
    second = room.stops(request_id="S2")
    assert second.id != first.id
    assert second.state == State.ADOPTED


def test_a_campaign_can_be_stopped_again_when_the_record_of_an_earlier_stop_is_pruned(room):
    room.is_stopped(room.stops())
    room.clock.pass_by(days=400)
    room.is_stopped(room.stops(request_id="S2"))
    assert [batch.streams for batch in prune(room.journal, NOON + timedelta(days=1))] == [1]
    third = room.stops(request_id="S3")
    assert (third.state, third.stop.request_id) == (State.ADOPTED, "S3")


def test_the_record_of_what_was_taken_on_is_verified_as_any_other(room):
    room.is_stopped(room.stops())
    counts = Counts()
    with room.journal.reading() as connection:
        assert list(verify(connection, counts)) == []
    assert counts.launches == 1


@pytest.mark.parametrize("launched", [True, False])
def test_of_two_who_stop_a_campaign_at_once_one_stops_it(room, launched):
    for number in range(100, 115):
        if launched:
            room.launches(LaunchId(f"L{number}"), campaign_id=number)
        with ThreadPoolExecutor(2) as pool:
            results = list(
                pool.map(lambda one, number=number: room.stops(*one, campaign_id=number), [(BEN, "S1"), (DAN, "S2")])
            )
        (won,) = [one for one in results if isinstance(one, Launch)]
        (lost,) = [one for one in results if isinstance(one, Refused)]
        assert lost == Refused(StopUnderWay(won.stop.by, won.stop.at))


def test_without_a_channel_only_what_has_a_card_can_be_stopped(room):
    assert room.stops(channel="") == Refused(NoRoomForCard(82))
    room.launches()
    assert room.stops(channel="").id == L1


def test_a_button_of_a_launch_that_is_not_there_stops_nothing(room):
    assert room.desk.stop_launch(LaunchId("gone"), DAN) == Refused(NoSuchLaunch())
    assert (DAN, "launch:stop", "NoSuchLaunch") in room.recorded


def test_a_stop_that_could_not_be_read_up_is_made_all_the_same(room):
    request = StopRequest(
        campaign_id=82,
        person=DAN,
        request_id=RequestId("S1"),
        channel=LAUNCHES,
        preview=Preview(problems=("The platform did not answer.",)),
    )
    assert room.desk.stop_campaign(request).stop.request_id == "S1"
