"""Of two decisions at the same moment one wins, the other is told, and nothing is sent that anybody stopped."""

import pytest

from bot.journal.audit import Counts, verify
from bot.launch.commands import Observe
from bot.launch.events import Expired
from bot.launch.state import Launch, State
from bot.policy.refusals import Refused, ReleasedAlready, ShownOtherwise, TooLate
from tests.builders import BEN, CLEO
from tests.conftest import ENGINES
from tests.races.arena import Arena, run


@pytest.fixture(scope="module", params=ENGINES)
def arena(request, tmp_path_factory):
    if request.param == "postgresql":
        return Arena(request.getfixturevalue("postgres").new_journal())
    return Arena(f"sqlite:///{tmp_path_factory.mktemp('races') / 'journal.db'}")


@pytest.fixture
def hold_race(request, arena, full, say):
    """Runs a race and asserts that no round broke what is promised, and that either side wins now and then."""

    def held(sides, begin, first, second, judge):
        rounds = 1000 if full else 25
        race = run(sides, rounds, begin, first, second, judge)
        if full:
            say(race.row(request.node.name, rounds))
        assert race.violations == []
        assert set(race.winners) == set(sides)
        with arena.journal.reading() as connection:
            assert list(verify(connection, Counts(), now=arena.journal.now())) == []

    return held


def test_the_last_approval_against_a_rejection(arena, hold_race):
    def judge(launch, approved, rejected):
        final = arena.journal.load(launch.id)
        match approved, rejected:
            case Launch(state=State.APPROVED), Refused(TooLate(state=State.APPROVED, by=by)) if by == BEN:
                return "approve" if final.state == State.APPROVED else f"approved, and then {final.state}"
            case Refused(TooLate(state=State.REJECTED, by=by)), Launch(state=State.REJECTED) if by == CLEO:
                return "reject" if final.state == State.REJECTED else f"rejected, and then {final.state}"
        return f"{final.state} after {approved} and {rejected}"

    hold_race(("approve", "reject"), arena.asks, arena.approve, arena.reject, judge)


def test_the_last_of_two_approvals_against_a_rejection(arena, hold_race):
    """Two of them: the first one stands, and counts for nothing where the rejection comes before the second."""

    def begin():
        launch = arena.asks(approvals=2)
        arena.approve(launch, CLEO)
        return launch

    def judge(launch, approved, rejected):
        final = arena.journal.load(launch.id)
        won = isinstance(approved, Launch), isinstance(rejected, Launch)
        if won == (True, False) and final.state == State.APPROVED and len(final.approvals) == 2:
            return "approve"
        return (
            "reject" if won == (False, True) and final.state == State.REJECTED else f"{won}, {final.state} in the end"
        )

    hold_race(("approve", "reject"), begin, arena.approve, arena.reject, judge)


def test_a_cancel_against_the_end_of_the_hold(arena, hold_race):
    def judge(launch, cancelled, _):
        final, calls = arena.journal.load(launch.id), arena.platform.taken[launch.id]
        if isinstance(cancelled, Launch):
            return "cancel" if (final.state, calls) == (State.CANCELLED, 0) else f"cancelled, and {calls} calls"
        told = isinstance(cancelled.reason, TooLate)
        return "launch" if (told, final.state, calls) == (True, State.LAUNCHED, 1) else f"refused, and {calls} calls"

    hold_race(("cancel", "launch"), arena.approved_and_held, arena.cancel, arena.work, judge)


@pytest.mark.parametrize(
    ("approvals", "told"),
    [(1, True), (1, False), (2, True)],
    ids=["the last approval", "an approval on a card without a fingerprint", "the first of two approvals"],
)
def test_an_edit_against_an_approval(arena, hold_race, approvals, told):
    """The approver saw the request as it was, so the approval never counts for what the edit made of it."""

    def approve(launch):
        return arena.approve(launch, shown=None if told else "")

    def judge(launch, edited, approved):
        final = arena.journal.load(launch.id)
        as_edited = (final.state, final.request.limit, final.approvals) == (State.REQUESTED, 5, ())
        as_asked = (final.state, final.fingerprint) == (State.APPROVED, launch.fingerprint)
        match edited, approved:
            case Launch(), Refused(ShownOtherwise()) if as_edited:
                return "edit"
            case Refused(TooLate(state=State.APPROVED)), Launch() if as_asked and approvals == 1:
                return "approve"
            case Launch(), Launch() if as_edited and approvals == 2:
                return "approve"
        return f"{final} after {edited} and {approved}"

    hold_race(("edit", "approve"), lambda: arena.asks(approvals=approvals), arena.edit, approve, judge)


