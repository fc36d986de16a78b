"""Where the form opens without a command, it knows its channel or asks for it."""

import pytest
from slack_bolt import Ack

from bot.launch.events import ChannelId
from bot.slack.api.respond import Respond
from bot.slack.listeners.form_opener import FormOpener
from tests.builders import ANA

SHORTCUT = {"user": {"id": ANA}, "trigger_id": "T1"}
IN_CHANNEL = {**SHORTCUT, "channel": {"id": "C0RANDOM"}, "actions": [{"value": "82"}]}
IN_DIRECT_MESSAGE = {**SHORTCUT, "channel": {"id": "D0ANA"}, "actions": [{"value": "82"}]}
ON_HOME = {**SHORTCUT, "actions": [{"value": "any"}]}


class Desk:
    def may_request(self, person):
        return None


class Forms:
    def open(self, trigger_id, wanted):
        self.opened = wanted


@pytest.mark.parametrize(
    ("body", "launch_channel", "channel", "asks", "campaign"),
    [
        (SHORTCUT, None, "", True, None),
        (SHORTCUT, "C0LAUNCH", "C0LAUNCH", False, None),
        (ON_HOME, None, "", True, None),
        (ON_HOME, "C0LAUNCH", "C0LAUNCH", False, None),
        (IN_CHANNEL, None, "C0RANDOM", False, 82),
        (IN_CHANNEL, "C0LAUNCH", "C0LAUNCH", False, 82),
        (IN_DIRECT_MESSAGE, None, "", True, 82),
    ],
)
def test_the_form_goes_where_cards_go_or_where_the_person_is_or_asks(body, launch_channel, channel, asks, campaign):
    forms = Forms()
    openings = FormOpener(Desk(), forms, None, None, ChannelId(launch_channel) if launch_channel else None)
    list(openings.open(Ack(), body, Respond(None, response_url=None)))
    opened = forms.opened
    assert (opened.channel, opened.asks_channel, opened.form.campaign_id) == (channel, asks, campaign)
