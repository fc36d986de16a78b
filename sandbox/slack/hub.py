"""The one place that knows that something changed: stand-ins bump a number, the page's long poll waits for it."""

import asyncio
import contextlib


class Hub:
    """A revision number that only grows, and the tasks that wait for it to grow."""

    def __init__(self) -> None:
        self.revision = 0
        self._changed = asyncio.Event()

    def changed(self) -> None:
        """Say that the state of a stand-in is another one now; wakes every waiter. Call it on the event loop only."""
        self.revision += 1
        woken, self._changed = self._changed, asyncio.Event()
        woken.set()

    async def wait_after(self, revision: int, timeout: float) -> int:  # noqa: ASYNC109 - the caller's long poll, not a cancel
        """Return the revision as soon as it is not `revision` any more, or as it stands after `timeout` seconds."""
        if self.revision != revision:
            return self.revision
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), timeout)
        return self.revision
