"""Who is pinged when something needs a person: user ids and user-group ids, nobody twice."""

from collections.abc import Iterable

from bot.campaign.request import UserId
from bot.launch.state import Launch
from bot.launch.stop import Stopping
from bot.policy.demands import Demands
from bot.policy.permissions import NEEDED
from bot.policy.policy import Policy, RoleList
from bot.policy.roles import Action, Role


def to_decide(policy: Policy, launch: Launch, demands: Demands, but: Iterable[UserId] = ()) -> tuple[str, ...]:
    """Who can approve what has these demands, but for those."""
    left_out = {*but, *(() if demands.self_approval else (launch.requester,))}
    return _mentioned(policy.asked(demands), left_out)


def to_remind(policy: Policy, launch: Launch, *, last: bool) -> tuple[str, ...]:
    """Who can still approve, or near the end the second line."""
    decided = {approval.by for approval in launch.approvals}
    if not last:
        return to_decide(policy, launch, launch.demands, decided)
    second_line = policy.roles.get(launch.demands.second_line, RoleList())
    return _mentioned((second_line,), decided | (set() if launch.demands.self_approval else {launch.requester}))


def to_settle(policy: Policy) -> tuple[str, ...]:
    """Who can say whether a launch in doubt ran."""
    return _mentioned(_roles(policy, NEEDED[Action.VOUCH]))


def to_warn(policy: Policy, launch: Launch) -> tuple[str, ...]:
    """Whom it concerns that a launch ran although somebody said that it did not: it may be asked for anew by now."""
    return tuple(dict.fromkeys((launch.requester, *launch.decided, launch.moved_by, *to_settle(policy))))


def to_stop(policy: Policy, stop: Stopping) -> tuple[str, ...]:
    """Whoever asked for a stop, or was told of a brake's, and who else can stop the campaign."""
    concerned = stop.brake.mention if stop.brake else (stop.by,)
    return tuple(dict.fromkeys((*concerned, *_mentioned(_roles(policy, policy.may_stop)))))


def to_brake(policy: Policy, launch: Launch) -> tuple[str, ...]:
    """Whom it concerns that the bot stops a run: who asked for it and let it go, and who can stop campaigns."""
    return tuple(dict.fromkeys((launch.requester, *launch.decided, *_mentioned(_roles(policy, policy.may_stop)))))


def to_switch_off(policy: Policy, launch: Launch) -> tuple[str, ...]:
    """Whoever asked for a test, and who can stop campaigns."""
    return tuple(dict.fromkeys((launch.requester, *_mentioned(_roles(policy, policy.may_stop)))))


def to_look_into(policy: Policy) -> tuple[str, ...]:
    """Who is told that a record is not what the bot has written."""
    return _mentioned(_roles(policy, (Role.ADMIN,)))


def _roles(policy: Policy, names: Iterable[str]) -> tuple[RoleList, ...]:
    return tuple(policy.roles[name] for name in names if name in policy.roles)


def _mentioned(roles: Iterable[RoleList], but: Iterable[str] = ()) -> tuple[str, ...]:
    left_out = set(but)
    return tuple(dict.fromkeys(one for role in roles for one in role.mentioned if one not in left_out))
