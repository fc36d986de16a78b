"""The card: one message in the channel that always says where a launch stands."""

from dataclasses import replace
from datetime import datetime, timedelta

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.launch.outcome import NotSent, RefusedByPlatform, Unknown
from bot.launch.policy import Action
from bot.launch.state import PENDING, Approval, Launch, State
from bot.slack.views import needs, sentences
from bot.slack.views.message import Message
from bot.slack.views.text import SECTION_LIMIT, clip, escape, listed, number, person, quoted, when

PRACTICE = ":test_tube: Practice · "
"""Marks everything about a rehearsal."""

LONGEST_COUNTDOWN = timedelta(hours=24)

VOUCH_RAN = f"{Action.VOUCH}_ran"
VOUCH_NOT_RUN = f"{Action.VOUCH}_not_run"


def card(launch: Launch, now: datetime | None = None) -> Message:
    """The whole card, rendered from the launch alone; with `now`, a hold counts down."""
    title = sentences.campaign_title(launch.request, launch.preview)
    first = f"{PRACTICE if launch.request.practice else ''}{headline(launch)} · {title}"
    blocks: list[Block] = [
        _section(f"*{first}*", "status"),
        _section(_facts(launch), "facts"),
    ]
    standing = _standing(launch, now)
    if standing:
        blocks.append(_section(standing, "standing"))
    buttons = _buttons(launch)
    if buttons:
        blocks.append(ActionsBlock(block_id="actions", elements=buttons))
    witness = f"Launch `{launch.id}` · what is decided on: `{launch.fingerprint}`"
    blocks.append(ContextBlock(block_id="id", elements=[MarkdownTextObject(text=witness)]))
    return Message(first, tuple(blocks))


def card_elsewhere(launch: Launch, cause: str) -> Message:
    """The card for one person alone, because it cannot stand in its channel; its buttons work as they do there."""
    why = (
        f":mailbox: This launch belongs in <#{launch.channel}>, but I cannot write there: {cause}. The launch goes on "
        "all the same. I keep trying the channel and put everything into the thread as soon as I can write there again."
    )
    shown = card(launch)
    return Message(shown.text, (_section(why, "elsewhere"), *shown.blocks))


def headline(launch: Launch) -> str:  # noqa: C901 -- one arm a state is the plainest shape
    """Where things stand, in a few words."""
    match launch.state:
        case State.REQUESTED:
            return ":hourglass_flowing_sand: Waiting for approval"
        case State.APPROVED if isinstance(launch.outcome, NotSent):
            return ":hourglass_flowing_sand: Approved, but not sent yet: trying again"
        case State.APPROVED if launch.waits_for:
            return ":zzz: Approved, but it has to wait"
        case State.APPROVED if launch.not_before and launch.not_before == launch.request.at:
            return ":calendar: Approved and scheduled"
        case State.APPROVED if launch.not_before:
            return ":hourglass: Approved; it can still be cancelled"
        case State.APPROVED:
            return ":white_check_mark: Approved, about to be sent"
        case State.LAUNCHING:
            return ":rocket: Being sent to the platform"
        case State.LAUNCHED if not launch.request.run_now:
            return ":white_check_mark: Activated; nothing sent by this launch"
        case State.LAUNCHED if not launch.followed:
            return ":white_check_mark: Launched; its end was not seen"
        case State.LAUNCHED:
            return ":rocket: Launched; waiting for the run to start"
        case State.RUNNING if not launch.followed:
            return ":mega: Started; its end was not seen"
        case State.RUNNING:
            return ":mega: Running"
        case State.FINISHED if launch.practised:
            return ":white_check_mark: Rehearsed; nothing was sent"
        case State.FINISHED:
            return _finished(launch)
        case State.REJECTED:
            return ":no_entry: Rejected"
        case State.CANCELLED if launch.held_back or launch.withheld:
            return ":no_entry: Held back right before the launch"
        case State.CANCELLED:
            return ":no_entry: Cancelled"
        case State.EXPIRED:
            return ":no_entry: Expired without a decision"
        case State.REFUSED:
            return ":x: Refused by the platform"
        case State.UNREACHED:
            return ":x: Not launched"
        case State.IN_DOUBT:
            return ":warning: In doubt: it may have been launched, or not"


