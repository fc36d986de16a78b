"""People's names, for texts that speak of somebody without calling them."""

import logging
import threading
from collections import OrderedDict

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.launch.request import UserId

MOST_KNOWN = 1000

log = logging.getLogger(__name__)


class Names:
    """Names as Slack tells them (`users.info`, scope `users:read`), each asked for once.

    `client` needs a timeout well below Slack's 3 s.
    """

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._known: OrderedDict[UserId, str] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, person: UserId) -> str:
        """The name that the workspace shows; "" where Slack does not tell one."""
        with self._lock:
            known = self._known.get(person)
        if known is not None:
            return known
        try:
            user = self._client.users_info(user=person)["user"]
            name = str(
                (user.get("profile") or {}).get("display_name") or user.get("real_name") or user.get("name") or ""
            )
        except (SlackClientError, OSError, KeyError, AttributeError) as error:
            log.warning("the name of %s is not known: %s", person, type(error).__name__)
            return ""
        with self._lock:
            self._known[person] = name
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
        return name


def nameless(_person: UserId) -> str:
    """For whoever is shown something alone: there, a mention calls nobody."""
    return ""
