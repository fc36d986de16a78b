"""A message for Slack: its blocks, and the text that notifications and screen readers show instead."""

from dataclasses import dataclass

from bot.slack.views.blocks import Block


@dataclass(frozen=True)
class Message:
    text: str
    blocks: tuple[Block, ...]
