"""The times that the documents name: each stands in the sentence that people read, and holds to the minute."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.campaign.request import LaunchId
from bot.launch.commands import Request
from bot.launch.delivery import DeliveryRules
from bot.launch.outcome import Accepted, NotSent
from bot.launch.state import State
from bot.launch.timing import due_at
from bot.policy.demands import Demands
from bot.worker.rereading import FRESH_FOR
from tests.builders import ANA, NOON, asked
from tests.worker.world import LOST, World

DOCS = Path(__file__).parents[2] / "docs"
REFUSED = NotSent("the platform's host refused the connection")
LONELY = LaunchId("L7")


def says(page: str, sentence: str) -> bool:
    return sentence in " ".join((DOCS / page).read_text().split())


@pytest.fixture
def deduplicating(tmp_path) -> World:
    """A launch in doubt, into which the bot could not look before its instance came back."""
    world = World(tmp_path, DeliveryRules(resend_when_in_doubt=True))
    world.platform.outcomes = [LOST]
    world.approve().step()
    world.platform.outcomes = [Accepted(duplicate=True)]
    return world


def test_a_doubt_is_still_sent_again_within_a_day_of_the_first_try(deduplicating):
    assert says("reliability.md", "sent once more by itself, with the same id, within a day")
    deduplicating.clock.pass_by(hours=23, minutes=59)
    assert deduplicating.step().state == State.LAUNCHED
    assert len(deduplicating.platform.calls) == 2


def test_a_doubt_is_never_sent_again_once_the_platform_may_have_forgotten_the_first_try(deduplicating):
    deduplicating.clock.pass_by(hours=24, minutes=1)
    assert deduplicating.step().state == State.IN_DOUBT
    assert len(deduplicating.platform.calls) == 1


def test_what_never_left_is_tried_for_thirty_minutes_and_not_a_quarter_of_an_hour_longer(tmp_path):
    assert says("reliability.md", "tried again for 30 minutes")
    world = World(tmp_path)
    world.platform.outcomes = [REFUSED]
    first = world.approve().step()
    for minutes in (14, 29):
        world.clock.now = first.first_miss_at + timedelta(minutes=minutes)
        assert world.step().state == State.APPROVED
    world.clock.now = first.first_miss_at + timedelta(minutes=45)
    assert world.step().state == State.UNREACHED


def test_where_the_policy_says_nothing_a_request_reminds_after_15_and_60_minutes(tmp_path):
    assert says("policy.md", "reminders after 15 and 60 minutes")
    world = World(tmp_path)
    world.journal.execute(LONELY, Request(ANA, asked(demands=Demands(), campaign_id=83)))
    moments = []
    while (due := due_at(world.journal.load(LONELY))) < NOON + timedelta(hours=4):
        moments.append(due - NOON)
        world.clock.now = due
        world.steps.take(LONELY)
    assert moments == [timedelta(minutes=15), timedelta(minutes=60)]


def test_how_old_a_reading_may_be_right_before_the_call_stands_in_the_policy():
    assert FRESH_FOR == 2
    assert says("policy.md", "read within the last two seconds")
