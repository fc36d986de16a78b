"""Answers Slack at the moment of the ack, while the listener goes on.

Bolt's own way looks for the ack each 10 ms, which every ack then takes; and an exception after the ack takes it back.
"""

import inspect
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from http import HTTPStatus
from typing import Any

from slack_bolt import Ack, Args, BoltResponse

PATIENCE = 3.0
"""Seconds that Slack waits for an ack."""

Listener = Callable[..., None]
Prompt = Callable[[Args], BoltResponse]

log = logging.getLogger(__name__)


class PromptAcks:
    """Wraps listeners for an app that was built with `process_before_response`; they run in `executor`."""

    def __init__(self, executor: Executor, patience: float = PATIENCE) -> None:
        self._executor = executor
        self._patience = patience

    def __call__(self, listener: Listener) -> Prompt:
        """A listener that gives Bolt the ack. One that takes no `ack` is acked before it runs, as Slack's events are.

        What a listener raises before its ack is raised to Bolt; what it raises later is logged here.
        """
        wanted = tuple(inspect.signature(listener).parameters)

        def prompt(args: Args) -> BoltResponse:
            ack = _PromptAck()
            given: dict[str, Any] = {name: ack if name == "ack" else getattr(args, name) for name in wanted}
            if "ack" not in wanted:
                ack()
            running = self._executor.submit(_run, listener, given, ack)
            return self._answered(ack, running, listener)

        # Bolt names it where nothing acked.
        prompt.__name__ = listener.__name__
        return prompt

    def _answered(self, ack: "_PromptAck", running: "Future[None]", listener: Listener) -> BoltResponse:
        if not ack.settled.wait(self._patience):
            log.warning("%s has not acked within %.0f s", listener.__name__, self._patience)
            return BoltResponse(status=HTTPStatus.NOT_FOUND, body="")
        if ack.response is not None:
            return ack.response
        running.result()
        log.warning("%s ended without an ack", listener.__name__)
        return BoltResponse(status=HTTPStatus.NOT_FOUND, body="")


class _PromptAck(Ack):
    """Bolt's ack, which tells at once when there is nothing more to wait for."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # slack_bolt leaves it without
        self.settled = threading.Event()

    def __call__(self, *args: Any, **kwargs: Any) -> BoltResponse:  # noqa: ANN401 -- Bolt's own, passed on
        response = super().__call__(*args, **kwargs)
        self.settled.set()
        return response


def _run(listener: Listener, given: dict[str, Any], ack: _PromptAck) -> None:
    try:
        listener(**given)
    except Exception:
        if ack.response is None:
            raise
        log.exception("%s failed after its ack", listener.__name__)
    finally:
        ack.settled.set()
