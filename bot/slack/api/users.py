"""What Slack tells of people: their names, and on which clocks they read and type times."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.campaign.request import UserId

MOST_KNOWN = 1000

log = logging.getLogger(__name__)


class ClockUnknown(Exception):
    """Slack does not tell the person's time zone."""


class Users:
    """People as Slack tells of them (`users.info`, scope `users:read`), each asked for once.

    `client` needs a timeout well below Slack's 3 s.
    """

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._known: OrderedDict[UserId, Mapping[str, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def name(self, person: UserId) -> str:
        """The name that the workspace shows, for texts that call nobody; "" where Slack does not tell one."""
        try:
            user = self._user(person)
            shown = (user.get("profile") or {}).get("display_name")
        except (SlackClientError, OSError, KeyError, AttributeError) as error:
            log.warning("the name of %s is not known: %s", person, type(error).__name__)
            return ""
        return str(shown or user.get("real_name") or user.get("name") or "")

    def zone(self, person: UserId) -> tzinfo:
        """The person's time zone. Raises ClockUnknown: an hour that is guessed is a launch at the wrong hour."""
        try:
            return ZoneInfo(str(self._user(person)["tz"]))
        except (SlackClientError, OSError, KeyError, TypeError, ValueError, ZoneInfoNotFoundError) as error:
            log.warning("the time zone of %s is not known: %s", person, type(error).__name__)
            self._forget(person)
            raise ClockUnknown from error

    def _user(self, person: UserId) -> Mapping[str, Any]:
        with self._lock:
            known = self._known.get(person)
        if known is not None:
            return known
        user: Mapping[str, Any] = self._client.users_info(user=person)["user"]
        with self._lock:
            self._known[person] = user
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
        return user

    def _forget(self, person: UserId) -> None:
        """What lacks something is asked for again the next time."""
        with self._lock:
            self._known.pop(person, None)


def nameless(_person: UserId) -> str:
    """For whoever is shown something alone: there, a mention calls nobody."""
    return ""
