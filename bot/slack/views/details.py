"""The window with the words of platform and network, which the card tells as what they mean."""

from collections.abc import Iterable

from bot.campaign.campaign import Preview
from bot.campaign.request import ActivationRequest
from bot.launch.state import Launch
from bot.message.report import Report
from bot.policy.roles import Action
from bot.slack.views import sentences
from bot.slack.views.blocks import View, modal
from bot.slack.views.fitting import sections
from bot.slack.views.technical import of_reading, words
from bot.texts import _

DETAILS = "launch:details"
FORM_DETAILS = f"{Action.READ}_details"
"""There is no launch yet, so its button is pressed by another name than a card's."""


def details_view(launch: Launch) -> View:
    return _view(sentences.opening(launch.request, launch.preview), words(launch), _("Close"))


def form_details_view(request: ActivationRequest, preview: Preview, report: Report) -> View:
    """The same for what was read for a form, laid over it."""
    return _view(sentences.opening(request, preview), of_reading(preview, report), _("Back"))


def _view(title: str, lines: Iterable[str], close: str) -> View:
    about = _("What exactly went wrong between me and the platform. Whoever mends it may want to read it.")
    return modal(
        DETAILS,
        _("Details"),
        sections([f"*{title}*", about, *(list(lines) or [_("There is nothing more to tell.")])], "details"),
        close=close,
    )
