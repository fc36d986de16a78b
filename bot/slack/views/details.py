"""The window with the words of platform and network, which the card tells as what they mean."""

from bot.launch.state import Launch
from bot.slack.views import sentences
from bot.slack.views.blocks import View, modal
from bot.slack.views.fitting import sections
from bot.slack.views.technical import words
from bot.texts import _

DETAILS = "launch:details"


def details_view(launch: Launch) -> View:
    title = sentences.opening(launch.request, launch.preview)
    about = _("What the platform and the network said, word for word. Whoever mends it may want to read it.")
    return modal(
        DETAILS,
        _("Details"),
        sections([f"*{title}*", about, *(words(launch) or [_("There is nothing more to tell.")])], "details"),
        close=_("Close"),
    )
