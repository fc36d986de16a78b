"""Finds who is to be called to a launch that needs a person, by the policy as it is at that moment."""

from collections.abc import Callable, Iterable

from bot.launch import mentions
from bot.launch.state import Launch
from bot.launch.stop import Stopping
from bot.policy.policy import Policy, PolicyUnreadable


class Mentions:
    """`policy` raises PolicyUnreadable. Then those are called who are known without it, rather than nobody."""

    def __init__(self, policy: Callable[[], Policy]) -> None:
        self._policy = policy

    def to_remind(self, launch: Launch, *, last: bool) -> tuple[str, ...]:
        """Who is pinged for a decision."""
        return self._by_policy(lambda policy: mentions.to_remind(policy, launch, last=last))

    def to_settle(self, launch: Launch) -> tuple[str, ...]:
        """Who is pinged to say whether a launch in doubt ran."""
        return self._by_policy(mentions.to_settle, (*launch.decided, launch.requester))

    def to_warn(self, launch: Launch) -> tuple[str, ...]:
        """Who is told that a launch ran although somebody said that it did not."""
        return self._by_policy(
            lambda policy: mentions.to_warn(policy, launch),
            (launch.requester, *launch.decided, launch.moved_by),
        )

    def to_release(self, launch: Launch) -> tuple[str, ...]:
        """Who is pinged to say whether the rest goes after a launch's canary."""
        return self._by_policy(
            lambda policy: mentions.to_decide(policy, launch, launch.demands),
            (*launch.decided, launch.requester),
        )

    def to_look_into(self, launch: Launch) -> tuple[str, ...]:
        """Who is told that the launch's record is not what the bot has written."""
        return self._by_policy(mentions.to_look_into, (launch.requester,))

    def to_switch_off(self, launch: Launch) -> tuple[str, ...]:
        """Who is pinged because a test's copy may be switched on."""
        return self._by_policy(lambda policy: mentions.to_switch_off(policy, launch), (launch.requester,))

    def to_brake(self, launch: Launch) -> tuple[str, ...]:
        """Who is told that the bot stops a run."""
        return self._by_policy(lambda policy: mentions.to_brake(policy, launch), (launch.requester, *launch.decided))

    def to_stop(self, stop: Stopping) -> tuple[str, ...]:
        """Who is pinged because a campaign may go on sending."""
        return self._by_policy(
            lambda policy: mentions.to_stop(policy, stop), stop.brake.mention if stop.brake else (stop.by,)
        )

    def _by_policy(self, find: Callable[[Policy], tuple[str, ...]], without_it: Iterable[str] = ()) -> tuple[str, ...]:
        try:
            return find(self._policy())
        except PolicyUnreadable:
            return tuple(dict.fromkeys(without_it))
