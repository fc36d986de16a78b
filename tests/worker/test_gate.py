"""Between the request and the call the world goes on: what changes meanwhile is noticed, and never sent unapproved."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaign.campaign import Preview
from bot.campaign.request import LaunchId, Source, SourceKind
from bot.desk import Decision, Desk
from bot.launch.commands import BreakGlass, Checked, Edit, Observe, Request
from bot.launch.events import BOT, BrokeGlass, Voided, Withheld
from bot.launch.outcome import NotSent
from bot.launch.state import Launch, State
from bot.phrase import Phrase
from bot.policy.context import PolicyContext
from bot.policy.demands import Demands, RoleCount, Typed
from bot.policy.policy import Policy, PolicyUnreadable, RoleList
from bot.policy.refusals import (
    ChangedSince,
    NotReadAgain,
    NotTyped,
    PolicyForbids,
    PolicyNotRead,
    Refused,
    RolesNotChecked,
    ShownOtherwise,
    TooLate,
)
from tests.builders import ANA, BEN, CLEO, DAN, NOON, PREVIEW, asked
from tests.message.builders import checking
from tests.worker.world import World

LATER = NOON + timedelta(minutes=30)
HELD = Demands(hold=timedelta(minutes=10))
LEAD = Demands(approvals=2, of_which=(RoleCount("lead", 1),))
UNREAD = Preview(problems=("The platform could not be reached.",), failed=True)
SIZE_LOST = replace(PREVIEW, audience=replace(PREVIEW.audience, size=None), failed=True)


def campaign(**other) -> Preview:
    return replace(PREVIEW, campaign=replace(PREVIEW.campaign, **other))


def audience(size) -> Preview:
    return replace(PREVIEW, audience=replace(PREVIEW.audience, size=size))


CHANGED = {
    "renamed": campaign(name="Cyber Monday"),
    "saved again": campaign(updated_at=NOON + timedelta(seconds=1)),
    "saved by somebody else": campaign(updated_user="piotr"),
    "far more people": audience(53_032),
    "far fewer people": audience(43_388),
    "nobody left": audience(0),
}
ALIKE = {"a tenth more people": audience(53_031), "a tenth fewer people": audience(43_389)}
WAITS = {"at once": {}, "held": {"demands": HELD}, "scheduled": {"at": LATER}}


class Scene(World):
    """The worker's world with a desk in it, over the same policy, platform and roles. `asks` begins a launch."""

    def __init__(self, path):
        super().__init__(path)
        preview = self.directory.preview
        self.directory.preview = lambda campaign_id, source: self._read(preview, campaign_id, source)
        context = PolicyContext(lambda: self.policy, self.roles, self.journal.collisions, checking(self.journal))
        self.desk = Desk(self.journal, context, self.rereading.anew, lambda request: None)
        self._number = 1

    def sweep(self):
        """As new, but for the launches that are there."""
        self.clock.now = NOON
        self.directory.seen = PREVIEW
        self.roles.taken.clear()
        self.roles.trouble = ""
        self.platform.calls.clear()
        self.platform.while_reading = self.while_reading = lambda: None
        self.says()

    def _read(self, preview, *arguments):
        """What the platform said when it was asked, although somebody did something before the answer was here."""
        seen = preview(*arguments)
        meanwhile, self.while_reading = self.while_reading, lambda: None
        meanwhile()
        return seen

    def asks(self, **what) -> Launch:
        self._number += 1
        self.id = LaunchId(f"L{self._number}")
        # To people of their own: launches that collide would be read at every look.
        own = {"campaign_id": self._number, "source": Source(SourceKind.SEGMENT, self._number)}
        self.journal.execute(self.id, Request(ANA, asked(**own, **what)))
        return self.now

    @property
    def now(self) -> Launch:
        return self.journal.load(self.id)

    def clicks(self, person, shown=None, typed=None) -> Launch | Refused:
        """Approves what the card shows, or what it showed when it was read as `shown`."""
        card = shown or self.now
        return self.desk.approve(
            Decision(launch_id=self.id, person=person, shown=card.fingerprint, typed=typed or {}),
        )

    def approved(self, *people, **what) -> "Scene":
        self.asks(**what)
        for person in people or (BEN,):
            self.clicks(person)
        assert self.now.state == State.APPROVED
        return self

    def time_comes(self) -> Launch:
        """The hold is over, and the scheduled moment is there."""
        self.clock.pass_by(minutes=31)
        return self.works()

    def works(self) -> Launch:
        """Takes as many steps as it takes until nothing is left to do at this moment."""
        for _ in range(3):
            self.steps.take(self.id)
        return self.now

    def says(self, **demands):
        """The policy from now on."""
        self.policy = Policy(roles={"lead": RoleList((CLEO,))}, base=Demands(**demands))

    @property
    def sent(self) -> int:
        return len(self.platform.calls)


