"""Who is in which role: user ids and user groups, looked up in Slack, cached for a minute, failing closed."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.launch.policy import Role, RolesUnknown
from bot.launch.request import UserId

FRESH_FOR = 60.0
"""Seconds for which a user group's members are taken as known."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RoleLists:
    """The configured user ids and user-group ids of each role."""

    by_role: Mapping[Role, tuple[str, ...]]

    def people(self, role: Role) -> tuple[str, ...]:
        return tuple(one for one in self.by_role[role] if not _is_group(one))

    def groups(self, role: Role) -> tuple[str, ...]:
        return tuple(one for one in self.by_role[role] if _is_group(one))


@dataclass(frozen=True)
class _Known:
    members: frozenset[str]
    until: float


class Members:
    """Answers who holds a role now. `client` needs a timeout well below Slack's 3 s for an answer to a click."""

    def __init__(self, lists: RoleLists, client: WebClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._lists = lists
        self._client = client
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def holds(self, person: UserId, role: Role) -> bool:
        """Whether the person is named in the role's list or in one of its groups. Raises RolesUnknown."""
        if person in self._lists.people(role):
            return True
        unknown: RolesUnknown | None = None
        for group in self._lists.groups(role):
            try:
                if person in self._members(group):
                    return True
            except RolesUnknown as trouble:
                unknown = trouble
        if unknown:
            raise unknown
        return False

    def everyone(self, role: Role) -> frozenset[UserId]:
        """All who are known to hold the role, to tell them something: a group that cannot be read is left out."""
        found = set(self._lists.people(role))
        for group in self._lists.groups(role):
            with suppress(RolesUnknown):
                found |= self._members(group)
        return frozenset(UserId(person) for person in found)

    def _members(self, group: str) -> frozenset[str]:
        with self._lock:
            known = self._known.get(group)
        if known and self._clock() < known.until:
            return known.members
        members = self._ask(group)
        with self._lock:
            self._known[group] = _Known(members, self._clock() + FRESH_FOR)
        return members

    def _ask(self, group: str) -> frozenset[str]:
        try:
            answer = self._client.usergroups_users_list(usergroup=group)
            return frozenset(str(user) for user in answer["users"])
        except SlackApiError as error:
            raise RolesUnknown(f"Slack answered “{error.response.get('error')}” for the user group {group}") from error
        except (SlackClientError, OSError, KeyError, TypeError) as error:
            log.warning("the user group %s could not be read: %s", group, type(error).__name__)
            raise RolesUnknown(f"Slack did not answer for the user group {group}") from error


def _is_group(one: str) -> bool:
    return one.startswith("S")
