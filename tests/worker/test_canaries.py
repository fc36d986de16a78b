"""A canary: once for what was approved, before the rest, on its launch's approvals; and no rest without a release."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.altcraft.client import Prepared, Status
from bot.campaign.campaign import Audience, SizeBasis
from bot.campaign.request import Canary, LaunchId, RequestId
from bot.campaign.schedule import Schedule
from bot.desk.canaries import CanaryDesk
from bot.desk.deciding import Deciding, Decision
from bot.launch.canary import DISTRUSTED, IN_DOUBT, CanaryStep
from bot.launch.canarying import canary_id
from bot.launch.commands import Approve, ObserveStop, Request, Stop
from bot.launch.copying import Copied
from bot.launch.outcome import RefusedByPlatform, Unknown
from bot.launch.state import Launch, State
from bot.launch.stop import StopAsked, Stopped, StopRefused, StopStarted
from bot.policy.canary import CanaryRules
from bot.policy.demands import Demands, QuietHours
from bot.policy.policy import Policy, RoleList
from bot.policy.refusals import (
    BrakesOn,
    CanaryInDoubt,
    CanaryStopped,
    CanaryUnderWay,
    ChangedSince,
    MissingRole,
    OwnRequest,
    RecordDoubted,
    Refused,
    ReleasedAlready,
)
from bot.policy.roles import Role
from bot.results.brakes import Brakes, Figure, Measure, Standing
from bot.results.counts import Counts, Kind
from bot.results.rates import Base
from bot.worker.gate import HALTED_SINCE
from tests.builders import ANA, BEN, CLEO, DAN, PREVIEW, asked
from tests.worker.world import World, after

M1 = LaunchId("M1")
COPY = 900
FIRST = Canary(318, timedelta(minutes=30))
SMALL = Audience(source=FIRST.source, name="Canary", size=500, basis=SizeBasis.SENDABLE)
BRAKES = Brakes(hard_bounces=20_000, after=200)
ROLES = {Role.APPROVER: RoleList((BEN, CLEO)), Role.ADMIN: RoleList((DAN,))}


class Trial(World):
    """The worker's world with a launch of 48,210, of which 500 receive it first."""

    def __init__(self, path, canary=FIRST, demands=None, campaign=PREVIEW.campaign, **policy):
        super().__init__(path)
        self.policy = Policy(roles=ROLES, brakes=BRAKES, canary=CanaryRules(no_schedule="never_starts"), **policy)
        self.seen = {None: PREVIEW.audience, FIRST.source: SMALL}
        self.campaign = campaign
        self.directory.preview = self._seen
        self.copied = 0
        self.calls: list[tuple[str, bytes]] = []
        self.outcomes = []
        self.platform.prepare_copy = lambda campaign_id, name: Prepared(name.encode(), "application/json", "c" * 64)
        self.platform.copy = self._copy
        self.platform.activate = self._activate
        self.platform.schedule_told = Schedule()
        self.platform.state = Status(is_active=True, is_completed=False, status="Active")
        wanted = replace(asked(demands=demands, canary=canary), preview=replace(PREVIEW, campaign=campaign))
        self.journal.execute(M1, Request(ANA, wanted))
        self.desk = CanaryDesk(self.journal, self.context, Deciding(self.journal, self.context, self.rereading.anew))
        self.counted = Counts()
        # The counts themselves have tests of their own.
        self.steps._canaries._numbers.counts = self.desk._numbers.counts = lambda _: self.counted

    def _seen(self, campaign_id, source):
        if campaign_id == COPY:
            return replace(PREVIEW, campaign=replace(self.campaign, name=self.canary.copy.name), audience=SMALL)
        return replace(PREVIEW, campaign=self.campaign, audience=self.seen.get(source, PREVIEW.audience))

    def _copy(self, prepared, request_id):
        self.copied += 1
        return Copied(COPY)

    def _activate(self, prepared, request_id):
        self.calls.append((request_id, prepared.body))
        if self.outcomes:
            outcome = self.outcomes.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome
        return self.platform.outcomes[0]

    @property
    def main(self) -> Launch:
        return self.journal.load(M1)

    @property
    def canary(self) -> Launch | None:
        return self.journal.load(self.main.canary.launch_id if self.main.canary else canary_id(self.main))

    def approve(self):
        self.journal.execute(M1, Approve(BEN, checked=replace(Approve(BEN).checked, shown=self.main.fingerprint)))
        return self

    def works(self, times=8, **passing):
        """The worker does whatever is due, a few seconds apart."""
        for _ in range(times):
            for launch_id in self.queue.claim(5):
                with suppress(RuntimeError):
                    self.steps.take(launch_id)
                    self.queue.give_back(launch_id)
            self.clock.pass_by(**(passing or {"seconds": 3}))
        return self.main

    def ran(self):
        """Approved; its canary has run."""
        self.approve().works()
        self.log_has("start", after(seconds=10))
        return self.works(12)

    def judged(self, sent=500, bounced=2):
        self.ran()
        self.counted = Counts(by_kind={Kind.SENT: sent, Kind.HARD_BOUNCE: bounced})
        return self.works(9, minutes=6)

    def release(self, who=CLEO):
        return self.desk.release(Decision(launch_id=M1, person=who, shown=self.main.fingerprint))

    def stops_the_canary(self, news):
        self.journal.execute(self.canary.id, Stop(DAN, StopAsked(RequestId("S1"))))
        self.hears_of_the_stop(news)

    def hears_of_the_stop(self, news):
        for each in (StopStarted(1, RequestId("S1"), "c" * 64), *news) if news else ():
            self.journal.execute(self.canary.id, ObserveStop(each, RequestId("S1")))

    def sent_to(self):
        return [body for _id, body in self.calls]


