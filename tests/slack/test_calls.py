"""Mentions reach everyone they are meant for, and each notification names its campaign."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.campaign.request import LaunchId
from bot.launch.events import Entry, Reminded, Voided
from bot.launch.outcome import Unknown
from bot.launch.story import Line
from bot.slack.views.plain import plain
from bot.slack.views.thread import replies
from sandbox.slack.block_kit.surfaces import check_message_blocks
from tests.builders import NOON, PREVIEW, asked
from tests.slack.test_views import EVENTS, STANDINGS

IDS = st.lists(st.from_regex(r"[US]0[A-Z0-9]{3,12}", fullmatch=True), max_size=600)
PINGED = re.compile(r"<@([A-Z0-9]+)>|<!subteam\^([A-Z0-9]+)>")


def messages(event, launch="running"):
    return replies(STANDINGS[launch], Line(Entry(LaunchId("L1"), 7, NOON, "", event), "d" * 64))


def shown(message) -> str:
    return "\n".join(block["text"]["text"] for block in map(plain, message.blocks) if block["type"] == "section")


def pinged(text: str) -> Counter[str]:
    return Counter(one or group for one, group in PINGED.findall(text))


@settings(max_examples=60, deadline=None)
@given(people=IDS, lost=IDS)
def test_however_many_are_called_nobody_is_left_out_or_called_twice(people, lost):
    for event in (
        replace(asked(), mention=tuple(people)),
        Reminded(tuple(people), doubt=True),
        Unknown("the connection broke", mention=tuple(people)),
        Voided((), PREVIEW, NOON, lost=tuple(lost), mention=tuple(people)),
    ):
        made = messages(event)
        called = {*people, *(lost if isinstance(event, Voided) else ())}
        counted = sum((pinged(shown(one)) for one in made), Counter())
        assert {one: n for one, n in counted.items() if one in called} == dict.fromkeys(called, 1)
        for one in made:
            assert check_message_blocks([plain(block) for block in one.blocks]) == []
            assert len(one.text) <= 4000
            # A phone's notification pings as well.
            assert pinged(shown(one)) == pinged(one.text) or not called


def test_a_list_of_five_hundred_takes_several_messages_and_each_says_whose_launch_it_is():
    people = tuple(f"U0PERSON{number:04}" for number in range(500))
    made = messages(replace(asked(), mention=people))
    assert len(made) > 3
    assert all("82 “Black Friday”" in one.text for one in made)


@pytest.mark.parametrize("name", EVENTS)
def test_no_notification_leaves_out_which_campaign_it_is_about(name):
    _, event = EVENTS[name]
    assert "82" in messages(event)[0].text
