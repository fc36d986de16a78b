"""What the ways to look have in common: the buttons below, and the form in which something is shared."""

from collections.abc import Sequence

from bot.campaign.request import UserId
from bot.launch.search import Found
from bot.slack.lookup import Look
from bot.slack.views.blocks import Element, actions, button, context, section
from bot.slack.views.message import Message
from bot.slack.views.text import ampersands, person, words_alone
from bot.texts import _

SHARE = "look:share"
NEXT = "look:next"
BACK = "look:back"
LAUNCH = "campaign:launch"


def with_buttons(message: Message, look: Look, back: str, further: str, more: Sequence[Element] = ()) -> Message:
    """The message for whoever asked. `back` and `further` are the pages beside it, "" for none."""
    buttons = [
        *([button(_("Back"), BACK, str(look.at(back)))] if back else []),
        *([button(_("Next"), NEXT, str(look.at(further)))] if further else []),
        button(_("Share in the channel"), SHARE, str(look)),
        *more,
    ]
    return Message(message.text, (*message.blocks, actions(buttons, "look")))


def shared(message: Message, by: UserId) -> Message:
    """The message for everybody in the channel."""
    line = _("Shared by {who}").format(who=person(by))
    return Message(message.text, (*message.blocks, context(line, "shared")))


def without_table(message: Message) -> Message:
    """The same in lines, for a workspace that takes no tables."""
    kept = [block for block in message.blocks if block["type"] in {"context", "actions"}]
    return Message(message.text, (section(message.text, "lines"), *kept))


def plain_message(text: str) -> Message:
    return Message(text, (section(text, "text"),))


def link(text: str, url: str) -> str:
    """A link in mrkdwn; `text` is escaped already. Without an address, the text alone."""
    return f"<{ampersands(url)}|{text.replace('|', '¦')}>" if url else text


def campaign_name(found: Found) -> str:
    """`82 “Black Friday”`, unescaped, the name where it is known."""
    launch = found.launch
    campaign = launch.preview.campaign
    if campaign is None or not campaign.name:
        return str(launch.request.campaign_id)
    name = _("“{text}”").format(text=words_alone(campaign.name, 120))
    return f"{launch.request.campaign_id} {name}"
