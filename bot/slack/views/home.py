"""The app's Home tab."""

from slack_sdk.models.blocks import HeaderBlock, MarkdownTextObject, PlainTextObject, SectionBlock
from slack_sdk.models.views import View

from bot.slack.views.notices import usage
from bot.slack.views.text import SECTION_LIMIT, clip
from bot.texts import _


def home(command: str) -> View:
    """Says what the bot does and how it is asked."""
    what = _(
        "I launch Altcraft campaigns from Slack: somebody asks, a teammate approves on the card, I call the platform "
        "once, and every step stands in the card's thread."
    )
    return View(
        type="home",
        blocks=[
            HeaderBlock(text=PlainTextObject(text=_("Launch a campaign"))),
            SectionBlock(text=MarkdownTextObject(text=what)),
            SectionBlock(text=MarkdownTextObject(text=clip(usage(command), SECTION_LIMIT))),
        ],
    )
