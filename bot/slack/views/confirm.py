"""The modal in which a decision is confirmed by typing."""

from collections.abc import Mapping

from slack_sdk.models.blocks import Block, InputBlock, MarkdownTextObject, PlainTextInputElement, SectionBlock
from slack_sdk.models.views import View

from bot.launch.demands import Typed
from bot.launch.policy import Action
from bot.launch.request import LONGEST_REASON
from bot.launch.state import Launch
from bot.launch.typed import must_type, to_type, wrongly_typed
from bot.slack.views import needs, sentences
from bot.slack.views.text import SECTION_LIMIT, clip

_LABELS = {Typed.AUDIENCE: "Type the size of the audience", Typed.CAMPAIGN: "Type the campaign's id"}


def confirm_view(action: Action, launch: Launch, private_metadata: str) -> View:
    """Asks for what the policy wants typed; for launching without approval, also for the reason."""
    title = sentences.campaign_title(launch.request, launch.preview)
    happens = sentences.will_happen(launch.request, launch.preview)
    breaks = action is Action.BREAK_GLASS
    text = f"*{title[0].upper()}{title[1:]}*\n{happens}\n{_warning(launch) if breaks else _CAREFUL}"
    wanted = to_type(must_type(action, launch.demands), launch.preview)
    return View(
        type="modal",
        callback_id=str(action),
        title="Without approval" if breaks else "Approve this launch",
        submit="Launch now" if breaks else "Approve",
        close="Back",
        private_metadata=private_metadata,
        blocks=[
            SectionBlock(block_id="what", text=MarkdownTextObject(text=clip(text, SECTION_LIMIT))),
            *([_reason()] if breaks else []),
            *(_input(one) for one in wanted),
        ],
    )


def typed_errors(action: Action, launch: Launch, typed: Mapping[Typed, str], reason: str) -> dict[str, str]:
    """What was not filled in rightly, by field."""
    errors = {}
    if action is Action.BREAK_GLASS and not reason:
        errors["reason"] = "Say why nobody could be waited for: everyone who was passed over will read it."
    for one in wrongly_typed(must_type(action, launch.demands), typed, launch.request, launch.preview):
        errors[str(one)] = f"This is not {needs.typed((one,))}. Look at the card, and type what it says."
    return errors


_CAREFUL = "What is sent cannot be taken back. Compare it with what you expect, then type it."


def _warning(launch: Launch) -> str:
    hold = f" after {needs.span(launch.demands.hold)}" if launch.demands.hold else " at once"
    return (
        f":rotating_light: This starts the launch{hold}, without the approvals that the policy asks for. Everyone who "
        "is passed over is told, and the record marks it for good."
    )


def _reason() -> Block:
    element = PlainTextInputElement(action_id="reason", multiline=True, max_length=LONGEST_REASON)
    return InputBlock(block_id="reason", label="Why can nobody be waited for?", element=element)


def _input(one: Typed) -> Block:
    element = PlainTextInputElement(action_id=str(one), max_length=40)
    return InputBlock(block_id=str(one), label=_LABELS[one], element=element)
