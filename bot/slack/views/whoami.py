"""What a person is told of themselves: roles, where each comes from, and what they may do."""

from collections.abc import Mapping

from bot.campaign.request import UserId
from bot.policy.roles import Action, Role
from bot.policy.standing import HeldRole, Standing
from bot.slack.views.refusal import COUNTED, VARIABLES, ask
from bot.slack.views.text import holder, person, role_name, said
from bot.texts import _, listed, mark

_MAY: Mapping[Action, str] = {
    Action.REQUEST: mark("ask for a launch, edit what you have asked for, and cancel it until it is sent"),
    Action.APPROVE: mark("approve or reject what somebody else has asked for"),
    Action.BREAK_GLASS: mark("launch without approval, where the policy allows it"),
    Action.CANCEL: mark("cancel somebody else's launch until it is sent"),
    Action.VOUCH: mark("say whether a launch in doubt ran"),
    Action.STOP: mark("stop a campaign"),
    Action.WHO_GOT_IT: mark("ask whom a launch was sent to, where the policy names a segment for them"),
    Action.EXPORT: mark("export the record"),
    Action.READ: mark("look at campaigns and launches"),
}
"""What goes without saying beside another is left out: who approves may reject, too."""


def whoami(who: UserId, standing: Standing, who_to_ask: Mapping[str, tuple[str, ...]]) -> str:
    """The whole answer in mrkdwn, for that person alone."""
    unchecked = [
        _("• :warning: *{role}*: I could not check it: {cause}. What it allows is not told below.").format(
            role=role_name(one.role), cause=said(one.cause)
        )
        for one in standing.unchecked
    ]
    held = [_held(one, who) for one in standing.roles]
    may = [f"• {_(does)}" for action, does in _MAY.items() if action in standing.may]
    lines = [
        _("*Your roles*, {who}:").format(who=person(who)),
        *held,
        *unchecked,
        *([] if held or unchecked else [_("• none. {counted}").format(counted=_(COUNTED))]),
        _("*You may:*"),
        *(may or [_("• nothing here, for that takes a role")]),
        *_approves_for(standing),
        *_whom_to_ask(who, who_to_ask),
    ]
    return "\n".join(lines)


def _whom_to_ask(who: UserId, who_to_ask: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Who can give a role; an admin who is the only one has nobody to ask."""
    if who_to_ask[Role.ADMIN] == (who,):
        return []
    return [_("For a role that you lack, ask {people}.").format(people=ask(who_to_ask, (who,)))]


def _held(one: HeldRole, who: UserId) -> str:
    where = (
        _("the policy file") if one.in_file else _("the setting {name}").format(name=f"`{VARIABLES[Role(one.role)]}`")
    )
    if one.by == who:
        by = _("• *{role}*: you are listed in {where}")
        return by.format(role=role_name(one.role), where=where)
    by = _("• *{role}*: you are in the user group {group}, which is listed in {where}")
    return by.format(role=role_name(one.role), group=holder(one.by), where=where)


def _approves_for(standing: Standing) -> list[str]:
    if not standing.approves_for:
        return []
    roles = listed([role_name(role) for role in standing.approves_for])
    return [_("Where a rule asks for an approval from {roles}, yours counts.").format(roles=roles)]
