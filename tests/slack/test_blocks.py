"""What the helpers write is what the SDK's own models would have written, which the bot itself does without."""

import pytest
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    ExternalDataSelectElement,
    HeaderBlock,
    InputBlock,
    MarkdownTextObject,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    SectionBlock,
)
from slack_sdk.models.blocks.basic_components import OptionGroup
from slack_sdk.models.views import View

from bot.campaign.campaign import Choice
from bot.campaign.request import SourceKind
from bot.slack.views import blocks
from bot.slack.views.blocks import option, option_group
from bot.slack.views.modal import campaign_option, own_audience_option, source_option

LONG = Choice(82, "Black Friday: " + "x" * 100)


def _option(text, value, description=None):
    described = PlainTextObject(text=description) if description else None
    return Option(text=PlainTextObject(text=text, emoji=False), value=value, description=described)


def _group(label, *options):
    return OptionGroup(label=PlainTextObject(text=label), options=list(options))


NOW = option("Send now", "now", "One run starts as soon as it is approved.")
SDK_NOW = _option("Send now", "now", "One run starts as soon as it is approved.")
CUT = "82 · Black Friday: " + "x" * 55 + "…"


@pytest.mark.parametrize(
    ("part", "model"),
    [
        (NOW, SDK_NOW),
        (option("Only activate :tada:", "activate"), _option("Only activate :tada:", "activate")),
        (campaign_option(LONG), _option(CUT, "82")),
        (
            option_group("Segments", [own_audience_option(), source_option(SourceKind.SEGMENT, LONG)]),
            _group(
                "Segments",
                _option("The campaign's own audience", "own"),
                _option("Segment 82 · Black Friday: " + "x" * 47 + "…", "segment:82"),
            ),
        ),
    ],
)
def test_options_and_their_groups(part, model):
    assert part == model.to_dict()


DIALOG = ConfirmObject(
    title=PlainTextObject(text="Approve?"),
    text=MarkdownTextObject(text="*82*"),
    confirm=PlainTextObject(text="Yes"),
    deny=PlainTextObject(text="Back"),
    style="danger",
)


@pytest.mark.parametrize(
    ("part", "model"),
    [
        (blocks.button("Next", "next", "2"), ButtonElement(text="Next", action_id="next", value="2")),
        (
            blocks.button(
                "Stop…",
                "stop",
                "L1",
                style="danger",
                url="https://example.com",
                confirm=blocks.confirm("Approve?", "*82*", "Yes", "Back", "danger"),
            ),
            ButtonElement(
                text="Stop…", action_id="stop", value="L1", style="danger", url="https://example.com", confirm=DIALOG
            ),
        ),
        (
            blocks.text_input("reason", 1000, multiline=True, initial_value="because"),
            PlainTextInputElement(action_id="reason", max_length=1000, multiline=True, initial_value="because"),
        ),
        (
            blocks.radio_buttons("when", [NOW], NOW),
            RadioButtonsElement(action_id="when", options=[SDK_NOW], initial_option=SDK_NOW),
        ),
        (
            blocks.external_select("campaign", "Search", None),
            ExternalDataSelectElement(action_id="campaign", placeholder="Search", min_query_length=0),
        ),
        (
            blocks.element("number_input", "limit", is_decimal_allowed=False, min_value="1", initial_value=None),
            NumberInputElement(action_id="limit", is_decimal_allowed=False, min_value="1"),
        ),
    ],
)
def test_elements(part, model):
    assert part == model.to_dict()


NEXT = blocks.button("Next", "next", "2")
SDK_NEXT = ButtonElement(text="Next", action_id="next", value="2")


@pytest.mark.parametrize(
    ("part", "model"),
    [
        (blocks.section("*a*", "one"), SectionBlock(block_id="one", text=MarkdownTextObject(text="*a*"))),
        (
            blocks.section("a" * 3001, "one"),
            SectionBlock(block_id="one", text=MarkdownTextObject(text="a" * 2999 + "…")),
        ),
        (
            blocks.plain_section("*a*", "one"),
            SectionBlock(block_id="one", text=PlainTextObject(text="*a*", emoji=False)),
        ),
        (blocks.context("*a*"), ContextBlock(elements=[MarkdownTextObject(text="*a*")])),
        (blocks.context("*a*", "one"), ContextBlock(block_id="one", elements=[MarkdownTextObject(text="*a*")])),
        (blocks.header("Running now"), HeaderBlock(text=PlainTextObject(text="Running now"))),
        (blocks.divider(), DividerBlock()),
        (blocks.actions([NEXT], "turn"), ActionsBlock(block_id="turn", elements=[SDK_NEXT])),
        (
            blocks.input_block("id", "Id", blocks.text_input("id", 40)),
            InputBlock(block_id="id", label="Id", element=PlainTextInputElement(action_id="id", max_length=40)),
        ),
        (
            blocks.input_block(
                "id", "Id", blocks.text_input("id", 40), hint="Its number", optional=True, dispatch_action=True
            ),
            InputBlock(
                block_id="id",
                label="Id",
                hint="Its number",
                optional=True,
                dispatch_action=True,
                element=PlainTextInputElement(action_id="id", max_length=40),
            ),
        ),
    ],
)
def test_blocks(part, model: Block):
    assert part == model.to_dict()


def test_surfaces():
    block, model = blocks.divider(), DividerBlock()
    assert blocks.home_tab([block]) == View(type="home", blocks=[model]).to_dict()
    closes = View(type="modal", callback_id="id", title="Title", close="Close", blocks=[model])
    assert blocks.modal("id", "Title", [block], close="Close") == closes.to_dict()
    asks = View(
        type="modal",
        callback_id="id",
        title="Title",
        submit="Ask",
        close="Close",
        private_metadata="{}",
        blocks=[model],
    )
    assert blocks.modal("id", "Title", [block], close="Close", submit="Ask", private_metadata="{}") == asks.to_dict()
