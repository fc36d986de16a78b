"""Answers Slack at the moment of the ack, and goes on behind the answer.

Bolt's own way looks for the ack each 10 ms, which every ack then takes; and an exception after the ack takes it back.
"""

import inspect
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextvars import Context, copy_context
from typing import Any, TypeAlias

from slack_bolt import Args

Listener: TypeAlias = Callable[..., Iterator[None] | None]
"""What answers Slack. One that has work left after its ack yields in between, and goes on in another thread."""

Prompt: TypeAlias = Callable[[Args], None]

_ENDED = object()

log = logging.getLogger(__name__)


class PromptAcks:
    """Wraps listeners for an app that was built with `process_before_response`.

    What comes before a listener's `yield` keeps Slack waiting; what comes after it is done in `executor`. One that
    takes no `ack` is acked at once and done there as a whole, as Slack's events are.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def __call__(self, listener: Listener, also: tuple[str, ...] = ()) -> Prompt:
        """A listener for Bolt, given what its signature names and `also` that.

        What is raised before the `yield` is raised to Bolt; later, it is logged here.

        Each call has a context of its own, the same before and after its `yield`.
        """
        wanted = tuple(inspect.signature(listener).parameters)

        def prompt(args: Args) -> None:
            given: dict[str, Any] = {name: getattr(args, name) for name in (*wanted, *also)}
            context = copy_context()
            if "ack" not in wanted:
                args.ack()
                self._later(context, listener, lambda: _exhaust(listener(**given)))
                return
            rest = context.run(listener, **given)
            if rest is not None and context.run(next, rest, _ENDED) is not _ENDED:
                self._later(context, listener, lambda: _exhaust(rest))

        # Bolt names it where nothing acked.
        prompt.__name__ = listener.__name__
        return prompt

    def _later(self, context: Context, listener: Listener, work: Callable[[], None]) -> None:
        def carry_out() -> None:
            try:
                work()
            except Exception:
                log.exception("%s failed after its ack", listener.__name__)

        self._executor.submit(context.run, carry_out)


def _exhaust(rest: Iterator[None] | None) -> None:
    for _ in rest or ():
        pass
