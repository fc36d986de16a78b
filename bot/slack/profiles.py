"""What Slack tells of people, asked for once a minute for each, whoever wants to know it."""

import math
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, TypeAlias

from cachetools import TLRUCache
from slack_sdk import WebClient

from bot.campaign.request import UserId

FRESH_FOR = 60.0
"""Seconds for which what Slack told of a person is taken as known."""

UNKNOWN_FOR = 1.0
"""Seconds for which a person of whom Slack told nothing is not asked for again: one click asks several times."""

MOST_KNOWN = 1000

Profile: TypeAlias = Mapping[str, Any]


class Profiles:
    """People as `users.info` tells of them (scope `users:read`). `client` needs a timeout well below Slack's 3 s."""

    def __init__(self, client: WebClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._asked: TLRUCache[UserId, Future[Profile], float] = TLRUCache(MOST_KNOWN, _holds_until, clock)
        self._lock = threading.Lock()

    def of(self, person: UserId) -> Profile:
        """The person, as fresh as a minute. Whoever asks meanwhile waits for the same answer.

        Raises SlackClientError, OSError, or KeyError for an answer without a person.
        """
        answer, ours = self._question(person)
        if ours:
            self._ask(person, answer)
        return answer.result()

    def known(self, person: UserId) -> bool:
        """Whether the person can be told of without a question to Slack."""
        with self._lock:
            last = self._asked.get(person)
            return last is not None and last.done()

    def _question(self, person: UserId) -> "tuple[Future[Profile], bool]":
        """The question that holds now, and whether it is for the caller to ask it."""
        with self._lock:
            last = self._asked.get(person)
            if last is not None:
                return last, False
            answer = self._asked[person] = Future()
            return answer, True

    def _ask(self, person: UserId, answer: "Future[Profile]") -> None:
        try:
            user: Profile = self._client.users_info(user=person, include_locale=True)["user"]
        except BaseException as error:  # noqa: BLE001 -- whoever asked gets it, and nobody waits for ever
            answer.set_exception(error)
        else:
            answer.set_result(user)
        with self._lock:
            self._asked[person] = answer


def _holds_until(_person: UserId, answer: "Future[Profile]", now: float) -> float:
    """For ever while it is under way: it is put in again with its answer."""
    if not answer.done():
        return math.inf
    return now + (UNKNOWN_FOR if answer.exception() else FRESH_FOR)
