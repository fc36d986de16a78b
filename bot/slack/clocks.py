"""On which clocks people read and type times."""

import logging
import threading
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.launch.request import UserId

log = logging.getLogger(__name__)


class ClockUnknown(Exception):
    """Slack does not tell the person's time zone."""


class Clocks:
    """People's time zones as Slack tells them (`users.info`, scope `users:read`), each asked for once."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._known: dict[UserId, tzinfo] = {}
        self._lock = threading.Lock()

    def zone(self, person: UserId) -> tzinfo:
        """The person's time zone. Raises ClockUnknown: an hour that is guessed is a launch at the wrong hour."""
        with self._lock:
            known = self._known.get(person)
        if known:
            return known
        try:
            answer = self._client.users_info(user=person)
            zone = ZoneInfo(str(answer["user"]["tz"]))
        except (SlackClientError, OSError, KeyError, TypeError, ValueError, ZoneInfoNotFoundError) as error:
            log.warning("the time zone of %s is not known: %s", person, type(error).__name__)
            raise ClockUnknown from error
        with self._lock:
            self._known[person] = zone
        return zone
