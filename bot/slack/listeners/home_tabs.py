"""Home tabs: published when they are opened, and again once their reader has done something."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextvars import copy_context
from datetime import UTC, datetime

from cachetools import TTLCache
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.campaign.request import UserId
from bot.desk.search import LookupDesk
from bot.policy.refusals import Refused
from bot.slack.api.permalinks import Permalinks
from bot.slack.payloads import Payload, home_reader, reader
from bot.slack.views.blocks import View
from bot.slack.views.home import home

MOST_READERS = 1000
STRIPES = 16
"""Locks that all readers share, so that no lock is kept for each of them."""

OPEN_FOR = 3600.0
"""Seconds for which a tab that was opened is kept in step with what its reader does; Slack tells of no closing."""

log = logging.getLogger(__name__)


class HomeTabs:
    """Publishes people's tabs. `why` makes a refusal's sentence."""

    def __init__(
        self,
        client: WebClient,
        desk: LookupDesk,
        links: Permalinks,
        executor: Executor,
        why: Callable[[Refused], str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._desk = desk
        self._links = links
        self._executor = executor
        self._why = why
        self._opened: TTLCache[UserId, None, float] = TTLCache(MOST_READERS, OPEN_FOR, clock)
        self._lock = threading.Lock()
        # Of two publications for one person, the later one has to be what was read later.
        self._in_turn = tuple(threading.Lock() for _ in range(STRIPES))

    def opened(self, body: Payload) -> None:
        """The event; it also comes for the tab of messages, which needs nothing."""
        opener = home_reader(body)
        if opener:
            self.publish(opener)

    def refresh(self, ack: Ack, body: Payload) -> Iterator[None]:
        ack()
        yield
        self.publish(reader(body))

    def followed(self, ack: Ack, body: Payload) -> None:  # noqa: ARG002 -- each listener takes the payload
        """A link was pressed: Slack tells of it, and has followed it by itself."""
        ack()

    def changed(self, person: UserId, *, in_sight: bool = False) -> None:
        """The person has done something: if they have opened their tab lately, or it is in sight, it follows."""
        with self._lock:
            follows = in_sight or person in self._opened
        if follows:
            # In the person's language, which other threads do not know.
            self._executor.submit(copy_context().run, self.publish, person)

    def publish(self, person: UserId) -> None:
        """Never raises: a tab that cannot be shown is logged, and shown at its next opening."""
        with self._lock:
            self._opened[person] = None
        try:
            with self._in_turn[hash(person) % STRIPES]:
                self._client.views_publish(user_id=person, view=self._view(person))
        except (SlackClientError, OSError) as error:
            log.warning("a Home tab could not be shown: %s", type(error).__name__)
        except Exception:
            log.exception("a Home tab could not be made")

    def _view(self, person: UserId) -> View:
        told = self._desk.home(person)
        obstacle = self._why(told.refused) if told.refused else ""
        return home(told.lists, obstacle, self._links.to_card, datetime.now(UTC), person, told.zone, told.may)