def _finished(launch: Launch) -> str:
    end = launch.run_end
    if end and end.errors:
        return f":warning: Run over, with {number(end.errors)} {'error' if end.errors == 1 else 'errors'} in its log"
    return ":white_check_mark: Run finished"


def _facts(launch: Launch) -> str:
    lines = [f"*What:* {sentences.will_happen(launch.request, launch.preview)}"]
    lines.append(f"*Asked by:* {person(launch.requester)}, {when(launch.requested_at)}")
    lines.extend(sentences.parameters(launch.request))
    if launch.request.at:
        lines.append(f"*Starts:* not before {when(launch.request.at)}")
    campaign = launch.preview.campaign
    if campaign and campaign.updated_user:
        edited = f", {when(campaign.updated_at)}" if campaign.updated_at else ""
        lines.append(f"*Campaign last edited by:* {escape(clip(campaign.updated_user, 80))}{edited}")
    lines.extend(f":warning: {escape(problem)}" for problem in launch.preview.problems)
    lines.extend(needs.collision(one) for one in launch.collisions)
    if launch.state in PENDING:
        # The reason stands on the card itself.
        further = needs.further(replace(launch.demands, reason=False))
        lines.extend([f"*Policy:* {' '.join(further)}"] if further else [])
    if launch.rules:
        lines.append(f"*Rules:* {listed([quoted(rule, 60) for rule in launch.rules])}")
    if launch.approvals:
        lines.append(f"*Approved by:* {listed([_approval(launch, one) for one in launch.approvals])}")
    if launch.glass:
        lines.append(
            f":rotating_light: *Without approval*, by {person(launch.glass_by)}: {quoted(launch.glass.reason, 1000)}"
        )
    return "\n".join(lines)


def _approval(launch: Launch, approval: Approval) -> str:
    counted = {one.role for one in launch.demands.of_which}
    roles = [escape(role) for role in approval.roles if role in counted]
    return f"{person(approval.by)}{f' ({listed(roles)})' if roles else ''}"


def _standing(launch: Launch, now: datetime | None) -> str:  # noqa: C901 -- one arm a state is the plainest shape
    match launch.state:
        case State.REQUESTED:
            changed = f":warning: {sentences.changed_since(launch.voided.changes)}\n" if launch.voided else ""
            return f"{changed}{sentences.still_needed(launch)} Expires {when(launch.expires_at)}."
        case State.APPROVED if isinstance(launch.outcome, NotSent):
            return f"{sentences.not_sent(launch.outcome)} It is tried again by itself; Cancel ends that."
        case State.APPROVED if launch.not_before:
            return f"{_start(launch, launch.not_before, now)} Cancel ends it for good; until then nothing is sent."
        case State.FINISHED if launch.practised:
            return "This is where the platform would have been called. Leave out `practice` to do it for real."
        case State.CANCELLED if launch.held_back:
            reasons = " ".join(escape(one) for one in launch.held_back.reasons)
            return f"The policy does not let it start: {reasons} Nothing was sent."
        case State.REJECTED:
            return f"{person(launch.moved_by)} rejected it: {quoted(launch.rejection, 1000)}"
        case State.CANCELLED if launch.withheld:
            lost = launch.withheld
            return (
                f"Held back right before the call: {person(lost.person)} is no longer in the {lost.role} list. "
                "Nothing was sent. Ask for the launch anew if it is still wanted."
            )
        case State.CANCELLED:
            return f"{person(launch.moved_by)} cancelled it. Nothing was sent."
        case State.EXPIRED:
            return "Nothing was sent. Ask for the launch anew if it is still wanted."
        case State.REFUSED if isinstance(launch.outcome, RefusedByPlatform):
            return (
                f"{sentences.refusal_by_platform(launch.outcome)} "
                "Mend the cause in the platform, then ask for the launch anew."
            )
        case State.UNREACHED if launch.vouched:
            return f"{person(launch.moved_by)} looked into it and said that it did not run."
        case State.UNREACHED if isinstance(launch.outcome, NotSent):
            return f"{sentences.not_sent(launch.outcome)} I have stopped trying. Ask for the launch anew."
        case State.IN_DOUBT if isinstance(launch.outcome, Unknown):
            return _doubt(launch, launch.outcome)
        case State.LAUNCHED if launch.vouched and launch.vouched.ran:
            return f"{person(launch.moved_by)} said that it ran."
        case State.LAUNCHED if not launch.request.run_now:
            return "The platform took the activation. It sends by the campaign's own schedule."
        case State.FINISHED:
            return "The log's end means that the messages are built and queued. What was delivered is not told here."
        case _:
            return ""


