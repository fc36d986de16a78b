"""What was sent to Slack and not answered is waited for, whatever happens to the launch meanwhile."""

from datetime import timedelta

import pytest

from bot.journal.publish_progress import PublishProgress
from bot.journal.queue import PUBLISHING, Queue
from bot.launch.commands import Cancel, Request
from bot.launch.story import NotPublished, Unanswered
from bot.worker.publishing import Publishing
from tests.builders import ANA, AtOnce, Clock, asked, instance, journal_at
from tests.worker.world import L1

SETTLING = timedelta(seconds=20)


class Channel:
    """Raises what it is told to, method by method, and notes what it was asked for."""

    def __init__(self):
        self.calls = []
        self.trouble = {}

    def post_card(self, story, *, look_first):
        self._called("card", look_first)
        return "1.0"

    def post_reply(self, story, line, message_ts, *, look_first):
        self._called("reply", look_first)

    def update_card(self, story, message_ts):
        self._called("update", None)

    def _called(self, what, look_first):
        self.calls.append((what, look_first))
        if trouble := self.trouble.pop(what, None):
            raise trouble


class World:
    def __init__(self, folder):
        self.clock = Clock()
        self.journal = journal_at(folder, self.clock)
        self.channel = Channel()
        self.queue = self.queue_of("ours")
        self.publishing = Publishing(self.journal, self.queue, PublishProgress(self.journal), self.channel, AtOnce())
        self.journal.execute(L1, Request(ANA, asked()))

    def queue_of(self, *names):
        return Queue(self.journal, PUBLISHING, instance(*names), SETTLING)

    def work(self):
        """As the runner does: what can be claimed is worked on and given back. Gives what was called meanwhile."""
        self.channel.calls.clear()
        for launch_id in self.queue.claim(1):
            self.publishing.publish(launch_id)
            self.queue.give_back(launch_id)
        return list(self.channel.calls)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


@pytest.mark.parametrize("what", ["card", "reply"])
def test_a_message_that_slack_did_not_answer_to_is_looked_for_only_when_it_has_settled(world, what):
    world.channel.trouble[what] = Unanswered("TimeoutError")
    world.work()
    world.journal.execute(L1, Cancel(ANA))
    assert world.work() == []
    world.clock.pass_by(seconds=19)
    assert world.work() == []
    world.clock.pass_by(seconds=2)
    assert (what, True) in world.work()


def test_a_card_is_not_changed_anew_while_an_earlier_change_may_still_come(world):
    """Nor does a refused reply hide that the change was not answered."""
    world.work()
    world.journal.execute(L1, Cancel(ANA))
    world.channel.trouble = {"update": Unanswered("TimeoutError"), "reply": NotPublished("ratelimited", 1.0)}
    world.work()
    world.clock.pass_by(seconds=19)
    assert world.work() == []
    world.clock.pass_by(seconds=2)
    assert ("update", None) in world.work()


@pytest.mark.parametrize("what", ["card", "reply"])
def test_what_slack_refused_is_posted_again_without_a_wait(world, what):
    world.channel.trouble[what] = NotPublished("ratelimited", 1.0)
    world.work()
    world.clock.pass_by(seconds=2)
    assert (what, True) in world.work()


def test_what_an_instance_held_when_it_died_is_left_alone_until_it_has_settled(world):
    world.queue.claim(1)
    world.queue = heir = world.queue_of("heir", "ours")
    heir.take_over()
    world.journal.execute(L1, Cancel(ANA))
    assert heir.claim(1) == ()
    world.clock.pass_by(seconds=15)
    heir.take_over()
    assert heir.claim(1) == ()
    world.clock.pass_by(seconds=6)
    assert heir.claim(1) == (L1,)