class Broken:
    """Stands for a policy that cannot be read, whatever is asked of it."""

    def __getattr__(self, name):
        raise PolicyUnreadable("policy.toml has mistakes: it is not TOML.")


@pytest.fixture(scope="module")
def shared_scene(tmp_path_factory):
    """One journal for all: making one takes longer than most tests."""
    return Scene(tmp_path_factory.mktemp("gate"))


@pytest.fixture
def scene(shared_scene):
    shared_scene.sweep()
    return shared_scene


# Between the request and the approval.


@pytest.mark.parametrize("seen", CHANGED.values(), ids=CHANGED)
def test_an_approval_of_what_has_changed_does_not_count(scene, seen):
    scene.asks()
    scene.directory.seen = seen
    refused = scene.clicks(BEN)
    assert isinstance(refused.reason, ChangedSince)
    assert (scene.now.state, scene.now.approvals, scene.now.preview) == (State.REQUESTED, (), seen)
    assert scene.now.voided.changes == refused.reason.changes
    assert scene.works().state == State.REQUESTED
    assert scene.sent == 0


@pytest.mark.parametrize("seen", ALIKE.values(), ids=ALIKE)
def test_an_audience_within_the_tolerance_is_approved_and_sent(scene, seen):
    scene.asks()
    scene.directory.seen = seen
    assert scene.clicks(BEN).state == State.APPROVED
    assert scene.works().state == State.LAUNCHED
    assert scene.sent == 1


def test_a_tolerance_of_the_policy_is_kept_at_the_approval(scene):
    scene.asks()
    scene.says(tolerance=2.0)
    scene.directory.seen = audience(49_210)
    assert isinstance(scene.clicks(BEN).reason, ChangedSince)


def test_after_a_change_only_fresh_approvals_of_two_count(scene):
    scene.says(approvals=2)
    old = scene.asks(approvals=2)
    scene.clicks(BEN)
    scene.directory.seen = CHANGED["renamed"]
    assert isinstance(scene.clicks(CLEO).reason, ChangedSince)
    assert scene.now.approvals == ()
    assert isinstance(scene.clicks(CLEO, shown=old).reason, ShownOtherwise)

    one = scene.clicks(CLEO)
    assert (one.state, one.missing.approvals) == (State.REQUESTED, 1)
    assert scene.works().state == State.REQUESTED
    assert scene.sent == 0
    assert scene.clicks(BEN).state == State.APPROVED
    assert scene.works().state == State.LAUNCHED
    assert scene.sent == 1


def test_a_change_that_one_approver_meets_takes_away_what_another_approved_meanwhile(scene):
    """Ben's click reads the renamed campaign; before it does anything, Cleo's, which read the old one, counts."""
    scene.asks()
    scene.directory.seen = CHANGED["renamed"]
    counted = []

    def cleo_approves():
        scene.directory.seen = PREVIEW
        counted.append(scene.clicks(CLEO))
        scene.directory.seen = CHANGED["renamed"]

    scene.while_reading = cleo_approves
    assert isinstance(scene.clicks(BEN).reason, ChangedSince)
    assert counted[0].state == State.APPROVED
    assert (scene.now.state, scene.now.approvals) == (State.REQUESTED, ())
    assert scene.works().state == State.REQUESTED
    assert scene.sent == 0


def test_an_approval_whose_reading_was_overtaken_by_a_change_does_not_count(scene):
    """Ben's click reads the campaign as it was; before it counts, Cleo's meets the change."""
    scene.asks()

    def cleo_meets_the_change():
        scene.directory.seen = CHANGED["renamed"]
        scene.clicks(CLEO)

    scene.while_reading = cleo_meets_the_change
    assert isinstance(scene.clicks(BEN).reason, ShownOtherwise)
    assert (scene.now.state, scene.now.approvals) == (State.REQUESTED, ())


