"""The message that anchors the record: one digest over the heads of all chains. It calls nobody."""

from bot.launch.anchor import Anchor
from bot.slack.views.blocks import context, section
from bot.slack.views.message import Message
from bot.texts import _, number


def anchor_message(anchor: Anchor) -> Message:
    told = _("The record as of {day} (UTC). Launches and refused attempts in all: {n}; new or changed: {m}.").format(
        day=anchor.day, n=number(anchor.chains), m=number(anchor.heads)
    )
    about = _("Please leave this here: `{command}` holds the record against it.").format(
        command="campaign-bot audit verify --against-slack"
    )
    return Message(told, (section(f"{told}\n`{anchor.digest}`", "anchor"), context(about, "about")))
