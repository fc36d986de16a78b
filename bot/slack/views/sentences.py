"""The sentences people read about a launch and about what was refused. Nothing here decides anything."""

from collections.abc import Mapping

from bot.launch.campaign import Audience, Preview, SizeBasis
from bot.launch.lifecycle import Launch, State
from bot.launch.outcome import Accepted, NotSent, RefusedByPlatform, Unknown
from bot.launch.policy import (
    Action,
    ApprovedAlready,
    CampaignInDoubt,
    MissingRole,
    NoSuchLaunch,
    OwnRequest,
    Reason,
    Role,
    RolesNotChecked,
    TooLate,
)
from bot.launch.request import ActivationRequest, Source
from bot.slack.views.text import clip, escape, holder, listed, number, person, quoted, when

_DEEDS: Mapping[Action, str] = {
    Action.REQUEST: "ask for a launch",
    Action.APPROVE: "approve a launch",
    Action.REJECT: "reject a launch",
    Action.CANCEL: "cancel somebody else's launch",
    Action.LOOK: "have a launch in doubt looked into",
    Action.VOUCH: "settle a launch in doubt",
}

_VARIABLES: Mapping[Role, str] = {
    Role.REQUESTER: "REQUESTERS",
    Role.APPROVER: "APPROVERS",
    Role.ADMIN: "ADMINS",
}

_MOVED: Mapping[str, str] = {
    State.REQUESTED: "It is still waiting for approval.",
    State.APPROVED: "{who} approved it {when}.",
    State.LAUNCHING: "It is being sent to the platform right now.",
    State.LAUNCHED: "It was launched {when}.",
    State.RUNNING: "It is running since {when}.",
    State.FINISHED: "Its run finished {when}.",
    State.REJECTED: "{who} rejected it {when}.",
    State.CANCELLED: "{who} cancelled it {when}.",
    State.EXPIRED: "It expired {when}, because nobody had decided by then.",
    State.REFUSED: "The platform refused it {when}.",
    State.UNREACHED: "It ended {when} without a launch.",
    State.IN_DOUBT: "It is in doubt since {when}: see the card.",
}


def campaign_title(request: ActivationRequest, preview: Preview) -> str:
    """`campaign 82 “Black Friday”`, the name where it is known."""
    name = f" {quoted(preview.campaign.name)}" if preview.campaign and preview.campaign.name else ""
    return f"campaign {request.campaign_id}{name}"


def audience(request: ActivationRequest, preview: Preview) -> str:
    """The audience in words, with its size or the plain word that the size is unknown."""
    known = preview.audience
    if known is None or (request.source is not None and known.source != request.source):
        named = source(request.source, "") if request.source else "the campaign's own audience"
        return f"{named}, size unknown"
    own = "" if request.source else "the campaign's own audience: "
    return f"{own}{source(known.source, known.name)}, {size(known)}"


def source(of: Source, name: str) -> str:
    word = "segment" if of.kind == "segment" else "database"
    return f"{word} {of.id}{' ' + quoted(name) if name else ''}"


def size(of: Audience) -> str:
    if of.size is None:
        return "size unknown"
    counted = "sendable profiles" if of.basis == SizeBasis.SENDABLE else "profiles"
    return f"about {number(of.size)} {counted}"


def will_happen(request: ActivationRequest, preview: Preview) -> str:
    """What the launch will do, in one sentence."""
    if not request.run_now:
        return "Activates the campaign and sends nothing by itself: it then sends on its own schedule."
    limit = f", at most {number(request.limit)} messages" if request.limit else ""
    return f"Sends now to {audience(request, preview)}{limit}."