def test_a_change_that_was_found_before_an_edit_voids_nothing_after_it(scene):
    scene.asks()
    scene.directory.seen = CHANGED["renamed"]
    edited = asked(limit=5, campaign_id=scene.now.request.campaign_id)
    edited = replace(edited, preview=CHANGED["renamed"])
    edit = Edit(ANA, edited, (), scene.now.fingerprint)
    scene.while_reading = lambda: scene.journal.execute(scene.id, edit)
    scene.clicks(BEN)
    assert scene.now.voided is None
    assert scene.clicks(CLEO).state == State.APPROVED


def test_a_campaign_that_cannot_be_read_again_is_not_approved_unless_the_policy_lets_it(scene):
    for unread in (UNREAD, SIZE_LOST):
        scene.says()
        scene.asks()
        scene.directory.seen = unread
        assert isinstance(scene.clicks(BEN).reason, NotReadAgain)
        assert (scene.now.state, scene.now.voided) == (State.REQUESTED, None)

        scene.says(goes_on_unread=True)
        scene.asks(demands=Demands(goes_on_unread=True))
        assert scene.clicks(BEN).state == State.APPROVED


def test_a_policy_that_becomes_laxer_lets_no_pending_launch_go_on_unread(scene):
    scene.asks()
    scene.says(goes_on_unread=True)
    scene.directory.seen = UNREAD
    assert isinstance(scene.clicks(BEN).reason, NotReadAgain)


def test_a_policy_that_asks_for_more_by_now_counts_the_approval_and_waits_for_another(scene):
    scene.asks()
    scene.says(approvals=2)
    one = scene.clicks(BEN)
    assert (one.state, one.missing.approvals) == (State.REQUESTED, 1)
    assert scene.clicks(CLEO).state == State.APPROVED


def test_a_policy_that_forbids_by_now_refuses_the_approval(scene):
    scene.asks()
    scene.says(refusals=("No launches today.",))
    assert scene.clicks(BEN) == Refused(PolicyForbids(("No launches today.",)))
    assert scene.now.state == State.REQUESTED


def test_a_policy_that_wants_typing_by_now_takes_no_click_alone_and_no_approval_given_before(scene):
    scene.says(approvals=2)
    scene.asks(approvals=2)
    scene.clicks(BEN)
    scene.says(approvals=2, typed=(Typed.AUDIENCE,))
    assert scene.clicks(CLEO) == Refused(NotTyped((Typed.AUDIENCE,)))
    assert scene.now.demands.typed == (Typed.AUDIENCE,)
    assert scene.now.approvals == ()
    typed = {Typed.AUDIENCE: "48,210"}
    assert scene.clicks(CLEO, typed=typed).missing.approvals == 1
    assert scene.clicks(BEN, typed=typed).state == State.APPROVED


def test_a_policy_that_becomes_laxer_loosens_no_pending_launch(scene):
    scene.says(approvals=2, typed=(Typed.CAMPAIGN,))
    scene.asks(demands=Demands(approvals=2, typed=(Typed.CAMPAIGN,)))
    scene.says()
    assert isinstance(scene.clicks(BEN).reason, NotTyped)
    typed = {Typed.CAMPAIGN: str(scene.now.request.campaign_id)}
    assert scene.clicks(BEN, typed=typed).missing.approvals == 1
    assert scene.works().state == State.REQUESTED
    assert scene.sent == 0


def test_a_broken_policy_takes_no_approval(scene):
    scene.asks()
    scene.policy = Broken()
    assert isinstance(scene.clicks(BEN).reason, PolicyNotRead)
    assert scene.now.state == State.REQUESTED


def test_roles_that_cannot_be_told_take_no_approval(scene):
    scene.asks()
    scene.roles.trouble = "Slack did not answer"
    assert isinstance(scene.clicks(BEN).reason, RolesNotChecked)
    assert scene.now.approvals == ()


# Between the approval and the call: at once, during the hold, and before a scheduled start.


