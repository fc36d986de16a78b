"""What a person is told whose action was refused. Nothing here decides anything."""

from collections.abc import Mapping

from bot.launch.policy import (
    Action,
    ApprovedAlready,
    CampaignInDoubt,
    ChangedSince,
    GlassNotAllowed,
    MissingRole,
    NoSuchLaunch,
    NotReadAgain,
    NotTheRequester,
    NotTyped,
    OwnRequest,
    PolicyForbids,
    PolicyNotRead,
    Reason,
    Role,
    RolesNotChecked,
    ShownOtherwise,
    TooFewApprovers,
    TooLate,
)
from bot.launch.state import State
from bot.slack.views import sentences
from bot.slack.views.needs import typed
from bot.slack.views.text import escape, holder, listed, person, when

_DEEDS: Mapping[Action, str] = {
    Action.REQUEST: "ask for a launch",
    Action.APPROVE: "approve a launch",
    Action.REJECT: "reject a launch",
    Action.EDIT: "edit a launch",
    Action.BREAK_GLASS: "launch without approval",
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


def why_refused(  # noqa: C901 -- one arm a reason is the plainest shape
    reason: Reason, who_to_ask: Mapping[Role, tuple[str, ...]], card_link: str = ""
) -> str:
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
        case PolicyNotRead(cause):
            return f"The policy cannot be read: {escape(cause)} To be safe, nothing was done. Tell {_ask(who_to_ask)}."
        case PolicyForbids(reasons):
            return f"The policy does not allow this launch. {' '.join(escape(one) for one in reasons)}"
        case TooFewApprovers(role, wanted, there_are):
            return _too_few(role, wanted, there_are, who_to_ask)
        case ChangedSince(found):
            return f"Your click did not count. {sentences.changed_since(found)}\nThe card shows what there is now."
        case NotReadAgain(problems):
            why = f" {' '.join(escape(one) for one in problems)}" if problems else ""
            return (
                "I could not read the campaign again, to see that it is still what was asked for, so your click did "
                f"not count.{why} Try again when the platform answers."
            )
        case NotTheRequester():
            return "Only the person who asked for a launch can edit it. You can reject it and say what to change."
        case ShownOtherwise():
            return (
                "Your click did not count: the request has changed since the card you clicked on. Look at the card as "
                "it is now, and decide again."
            )
        case NotTyped(wanted):
            return f"Your click did not count: the policy wants {typed(wanted)} typed. Press the button again."
        case GlassNotAllowed():
            return "The policy lets nobody launch this without approval."
        case NoSuchLaunch():
            return "I know no such launch. If the card is old, the journal may have been replaced: ask for it anew."


def _too_few(role: str, wanted: int, there_are: int, who_to_ask: Mapping[Role, tuple[str, ...]]) -> str:
    people = {0: "nobody", 1: "only one person"}.get(there_are, f"only {there_are} people")
    needed = "One approval" if wanted == 1 else f"{wanted} approvals"
    return (
        f"{needed} from the role {escape(role)} would be needed, and {people} could give "
        f"{'it' if wanted == 1 else 'them'}. It could only expire, so it was not asked for. To add people, ask "
        f"{_ask(who_to_ask)}."
    )


def _missing_role(action: Action, needed: tuple[Role, ...], who_to_ask: Mapping[Role, tuple[str, ...]]) -> str:
    roles = listed([str(role) for role in needed], "or")
    lists = listed([_VARIABLES[role] for role in needed], "or")
    able = [holder(one) for role in needed for one in who_to_ask[role]]
    can = f" {listed(able[:6], 'or')} can do it." if able else f" {lists} is empty, so nobody can."
    return (
        f"You cannot {_DEEDS[action]}: you are not in the {roles} list.{can} "
        f"To be added, ask {_ask(who_to_ask)} ({lists} in the settings, or the roles in the policy file)."
    )


def _ask(who_to_ask: Mapping[Role, tuple[str, ...]]) -> str:
    admins = [holder(one) for one in who_to_ask[Role.ADMIN]]
    return listed(admins[:4], "or") if admins else "whoever runs campaign-bot"
