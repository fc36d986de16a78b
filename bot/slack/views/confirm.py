"""The modals in which a decision is confirmed: by typing, or with a reason."""

from collections.abc import Mapping

from bot.campaign.request import LONGEST_REASON
from bot.launch.forecast import Forecast, Wait, may_wait
from bot.launch.state import Launch
from bot.policy.confirmation import must_type, to_type, wrongly_typed
from bot.policy.demands import Typed
from bot.policy.roles import Action
from bot.slack.views import canary, needs, sentences, start
from bot.slack.views.blocks import Block, View, input_block, modal, section, text_input
from bot.slack.views.fitting import sections
from bot.slack.views.text import person
from bot.slack.views.warnings import warnings
from bot.texts import _, mark

REASON = "launch:reject"

_LABELS = {Typed.AUDIENCE: mark("Type the size of the audience"), Typed.CAMPAIGN: mark("Type the campaign's id")}

_NOT_THAT = {
    Typed.AUDIENCE: mark("This is not the size of the audience. Look at the card, and type what it says."),
    Typed.CAMPAIGN: mark("This is not the campaign's id. Look at the card, and type what it says."),
}


def confirm_view(action: Action, launch: Launch, private_metadata: str, expected: Forecast | None = None) -> View:
    """Asks for what the policy wants typed; for launching without approval, also for the reason.

    `expected` is when it would start; None where nobody can tell.
    """
    title = sentences.opening(launch.request, launch.preview)
    happens = sentences.happens(launch)
    breaks = action is Action.BREAK_GLASS
    lines = [f"*{title}*", *filter(None, [happens, canary.in_short(launch), canary.limit_in_short(launch)])]
    lines.extend(sentences.rehearsal(launch.request))
    if breaks:
        lines.append(_warning(launch, expected))
    elif not launch.request.practice:
        lines.append(_(_CAREFUL))
    begins = start.earliest(expected)
    if begins:
        lines.append(begins)
    wanted = to_type(must_type(action, launch.demands), launch.preview)
    return modal(
        str(action),
        _("Without approval") if breaks else _("Approve this launch"),
        [
            *sections(lines, "what"),
            *sections(warnings(launch), "warnings"),
            *([_reason(_("Why can this not wait for approval?"))] if breaks else []),
            *(_typed(one) for one in wanted),
        ],
        submit=_("Launch now") if breaks else _("Approve"),
        close=_("Back"),
        private_metadata=private_metadata,
    )


def reason_view(private_metadata: str, campaign: str) -> View:
    """Asks why a launch of that campaign is rejected."""
    read = _("The requester and the thread will read why you reject campaign {campaign}.")
    return modal(
        REASON,
        _("Reject this launch"),
        [section(read.format(campaign=campaign), "what"), _reason(_("Reason"))],
        submit=_("Reject"),
        close=_("Back"),
        private_metadata=private_metadata,
    )


def changes_view(private_metadata: str, launch: Launch) -> View:
    """Asks what should be changed before an approval."""
    campaign = sentences.numbered(launch.request, launch.preview)
    reads = _("{who} is asked to change the request for campaign {campaign}, and the thread reads it, too.")
    stays = _("The request stays open meanwhile: others may approve it as it is.")
    about = f"{reads.format(who=person(launch.requester), campaign=campaign)} {stays}"
    return modal(
        str(Action.ASK_CHANGES),
        _("Ask for changes"),
        [section(about, "what"), _reason(_("What should be changed?"))],
        submit=_("Ask"),
        close=_("Back"),
        private_metadata=private_metadata,
    )


def typed_errors(action: Action, launch: Launch, typed: Mapping[Typed, str], reason: str) -> dict[str, str]:
    """What was not filled in rightly, by field."""
    errors = {}
    if action is Action.BREAK_GLASS and not reason:
        errors["reason"] = _("Say why this could not wait for approval: everyone who was passed over will read it.")
    for one in wrongly_typed(must_type(action, launch.demands), typed, launch.request, launch.preview):
        errors[str(one)] = _(_NOT_THAT[one])
    return errors


_CAREFUL = mark(
    "What is sent cannot be taken back. Compare the lines above with what you expect, then type what is asked for "
    "below."
)


def _warning(launch: Launch, expected: Forecast | None) -> str:
    later = expected.waits if expected else may_wait(launch.request, launch.demands)
    if later and (expected is None or expected.waits != (Wait.HOLD,)):
        return _(
            ":rotating_light: This launches without the approvals that the policy asks for. "
            "Everyone who is passed over is told, and the record marks it for good."
        )
    if launch.demands.hold:
        return _(
            ":rotating_light: This starts the launch after {span}, without the approvals that the policy asks for. "
            "Everyone who is passed over is told, and the record marks it for good."
        ).format(span=needs.span(launch.demands.hold))
    return _(
        ":rotating_light: This starts the launch at once, without the approvals that the policy asks for. "
        "Everyone who is passed over is told, and the record marks it for good."
    )


def _reason(label: str) -> Block:
    return input_block("reason", label, text_input("reason", LONGEST_REASON, multiline=True))


def _typed(one: Typed) -> Block:
    return input_block(str(one), _(_LABELS[one]), text_input(str(one), 40))
