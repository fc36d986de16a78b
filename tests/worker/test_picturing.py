"""A picture is made once for the same content in a thread; what fails is one sentence, and nobody waits."""

from dataclasses import replace

import pytest

from bot.launch.commands import Request
from bot.launch.events import Edited
from bot.launch.story import NotPublished
from bot.message.message import ref_of
from bot.picture.failures import Failure
from bot.picture.picture import Picture, Pictures
from bot.picture.reasons import no_picture
from bot.worker.picturing import Picturing
from tests.builders import ANA, PREVIEW, AtOnce, Clock, asked, journal_at
from tests.message.builders import message
from tests.worker.world import L1

MADE = Pictures(Picture(600, 600, 10, False, b"wide"), Picture(375, 375, 10, False, b"narrow"))
MAIL = message()


class Thread:
    def __init__(self):
        self.posted = []
        self.there = False
        self.looks = 0
        self.trouble = None

    def is_there(self, channel, message_ts, key):
        self.looks += 1
        return self.there

    def post(self, channel, message_ts, key, pictures):
        self.posted.append(pictures)
        if self.trouble:
            raise self.trouble

    def post_none(self, channel, message_ts, none):
        self.posted.append(none.failure)


class Known:
    def find(self, ref):
        return MAIL


class World:
    def __init__(self, folder):
        self.thread = Thread()
        self.made = MADE
        self.picturing = Picturing(Known(), lambda html: self.made, self.thread, AtOnce())
        journal = journal_at(folder, Clock())
        request = replace(asked(), preview=replace(PREVIEW, messages=(ref_of(MAIL),)))
        journal.execute(L1, Request(ANA, request))
        self.story = journal.story(L1)
        (self.line,) = self.story.untold

    def told(self, line=None, *, before=False):
        self.picturing.told(self.story, line or self.line, "1.0", maybe_before=before)
        return self.thread.posted

    def edited(self):
        entry = replace(self.line.entry, seq=2, event=Edited(asked=self.line.entry.event, changes=()))
        return replace(self.line, entry=entry)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def test_a_request_brings_the_pictures_without_a_look_into_its_new_thread(world):
    assert world.told() == [MADE]
    assert world.thread.looks == 0


def test_the_same_content_is_not_shown_twice(world):
    world.told()
    assert world.told(world.edited()) == [MADE]


@pytest.mark.parametrize("there", [True, False])
def test_what_another_process_may_have_posted_is_looked_for(world, there):
    world.thread.there = there
    assert world.told(world.edited()) == ([] if there else [MADE])
    assert world.thread.looks == 1


def test_a_reply_that_may_have_been_told_before_makes_it_look(world):
    world.thread.there = True
    assert world.told(before=True) == []


def test_a_failure_is_one_sentence(world):
    world.made = no_picture(Failure.CRASHED)
    world.told()
    assert world.told(world.edited()) == [Failure.CRASHED]


def test_where_no_browser_is_installed_nothing_is_said(world):
    world.made = no_picture(Failure.NOT_INSTALLED)
    assert world.told() == []


def test_a_slack_that_does_not_take_it_is_left_alone(world):
    world.thread.trouble = NotPublished("missing_scope")
    assert world.told() == [MADE]
    assert world.told() == [MADE]
