"""Which role an action takes, and whether a person holds it."""

from bot.campaign.request import UserId
from bot.policy.refusals import MissingRole, Refused, RolesNotChecked
from bot.policy.roles import Action, Role, Roles, RolesUnknown

NEEDED: dict[Action, tuple[str, ...]] = {
    Action.REQUEST: (Role.REQUESTER,),
    Action.EDIT: (Role.REQUESTER,),
    Action.ASK_CHANGES: (Role.APPROVER,),
    Action.APPROVE: (Role.APPROVER,),
    Action.BREAK_GLASS: (Role.ADMIN,),
    Action.REJECT: (Role.APPROVER,),
    Action.CANCEL: (Role.ADMIN,),
    Action.LOOK: (Role.APPROVER, Role.ADMIN),
    Action.VOUCH: (Role.APPROVER, Role.ADMIN),
    Action.STOP: (Role.APPROVER, Role.ADMIN),
    Action.EXPORT: (Role.ADMIN,),
    Action.TEST: (Role.REQUESTER,),
    Action.RELEASE: (Role.APPROVER,),
    Action.STOP_HERE: (Role.APPROVER, Role.ADMIN),
    Action.WHO_GOT_IT: (Role.APPROVER, Role.ADMIN),
    Action.READ: (Role.REQUESTER, Role.APPROVER, Role.ADMIN),
}
"""The roles of which a person needs one; for a stop, and for who received what, the policy may name others.

A launch's own requester may cancel it without any, and end it after its canary.
"""


def check_role(action: Action, person: UserId, roles: Roles, needed: tuple[str, ...] = ()) -> Refused | None:
    """Whether the person holds a role that allows the action; refused as well where that cannot be found out.

    `needed` are the roles that allow it, where the policy names them.
    """
    needed = needed or NEEDED[action]
    unknown: RolesUnknown | None = None
    for role in needed:
        try:
            if roles.holds(person, role):
                return None
        except RolesUnknown as trouble:
            unknown = trouble
    if unknown:
        return Refused(RolesNotChecked(action, unknown.cause))
    return Refused(MissingRole(action, needed))
