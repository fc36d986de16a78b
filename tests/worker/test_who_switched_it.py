"""A campaign that was switched on or off since the request: it voids approvals, unless a launch of ours explains it."""

from dataclasses import replace

import pytest

from bot.campaign.request import LaunchId, RequestId
from bot.launch.commands import Approve, Observe, Request, Stop
from bot.launch.outcome import Accepted
from bot.launch.state import State
from bot.launch.stop import StopAsked
from bot.slack.views.card import card
from bot.texts import speaking
from tests.builders import ANA, BEN, DAN, PREVIEW, asked, launch, started
from tests.worker.world import L1, World

L2 = LaunchId("L2")
OFF, ON = (replace(PREVIEW, campaign=replace(PREVIEW.campaign, is_active=active)) for active in (False, True))


@pytest.fixture
def world(tmp_path):
    """Our launch of a campaign that was switched off when it was asked for."""
    world = World(tmp_path)
    world.journal.execute(L2, Request(ANA, replace(asked(), preview=OFF)))
    world.directory.seen = ON
    world.journal.execute(L2, Approve(BEN))
    return world


def steps(world):
    for launch_id in world.queue.claim(10):
        world.steps.take(launch_id)
        world.queue.give_back(launch_id)
    return world.journal.load(L2)


def ours_is_sent(world):
    world.journal.execute(L1, Approve(BEN))
    world.journal.execute(L1, Observe(started("L1")))
    world.journal.execute(L1, Observe(Accepted()))


def test_a_campaign_that_somebody_switched_on_is_not_launched_on_the_approval_of_before(world):
    assert steps(world).state == State.REQUESTED
    assert [str(change.what) for change in world.journal.load(L2).voided.changes] == ["the campaign is switched on"]
    assert world.platform.calls == []


def test_a_campaign_that_our_own_wave_switched_on_keeps_its_next_waves_approval(world):
    ours_is_sent(world)
    assert steps(world).state != State.REQUESTED


def test_a_campaign_that_was_stopped_since_is_not_launched_on_the_approval_of_before(world):
    ours_is_sent(world)
    world.journal.execute(L1, Stop(DAN, StopAsked(RequestId("S1"))))
    world.step_stop()
    assert world.journal.load(L1).state == State.STOPPED
    assert steps(world).state == State.REQUESTED


@pytest.mark.parametrize(
    ("language", "warning"),
    [("en", "does not tell when this campaign was edited last"), ("ru", "не сообщает, когда эту кампанию")],
)
def test_no_card_hides_that_an_edit_could_not_be_noticed(language, warning):
    untold = replace(PREVIEW, campaign=replace(PREVIEW.campaign, updated_at=None, updated_user=""))
    with speaking(language):
        one, other = (card(launch(requested=replace(asked(), preview=seen))) for seen in (untold, PREVIEW))
    shown = ["\n".join(str(block) for block in message.blocks) for message in (one, other)]
    assert warning in shown[0]
    assert warning not in shown[1]
