"""What time alone does to a launch: reminders, the last call, the end of a request, and starts that come later."""

from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.campaign.request import LaunchId
from bot.launch.commands import Approve, BreakGlass, Cancel, Checked, Edit, Reject, Request
from bot.launch.events import BrokeGlass, Expired, HeldBack, Postponed, Reminded, Voided
from bot.launch.state import Launch, State
from bot.launch.timing import expiry
from bot.policy.demands import Demands, Freeze, QuietHours, RoleCount, Typed
from bot.policy.policy import Policy, RoleList
from tests.builders import ANA, BEN, CLEO, DAN, NOON, PREVIEW, asked
from tests.worker.world import World

ROLES = {
    "approver": RoleList((ANA, BEN, "S0LEADS")),
    "admin": RoleList((DAN,)),
    "lead": RoleList((CLEO, "U0NINA"), mention=(CLEO,)),
    "silent": RoleList((CLEO,), mention=()),
}
QUARTERS = (timedelta(minutes=15), timedelta(minutes=60))


class Wait(World):
    """The worker's world, in which the policy's roles are real. `asks` begins a launch; the others are over."""

    def __init__(self, path):
        super().__init__(path)
        self._number = 1
        self.sweep()

    def sweep(self):
        self.clock.now = NOON
        self.directory.seen = PREVIEW
        self.platform.calls.clear()
        self.says()
        self.journal.execute(LaunchId(f"L{self._number}"), Cancel(ANA))

    def says(self, zone="UTC", **demands):
        self.policy = Policy(roles=ROLES, base=Demands(**demands), zone=ZoneInfo(zone))

    def asks(self, at=None, **demands) -> "Wait":
        """Ana asks for a launch under a policy with these demands."""
        self._number += 1
        self.id = LaunchId(f"L{self._number}")
        self.says(**demands)
        requested = asked(demands=self.policy.base, at=at, campaign_id=8200 + self._number)
        requested = replace(requested, expires_at=expiry(requested.request, requested.demands, self.clock()))
        self.journal.execute(self.id, Request(ANA, requested))
        return self

    def approve(self, *people) -> "Wait":
        for person in people or (BEN,):
            self.journal.execute(self.id, Approve(person))
        return self

    def does(self, command) -> "Wait":
        self.journal.execute(self.id, command)
        return self

    def at(self, **span) -> Launch:
        """It is so long after noon, and everything that has come due by then was done."""
        self.clock.now = NOON + timedelta(**span)
        while due := self.queue.claim(1):
            self.steps.take(due[0])
            self.queue.give_back(due[0])
        return self.journal.load(self.id)

    def told(self, kind) -> list:
        return [line.entry.event for line in self.journal.story(self.id).untold if isinstance(line.entry.event, kind)]

    @property
    def reminded(self) -> list[tuple[str, ...]]:
        return [one.mention for one in self.told(Reminded) if not one.last]

    @property
    def sent(self) -> int:
        return len(self.platform.calls)


@pytest.fixture(scope="module")
def shared_wait(tmp_path_factory):
    """One journal for all: making one takes longer than most tests."""
    return Wait(tmp_path_factory.mktemp("waiting"))


@pytest.fixture
def wait(shared_wait):
    shared_wait.sweep()
    return shared_wait


def after(**span):
    return NOON + timedelta(**span)


# Reminders.


def test_reminders_come_when_the_policy_says_and_not_before(wait):
    wait.asks(reminders=QUARTERS)
    counts = []
    for minutes in (14, 15, 59, 60, 230):
        wait.at(minutes=minutes)
        counts.append(len(wait.reminded))
    assert counts == [0, 1, 1, 2, 2]


def test_without_reminders_nobody_is_reminded(wait):
    wait.asks(reminders=()).at(hours=3)
    assert wait.told(Reminded) == []


def test_a_reminder_that_would_come_after_the_end_does_not_come(wait):
    wait.asks(reminders=(timedelta(hours=1),), expires_after=timedelta(hours=1)).at(hours=2)
    assert wait.told(Reminded) == []


def test_one_reminder_stands_for_all_that_were_missed(wait):
    wait.asks(reminders=QUARTERS).at(hours=2)
    assert len(wait.reminded) == 1


@pytest.mark.parametrize(
    ("demands", "approved_by", "mentioned"),
    [
        ({}, (), (BEN, "S0LEADS")),
        ({"self_approval": True}, (), (ANA, BEN, "S0LEADS")),
        ({"approvals": 2}, (BEN,), ("S0LEADS",)),
        ({"approvals": 2, "of_which": (RoleCount("lead", 1),)}, (), (BEN, "S0LEADS", CLEO)),
        ({"approvals": 3, "of_which": (RoleCount("lead", 1),)}, (BEN, CLEO), ("S0LEADS",)),
        ({"approvals": 2, "of_which": (RoleCount("silent", 1),)}, (BEN,), ("S0LEADS",)),
    ],
)
def test_a_reminder_mentions_those_who_can_still_approve_and_nobody_twice(wait, demands, approved_by, mentioned):
    wait.asks(reminders=QUARTERS[:1], **demands)
    for person in approved_by:
        wait.approve(person)
    wait.at(minutes=15)
    assert wait.reminded == [mentioned]


