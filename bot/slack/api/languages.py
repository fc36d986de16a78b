"""In which language each person reads, by their locale in Slack."""

import logging
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass

from slack_sdk.errors import SlackClientError

from bot.campaign.request import UserId
from bot.slack.profiles import Profiles
from bot.texts import language_of

FRESH_FOR = 60.0
"""Seconds after which a person's locale is asked for again; the old one holds until there is an answer."""

UNKNOWN_FOR = 60.0
"""Seconds for which a locale that Slack did not tell is not asked for again."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Told:
    """`language` is "" where Slack did not tell it."""

    language: str
    until: float


@dataclass(frozen=True)
class _Asked:
    """A look-up, under way or ended. `before` is what was known when it began, "" for nothing."""

    answer: "Future[_Told]"
    before: str

    @property
    def language(self) -> str:
        told = self.answer.result().language if self._has_ended else ""
        return told or self.before

    @property
    def until(self) -> float:
        return self.answer.result().until if self._has_ended else math.inf

    @property
    def _has_ended(self) -> bool:
        return self.answer.done() and not self.answer.cancelled()


class Languages:
    """People's languages as Slack tells them, asked for in `executor`.

    Nobody is kept waiting for one, and nothing fails for want of one: until it is known, `channels` stands in, the
    language of the channels.
    """

    def __init__(
        self, profiles: Profiles, executor: Executor, channels: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._profiles = profiles
        self._executor = executor
        self.channels = channels
        self._clock = clock
        self._asked: dict[UserId, _Asked] = {}
        self._lock = threading.Lock()

    def of(self, person: UserId, patience: float = 0.0) -> str:
        """The person's language, as far as it is known within so many seconds."""
        asked = self._look_up(person)
        if patience:
            wait([asked.answer], patience)
        return asked.language or self.channels

    def when_known(self, person: UserId, tell: Callable[[], None]) -> None:
        """Calls `tell` as soon as the person's language is known, in the thread that has looked it up."""
        self._look_up(person).answer.add_done_callback(lambda _answer: tell())

    def _look_up(self, person: UserId) -> _Asked:
        """The look-up that holds now: the last one, or a new one where that is no longer fresh."""
        with self._lock:
            last = self._asked.get(person)
            if last and self._clock() < last.until:
                return last
            asked = _Asked(self._submit(person), last.language if last else "")
            self._asked[person] = asked
            return asked

    def _submit(self, person: UserId) -> "Future[_Told]":
        try:
            return self._executor.submit(self._ask, person)
        except RuntimeError:  # the bot is stopping
            ended: Future[_Told] = Future()
            ended.set_result(_Told("", self._clock() + UNKNOWN_FOR))
            return ended

    def _ask(self, person: UserId) -> _Told:
        try:
            user = self._profiles.of(person)
            return _Told(language_of(str(user["locale"])), self._clock() + FRESH_FOR)
        except (SlackClientError, OSError, KeyError, TypeError) as error:
            log.warning("the locale of %s is not known: %s", person, type(error).__name__)
            return _Told("", self._clock() + UNKNOWN_FOR)