def parameters(request: ActivationRequest) -> list[str]:
    """What else travels with the launch, one line each."""
    lines = []
    if request.limit and not request.run_now:
        lines.append(f"*Limit:* {number(request.limit)} messages")
    if request.content is not None:
        values = (f"`{escape(clip(key, 60))}` = {quoted(str(value), 120)}" for key, value in request.content.items())
        lines.append(f"*Content:* {clip(', '.join(values), 1200) or 'an empty object'}")
    if request.attachments:
        files = (f"{quoted(file.name, 80)} ({number(max(1, file.size // 1024))} KB)" for file in request.attachments)
        lines.append(f"*Attached:* {', '.join(files)}")
    if request.reason:
        lines.append(f"*Reason:* {quoted(request.reason, 1000)}")
    return lines


def still_needed(launch: Launch) -> str:
    missing = launch.approvals_missing
    if launch.approvals:
        have = f"{len(launch.approvals)} of {launch.approvals_required} approvals"
        return f"{have} given; {missing} more needed, not from the requester."
    if missing == 1:
        return "One approval is needed, not from the requester."
    return f"{missing} approvals are needed, none from the requester."


def outcome_unknown(unknown: Unknown) -> str:
    return f"Whether the launch happened is not known: {escape(unknown.cause)}."


def refusal_by_platform(refused: RefusedByPlatform) -> str:
    text = f" {quoted(refused.text, 300)}" if refused.text else ""
    return f"The platform refused the launch with error {refused.code}{text}. Nothing was sent."


def not_sent(missed: NotSent) -> str:
    return f"The request did not leave: {escape(missed.cause)}. Nothing was sent."


def accepted(answer: Accepted) -> str:
    if answer.duplicate:
        return "The platform had taken an earlier try of this same launch, and did not run it again."
    return "The platform accepted the launch."


def why_refused(reason: Reason, who_to_ask: Mapping[Role, tuple[str, ...]], card_link: str = "") -> str:
    """The sentence for somebody whose action was refused; `who_to_ask` is the configured role lists.

    `card_link` is the address of the card that stands in the way, where there is one.
    """
    match reason:
        case MissingRole(action, needed):
            return _missing_role(action, needed, who_to_ask)
        case RolesNotChecked(_, cause):
            return (
                f"I could not check your role: {escape(cause)}. To be safe, nothing was done. Try again in a minute; "
                f"if it stays so, tell {_ask(who_to_ask)}."
            )
        case OwnRequest():
            return "You asked for this launch, so somebody else has to approve it. You can cancel it."
        case ApprovedAlready():
            return "Your approval is already counted. The rest has to come from somebody else."
        case TooLate(state, by, at):
            return f"Nothing was done by this click. {_MOVED[state].format(who=person(by), when=when(at))}"
        case CampaignInDoubt(requester, since, channel):
            its_card = f"<{card_link}|Its card>" if card_link else "Its card"
            return (
                f"A launch of this campaign that {person(requester)} asked for is in doubt since {when(since)}: it may "
                f"have been sent. {its_card} in <#{channel}> asks an approver or admin to settle that first. "
                "Until then, nothing is sent for this campaign."
            )
        case NoSuchLaunch():
            return "I know no such launch. If the card is old, the journal may have been replaced: ask for it anew."


def _missing_role(action: Action, needed: tuple[Role, ...], who_to_ask: Mapping[Role, tuple[str, ...]]) -> str:
    roles = listed([str(role) for role in needed], "or")
    lists = listed([_VARIABLES[role] for role in needed], "or")
    able = [holder(one) for role in needed for one in who_to_ask[role]]
    can = f" {listed(able[:6], 'or')} can do it." if able else f" {lists} is empty, so nobody can."
    return (
        f"You cannot {_DEEDS[action]}: you are not in the {roles} list.{can} "
        f"To be added, ask {_ask(who_to_ask)} ({lists} in the settings)."
    )


def _ask(who_to_ask: Mapping[Role, tuple[str, ...]]) -> str:
    admins = [holder(one) for one in who_to_ask[Role.ADMIN]]
    return listed(admins[:4], "or") if admins else "whoever runs campaign-bot"