@pytest.mark.parametrize("decision", [Approve(BEN), Reject(BEN, "no"), Cancel(ANA)])
def test_nobody_is_reminded_after_a_decision(wait, decision):
    wait.asks(reminders=QUARTERS, second_line="admin", hold=timedelta(hours=24)).does(decision).at(hours=5)
    assert (wait.told(Reminded), wait.told(Expired)) == ([], [])


def test_an_edited_request_is_reminded_of_anew(wait):
    wait.asks(reminders=QUARTERS[:1]).at(minutes=15)
    anew = asked(demands=wait.policy.base, limit=5, campaign_id=wait.journal.load(wait.id).request.campaign_id)
    wait.does(Edit(ANA, anew, (), wait.journal.load(wait.id).fingerprint)).at(minutes=29)
    assert len(wait.reminded) == 1
    wait.at(minutes=30)
    assert len(wait.reminded) == 2


# The last call, and the end.


def test_the_second_line_is_mentioned_once_shortly_before_the_end(wait):
    wait.asks(reminders=(), second_line="admin").at(hours=3, minutes=29)
    assert wait.told(Reminded) == []
    wait.at(hours=3, minutes=30)
    wait.at(hours=3, minutes=50)
    assert wait.told(Reminded) == [Reminded((DAN,), last=True)]


def test_without_a_second_line_nobody_is_called_at_the_end(wait):
    wait.asks(reminders=(), second_line="").at(hours=3, minutes=59)
    assert wait.told(Reminded) == []


def test_who_has_approved_already_is_not_called_as_the_second_line(wait):
    wait.asks(reminders=(), second_line="admin", approvals=2).approve(DAN).at(hours=3, minutes=45)
    assert wait.told(Reminded) == [Reminded((), last=True)]


def test_a_request_expires_at_the_end_of_its_time_and_not_before(wait):
    wait.asks(expires_after=timedelta(hours=2), approvals=2).approve()
    assert wait.at(hours=1, minutes=59).state == State.REQUESTED
    assert wait.at(hours=2).state == State.EXPIRED
    wait.approve(CLEO)
    assert wait.at(hours=3).state == State.EXPIRED
    assert wait.sent == 0


def test_a_request_for_a_moment_expires_then_if_nobody_has_approved_it(wait):
    wait.asks(at=after(hours=1))
    assert wait.at(minutes=59).state == State.REQUESTED
    assert wait.at(hours=1).state == State.EXPIRED


def test_a_request_for_a_far_moment_expires_as_any_other(wait):
    wait.asks(at=after(hours=20))
    assert wait.at(hours=4).state == State.EXPIRED


def test_what_is_approved_does_not_expire(wait):
    wait.asks(hold=timedelta(hours=6)).approve()
    assert wait.at(hours=5).state == State.APPROVED


# Starts that come later.


def test_a_hold_is_waited_out_and_then_it_is_sent(wait):
    wait.asks(hold=timedelta(minutes=10)).approve()
    assert wait.at(minutes=9, seconds=59).state == State.APPROVED
    assert wait.sent == 0
    assert wait.at(minutes=10).state == State.LAUNCHED
    assert wait.sent == 1


def test_a_hold_begins_with_the_last_approval(wait):
    wait.asks(hold=timedelta(minutes=10), approvals=2).approve()
    wait.at(minutes=30)
    wait.approve(CLEO)
    assert wait.at(minutes=39).state == State.APPROVED
    assert wait.at(minutes=40).state == State.LAUNCHED


def test_without_a_hold_it_is_sent_at_once(wait):
    assert wait.asks().approve().at().state == State.LAUNCHED


def test_what_is_cancelled_in_its_hold_is_never_sent(wait):
    wait.asks(hold=timedelta(minutes=10)).approve().at(minutes=9)
    assert wait.does(Cancel(ANA)).at(minutes=20).state == State.CANCELLED
    assert wait.sent == 0


def test_broken_glass_waits_out_the_hold_as_well(wait):
    wait.asks(hold=timedelta(minutes=10), break_glass=True)
    typed = {Typed.CAMPAIGN: str(wait.journal.load(wait.id).request.campaign_id)}
    wait.does(BreakGlass(DAN, BrokeGlass("fire", ()), Checked(typed=typed)))
    assert wait.at(minutes=9).state == State.APPROVED
    assert wait.at(minutes=10).state == State.LAUNCHED


