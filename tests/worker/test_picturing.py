"""A picture is shown once for the same content in a thread, whatever fails; where there is none, one sentence is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.journal.file_store import FileStore
from bot.journal.publish_progress import PublishProgress
from bot.journal.queue import PICTURES, Queue
from bot.launch.commands import Approve, Request
from bot.launch.events import Denied, Edited, Entry
from bot.launch.story import NotPublished, Unanswered
from bot.message.message import encode, ref_of
from bot.picture.failures import Failure
from bot.picture.picture import Picture, Pictures
from bot.picture.reasons import no_picture
from bot.worker.picturing import LATEST, Picturing
from bot.worker.thread_pictures import Mails
from tests.builders import ANA, BEN, NOON, PREVIEW, Clock, asked, instance, journal_at
from tests.message.builders import message
from tests.worker.world import L1

MADE = Pictures(Picture(600, 600, 10, False, b"wide"), Picture(375, 375, 10, False, b"narrow"))
MAIL = message()
SETTLING = timedelta(seconds=20)


class Thread:
    """Shows what is posted; `trouble` is raised by the next posting, which has arrived where `arrives` says so."""

    def __init__(self):
        self.shown = []
        self.keys = set()
        self.trouble = None
        self.arrives = False
        self.looks = 0

    def is_there(self, channel, message_ts, key):
        self.looks += 1
        return (message_ts, key) in self.keys

    def post(self, channel, message_ts, key, pictures):
        trouble, self.trouble = self.trouble, None
        if not trouble or self.arrives:
            self.shown.append(pictures)
            self.keys.add((message_ts, key))
        if trouble:
            raise trouble

    def post_none(self, channel, message_ts, key, none):
        self.post(channel, message_ts, key, none.failure)


class Known:
    def find(self, ref):
        return MAIL


class World:
    def __init__(self, folder):
        self.clock = Clock()
        self.journal = journal_at(folder, self.clock)
        self.thread = Thread()
        self.made = lambda: MADE
        self.starts()
        FileStore(self.journal).keep(encode(MAIL))
        request = replace(asked(), preview=replace(PREVIEW, messages=(ref_of(MAIL),)))
        self.entry = Entry(L1, 1, NOON, ANA, request)
        self.journal.execute(L1, Request(ANA, request))
        self.places = PublishProgress(self.journal)
        self.places.card_posted(L1, "1.0")

    def starts(self, name="ours", *gone):
        queue = Queue(self.journal, PICTURES, instance(name, *gone), SETTLING)
        self.picturing = Picturing(self.journal, queue, [Mails(Known(), lambda _html: self.made(), self.thread)])

    def told(self):
        assert self.picturing.asked_by(self.entry)

    def work(self):
        """As the runner does; gives what the thread shows then."""
        for launch_id in self.picturing.queue.claim(1):
            self.picturing.show(launch_id)
            self.picturing.queue.give_back(launch_id)
        return self.thread.shown


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def test_nothing_is_shown_before_the_reply_is_told(world):
    assert world.work() == []
    world.told()
    assert world.work() == [MADE]


def test_only_what_brings_a_message_asks_for_a_picture(world):
    edited = replace(world.entry, event=Edited(asked=world.entry.event, changes=()))
    assert world.picturing.asked_by(edited)
    for event in (asked(), Approve(BEN), Denied("launch", "no")):
        assert not world.picturing.asked_by(replace(world.entry, event=event))


def test_the_same_content_is_not_shown_twice(world):
    world.told()
    world.work()
    world.told()
    assert world.work() == [MADE]
    assert world.thread.looks == 2


def test_what_is_shown_is_left_alone(world):
    world.told()
    world.work()
    world.clock.pass_by(hours=2)
    world.work()
    assert world.thread.looks == 1


def test_what_slack_refused_is_tried_again(world):
    world.thread.trouble = NotPublished("ratelimited", 30.0)
    world.told()
    assert world.work() == []
    world.clock.pass_by(seconds=29)
    assert world.work() == []
    world.clock.pass_by(seconds=2)
    assert world.work() == [MADE]


@pytest.mark.parametrize("arrives", [True, False])
def test_what_slack_did_not_answer_to_is_looked_for_when_it_has_settled(world, arrives):
    world.thread.trouble, world.thread.arrives = Unanswered("TimeoutError"), arrives
    world.told()
    world.work()
    world.told()
    world.clock.pass_by(seconds=19)
    world.work()
    assert world.thread.looks == 1
    world.clock.pass_by(seconds=2)
    assert world.work() == [MADE]
    assert world.thread.looks == 2


@pytest.mark.parametrize("arrives", [True, False])
def test_what_an_instance_held_when_it_died_is_shown_once(world, arrives):
    world.told()
    (launch_id,) = world.picturing.queue.claim(1)
    if arrives:
        world.picturing.show(launch_id)
        world.told()  # as if what was noted then had not been
    world.starts("heir", "ours")
    world.picturing.queue.take_over()
    world.work()
    assert world.thread.shown == [MADE] * arrives
    world.clock.pass_by(seconds=21)
    assert world.work() == [MADE]


def test_a_slack_that_never_takes_it_is_given_up_in_the_end(world):
    world.told()
    for _ in range(100):
        world.thread.trouble = NotPublished("missing_scope")
        world.work()
        world.clock.pass_by(hours=1)
    assert world.clock() > NOON + LATEST
    world.thread.trouble = None
    assert world.work() == []


def test_without_a_card_it_waits_for_one(world):
    world.places.card_lost(L1)
    world.told()
    assert world.work() == []
    world.places.card_posted(L1, "2.0")
    world.clock.pass_by(seconds=11)
    assert world.work() == [MADE]


def test_a_failure_is_one_sentence(world):
    world.made = lambda: no_picture(Failure.CRASHED)
    world.told()
    world.work()
    world.told()
    assert world.work() == [Failure.CRASHED]


def test_a_mistake_in_the_making_is_a_failure_like_any_other(world):
    world.made = lambda: 1 / 0
    world.told()
    assert world.work() == [Failure.CRASHED]


def test_that_there_is_no_browser_is_said_once_in_a_channel(world):
    world.made = lambda: no_picture(Failure.NOT_INSTALLED)
    world.told()
    assert world.work() == [Failure.NOT_INSTALLED]
    world.thread.keys.clear()
    world.told()
    assert world.work() == [Failure.NOT_INSTALLED]
    assert world.thread.looks == 2
