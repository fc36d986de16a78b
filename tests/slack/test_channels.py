"""That a card can be posted in a channel is known for a minute; that it cannot is asked anew each time."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.launch.events import ChannelId
from bot.slack.api.channels import FRESH_FOR, NO_PROBLEM, NOT_HERE, ChannelAccess

GROWTH = ChannelId("C0GROWTH")


class Slack:
    def __init__(self):
        self.asked = 0
        self.is_member = True
        self.now = 0.0

    def conversations_info(self, *, channel):
        self.asked += 1
        return {"ok": True, "channel": {"id": channel, "is_member": self.is_member}}


@pytest.fixture
def slack():
    return Slack()


@pytest.fixture
def access(slack):
    return ChannelAccess(slack, lambda: slack.now)


def test_a_membership_is_asked_for_once_a_minute(access, slack):
    assert not access.is_open(GROWTH)
    assert [access.problem(GROWTH), access.problem(GROWTH)] == [NO_PROBLEM, NO_PROBLEM]
    assert (slack.asked, access.is_open(GROWTH)) == (1, True)
    slack.now, slack.is_member = FRESH_FOR, False
    assert not access.is_open(GROWTH)
    assert access.problem(GROWTH) == NOT_HERE


def test_a_bot_that_is_invited_is_in_the_channel_at_once(access, slack):
    slack.is_member = False
    assert access.problem(GROWTH) == NOT_HERE
    slack.is_member = True
    assert access.problem(GROWTH) == NO_PROBLEM


def test_a_scope_that_is_missing_is_named_to_whoever_asks(access, slack, monkeypatch):
    def refuse(**_):
        raise SlackApiError("refused", {"ok": False, "error": "missing_scope", "needed": "groups:read"})

    monkeypatch.setattr(slack, "conversations_info", refuse)
    assert "the app lacks the scope groups:read" in access.problem(GROWTH)