def test_the_expiry_against_an_approval(arena, hold_race):
    def judge(launch, _, approved):
        final, calls = arena.journal.load(launch.id), arena.platform.taken[launch.id]
        if isinstance(approved, Launch):
            # The worker may have come so late that it finds an approved launch, and sends it.
            right = (final.state, calls) in {(State.APPROVED, 0), (State.LAUNCHED, 1)}
            return "approve" if right else f"approved, and then {final.state} with {calls} calls"
        told = isinstance(approved.reason, TooLate) and approved.reason.state == State.EXPIRED
        return "expiry" if told and final.state == State.EXPIRED else f"refused with {approved.reason}, {final.state}"

    hold_race(("expiry", "approve"), arena.about_to_expire, arena.expires, arena.approve, judge)


def test_the_expiry_against_an_edit(arena, hold_race):
    """An edit begins the time to decide anew, so that it never expires by the old one."""

    def judge(launch, _, edited):
        final = arena.journal.load(launch.id)
        if isinstance(edited, Launch):
            return "edit" if final.state == State.REQUESTED else f"edited, and then {final.state}"
        told = isinstance(edited.reason, TooLate) and edited.reason.state == State.EXPIRED
        return "expiry" if told and final.state == State.EXPIRED else f"refused with {edited.reason}, {final.state}"

    hold_race(("expiry", "edit"), arena.about_to_expire, arena.expires, arena.edit, judge)


def test_a_release_against_a_stop_here(arena, hold_race):
    """Nothing goes after a stop that was confirmed, and nothing is stopped that was told to be released."""

    def judge(launch, released, stopped):
        arena.work(launch)
        final, calls = arena.journal.load(launch.id), arena.platform.taken[launch.id]
        match released, stopped:
            case Launch(), Refused(ReleasedAlready(by=by)) if by == BEN and (final.state, calls) == (State.LAUNCHED, 1):
                return "release"
            case Refused(TooLate(state=State.CANCELLED)), Launch() if (final.state, calls) == (State.CANCELLED, 0):
                return "stop"
        return f"{final.state} with {calls} calls after {released} and {stopped}"

    hold_race(("release", "stop"), arena.after_its_canary, arena.release, arena.stop_here, judge)


def test_two_releases_at_once(arena, hold_race):
    """One of them counts, the other is told of it, and the rest goes once."""

    def judge(launch, one, other):
        arena.work(launch)
        final, calls = arena.journal.load(launch.id), arena.platform.taken[launch.id]
        if (final.was_sent, calls) != (True, 1):
            return f"{final.state} with {calls} calls"
        match one, other:
            case Launch(), Refused(ReleasedAlready(by=by)) if by == BEN:
                return "first"
            case Refused(ReleasedAlready(by=by)), Launch() if by == CLEO:
                return "second"
        return f"{one} and {other}"

    second = lambda launch: arena.release(launch, CLEO)  # noqa: E731
    hold_race(("first", "second"), arena.after_its_canary, arena.release, second, judge)


def test_a_release_against_a_cancel(arena, hold_race):
    """A cancel that was confirmed, before the release or after it, lets nothing out."""

    def judge(launch, released, cancelled):
        arena.work(launch)
        final, calls = arena.journal.load(launch.id), arena.platform.taken[launch.id]
        if not isinstance(cancelled, Launch) or (final.state, calls) != (State.CANCELLED, 0):
            return f"{final.state} with {calls} calls after {released} and {cancelled}"
        return "release" if isinstance(released, Launch) else "cancel"

    hold_race(("release", "cancel"), arena.after_its_canary, arena.release, arena.cancel, judge)


def test_a_release_against_the_expiry(arena, hold_race):
    """Who releases in the moment in which it expires is told, or the rest goes: once at most."""

    def begin():
        launch = arena.after_its_canary()
        arena.clock.now = launch.canary.expires_at
        return launch

    def expire(launch):
        return arena.journal.execute(launch.id, Observe(Expired(), launch.fingerprint))

    def judge(launch, released, expired):
        final = arena.journal.load(launch.id)
        if isinstance(released, Launch) and isinstance(expired, Refused) and final.state == State.APPROVED:
            return "release"
        late = isinstance(released, Refused) and isinstance(released.reason, TooLate)
        return "expiry" if late and final.state == State.EXPIRED else f"{final.state} after {released} and {expired}"

    hold_race(("release", "expiry"), begin, arena.release, expire, judge)
