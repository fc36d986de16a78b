"""Home tabs are published when they are opened, follow what their reader does, and never fail anybody."""

from types import SimpleNamespace

import pytest
from slack_sdk.errors import SlackClientError

from bot.desk.search import HomeTold
from bot.launch.search import HomeLists
from bot.slack.listeners.home_tabs import MOST_READERS, OPEN_FOR, HomeTabs
from tests.builders import ANA, BEN, AtOnce

NOTHING = HomeTold(HomeLists(waiting=(), own=(), running=(), over=()))


class Client:
    def __init__(self, trouble=None):
        self.published = []
        self._trouble = trouble

    def views_publish(self, user_id, view):
        self.published.append(user_id)
        if self._trouble:
            raise self._trouble


class Time:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def time():
    return Time()


def homes(client, time, desk=None):
    desk = desk or SimpleNamespace(home=lambda person: NOTHING)
    return HomeTabs(client, desk, SimpleNamespace(to_card=lambda found: ""), AtOnce(), str, time)


def opened(by, tab="home"):
    return {"event": {"user": by, "tab": tab}}


def test_a_tab_follows_its_reader_once_it_was_opened_and_only_then(time):
    client = Client()
    ours = homes(client, time)
    ours.changed(ANA)
    ours.opened(opened(ANA))
    ours.changed(BEN)
    ours.changed(ANA)
    assert client.published == [ANA, ANA]


def test_a_tab_that_was_opened_long_ago_is_let_be(time):
    client = Client()
    ours = homes(client, time)
    ours.opened(opened(ANA))
    time.now = OPEN_FOR
    ours.changed(ANA)
    assert client.published == [ANA]


def test_the_tab_of_messages_publishes_nothing(time):
    client = Client()
    homes(client, time).opened(opened(ANA, "messages"))
    assert client.published == []


def test_readers_are_remembered_up_to_a_bound(time):
    ours = homes(Client(), time)
    for number in range(MOST_READERS + 5):
        ours.publish(f"U{number}")
    assert len(ours._opened) == MOST_READERS


@pytest.mark.parametrize("trouble", [SlackClientError("gone"), TimeoutError()])
def test_a_tab_that_slack_does_not_take_fails_nobody(time, trouble):
    homes(Client(trouble), time).publish(ANA)


def test_a_tab_that_cannot_be_made_fails_nobody(time):
    def broken(person):
        raise RuntimeError("the database is away")

    client = Client()
    homes(client, time, SimpleNamespace(home=broken)).publish(ANA)
    assert client.published == []
