"""Home says of each launch what comes next or whose it is, and nothing that what stands beside it belies."""

import pytest

from bot.launch.search import HomeLists
from bot.policy.permissions import NEEDED
from bot.policy.roles import Action, Role
from bot.slack.views import help as helping
from bot.slack.views.buttons import CAME_TO_NOTHING
from bot.slack.views.home import home
from sandbox.cast import texts
from tests.builders import ANA, BEN, CLEO, NOON, asked, launch
from tests.slack.stops import STANDINGS as STOPS
from tests.slack.test_look_views import found, link_to
from tests.slack.test_views import STANDINGS

EVERY = {**STANDINGS, **STOPS}
NOTHING = HomeLists(waiting=(), own=(), running=(), over=())


def may(*roles):
    return frozenset(action for action, needed in NEEDED.items() if set(needed) & set(roles))


REQUESTER, APPROVER = may(Role.REQUESTER), may(Role.APPROVER)
BOTH = REQUESTER | APPROVER


def view_of(person=ANA, may=APPROVER, **lists):
    held = {name: tuple(found(one) for one in launches) for name, launches in lists.items()}
    return home(HomeLists(**{**vars(NOTHING), **held}), "", link_to, NOON, person, may=may)


def about(one, person=ANA, may=APPROVER):
    (block,) = [
        block for block in view_of(person, may, own=(one,))["blocks"] if block.get("block_id", "").startswith("about-")
    ]
    return block["text"]["text"]


def offered(one, person, may):
    return {
        element["action_id"]
        for block in view_of(person, may, own=(one,))["blocks"]
        if block.get("block_id", "").startswith("do-")
        for element in block["elements"]
    }


@pytest.mark.parametrize("name", ["scheduled", "held", "running", "in doubt"])
def test_nothing_is_said_to_run_only_where_nothing_does(name):
    one = EVERY[name]
    said = "Nothing is scheduled or running."
    assert said in texts(view_of())
    assert said not in texts(view_of(own=(one,)))
    assert "None but yours above." in texts(view_of(own=(one,)))
    assert said not in texts(view_of(waiting=(one,)))
    assert "None but what stands above." in texts(view_of(waiting=(one,)))
    assert said in texts(view_of(own=(EVERY["requested"], EVERY["finished"])))


def test_nobody_is_told_to_settle_a_doubt_that_they_may_not_settle():
    doubt = EVERY["in doubt"]
    assert "and say so here." in about(doubt, BEN)
    own = about(doubt, ANA, BOTH)
    assert "If it did, say so here; that it did not, another approver or an admin has to say." in own
    assert "launch:vouch_not_run" not in offered(doubt, ANA, BOTH)
    without = about(doubt, ANA, REQUESTER)
    assert "An approver or admin has to look" in without
    assert "say so here" not in without


def test_what_a_launch_does_is_labelled_and_a_rehearsal_does_not_say_that_it_sends():
    assert "*What:* Sends now to" in about(EVERY["in doubt"])
    assert "*What:* For real: Sends now to" in about(launch(requested=asked(practice=True)))
    taken_on = about(EVERY["taken on"])
    assert "*What:* " in taken_on
    assert "sends on its own schedule" not in taken_on


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("rejected", "rejected it: “"),
        ("held back", "The policy does not let it start:"),
        ("withheld", "is no longer in the approver list"),
        ("refused", "Once that is done, ask again."),
        ("gave up", "I have stopped trying."),
        ("vouched not run", "said that it did not run."),
        ("expired", "Ask for the launch anew if it is still wanted."),
    ],
)
def test_who_may_ask_again_is_told_why_it_came_to_nothing(name, why):
    assert why in about(EVERY[name], ANA, REQUESTER)


SAID_BY_ITS_TITLE = {"canary ended", "canary expired", "a canary not copied"}
CAME_TO_NONE = {name for name, one in EVERY.items() if one.state in CAME_TO_NOTHING}


@pytest.mark.parametrize("name", sorted(CAME_TO_NONE - SAID_BY_ITS_TITLE))
def test_nothing_that_came_to_nothing_is_left_with_its_title_alone(name):
    _title, *told = about(EVERY[name]).splitlines()
    assert [line for line in told if not line.startswith(("Asked for by", "*Approved by:*"))]


@pytest.mark.parametrize("name", ["stop refused", "stop given up", "stop lost, still on", "brake refused"])
def test_a_stop_that_did_not_work_says_what_can_be_done_and_by_whom(name):
    one = EVERY[name]
    assert "Stop again, or switch it off in the platform." in about(one, BEN)
    assert "Ask to have it stopped again" in about(one, ANA, REQUESTER)


def test_a_copy_that_may_be_on_is_said_to_be_switched_off_by_people():
    assert "in the platform now.*" in about(EVERY["test copy still on"], ANA, REQUESTER)


def test_the_rest_behind_a_canary_says_who_releases_or_ends_it():
    assert "An approver releases the rest, or ends it here." in about(EVERY["canary without brakes"])
    for held in ("canary braked", "canary in_doubt"):
        told = about(EVERY[held])
        assert "Nobody can release the rest like this." in told
        assert "An approver releases" not in told
    assert "releases the rest" not in about(EVERY["canary waits"])


def test_home_offers_the_requester_to_end_behind_a_canary_and_not_to_release():
    waits = EVERY["canary without brakes"]
    ends, releases = str(Action.STOP_HERE), str(Action.RELEASE)
    assert ends in offered(waits, ANA, REQUESTER)
    assert ends not in offered(waits, CLEO, REQUESTER)
    assert releases not in offered(waits, ANA, BOTH)
    assert {ends, releases} <= offered(waits, BEN, APPROVER)


def test_home_does_not_speak_of_itself():
    assert "Home tab" in helping.everything()
    assert "Home tab" not in texts(view_of())
