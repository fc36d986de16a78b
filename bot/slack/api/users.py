"""What Slack tells of people: their names, and on which clocks they read and type times."""

import logging
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.errors import SlackClientError

from bot.campaign.request import UserId
from bot.slack.profiles import Profiles

log = logging.getLogger(__name__)


class ClockUnknown(Exception):
    """Slack does not tell the person's time zone."""


class Users:
    """People as Slack tells of them."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    def name(self, person: UserId) -> str:
        """The name that the workspace shows, for texts that call nobody; "" where Slack does not tell one."""
        try:
            user = self._profiles.of(person)
            shown = (user.get("profile") or {}).get("display_name")
        except (SlackClientError, OSError, KeyError, AttributeError) as error:
            log.warning("the name of %s is not known: %s", person, type(error).__name__)
            return ""
        return str(shown or user.get("real_name") or user.get("name") or "")

    def zone(self, person: UserId) -> tzinfo:
        """The person's time zone. Raises ClockUnknown: an hour that is guessed is a launch at the wrong hour."""
        try:
            return ZoneInfo(str(self._profiles.of(person)["tz"]))
        except (SlackClientError, OSError, KeyError, TypeError, ValueError, ZoneInfoNotFoundError) as error:
            log.warning("the time zone of %s is not known: %s", person, type(error).__name__)
            raise ClockUnknown from error


def nameless(_person: UserId) -> str:
    """For whoever is shown something alone: there, a mention calls nobody."""
    return ""
