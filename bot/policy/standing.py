"""What a person is to the bot: the roles that they hold, where each comes from, and what these let them do."""

from dataclasses import dataclass

from bot.campaign.request import UserId
from bot.phrase import Phrase
from bot.policy.policy import Policy
from bot.policy.roles import Action, Role, Roles, RolesUnknown


@dataclass(frozen=True)
class HeldRole:
    """A role that a person holds. `by` is the id in its list: the person's own, or a user group's."""

    role: str
    by: str
    in_file: bool
    """Whether the list stands in the policy file, and not in the settings."""


@dataclass(frozen=True)
class Unchecked:
    """A role that the person may hold; `cause` is a clause that says why that could not be found out."""

    role: str
    cause: Phrase


@dataclass(frozen=True)
class Standing:
    """`may` is what the roles allow at all; what a launch demands beside that is not in it."""

    roles: tuple[HeldRole, ...]
    may: frozenset[Action]
    approves_for: tuple[str, ...] = ()
    """Roles of the policy's own from which a rule asks for approvals, and this person's are some."""
    unchecked: tuple[Unchecked, ...] = ()


def standing(person: UserId, policy: Policy, roles: Roles) -> Standing:
    """How the person stands by this policy."""
    held: list[HeldRole] = []
    unchecked: list[Unchecked] = []
    for role in [*Role, *(name for name in policy.roles if name not in list(Role))]:
        try:
            by = roles.held_by(person, role)
        except RolesUnknown as unknown:
            unchecked.append(Unchecked(role, unknown.cause))
            continue
        if by is not None:
            held.append(HeldRole(role, by, policy.roles[role].in_file))
    names = {one.role for one in held}
    may = frozenset(action for action in Action if names.intersection(_needed(action, policy)))
    approves_for = policy.roles_of_approvers - set(Role) if Role.APPROVER in names else frozenset()
    return Standing(tuple(held), may, tuple(one.role for one in held if one.role in approves_for), tuple(unchecked))


def _needed(action: Action, policy: Policy) -> tuple[str, ...]:
    if action is Action.READ:
        return tuple(policy.roles)
    return policy.needed(action)
