"""Between a launch's canary and the rest: the buttons of its card."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextvars import copy_context

from slack_bolt import Ack

from bot.desk.canaries import CanaryDesk
from bot.launch.state import Launch
from bot.policy.refusals import Refused
from bot.slack.api.respond import Respond
from bot.slack.payloads import Click, Payload

Pressed = Callable[[Payload, Respond, Callable[[Click], Launch | Refused]], None]
"""Carries out a click after its ack; whatever hinders it is told to the person alone."""


class CanaryListeners:
    """A release reads the platform again, so it is made in `decisions`, and keeps no listener's thread."""

    def __init__(self, desk: CanaryDesk, decisions: Executor, carry_out: Pressed) -> None:
        self._desk = desk
        self._decisions = decisions
        self._carry_out = carry_out

    def release(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        ack()
        yield
        released = lambda pressed: self._desk.release(pressed.decision)  # noqa: E731
        self._decisions.submit(copy_context().run, self._carry_out, body, respond, released)

    def stop_here(self, pressed: Click) -> Launch | Refused:
        return self._desk.stop_here(pressed.launch_id, pressed.person)
