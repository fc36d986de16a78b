"""Whom the thread pings: everyone who is meant, however many they are, each posted once even over a crash."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.request import LaunchId
from bot.launch.events import BrokeGlass, Edited, Entry, EvidenceFound, Reminded, Tightened, Voided
from bot.launch.outcome import Unknown
from bot.launch.stop import StopGaveUp, StopRefused, StopUnknown
from bot.launch.story import Line, NotPublished, Place, Story
from bot.slack.api.languages import Languages
from bot.slack.channel import Channel
from bot.slack.profiles import Profiles
from bot.slack.views.card import card
from bot.slack.views.text import holder
from bot.slack.views.thread import replies
from bot.texts import ENGLISH
from sandbox.slack.block_kit.surfaces import check_message_blocks
from sandbox.slack.records import Limits
from tests.builders import ANA, DAN, LAUNCHES, NOON, PREVIEW, AtOnce, asked
from tests.sandbox.slack.rig import running
from tests.slack.test_views import DEMANDING, EVENTS, STANDINGS

TEXT_LIMIT = 4000
"""What Slack advises for a message's text."""


def many(count: int, width: int, twice: int) -> tuple[str, ...]:
    """People and groups; the first of them are named a second time."""
    ids = [f"{'US'[number % 2]}{number:0{width}}" for number in range(count)]
    return (*ids, *ids[:twice])


IDS = st.builds(many, st.integers(0, 600), st.integers(4, 20), st.integers(0, 50))
FIVE_HUNDRED = tuple(f"U{number:010}" for number in range(500))


def pinging(ids: tuple[str, ...]):
    """Every kind of event that pings people, with these."""
    return [
        replace(asked(), mention=ids),
        Edited(asked=replace(asked(), mention=ids), changes=(), lost=ids[:3]),
        BrokeGlass("“<!here>” " * 90, ids),
        Tightened(DEMANDING, ("large",), NOON, ids),
        Voided((), PREVIEW, NOON, ids[:3], ids),
        Reminded(ids),
        Reminded(ids, last=True),
        Reminded(ids, doubt=True),
        Unknown("the connection broke", ids),
        EvidenceFound(NOON, ids),
        StopUnknown("the connection broke", ids),
        StopRefused(400, "bad", ids),
        StopGaveUp(ids),
    ]


def line_of(event, actor=ANA):
    return Line(Entry(LaunchId("L1"), 7, NOON, actor, event), "d" * 64)


def blocks_of(message):
    return list(message.blocks)


def shown(message):
    return "\n".join(block["text"]["text"] for block in blocks_of(message) if block["type"] == "section")


@given(IDS)
def test_nobody_who_is_meant_is_missing_from_the_mentions_and_nobody_is_pinged_twice(ids):
    for event in pinging(ids):
        # Whoever acts is named beside the mentions.
        messages = replies(STANDINGS["running"], line_of(event, DAN))
        for one in set(ids):
            assert sum(shown(message).count(holder(one)) for message in messages) == 1
        for message in messages:
            assert check_message_blocks(blocks_of(message)) == []
            assert len(message.text) <= TEXT_LIMIT


def test_an_edit_in_between_moves_nobody_from_one_message_to_another():
    """Else somebody would be in none of those that were posted before and after it."""
    line = line_of(Unknown("lost", FIVE_HUNDRED))
    other = replace(STANDINGS["running"], preview=replace(PREVIEW, campaign=replace(PREVIEW.campaign, name="x" * 190)))
    pings = [
        [[one for one in FIVE_HUNDRED if holder(one) in shown(message)] for message in replies(launch, line)]
        for launch in (STANDINGS["running"], other)
    ]
    assert pings[0] == pings[1]


@pytest.mark.parametrize("name", EVENTS)
def test_no_reply_is_a_notification_that_leaves_open_which_campaign_it_is_about(name):
    actor, event = EVENTS[name]
    assert "82 “Black Friday”" in replies(STANDINGS["running"], line_of(event, actor))[0].text


@pytest.mark.parametrize("name", STANDINGS)
def test_no_card_is_a_notification_that_leaves_open_which_campaign_it_is_about(name):
    assert "campaign 82" in card(STANDINGS[name]).text


def test_no_further_message_of_a_reply_leaves_open_which_campaign_it_is_about_and_what_is_asked():
    _, *further = replies(STANDINGS["in doubt"], line_of(Unknown("lost", FIVE_HUNDRED)))
    assert len(further) > 1
    assert all(one.text.startswith("Campaign 82 “Black Friday”: ") for one in further)
    assert all("Who can settle it: <@U" in one.text for one in further)


@pytest.fixture(scope="module")
def living():
    yield from running(Limits(post_burst=1000))


@pytest.fixture
def rig(living):
    return living.reset()


class Breaking(Channel):
    """Dies after so many posts, as a process does: behind the post or before it."""

    left = 0
    taken = True

    def _post(self, *arguments, **named):
        self.left -= 1
        if self.left < 0:
            raise NotPublished("gone")
        answer = super()._post(*arguments, **named)
        if self.left == 0 and self.taken:
            raise NotPublished("gone, and the post with it was taken")
        return answer


@pytest.mark.parametrize("posts", [1, 2, 3])
def test_no_message_of_a_reply_is_posted_twice_or_forgotten_over_a_crash_between_them(rig, posts):
    client = rig.client
    channel = Breaking(client, frozenset, Languages(Profiles(client), AtOnce(), ENGLISH))
    launch = replace(STANDINGS["in doubt"], channel=LAUNCHES, requested_at=NOON)
    story = Story(launch, (), Place(LAUNCHES, None, -1, 0, 0))
    channel.left = 100
    card_ts = channel.post_card(story, look_first=False)
    line = line_of(Unknown("lost", FIVE_HUNDRED))
    channel.left = posts
    with pytest.raises(NotPublished):
        channel.post_reply(story, line, card_ts, look_first=False)
    channel.left = 100
    channel.post_reply(story, line, card_ts, look_first=True)
    channel.post_reply(story, line, card_ts, look_first=True)
    told = [one for one in rig.workspace.state.channels[LAUNCHES].messages.values() if one.ts != card_ts]
    everything = "\n".join(one.text for one in told)
    assert [everything.count(holder(one)) for one in FIVE_HUNDRED] == [1] * 500
    assert sorted(one.metadata["event_payload"]["part"] for one in told) == list(range(len(told)))