def _start(launch: Launch, start: datetime, now: datetime | None) -> str:
    if launch.waits_for:
        return f"It starts {when(start)}: {escape(launch.waits_for)}."
    # The card is not shown anew while a launch waits for its own moment, so no countdown may stand there.
    left = start - now if now and start != launch.request.at else timedelta()
    soon = timedelta() < left <= LONGEST_COUNTDOWN
    return f"It starts in about {needs.span(left)}, {when(start)}." if soon else f"It starts {when(start)}."


def _doubt(launch: Launch, unknown: Unknown) -> str:
    found = "The campaign's log is being read for a start."
    if launch.looked is not None:
        found = "The campaign's log shows no start after the call so far."
        if launch.looked.cause:
            found = f"The campaign's log could not settle it: {escape(launch.looked.cause)}."
    return (
        f"{sentences.outcome_unknown(unknown)} {found}\n"
        "An approver or admin should look in the platform whether the campaign ran, and say so here. "
        "*Do not ask for the same launch again before that.*"
    )


def _buttons(launch: Launch) -> list[ButtonElement]:
    cancel = _button(launch, Action.CANCEL, "Cancel")
    match launch.state:
        case State.REQUESTED:
            approve = _button(launch, Action.APPROVE, "Approve", "primary", _approve_dialog(launch))
            if launch.demands.typed:
                approve = _button(launch, Action.APPROVE, "Approve…", "primary")
            reject = _button(launch, Action.REJECT, "Reject…", "danger")
            glass = [_button(launch, Action.BREAK_GLASS, "Launch without approval…")]
            return [
                approve,
                reject,
                _button(launch, Action.EDIT, "Edit…"),
                cancel,
                *(glass if launch.demands.break_glass else []),
            ]
        case State.APPROVED:
            return [cancel]
        case State.IN_DOUBT:
            ran = _dialog("It ran?", "The launch counts as done, and nothing is sent again.", "Yes, it ran")
            missed = _dialog(
                "It did not run?", "The launch ends here. It can then be asked for anew.", "It did not run"
            )
            return [
                _button(launch, Action.LOOK, "Look again"),
                _button(launch, VOUCH_RAN, "It ran", None, ran),
                _button(launch, VOUCH_NOT_RUN, "It did not run", "danger", missed),
            ]
        case _:
            return []


def _approve_dialog(launch: Launch) -> ConfirmObject:
    title = sentences.campaign_title(launch.request, launch.preview)
    happens = sentences.will_happen(launch.request, launch.preview)
    start = "It starts with the last approval."
    if launch.request.practice:
        start = "This is a rehearsal: nothing is sent."
    elif launch.missing.approvals == 1:
        start = _last_word(launch)
    # The last sentence matters most, so it is the middle that gives way.
    about = clip(f"*{title[0].upper()}{title[1:]}*\n{happens}", 299 - len(start))
    return _dialog("Approve this launch?", f"{about}\n{start}", "Approve")


def _last_word(launch: Launch) -> str:
    gone = "what is sent cannot be taken back."
    if launch.request.at:
        return f"It starts by itself at its time, and {gone}"
    if launch.demands.hold:
        return f"It starts {needs.span(launch.demands.hold)} later unless cancelled, and {gone}"
    return f"It starts at once, and {gone}"


def _dialog(title: str, text: str, yes: str) -> ConfirmObject:
    return ConfirmObject(
        title=PlainTextObject(text=title),
        text=MarkdownTextObject(text=text),
        confirm=PlainTextObject(text=yes),
        deny=PlainTextObject(text="Back"),
    )


def _button(
    launch: Launch, action_id: str, text: str, style: str | None = None, confirm: ConfirmObject | None = None
) -> ButtonElement:
    # What the person sees travels with the click, so that a decision never counts for something else.
    value = f"{launch.id}:{launch.fingerprint}"
    return ButtonElement(text=text, action_id=str(action_id), value=value, style=style, confirm=confirm)


def _section(text: str, block_id: str) -> SectionBlock:
    return SectionBlock(block_id=block_id, text=MarkdownTextObject(text=clip(text, SECTION_LIMIT)))