@pytest.mark.parametrize("waits", WAITS.values(), ids=WAITS)
@pytest.mark.parametrize("seen", CHANGED.values(), ids=CHANGED)
def test_what_changes_after_the_approval_is_asked_again_and_sent_once_when_approved_afresh(scene, waits, seen):
    old = scene.approved(**waits).now
    scene.directory.seen = seen
    back = scene.time_comes()
    assert (back.state, back.approvals, back.preview) == (State.REQUESTED, (), seen)
    assert back.voided.changes
    assert scene.sent == 0

    assert isinstance(scene.clicks(BEN, shown=old).reason, ShownOtherwise)
    assert scene.clicks(BEN).state == State.APPROVED
    assert scene.time_comes().state == State.LAUNCHED
    assert scene.sent == 1


@pytest.mark.parametrize("waits", WAITS.values(), ids=WAITS)
@pytest.mark.parametrize("seen", ALIKE.values(), ids=ALIKE)
def test_what_moves_within_the_tolerance_after_the_approval_is_sent_and_its_size_is_told(scene, waits, seen):
    scene.approved(**waits)
    scene.directory.seen = seen
    sent = scene.time_comes()
    assert (sent.state, sent.attempts[-1].size) == (State.LAUNCHED, seen.audience.size)
    assert scene.sent == 1


def test_an_audience_of_the_size_that_was_approved_is_not_told_again(scene):
    assert scene.approved().works().attempts[-1].size is None


@pytest.mark.parametrize("waits", WAITS.values(), ids=WAITS)
def test_a_tolerance_that_becomes_narrower_is_kept_before_the_call(scene, waits):
    scene.approved(**waits)
    scene.directory.seen = audience(49_210)
    scene.says(tolerance=2.0)
    assert scene.time_comes().voided
    assert scene.sent == 0


@pytest.mark.parametrize("waits", WAITS.values(), ids=WAITS)
def test_a_policy_that_asks_for_more_after_the_approval_sends_it_back_with_what_it_has(scene, waits):
    scene.approved(**waits)
    scene.says(approvals=2)
    back = scene.time_comes()
    assert (back.state, [one.by for one in back.approvals]) == (State.REQUESTED, [BEN])
    assert scene.sent == 0
    assert scene.clicks(CLEO).state == State.APPROVED
    assert scene.time_comes().state == State.LAUNCHED
    assert scene.sent == 1


def test_a_policy_that_wants_a_lead_after_the_approval_sends_it_back_for_one(scene):
    scene.roles.taken.add((BEN, "lead"))
    scene.approved()
    scene.says(of_which=(RoleCount("lead", 1),))
    back = scene.works()
    assert (back.state, back.missing.of_which) == (State.REQUESTED, (RoleCount("lead", 1),))
    scene.clicks(CLEO)
    assert scene.works().state == State.LAUNCHED


@pytest.mark.parametrize("waits", WAITS.values(), ids=WAITS)
def test_a_policy_that_wants_typing_after_the_approval_asks_again(scene, waits):
    """Nobody has typed anything for this launch, so no approval of it meets what is asked for."""
    scene.approved(**waits)
    scene.says(typed=(Typed.CAMPAIGN,))
    back = scene.time_comes()
    assert (back.state, back.approvals) == (State.REQUESTED, ())
    assert scene.sent == 0
    scene.clicks(BEN, typed={Typed.CAMPAIGN: str(scene.now.request.campaign_id)})
    assert scene.time_comes().state == State.LAUNCHED


def test_a_policy_that_no_longer_lets_people_approve_their_own_asks_somebody_else(scene):
    scene.says(self_approval=True)
    scene.approved(ANA, demands=Demands(self_approval=True))
    scene.says()
    back = scene.works()
    assert (back.state, back.missing.approvals, back.approvals) == (State.REQUESTED, 1, ())
    assert scene.sent == 0
    scene.clicks(BEN)
    assert scene.works().state == State.LAUNCHED


def test_a_policy_that_no_longer_lets_the_glass_be_broken_asks_for_the_approvals(scene):
    glass = replace(HELD, break_glass=True)
    scene.says(break_glass=True)
    scene.asks(demands=glass)
    typed = {Typed.CAMPAIGN: str(scene.now.request.campaign_id)}
    scene.journal.execute(scene.id, BreakGlass(DAN, BrokeGlass("fire", ()), Checked(typed=typed)))
    scene.says()
    back = scene.time_comes()
    assert (back.state, back.glass, back.missing.approvals) == (State.REQUESTED, None, 1)
    assert scene.sent == 0


