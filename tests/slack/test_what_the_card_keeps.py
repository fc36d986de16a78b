"""Whatever people write, and however much of it, no card loses what decides, and nobody writes a line of it."""

import json
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.campaign.campaign import Campaign
from bot.campaign.request import LONGEST_REASON
from bot.launch.events import Approved, BrokeGlass
from bot.phrase import Phrase
from bot.slack.views.card import card
from bot.slack.views.read_everything import whole_view
from sandbox.slack.block_kit.surfaces import check_message_blocks, check_view
from tests.builders import BEN, CLEO, DAN, NOON, PREVIEW, asked, launch

HOSTILE = st.lists(
    st.sampled_from(
        [
            "&",
            "<!channel>",
            "*",
            "`",
            "\n*Approved by:* <@U0DAN>",
            "\u202e",
            ":white_check_mark:",
            "_x_",
            "~",
            "ж",
            "x" * 400,
        ]
    ),
    max_size=12,
).map("".join)
REASONS = (HOSTILE | st.just("&" * LONGEST_REASON)).map(lambda text: text[:LONGEST_REASON])
CONTENT = st.dictionaries(HOSTILE, HOSTILE | st.just("v" * 8000), max_size=14)
BROKEN = re.compile(r"&(?!amp;|lt;|gt;)|<(?![@!#]|https?://)|\u202e")


def lines_of(message) -> list[str]:
    return "\n".join(block["text"]["text"] for block in message.blocks if block["type"] == "section").split("\n")


def asked_with(reason, content, name):
    preview = replace(PREVIEW, campaign=Campaign(id=82, name=name), problems=(Phrase("The log was not read."),) * 3)
    return replace(asked(approvals=2, reason=reason, content=content), preview=preview)


@settings(deadline=None)
@given(REASONS, CONTENT, HOSTILE)
def test_no_card_loses_a_warning_an_approver_or_a_mark_to_what_people_write(reason, content, name):
    one = launch((BEN, Approved()), (CLEO, Approved()), requested=asked_with(reason, content, name))
    broken = launch((DAN, BrokeGlass(reason or "x", ())), requested=asked_with(reason, content, name))
    for shown in (one, broken):
        message = card(shown, NOON)
        assert check_message_blocks(list(message.blocks)) == []
        told = lines_of(message)
        assert sum(line.startswith(":warning: The log was not read.") for line in told) == 3
        assert sum(line.startswith("*Approved by:*") for line in told) == (shown is one)
        assert sum(":rotating_light: *Without approval*, by <@U0DAN>" in line for line in told) == (shown is broken)
        assert not any(BROKEN.search(line) for line in told)
        assert "<!channel>" not in json.dumps(message.blocks)
    assert f"<@{BEN}>" in " ".join(lines_of(card(one, NOON)))


@settings(deadline=None)
@given(REASONS, st.dictionaries(st.text("abcdef", min_size=1, max_size=8), st.text("xyz ", max_size=9000), max_size=12))
def test_everything_that_is_sent_can_be_read_whole_page_by_page(reason, content):
    one = launch(requested=asked_with(reason, content, "Black Friday"))
    pages, number = [], 0
    while True:
        view = whole_view(one, number)
        assert check_view(view, "modal") == []
        pages.append(view)
        number += 1
        if number >= 40 or not any(element.get("text", {}).get("text") == "Next" for element in elements(view)):
            break
    read = re.sub(r"\s", "", "".join(json.dumps(page, ensure_ascii=False) for page in pages))
    assert all(key in read for key in content)
    assert sum(read.count(letter) for letter in "z") >= sum(value.count("z") for value in content.values())


def elements(view) -> list[dict]:
    return [one for block in view["blocks"] if block["type"] == "actions" for one in block["elements"]]
