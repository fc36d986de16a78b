"""Who could do with a launch what somebody was refused: by their role alone, nobody can tell."""

from dataclasses import replace

from bot.launch.state import Launch
from bot.policy.refusals import MissingRole
from bot.policy.roles import Action


def of_this_launch(launch: Launch, refused: MissingRole) -> MissingRole:
    """The refusal with those who hold the role and could not do it either, and with those who could without it."""
    match refused.action:
        case Action.APPROVE:
            own = () if launch.takes_own_approval else (launch.requester,)
            return replace(refused, but=(*own, *(approval.by for approval in launch.approvals)))
        case Action.RELEASE:
            own = () if launch.takes_own_release else (launch.requester,)
            return replace(refused, but=own)
        case Action.VOUCH | Action.ASK_CHANGES:
            return replace(refused, but=(launch.requester,))
        case Action.CANCEL | Action.STOP_HERE:
            return replace(refused, also=(launch.requester,))
        case _:
            return refused