@pytest.fixture
def world(tmp_path):
    return Trial(tmp_path)


def test_the_canary_goes_first_from_a_copy_and_the_rest_waits(world):
    main = world.ran()
    assert world.sent_to() == [b"900"]
    assert (main.state, main.canary.step) == (State.APPROVED, CanaryStep.WAITING)
    canary = world.canary
    assert (canary.request.source, canary.requester, canary.approvals, canary.belongs_to) == (
        FIRST.source,
        ANA,
        (),
        M1,
    )
    assert canary.is_counted
    assert canary.reaches_at is not None


def test_the_rest_goes_once_somebody_has_released_it(world):
    main = world.judged()
    assert (main.canary.step, main.canary.verdict.standing) == (CanaryStep.JUDGED, Standing.OFF)
    assert world.works(4).state == State.APPROVED
    assert isinstance(world.release(), Launch)
    world.works(2)
    assert world.sent_to() == [b"900", b"82"]
    assert world.main.canary.released_by == CLEO


def test_people_are_called_when_the_wait_is_over(world):
    world.judged()
    events = [line.entry.event for line in world.journal.story(M1).untold]
    assert events[-1].mention == (BEN, CLEO)


def test_nobody_releases_before_the_wait_is_over(world):
    world.approve().works(1)
    assert world.release() == Refused(CanaryUnderWay(None))
    world.ran()
    assert world.release() == Refused(CanaryUnderWay(world.main.canary.until))


def test_the_requester_does_not_release_their_own_launch(world):
    world.judged()
    assert world.release(ANA) == Refused(OwnRequest())


def test_who_is_no_approver_releases_nothing(world):
    world.judged()
    world.roles.taken.add((CLEO, Role.APPROVER))
    assert isinstance(world.release().reason, MissingRole)
    assert world.works(2).state == State.APPROVED


def test_a_second_release_is_told_of_the_first(world):
    world.judged()
    world.release()
    assert isinstance(world.release(BEN).reason, ReleasedAlready)


def test_a_brake_that_is_on_lets_nobody_release(world):
    main = world.judged(bounced=11)
    assert main.canary.verdict.standing is Standing.ON
    refused = world.release()
    assert refused == Refused(BrakesOn((Figure(Measure.HARD_BOUNCES, 11, Base.SENT, 500, 20_000),)))
    assert world.works(2).state == State.APPROVED
    assert world.sent_to() == [b"900"]


def test_a_brake_that_came_on_after_the_wait_lets_nobody_release(world):
    world.judged()
    world.counted = Counts(by_kind={Kind.SENT: 500, Kind.HARD_BOUNCE: 40})
    assert isinstance(world.release().reason, BrakesOn)


REFUSED = StopRefused(400, "not now")
OF_A_STOP = {"nobody knows yet": (), "it was stopped": (Stopped(),), "the platform refused": (REFUSED,)}


