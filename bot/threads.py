"""The threads that the bot works with: one pool for each kind of work, so that none keeps another waiting."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Pool(StrEnum):
    """A kind of work; threads are named after it."""

    LISTENERS = "listener"
    DECISIONS = "decision"
    LOOK_UPS = "look-up"
    PEOPLE = "people"
    READING = "reading"
    STEPS = "steps"
    STOPS = "stops"
    PUBLISHING = "publishing"
    MESSAGES = "messages"
    WORKFLOWS = "workflows"
    PICTURES = "pictures"
    REPORTS = "reports"
    FILLINGS = "fillings"


@dataclass(frozen=True)
class Size:
    """How many threads a pool has at most, what they do, and why so many."""

    most: int
    does: str
    why: str


SIZES: Mapping[Pool, Size] = MappingProxyType(
    {
        Pool.LISTENERS: Size(
            40,
            "what a listener does after its ack",
            "Bolt's own five are used up by a handful of slow round trips to Slack; then no further click is acked",
        ),
        Pool.DECISIONS: Size(
            16,
            "approvals, which may read the platform again",
            "others wait for their turn, but not for their ack",
        ),
        Pool.LOOK_UPS: Size(
            8, "what a form or a view shows later, files, exports", "a slow platform keeps these, only"
        ),
        Pool.PEOPLE: Size(8, "people's profiles, side by side", "a group's members are asked for one by one"),
        Pool.READING: Size(
            32,
            "what is read on the platform beside a campaign",
            "one for each launch that is decided on, or about to be sent, at the same time, and some for views",
        ),
        Pool.STEPS: Size(8, "what a launch comes to next, its call among it", "each may wait for the platform"),
        Pool.STOPS: Size(4, "the calls that stop a campaign", "apart from the steps, for a stop waits for nothing"),
        Pool.PUBLISHING: Size(16, "cards and threads", "each waits for Slack some six times for a launch, in a row"),
        Pool.MESSAGES: Size(16, "a card, beside the replies of its thread", "one for each launch that is published"),
        Pool.WORKFLOWS: Size(
            4, "what workflows ask for, and the answers to them", "each reads the platform, and nobody waits for it"
        ),
        Pool.PICTURES: Size(
            1, "pictures of e-mails", "a browser takes a processor and some hundred MiB: one at a time"
        ),
        Pool.REPORTS: Size(
            2,
            "a run's numbers, when it is time to tell them",
            "each may wait for the platform, a few times a launch",
        ),
        Pool.FILLINGS: Size(
            1, "putting those who received a launch into a segment", "nobody waits for it, and it makes many calls"
        ),
    }
)


class ThreadPools:
    """All of them. Threads are started as there is work for them."""

    def __init__(self) -> None:
        self._executors = {pool: ThreadPoolExecutor(SIZES[pool].most, thread_name_prefix=pool) for pool in Pool}

    def __getitem__(self, pool: Pool) -> ThreadPoolExecutor:
        return self._executors[pool]

    def finish(self, *pools: Pool) -> None:
        """Takes nothing more into these, and returns when what was taken is done."""
        for pool in pools:
            self._executors[pool].shutdown()

    def close(self) -> None:
        """As finish, for all; what has not begun by now is left undone."""
        for executor in self._executors.values():
            executor.shutdown(cancel_futures=True)
