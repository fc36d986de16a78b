"""Reasons with people, links and channels in them, from the field to the card, the thread and the history."""

import json

import pytest

from sandbox.cast import ANA, BEN, CLEO, LAUNCHES, texts, typed
from tests.end_to_end.scene import open_scene

WRITTEN = (
    "<@U0CLEO> wants it, see <https://shop.example/a_b?c=1|our plan> and https://x.example/_d, or ask in <#C0LAUNCH>"
)
SHOWN = (
    "@Cleo wants it, see <https://shop.example/a_b?c=1|our plan (shop.example)> and <https://x.example/_d>, or ask in "
    "<#C0LAUNCH>"
)


@pytest.fixture(scope="module", params=["en", "ru"])
def channel(request):
    with open_scene(settings={"CHANNEL_LOCALE": request.param}) as scene:
        yield scene, {"en": ("*Reason:* “", "”"), "ru": ("*Причина:* «", "»")}[request.param]


def posted(scene):
    """All that stands in the channel, as it was sent."""
    return json.dumps([[one.text, one.blocks] for one in scene.workspace.state.channels[LAUNCHES].messages.values()])


def test_people_links_and_channels_in_a_reason_are_shown_as_such_and_nobody_is_called(channel):
    scene, (before, after) = channel
    card = scene.asks_in_form("82 run_now", reason=typed(f"{WRITTEN} <!channel>"))
    assert f"{before}{SHOWN} @channel{after}" in texts(card)
    scene.presses(BEN, card, "launch:reject")
    scene.sees_modal(BEN)
    scene.submits(BEN, reason=typed(WRITTEN))
    scene.sees_reply(card, SHOWN)
    assert f"<@{CLEO}>" not in posted(scene)
    assert "<!channel>" not in posted(scene)


def test_an_edited_reason_is_told_without_raw_marks(channel):
    scene, _ = channel
    card = scene.asks_in_form("82 run_now", reason=typed("first"))
    assert scene.edits(card, reason=typed(WRITTEN)) == {}
    scene.sees_reply(card, SHOWN[:60])
    assert f"<@{CLEO}>" not in posted(scene)


def test_what_is_asked_to_be_changed_is_told_without_raw_marks(channel):
    scene, _ = channel
    card = scene.asks(f"{scene.adds_campaign()} run_now")
    scene.presses(BEN, card, "launch:ask_changes")
    scene.sees_modal(BEN)
    scene.submits(BEN, reason=typed(WRITTEN))
    scene.sees_reply(card, SHOWN)
    wished = scene.sees_card(card, SHOWN)
    assert f"<@{CLEO}>" not in posted(scene)
    scene.presses(ANA, wished, "launch:edit")
    scene.sees_form(ANA, "@Cleo wants it, see our plan (shop.example)")


def test_the_history_and_the_window_show_them_in_plain_words(channel):
    scene, _ = channel
    campaign = scene.adds_campaign()
    card = scene.asks_in_form(f"{campaign} run_now", reason=typed(WRITTEN))
    scene.do(scene.cast.types(BEN, str(campaign), LAUNCHES, "/campaign-history"))
    told = scene.is_told(BEN, f"{campaign}*")
    (table,) = [block for block in told["blocks"] if block["type"] == "table"]
    cell = texts(table["rows"][1][7])
    assert cell.startswith("@Cleo wants it, see our plan (shop.example) and https://x.example/_d")
    scene.presses(ANA, card, "launch:read")
    window = texts(scene.sees_modal(ANA, "our plan"))
    assert "our plan (https://shop.example/a_b?c=1)" in window