@pytest.mark.parametrize("news", OF_A_STOP.values(), ids=OF_A_STOP)
@pytest.mark.parametrize("over", [False, True], ids=["while it runs", "after its run"])
def test_nothing_goes_by_itself_once_somebody_has_asked_to_stop_the_canary(tmp_path, over, news):
    """Whatever comes of the stop: something is wrong with what the rest would receive, too."""
    world = Trial(tmp_path, **AUTO, base=AUTO["demands"])
    world.ran()
    if over:
        world.log_has("end", after(minutes=1))
        world.works(4, minutes=1)
        assert world.canary.state is State.FINISHED
    world.counted = Counts(by_kind={Kind.SENT: 500, Kind.HARD_BOUNCE: 2})
    world.stops_the_canary(news)
    world.works(12, minutes=6)
    assert world.sent_to() == [b"900"]
    assert bool(world.main.canary.failed) == bool(news)


@pytest.mark.parametrize("news", [(Stopped(),), (REFUSED,)], ids=["it was stopped", "the platform refused"])
def test_nobody_releases_the_rest_before_the_card_tells_that_the_canary_was_stopped(world, news):
    world.judged()
    world.stops_the_canary(())
    assert world.release() == Refused(CanaryStopped(DAN, world.canary.stop.at))
    world.hears_of_the_stop(news)
    assert world.release() == Refused(CanaryStopped(DAN, world.canary.stop.at))
    world.works()
    assert world.main.canary.step is CanaryStep.FAILED
    assert isinstance(world.release(), Launch)


def test_a_rest_that_was_released_does_not_go_once_somebody_has_asked_to_stop_the_canary(tmp_path):
    world = Trial(tmp_path, **AUTO, base=AUTO["demands"])
    recent = world.rereading.recent

    def stopped_meanwhile(launch):
        if launch.canary and launch.canary.released and not world.canary.stop:
            world.stops_the_canary(())
        return recent(launch)

    world.rereading.recent = stopped_meanwhile
    world.judged()
    assert world.sent_to() == [b"900"]
    assert world.main.held_back.reasons == (HALTED_SINCE,)


def test_a_copy_that_the_bot_switches_off_later_does_not_undo_that_somebody_wanted_it_stopped(tmp_path):
    world = Trial(tmp_path, **AUTO, base=AUTO["demands"])
    world.ran()
    world.counted = Counts(by_kind={Kind.SENT: 500, Kind.HARD_BOUNCE: 2})
    world.stops_the_canary((REFUSED,))
    world.works()
    world.journal.execute(world.canary.id, Stop(DAN, StopAsked(RequestId("S2"), after_test=True)))
    world.works(12, minutes=6)
    assert world.sent_to() == [b"900"]


def test_the_rest_does_not_go_by_itself_once_somebody_has_stopped_the_campaign(tmp_path):
    world = Trial(tmp_path, **AUTO, base=AUTO["demands"])
    world.ran()
    world.counted = Counts(by_kind={Kind.SENT: 500, Kind.HARD_BOUNCE: 2})
    world.campaign_is_stopped(world.main.target)
    world.works(12, minutes=6)
    assert world.sent_to() == [b"900"]
    assert world.main.state == State.REQUESTED


def test_stop_here_ends_it_and_nothing_more_goes(world):
    world.judged()
    assert isinstance(world.desk.stop_here(M1, BEN), Launch)
    assert world.works(3).state == State.CANCELLED
    assert isinstance(world.release(), Refused)
    assert world.sent_to() == [b"900"]


def test_who_holds_no_role_stops_nothing_here_and_the_requester_may(world):
    world.judged()
    world.roles.taken |= {(CLEO, Role.APPROVER), (CLEO, Role.ADMIN), (ANA, Role.APPROVER), (ANA, Role.ADMIN)}
    assert isinstance(world.desk.stop_here(M1, CLEO).reason, MissingRole)
    assert world.desk.stop_here(M1, ANA).state == State.CANCELLED


def test_stop_here_after_the_release_is_told_of_it(world):
    world.judged()
    world.release()
    assert isinstance(world.desk.stop_here(M1, BEN).reason, ReleasedAlready)


def test_stopped_while_its_canary_is_being_made_neither_goes(world):
    world.approve().works(1)
    assert world.canary
    world.desk.stop_here(M1, BEN)
    world.works(4)
    assert world.canary.state == State.CANCELLED
    assert world.calls == []


AUTO = {"demands": Demands(canary=replace(FIRST, auto=True)), "canary": None}


def test_the_rest_goes_by_itself_where_the_policy_says_so_and_no_brake_is_on(tmp_path):
    world = Trial(tmp_path, **AUTO, base=AUTO["demands"])
    world.judged()
    assert world.sent_to() == [b"900", b"82"]
    assert world.main.canary.released.by_rule


