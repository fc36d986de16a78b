"""What a form shows fits into what Slack takes along, also where a campaign has many messages."""

import json
from dataclasses import replace

from bot.campaign.campaign import ContentItem
from bot.campaign.encoding import decode_preview
from bot.campaign.request import LaunchId, RequestId
from bot.launch.events import ChannelId
from bot.message.message import OVERRIDES, ref_of
from bot.slack.listeners.stop import Window
from bot.slack.private_metadata import LONGEST_METADATA, Shown, private_metadata, shown_in
from tests.builders import ANA, LAUNCHES, PREVIEW
from tests.message.builders import message

SPLIT_TEST = 16
OWN = dict.fromkeys(OVERRIDES, "w" * 150)
MESSAGES = tuple(message(overrides=OWN, message_id=1_000_000 + nth) for nth in range(SPLIT_TEST))
FULL = replace(
    PREVIEW,
    campaign=replace(
        PREVIEW.campaign,
        name="Ж" * 60,
        content=tuple(ContentItem(one.item.message_id, tuple(OWN.items())) for one in MESSAGES),
    ),
    messages=tuple(map(ref_of, MESSAGES)),
)


def test_a_form_carries_which_messages_it_shows_however_much_they_say():
    carried = private_metadata(
        LaunchId("L" * 36), ChannelId(LAUNCHES), Shown(82, PREVIEW.audience.source, FULL), edits="f" * 64
    )
    assert len(carried) <= LONGEST_METADATA
    assert shown_in(json.loads(carried)["shown"]).preview.messages == FULL.messages


def test_so_does_the_window_that_asks_about_a_stop():
    window = Window(ANA, 82, RequestId("r" * 36), ChannelId(LAUNCHES), keep_queue=False, preview=FULL)
    assert len(window.private_metadata) <= LONGEST_METADATA
    assert decode_preview(json.loads(window.private_metadata)["preview"]).messages == FULL.messages
