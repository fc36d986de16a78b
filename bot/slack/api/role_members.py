"""Who is in which role: user ids and user groups, looked up in Slack, cached for a minute, failing closed."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.campaign.request import UserId
from bot.phrase import Phrase
from bot.policy.policy import Policy, PolicyUnreadable, RoleList
from bot.policy.roles import RolesUnknown

FRESH_FOR = 60.0
"""Seconds for which a user group's members are taken as known."""

UNKNOWN_FOR = 1.0
"""Seconds for which a group that could not be read is not asked for again: one click asks several times."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Known:
    members: frozenset[str] | RolesUnknown
    until: float


class RoleMembers:
    """Answers who holds a role now. `client` needs a timeout well below Slack's 3 s for an answer to a click.

    `policy` tells the roles as they stand, and raises PolicyUnreadable.
    """

    def __init__(
        self, policy: Callable[[], Policy], client: WebClient, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._policy = policy
        self._client = client
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def listed(self, role: str) -> tuple[str, ...]:
        """The user ids and user-group ids of the role, as written down. Raises RolesUnknown."""
        try:
            return self._policy().roles.get(role, RoleList()).members
        except PolicyUnreadable as unreadable:
            raise RolesUnknown(Phrase("the policy cannot be read: {cause}", cause=unreadable.cause)) from unreadable

    def holds(self, person: UserId, role: str) -> bool:
        """Whether the person is named in the role's list or in one of its groups. Raises RolesUnknown."""
        listed = self.listed(role)
        if person in listed:
            return True
        unknown: RolesUnknown | None = None
        for group in filter(is_group, listed):
            try:
                if person in self._members(group):
                    return True
            except RolesUnknown as trouble:
                unknown = trouble
        if unknown:
            raise unknown
        return False

    def held(self, person: UserId, among: Iterable[str]) -> frozenset[str]:
        """Which of these roles the person holds. Raises RolesUnknown."""
        return frozenset(role for role in among if self.holds(person, role))

    def holders(self, role: str) -> frozenset[UserId]:
        """All who hold the role. Raises RolesUnknown."""
        listed = self.listed(role)
        found = {one for one in listed if not is_group(one)}
        for group in filter(is_group, listed):
            found |= self._members(group)
        return frozenset(UserId(person) for person in found)

    def known_holders(self, role: str) -> frozenset[UserId]:
        """All who are known to hold the role, to tell them something: a group that cannot be read is left out."""
        found: set[str] = set()
        with suppress(RolesUnknown):
            for one in self.listed(role):
                with suppress(RolesUnknown):
                    found |= self._members(one) if is_group(one) else {one}
        return frozenset(UserId(person) for person in found)

    def _members(self, group: str) -> frozenset[str]:
        with self._lock:
            known = self._known.get(group)
        if known is None or self._clock() >= known.until:
            known = self._look_up(group)
            with self._lock:
                self._known[group] = known
        if isinstance(known.members, RolesUnknown):
            raise known.members
        return known.members

    def _look_up(self, group: str) -> _Known:
        try:
            return _Known(self._ask(group), self._clock() + FRESH_FOR)
        except RolesUnknown as unknown:
            return _Known(unknown, self._clock() + UNKNOWN_FOR)

    def _ask(self, group: str) -> frozenset[str]:
        try:
            answer = self._client.usergroups_users_list(usergroup=group)
            return frozenset(str(user) for user in answer["users"])
        except SlackApiError as error:
            raise RolesUnknown(
                Phrase(
                    "Slack answered “{error}” for the user group {group}",
                    error=str(error.response.get("error")),
                    group=group,
                )
            ) from error
        except (SlackClientError, OSError, KeyError, TypeError) as error:
            log.warning("the user group %s could not be read: %s", group, type(error).__name__)
            raise RolesUnknown(Phrase("Slack did not answer for the user group {group}", group=group)) from error


def is_group(one: str) -> bool:
    return one.startswith("S")