@pytest.mark.parametrize(("sent", "bounced"), [(500, 11), (199, 0), (0, 0)], ids=["brake", "too few", "nothing came"])
def test_nothing_goes_by_itself_without_numbers_that_speak_for_it(tmp_path, sent, bounced):
    world = Trial(tmp_path, **AUTO, base=AUTO["demands"])
    world.judged(sent, bounced)
    world.works(4, minutes=5)
    assert world.sent_to() == [b"900"]
    assert world.main.canary.step is CanaryStep.JUDGED


def test_nothing_goes_by_itself_once_the_policy_has_no_brakes(tmp_path):
    world = Trial(tmp_path, **AUTO, base=AUTO["demands"])
    world.policy = replace(world.policy, brakes=None)
    world.judged()
    assert world.sent_to() == [b"900"]


@pytest.mark.parametrize(
    ("outcome", "how"),
    [
        (RefusedByPlatform(402, "limit"), State.REFUSED),
        (Unknown("broke"), IN_DOUBT),
        (RuntimeError("killed"), IN_DOUBT),
    ],
    ids=["refused", "lost", "killed"],
)
def test_a_canary_that_did_not_run_leaves_the_rest_to_people(world, outcome, how):
    world.outcomes = [outcome]
    world.approve().works(3)
    world.goes_on_elsewhere()
    main = world.works(8)
    assert (main.canary.step, main.canary.failed, main.state) == (CanaryStep.FAILED, how, State.APPROVED)
    assert len(world.calls) == 1
    if how == IN_DOUBT:
        assert world.release() == Refused(CanaryInDoubt())
    else:
        assert isinstance(world.release(), Launch)


def test_a_doubt_that_is_settled_by_the_log_is_waited_for(world):
    world.outcomes = [Unknown("broke")]
    world.approve().works(6)
    assert world.main.canary.failed == IN_DOUBT
    world.log_has("start", after(seconds=12))
    main = world.works(40)
    assert (main.canary.step, main.canary.failed) == (CanaryStep.WAITING, "")


def test_killed_before_the_canary_is_opened_it_is_opened_once(world):
    execute, failed = world.journal.execute, []

    def dies(launch_id, command, within=None):
        if isinstance(command, Request) and not failed:
            failed.append(True)
            raise RuntimeError("killed")
        return execute(launch_id, command, within)

    world.journal.execute = dies
    world.approve().works(1)
    assert (world.main.canary.step, world.canary) == (CanaryStep.BEGUN, None)
    world.goes_on_elsewhere()
    world.ran()
    assert world.sent_to() == [b"900"]
    assert world.copied == 1


def test_a_message_that_has_changed_by_the_release_voids_what_was_approved(world):
    world.judged()
    world.campaign = replace(world.campaign, updated_user="mallory")
    assert isinstance(world.release().reason, ChangedSince)
    assert (world.main.state, world.main.canary, world.main.approvals) == (State.REQUESTED, None, ())
    # A new revision takes a canary of its own.
    before = len(world.calls)
    world.approve().works(4)
    assert world.main.canary.step is CanaryStep.BEGUN
    assert len(world.calls) == before + 1


def test_a_message_that_has_changed_before_the_canary_is_not_sent_to_it(world):
    world.approve().works(1)
    world.campaign = replace(world.campaign, updated_user="mallory")
    world.works(6)
    assert world.calls == []
    assert world.main.canary.failed == State.CANCELLED


@pytest.mark.parametrize("size", [48_210, None], ids=["as large as the launch", "unknown"])
def test_what_is_no_small_part_is_no_canary(world, size):
    world.seen[FIRST.source] = replace(SMALL, size=size)
    world.approve().works(4)
    assert world.calls == []
    assert world.main.canary is None


@pytest.mark.parametrize(("most", "sent"), [(500, [b"900"]), (499, [])])
def test_no_more_people_receive_it_first_than_the_policy_lets(world, most, sent):
    world.policy = replace(world.policy, canary=replace(world.policy.canary, at_most=most))
    world.approve().works(6)
    assert world.sent_to() == sent


def test_a_segment_that_grew_since_is_not_sent_to(world):
    world.approve().works(1)
    world.seen[FIRST.source] = replace(SMALL, size=5_000)
    world.works(6)
    assert world.calls == []


@pytest.mark.parametrize("lost", [(ANA, Role.REQUESTER), (BEN, Role.APPROVER)], ids=["requester", "approver"])
def test_who_lost_the_role_has_neither_canary_nor_rest_sent(world, lost):
    world.approve().works(1)
    world.roles.taken.add(lost)
    world.works(6)
    assert world.calls == []


