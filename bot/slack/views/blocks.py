"""Blocks that several views are made of."""

from slack_sdk.models.blocks import ContextBlock, MarkdownTextObject, Option, PlainTextObject, SectionBlock

from bot.slack.views.bounds import clip
from bot.slack.views.text import SECTION_LIMIT, words_alone

OPTION_LIMIT = 75


def section(text: str, block_id: str) -> SectionBlock:
    return SectionBlock(block_id=block_id, text=MarkdownTextObject(text=clip(text, SECTION_LIMIT)))


def context(text: str, block_id: str) -> ContextBlock:
    return ContextBlock(block_id=block_id, elements=[MarkdownTextObject(text=clip(text, SECTION_LIMIT))])


def option(text: str, value: str, description: str | None = None) -> Option:
    plain = PlainTextObject(text=words_alone(text, OPTION_LIMIT) or "–", emoji=False)
    return Option(text=plain, value=value, description=PlainTextObject(text=description) if description else None)