@pytest.mark.parametrize(("hold", "starts"), [(0, 60), (30, 60), (90, 90)])
def test_a_scheduled_launch_waits_for_its_moment_or_for_its_hold_whichever_is_later(wait, hold, starts):
    wait.asks(at=after(hours=1), hold=timedelta(minutes=hold)).approve()
    assert wait.at(minutes=starts - 1).state == State.APPROVED
    assert wait.sent == 0
    assert wait.at(minutes=starts).state == State.LAUNCHED
    assert wait.sent == 1


def test_a_scheduled_launch_that_is_cancelled_is_never_sent(wait):
    wait.asks(at=after(hours=1)).approve().does(Cancel(ANA))
    assert wait.at(hours=2).state == State.CANCELLED
    assert wait.sent == 0


LUNCH = QuietHours(time(11), time(13), 0)
FROZEN = Freeze(date(2026, 11, 23), date(2026, 11, 24))


@pytest.mark.parametrize(
    ("demands", "until"),
    [
        ({"quiet_hours": (LUNCH,)}, after(hours=1)),
        ({"quiet_hours": (QuietHours(time(10), time(8), 1),)}, after(hours=20)),
        ({"quiet_hours": (QuietHours(time(11), time(14), 0),), "zone": "Europe/Berlin"}, after(hours=1)),
        ({"freezes": (FROZEN,)}, after(days=1, hours=12)),
        ({"freezes": (FROZEN,), "quiet_hours": (QuietHours(time(0), time(6), 0),)}, after(days=1, hours=18)),
    ],
    ids=["quiet hours", "over midnight", "on the policy's clock", "frozen days", "one after the other"],
)
def test_what_is_approved_in_a_quiet_time_starts_when_that_is_over(wait, demands, until):
    put_off = wait.asks(**demands).approve().at()
    assert (put_off.state, put_off.not_before) == (State.APPROVED, until)
    assert len(wait.told(Postponed)) == 1
    assert wait.at(seconds=(until - NOON).total_seconds() - 1).state == State.APPROVED
    assert wait.sent == 0
    assert wait.at(seconds=(until - NOON).total_seconds()).state == State.LAUNCHED
    assert wait.sent == 1


@pytest.mark.parametrize(
    "demands",
    [
        {"quiet_hours": (QuietHours(time(9), time(12), 0),)},
        {"quiet_hours": (QuietHours(time(11), time(13), 0, ("tue",)),)},
        {"quiet_hours": (LUNCH,), "zone": "Europe/Berlin"},
        {"freezes": (Freeze(date(2026, 11, 24), date(2026, 11, 30)),)},
    ],
)
def test_what_is_approved_outside_quiet_times_starts_at_once(wait, demands):
    assert wait.asks(**demands).approve().at().state == State.LAUNCHED
    assert wait.told(Postponed) == []


def test_a_hold_that_ends_in_quiet_hours_is_put_off_to_their_end(wait):
    wait.asks(hold=timedelta(minutes=30), quiet_hours=(QuietHours(time(12, 15), time(13), 0),)).approve()
    assert wait.at(minutes=30).not_before == after(hours=1)
    assert wait.at(hours=1).state == State.LAUNCHED


def test_what_is_put_off_can_be_cancelled(wait):
    wait.asks(quiet_hours=(LUNCH,)).approve().at()
    assert wait.does(Cancel(ANA)).at(hours=1).state == State.CANCELLED
    assert wait.sent == 0


def test_what_was_put_off_is_held_against_the_world_again_before_it_starts(wait):
    wait.asks(quiet_hours=(LUNCH,)).approve().at()
    wait.directory.seen = replace(PREVIEW, campaign=replace(PREVIEW.campaign, name="Other"))
    assert wait.at(hours=1).state == State.REQUESTED
    assert len(wait.told(Voided)) == 1
    assert wait.sent == 0


def test_what_the_policy_refuses_by_the_end_of_quiet_hours_is_held_back(wait):
    wait.asks(quiet_hours=(LUNCH,)).approve().at()
    wait.says(refusals=("Not today.",))
    assert wait.at(hours=1).state == State.CANCELLED
    assert wait.told(HeldBack) == [HeldBack(("Not today.",))]
    assert wait.sent == 0


def test_quiet_hours_that_are_written_down_after_the_approval_hold_as_well(wait):
    wait.asks(hold=timedelta(minutes=10)).approve()
    wait.says(quiet_hours=(LUNCH,))
    assert wait.at(minutes=10).not_before == after(hours=1)
    assert wait.sent == 0
    assert wait.at(hours=1).state == State.LAUNCHED