def test_a_hold_that_the_policy_asks_for_after_the_approval_is_waited_for(scene):
    approved = scene.approved().now
    scene.says(hold=timedelta(minutes=10))
    held = scene.works()
    assert (held.state, held.not_before) == (State.APPROVED, approved.moved_at + timedelta(minutes=10))
    assert scene.sent == 0
    assert scene.time_comes().state == State.LAUNCHED


@pytest.mark.parametrize("waits", WAITS.values(), ids=WAITS)
@pytest.mark.parametrize(
    "stricter", [{"refusals": ("Not today.",)}, {"largest_audience": 48_209}, {"largest_limit": 9}]
)
def test_a_policy_that_forbids_after_the_approval_holds_it_back_for_good(scene, waits, stricter):
    scene.approved(**waits)
    scene.says(**stricter)
    held_back = scene.time_comes()
    assert (held_back.state, bool(held_back.held_back)) == (State.CANCELLED, True)
    scene.says()
    assert scene.time_comes().state == State.CANCELLED
    assert scene.sent == 0


@pytest.mark.parametrize("waits", WAITS.values(), ids=WAITS)
def test_a_policy_that_becomes_laxer_after_the_approval_shortens_no_wait(scene, waits):
    """One of two has approved: what the policy asks for now, it has; what it asked for then, it has not."""
    demands = replace(waits.get("demands", Demands()), approvals=2)
    scene.says(approvals=2)
    scene.asks(**{**waits, "demands": demands})
    scene.clicks(BEN)
    scene.says()
    assert scene.works().state == State.REQUESTED
    scene.clicks(CLEO)
    scene.says(hold=timedelta())
    assert scene.now.state == State.APPROVED
    assert (scene.works().state == State.APPROVED) is bool(waits)
    assert scene.time_comes().state == State.LAUNCHED
    assert scene.sent == 1


@pytest.mark.parametrize("waits", WAITS.values(), ids=WAITS)
def test_a_broken_policy_sends_nothing_and_when_mended_it_goes_on(scene, waits):
    scene.approved(**waits)
    scene.policy = Broken()
    waiting = scene.time_comes()
    assert (waiting.state, type(waiting.outcome)) == (State.APPROVED, NotSent)
    assert scene.sent == 0
    scene.says()
    assert scene.works().state == State.LAUNCHED
    assert scene.sent == 1


@pytest.mark.parametrize("unread", [UNREAD, SIZE_LOST])
@pytest.mark.parametrize("waits", WAITS.values(), ids=WAITS)
def test_a_campaign_that_cannot_be_read_before_the_call_is_tried_again_and_not_sent(scene, waits, unread):
    scene.approved(**waits)
    scene.directory.seen = unread
    waiting = scene.time_comes()
    assert (waiting.state, type(waiting.outcome), waiting.voided) == (State.APPROVED, NotSent, None)
    scene.says(goes_on_unread=True)
    scene.works()
    assert scene.sent == 0
    scene.directory.seen = PREVIEW
    assert scene.works().state == State.LAUNCHED
    assert scene.sent == 1


def test_a_campaign_that_cannot_be_read_before_the_call_is_sent_where_the_policy_let_it_from_the_start(scene):
    scene.says(goes_on_unread=True)
    scene.approved(demands=Demands(goes_on_unread=True))
    scene.directory.seen = UNREAD
    assert scene.works().state == State.LAUNCHED
    assert scene.sent == 1


@pytest.mark.parametrize("waits", WAITS.values(), ids=WAITS)
@pytest.mark.parametrize(("person", "role"), [(ANA, "requester"), (BEN, "approver"), (CLEO, "lead")])
def test_a_role_that_is_lost_before_the_call_holds_it_back(scene, waits, person, role):
    scene.says(approvals=2, of_which=LEAD.of_which)
    scene.roles.taken.add((BEN, "lead"))
    hold = waits.get("demands", Demands()).hold
    scene.approved(BEN, CLEO, **{**waits, "demands": replace(LEAD, hold=hold)})
    scene.roles.taken.add((person, role))
    withheld = scene.time_comes()
    assert (withheld.state, withheld.withheld) == (State.CANCELLED, Withheld(person, role))
    assert scene.sent == 0


def test_an_approver_who_is_a_lead_no_more_counts_as_none_at_the_approval(scene):
    scene.says(approvals=2, of_which=LEAD.of_which)
    scene.asks(demands=LEAD)
    scene.roles.taken |= {(BEN, "lead"), (CLEO, "lead")}
    scene.clicks(BEN)
    both = scene.clicks(CLEO)
    assert (both.state, both.missing.of_which) == (State.REQUESTED, (RoleCount("lead", 1),))


