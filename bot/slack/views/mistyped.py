"""What whoever mistyped a command is told, with a button to the form where that can be filled with some of it."""

from bot.slack.views.blocks import actions, button
from bot.slack.views.fitting import sections
from bot.slack.views.message import Message
from bot.texts import _

FILL = "campaign:fill"
"""The button that opens the form with what its value holds."""


def mistyped(text: str, filled: str) -> Message:
    """The message with the button; `filled` is the button's value, "" for none."""
    told = sections(text.split("\n"), "told")
    if not filled:
        return Message(text, tuple(told))
    return Message(text, (*told, actions([button(_("Open the form with this"), FILL, filled)], "fill")))
