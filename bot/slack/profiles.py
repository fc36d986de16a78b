"""What Slack tells of people, asked for once a minute for each, whoever wants to know it."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from slack_sdk import WebClient

from bot.campaign.request import UserId

FRESH_FOR = 60.0
"""Seconds for which what Slack told of a person is taken as known."""

UNKNOWN_FOR = 1.0
"""Seconds for which a person of whom Slack told nothing is not asked for again: one click asks several times."""

MOST_KNOWN = 1000

Profile: TypeAlias = Mapping[str, Any]


@dataclass
class _Asked:
    """A question, under way until `until` is known."""

    answer: "Future[Profile]" = field(default_factory=Future)
    until: float | None = None


class Profiles:
    """People as `users.info` tells of them (scope `users:read`). `client` needs a timeout well below Slack's 3 s."""

    def __init__(self, client: WebClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._asked: OrderedDict[UserId, _Asked] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, person: UserId) -> Profile:
        """The person, as fresh as a minute. Whoever asks meanwhile waits for the same answer.

        Raises SlackClientError, OSError, or KeyError for an answer without a person.
        """
        asked, ours = self._question(person)
        if ours:
            self._ask(person, asked)
        return asked.answer.result()

    def known(self, person: UserId) -> bool:
        """Whether the person can be told of without a question to Slack."""
        with self._lock:
            last = self._asked.get(person)
            return last is not None and last.until is not None and self._clock() < last.until

    def _question(self, person: UserId) -> tuple[_Asked, bool]:
        """The question that holds now, and whether it is for the caller to ask it."""
        with self._lock:
            last = self._asked.get(person)
            if last and (last.until is None or self._clock() < last.until):
                return last, False
            asked = self._asked[person] = _Asked()
            self._asked.move_to_end(person)
            while len(self._asked) > MOST_KNOWN:
                self._asked.popitem(last=False)
            return asked, True

    def _ask(self, person: UserId, asked: _Asked) -> None:
        try:
            user: Profile = self._client.users_info(user=person, include_locale=True)["user"]
        except BaseException as error:  # noqa: BLE001 -- whoever asked gets it, and nobody waits for ever
            asked.until = self._clock() + UNKNOWN_FOR
            asked.answer.set_exception(error)
        else:
            asked.until = self._clock() + FRESH_FOR
            asked.answer.set_result(user)
