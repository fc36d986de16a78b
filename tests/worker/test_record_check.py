"""Right before a call, the launch is held against its record: what somebody wrote into it is not acted upon."""

import pytest
from sqlalchemy import insert, select, text, update

from bot.journal.file_store import FileStore
from bot.journal.journal import Journal
from bot.journal.keys import NO_KEYS, keys_of
from bot.journal.tables import events, launches
from bot.launch.codec import encode
from bot.launch.commands import Deny, Stop
from bot.launch.events import Approved, Denied
from bot.launch.state import State
from bot.launch.stop import StopAsked, StopStep
from bot.policy.policy import Policy, RoleList
from bot.policy.roles import Action
from tests.builders import ANA, BEN, DAN, NOON, OTTO
from tests.journal.tampering import digest_of_stored
from tests.worker.world import L1, World, doubt

KEYS = keys_of([b"a key of thirty-two bytes or more"])
ADMINS = Policy(roles={"admin": RoleList(frozenset({DAN}))})


@pytest.fixture
def world(tmp_path):
    return World(tmp_path, keys=KEYS)


def change(world, *statements):
    with world.journal.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def forget(world):
    """The process has read nothing of the launch before."""
    world.journal._remembered._launches.clear()


def forge_approval(world, actor=BEN):
    """What somebody does who can write to the database and has no key: everything fits but the digest's key."""
    with world.journal.writing() as connection:
        head = connection.execute(select(launches.c.head)).scalar_one()
        approved = Approved(("approver",))
        digest = digest_of_stored(head, L1, 2, NOON, "launch:approve", actor, encode(approved))
        row = {"launch_id": L1, "seq": 2, "at": NOON, "kind": "launch:approve", "actor": actor}
        connection.execute(insert(events).values(**row, data=encode(approved), previous=head, digest=digest))
        moved = {"version": 2, "head": digest, "state": "approved", "shelf": "coming", "due_at": NOON}
        connection.execute(update(launches).values(**moved))


def test_what_nobody_touched_is_sent(world):
    assert world.approve().step().state == State.LAUNCHED


def test_a_forged_approval_sends_nothing(world):
    forge_approval(world)
    launch = world.step()
    assert world.platform.calls == []
    assert (launch.state, launch.held_back.distrusted) == (State.CANCELLED, True)
    assert [str(reason) for reason in launch.held_back.reasons] == ["Event 2 of its record: not under a key of mine."]


def test_without_a_key_it_would(tmp_path):
    world = World(tmp_path, keys=NO_KEYS)
    forge_approval(world)
    assert world.step().state == State.LAUNCHED


@pytest.mark.parametrize(
    "deed",
    [
        f"update events set actor = '{OTTO}' where seq = 2",
        "update events set data = json_set(data, '$.request.limit', 9) where seq = 1",
        "update events set at = '2026-11-23 09:00:00.000000' where seq = 2",
        "update events set key_id = '' where seq = 2",
        "delete from events where seq = 1",
        "update launches set head = '0'",
        "update launches set campaign_id = 83",
        "update launches set channel = 'C0OTHER'",
        "update openings set digest = '0'",
        "delete from openings",
    ],
)
@pytest.mark.parametrize("keys", [KEYS, NO_KEYS], ids=["keyed", "unkeyed"])
@pytest.mark.parametrize("remembered", [True, False], ids=["remembered", "read"])
def test_whatever_was_changed_in_its_record_holds_a_launch_back(tmp_path, deed, keys, remembered):
    world = World(tmp_path, keys=keys)
    world.approve()
    if keys is NO_KEYS and "key_id" in deed:
        return  # it is none already
    if not remembered and deed.startswith("delete from events"):
        return  # such a launch cannot be folded at all, and so not be taken a step on
    change(world, deed)
    if not remembered:
        forget(world)
    world.step()
    assert world.platform.calls == []


def test_a_refused_click_that_was_put_on_record_meanwhile_holds_nothing_back(world):
    world.approve()
    held = world.journal.load(L1)
    world.journal.execute(L1, Deny(OTTO, Denied(Action.APPROVE, "lacks_role")))
    assert world.journal.load(L1).version == held.version + 1
    assert world.journal.doubts(held) == ()


def test_a_launch_whose_row_counts_more_events_than_there_are_is_held_back_and_told(world):
    """No append could follow such a row; what is told is put behind what there is."""
    world.approve()
    world.policy = ADMINS
    held = world.journal.load(L1)
    change(world, "update launches set version = 7")
    assert world.journal.doubts(held)
    world.steps._activation._record_check.holds_back(held)
    launch = world.journal.load(L1)
    assert (launch.state, launch.version, launch.held_back.mention) == (State.CANCELLED, 3, (DAN,))


def test_an_edited_file_is_not_attached(world):
    sha256 = FileStore(world.journal).keep(b"%PDF")
    change(world, "update files set content = x'00'")
    with pytest.raises(LookupError, match="not what was kept"):
        FileStore(world.journal).read(sha256)


def test_what_was_cancelled_in_the_record_is_not_sent_from_memory(world):
    """What is in memory counts only while it is what the stored events come to."""
    world.approve()
    other = Journal(world.journal._engine, world.clock, KEYS)
    held = world.journal.load(L1)
    assert other.doubts(held) == ()
    change(world, f"update events set actor = '{OTTO}' where seq = 1")
    assert world.journal.doubts(held)


def test_a_launch_in_doubt_whose_record_was_changed_is_not_sent_again(world):
    launch = doubt(world)
    change(world, f"update events set actor = '{OTTO}' where seq = 2")
    assert not world.steps._activation.resend(launch)
    assert len(world.platform.calls) == 1
    assert world.journal.load(L1).state == State.IN_DOUBT


def test_a_forged_stop_is_not_sent_and_whoever_is_an_admin_is_called(world):
    world.approve().step()
    world.policy = ADMINS
    world.journal.execute(L1, Stop(DAN, StopAsked("S1")))
    change(world, f"update events set actor = '{ANA}' where kind = 'stop:ask'")
    launch = world.step_stop()
    assert world.platform.stops == []
    assert launch.stop.step == StopStep.UNREACHED
    assert launch.stop.distrusted


def test_a_launch_that_was_held_back_is_not_tried_again(world):
    forge_approval(world)
    world.step()
    world.clock.pass_by(hours=1)
    assert world.step().version == 3