@pytest.mark.parametrize("meanwhile", ["policy", "approver", "cancelled"])
def test_what_happens_while_the_platform_is_read_before_the_call_still_stops_it(scene, meanwhile):
    scene.approved()
    does = {
        "policy": lambda: scene.says(refusals=("Not now.",)),
        "approver": lambda: scene.roles.taken.add((BEN, "approver")),
        "cancelled": lambda: scene.desk.cancel(scene.id, ANA),
    }
    scene.platform.while_reading = does[meanwhile]
    assert scene.works().state == State.CANCELLED
    assert scene.sent == 0


def test_a_start_that_was_decided_for_an_older_approval_is_not_taken_for_a_newer_one(scene):
    """While the worker reads, an approver's click meets a change, and another approves what there is now."""
    scene.approved()

    def voided_and_approved_afresh():
        scene.platform.while_reading = lambda: None
        scene.directory.seen = CHANGED["renamed"]
        scene.journal.execute(scene.id, Observe(Voided((), CHANGED["renamed"], LATER)))
        scene.clicks(CLEO)

    scene.platform.while_reading = voided_and_approved_afresh
    scene.steps.take(scene.id)
    assert (scene.now.state, [one.by for one in scene.now.approvals]) == (State.APPROVED, [CLEO])
    assert scene.sent == 0
    assert scene.works().state == State.LAUNCHED
    assert scene.sent == 1


def test_a_request_that_is_edited_as_it_expires_has_its_time_anew(scene):
    """The worker has read the request that has expired; before it says so, the request is another one."""
    scene.asks()
    scene.clock.pass_by(hours=4)
    edited = replace(asked(limit=5), expires_at=NOON + timedelta(hours=8))
    loads = scene.journal.load

    def load(launch_id):
        scene.journal.load = loads
        read = loads(launch_id)
        scene.journal.execute(launch_id, Edit(ANA, edited, (), read.fingerprint))
        return read

    scene.journal.load = load
    scene.steps.take(scene.id)
    assert (scene.now.state, scene.now.request.limit) == (State.REQUESTED, 5)


def test_nobody_decides_on_what_has_expired_however_late_the_worker_is(scene):
    launch = scene.asks()
    scene.clock.now = launch.expires_at
    assert scene.clicks(BEN) == Refused(TooLate(State.EXPIRED, BOT, launch.expires_at))


def stopped(scene, campaign_id=None, **how):
    scene.campaign_is_stopped(campaign_id or scene.now.target, f"stop-for-{scene.id}", **how)


@pytest.mark.parametrize("waits", ["held", "scheduled"])
def test_an_approved_launch_whose_campaign_somebody_stops_asks_its_approvers_once_more(scene, waits):
    scene.approved(**WAITS[waits])
    scene.clock.pass_by(seconds=5)
    asked_at = scene.clock.now
    stopped(scene)

    voided = scene.time_comes()

    assert (voided.state, scene.sent) == (State.REQUESTED, 0)
    assert voided.voided.notes == (Phrase("Somebody asked to stop this campaign, {when}.", when=asked_at),)
    scene.clock.pass_by(seconds=5)
    scene.clicks(BEN)
    scene.time_comes()
    assert scene.sent == 1


def test_who_approves_is_told_of_a_stop_first(scene):
    scene.asks()
    scene.clock.pass_by(seconds=5)
    stopped(scene)
    told = Phrase("Somebody asked to stop this campaign, {when}.", when=scene.clock.now)
    scene.clock.pass_by(seconds=5)
    assert scene.clicks(BEN) == Refused(ChangedSince((), (told,)))
    scene.clock.pass_by(seconds=5)
    scene.clicks(BEN)
    scene.works()
    assert scene.sent == 1


@pytest.mark.parametrize("stop", [{"campaign_id": 999_999}, {"after_test": True}], ids=["another's", "the bot's own"])
def test_no_other_stop_holds_an_approved_launch_up(scene, stop):
    scene.approved(demands=HELD)
    scene.clock.pass_by(seconds=5)
    stopped(scene, **stop)
    scene.time_comes()
    assert scene.sent == 1
