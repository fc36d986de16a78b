"""What may still happen at Slack after a call that failed, and what cannot."""

import socket
from types import SimpleNamespace

import pytest
from slack_sdk.errors import SlackApiError

from bot.launch.story import NotPublished, Unanswered
from bot.slack.api.client import KeptConnection
from bot.slack.api.languages import Languages
from bot.slack.channel import Channel
from bot.slack.profiles import Profiles
from bot.texts import ENGLISH
from tests.builders import AtOnce
from tests.worker.test_publishing import World


def refused(error, status=200):
    return SlackApiError("", SimpleNamespace(get={"error": error}.get, headers={}, status_code=status))


class Failing:
    def __init__(self, error):
        self._error = error

    def api_call(self, method, **arguments):
        raise self._error


@pytest.fixture
def story(tmp_path):
    return World(tmp_path).journal.story("L1")


def trouble_of(client, story, *, look_first=False):
    channel = Channel(client, frozenset, Languages(Profiles(client), AtOnce(), ENGLISH))
    with pytest.raises(NotPublished) as raised:
        channel.post_card(story, look_first=look_first)
    return raised.value


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        ConnectionError(),
        refused("service_unavailable", 503),
        refused("Received a response in a non-JSON format: <html>", 502),
        refused("Received a response in a non-JSON format: <html>"),
    ],
)
def test_a_post_that_slack_itself_has_not_answered_may_still_come(error, story):
    assert isinstance(trouble_of(Failing(error), story), Unanswered)


@pytest.mark.parametrize("error", ["ratelimited", "channel_not_found", "invalid_auth", "internal_error"])
def test_what_slack_has_answered_is_not_on_its_way_any_more(error, story):
    assert not isinstance(trouble_of(Failing(refused(error)), story), Unanswered)


def test_a_look_that_fails_leaves_nothing_on_its_way(story):
    assert not isinstance(trouble_of(Failing(TimeoutError()), story, look_first=True), Unanswered)


def test_what_never_left_is_not_waited_for(story):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/api/"
        client = KeptConnection("xoxb-1", base_url=nobody, timeout=5)
        assert not isinstance(trouble_of(client, story), Unanswered)