def test_an_approver_who_lost_the_role_meanwhile_has_no_rest_sent(world):
    world.judged()
    world.release()
    world.roles.taken.add((BEN, Role.APPROVER))
    assert world.works(2).state == State.CANCELLED
    assert world.sent_to() == [b"900"]


def test_quiet_hours_keep_the_canary_and_the_rest(tmp_path):
    night = (QuietHours(after().time(), after(hours=2).time(), 0),)
    world = Trial(tmp_path, demands=Demands(quiet_hours=night), base=Demands(quiet_hours=night))
    world.approve().works(4)
    assert (world.main.canary, world.calls) == (None, [])
    assert world.main.not_before == after(hours=2)


def test_quiet_hours_that_begin_during_the_wait_keep_the_rest(tmp_path):
    night = (QuietHours(after(minutes=20).time(), after(hours=2).time(), 0),)
    world = Trial(tmp_path, demands=Demands(quiet_hours=night), base=Demands(quiet_hours=night))
    world.judged()
    world.release()
    assert world.works(2).not_before == after(hours=2)
    assert world.sent_to() == [b"900"]


def test_a_canary_wanted_by_the_policy_since_the_approval_takes_a_new_one(tmp_path):
    world = Trial(tmp_path, canary=None)
    world.approve()
    world.policy = replace(world.policy, base=Demands(canary=FIRST))
    world.works(3)
    assert (world.main.state, world.main.approvals, world.calls) == (State.REQUESTED, (), [])


def test_a_record_that_was_changed_lets_no_canary_out_and_no_rest_go(world):
    world.judged()
    with world.journal.writing() as connection:
        connection.execute(
            text("update events set actor = 'U0MALLORY' where launch_id = :one and seq = 1"), {"one": world.canary.id}
        )
    assert world.release() == Refused(RecordDoubted())


def test_a_launch_whose_record_was_changed_has_no_canary_sent(world):
    world.approve().works(1)
    with world.journal.writing() as connection:
        connection.execute(text("update events set actor = 'U0MALLORY' where launch_id = 'M1' and seq = 2"))
    world.works(4)
    assert (world.canary.state, world.calls) == (State.CANCELLED, [])


def test_a_canary_whose_record_was_changed_is_not_judged_by(world):
    world.ran()
    with world.journal.writing() as connection:
        connection.execute(
            text("update events set actor = 'U0MALLORY' where launch_id = :one and seq = 1"), {"one": world.canary.id}
        )
    world.works(4, minutes=10)
    assert world.main.canary.failed == DISTRUSTED


def test_an_unreleased_launch_expires_and_people_are_called_before(world):
    world.judged()
    world.works(24, hours=1)
    assert world.main.canary.called_again
    assert world.main.state == State.APPROVED
    world.works(3, hours=1)
    assert world.main.state == State.EXPIRED
    assert world.sent_to() == [b"900"]


def test_where_the_policy_says_so_it_runs_on_the_campaign_itself(tmp_path):
    world = Trial(tmp_path, campaign=replace(PREVIEW.campaign, is_active=False))
    world.policy = replace(world.policy, canary=CanaryRules(on="original"))
    world.ran()
    assert (world.sent_to(), world.copied) == ([b"82"], 0)
    world.campaign = replace(world.campaign, is_active=True)
    world.works(6, minutes=6)
    world.release()
    world.works(2)
    assert world.sent_to() == [b"82", b"82"]
    assert len({request_id for request_id, _body in world.calls}) == 2


def test_a_canary_collides_with_other_launches_of_its_campaign_and_not_with_its_own(world):
    world.ran()
    other = world.journal.collisions(LaunchId("L9"), asked().request, PREVIEW, timedelta(hours=24))
    assert world.canary.id in {one.launch_id for one in other if one.same_campaign}
    own = world.journal.collisions(M1, world.main.request, PREVIEW, timedelta(hours=24))
    assert world.canary.id not in {one.launch_id for one in own}


def test_a_practice_launch_has_no_canary(tmp_path):
    world = Trial(tmp_path)
    rehearsal = LaunchId("P1")
    world.journal.execute(rehearsal, Request(ANA, asked(canary=FIRST, practice=True, campaign_id=83)))
    world.journal.execute(rehearsal, Approve(BEN))
    world.works(3)
    assert world.journal.load(rehearsal).practised
    assert world.calls == []


def test_without_a_canary_nothing_changes(tmp_path):
    world = Trial(tmp_path, canary=None)
    world.approve().works(2)
    assert world.sent_to() == [b"82"]
