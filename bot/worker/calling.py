"""Finds who is to be called to a launch that needs a person, by the policy as it is at that moment."""

from collections.abc import Callable

from bot.launch import callers
from bot.launch.state import Launch
from bot.launch.stop import Stopping
from bot.policy.policy import Policy, PolicyUnreadable


class Calling:
    """`policy` raises PolicyUnreadable. Then those are called who are known without it, rather than nobody."""

    def __init__(self, policy: Callable[[], Policy]) -> None:
        self._policy = policy

    def to_remind(self, launch: Launch, *, last: bool) -> tuple[str, ...]:
        """Who is pinged for a decision."""
        try:
            return callers.to_remind(self._policy(), launch, last=last)
        except PolicyUnreadable:
            return ()

    def to_settle(self, launch: Launch) -> tuple[str, ...]:
        """Who is pinged to say whether a launch in doubt ran."""
        try:
            return callers.to_settle(self._policy())
        except PolicyUnreadable:
            return tuple(dict.fromkeys((*launch.decided, launch.requester)))

    def to_warn(self, launch: Launch) -> tuple[str, ...]:
        """Who is told that a launch ran although somebody said that it did not."""
        try:
            return callers.to_warn(self._policy(), launch)
        except PolicyUnreadable:
            return tuple(dict.fromkeys((launch.requester, *launch.decided, launch.moved_by)))

    def to_release(self, launch: Launch) -> tuple[str, ...]:
        """Who is pinged to say whether the rest goes after a launch's canary."""
        try:
            return callers.to_decide(self._policy(), launch, launch.demands)
        except PolicyUnreadable:
            return tuple(dict.fromkeys((*launch.decided, launch.requester)))

    def to_look_into(self, launch: Launch) -> tuple[str, ...]:
        """Who is told that the launch's record is not what the bot has written."""
        try:
            return callers.to_look_into(self._policy())
        except PolicyUnreadable:
            return (launch.requester,)

    def to_switch_off(self, launch: Launch) -> tuple[str, ...]:
        """Who is pinged because a test's copy may be switched on."""
        try:
            return callers.to_switch_off(self._policy(), launch)
        except PolicyUnreadable:
            return (launch.requester,)

    def to_brake(self, launch: Launch) -> tuple[str, ...]:
        """Who is told that the bot stops a run."""
        try:
            return callers.to_brake(self._policy(), launch)
        except PolicyUnreadable:
            return tuple(dict.fromkeys((launch.requester, *launch.decided)))

    def to_stop(self, stop: Stopping) -> tuple[str, ...]:
        """Who is pinged because a campaign may go on sending."""
        try:
            return callers.to_stop(self._policy(), stop)
        except PolicyUnreadable:
            return stop.brake.mention if stop.brake else (stop.by,)
