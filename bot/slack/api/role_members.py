"""Who is in which role: user ids and user groups, looked up in Slack, cached for a minute, failing closed."""

import logging
import math
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor, wait
from contextlib import suppress
from enum import Enum, auto
from typing import Any

from cachetools import TLRUCache
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.campaign.request import UserId
from bot.phrase import Phrase
from bot.policy.policy import Policy, PolicyUnreadable, RoleList
from bot.policy.roles import RolesUnknown, is_group
from bot.slack.api.groups import Groups
from bot.slack.api.scopes import answered
from bot.slack.profiles import Profiles
from bot.slack.workspace import Workspace

FRESH_FOR = 60.0
"""Seconds for which a user group's members are taken as known."""

MOST_ASKED = 20
"""People of a role whom one early warning asks Slack about, beyond those it knows already."""

PATIENCE = 0.5
"""Seconds for all of them: a form's ack waits."""

UNKNOWN_FOR = 1.0
"""Seconds for which a group that could not be read is not asked for again: one click asks several times."""

NOBODY = frozenset({"user_not_found", "user_not_visible"})
"""Slack's words for somebody whom the workspace does not have."""

log = logging.getLogger(__name__)


class RoleMembers:
    """Answers who holds a role now. `client` needs a timeout well below Slack's 3 s for an answer to a click.

    `policy` tells the roles as they stand, and raises PolicyUnreadable. `executor` is for people who are looked at side
    by side.
    """

    def __init__(
        self,
        policy: Callable[[], Policy],
        client: WebClient,
        profiles: Profiles,
        home: Callable[[], Workspace],
        executor: Executor,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._policy = policy
        self._groups = Groups(client, home)
        self._profiles = profiles
        self._home = home
        self._executor = executor
        self._known: TLRUCache[str, frozenset[str] | RolesUnknown, float] = TLRUCache(math.inf, _known_until, clock)
        self._lock = threading.Lock()

    def listed(self, role: str) -> tuple[str, ...]:
        """The user ids and user-group ids of the role, as written down. Raises RolesUnknown."""
        try:
            return self._policy().roles.get(role, RoleList()).members
        except PolicyUnreadable as unreadable:
            raise RolesUnknown(Phrase("the policy cannot be read: {cause}", cause=unreadable.cause)) from unreadable

    def holds(self, person: UserId, role: str) -> bool:
        """Whether the person is named in the role's list or in one of its groups, and counts. Raises RolesUnknown.

        Whoever is deactivated, a bot, or of another workspace never counts; a guest does where their own id is listed.
        """
        return self.held_by(person, role) is not None

    def held_by(self, person: UserId, role: str) -> str | None:
        """The id in the role's list by which the person holds it, as `holds`. Raises RolesUnknown."""
        listed = self.listed(role)
        if person in listed:
            return person if self._stands(person, guest=True) else None
        unknown: RolesUnknown | None = None
        for group in filter(is_group, listed):
            try:
                if person in self._members(group):
                    return group if self._stands(person, guest=False) else None
            except RolesUnknown as trouble:
                unknown = trouble
        if unknown:
            raise unknown
        return None

    def held(self, person: UserId, among: Iterable[str]) -> frozenset[str]:
        """Which of these roles the person holds. Raises RolesUnknown."""
        return frozenset(role for role in among if self.holds(person, role))

    def holders(self, role: str) -> frozenset[UserId]:
        """All who hold the role, for an early warning only. Raises RolesUnknown for a group that cannot be read.

        Slack is asked about some of them, for a moment, because an ack may wait for it; whoever could not be looked at
        is taken for somebody who counts. The check that decides is `holds`, each time that somebody acts.
        """
        named, grouped = self._everyone(role)
        self._ask_about(sorted(one for one in named | grouped if not self._profiles.known(one)))
        return frozenset(one for one in named | grouped if not self._is_out(one, guest=one in named))

    def known_holders(self, role: str) -> frozenset[UserId]:
        """All who are known to hold the role, to tell them something: a group that cannot be read is left out.

        So is whoever is known to count nowhere; Slack is not asked for that.
        """
        found: set[UserId] = set()
        with suppress(RolesUnknown):
            for one in self.listed(role):
                with suppress(RolesUnknown):
                    some = self._members(one) if is_group(one) else {one}
                    found |= {UserId(who) for who in some if not self._is_out(UserId(who), guest=not is_group(one))}
        return frozenset(found)

    def nameable(self, role: str, beside: Iterable[str] = (), but: Collection[str] = ()) -> tuple[str, ...]:
        """Whom of the role's list a sentence names, each once: whoever is known to count nowhere is left out.

        So are those in `but`, a group of nobody else, and whoever is in a group of this role or of those `beside` it.
        Slack is not asked for that: an ack may wait for the sentence.
        """
        groups = {one for name in (role, *beside) for one in self._told(name) if is_group(one)}
        left_out = {*but, *(person for group in groups for person in self._known_members(group) or ())}
        return tuple(
            one
            for one in dict.fromkeys(self._told(role))
            if (self._has_others(one, but) if is_group(one) else self._is_another(one, left_out))
        )

    def _is_another(self, person: str, left_out: Collection[str]) -> bool:
        return person not in left_out and not self._is_out(UserId(person), guest=True)

    def _has_others(self, group: str, left_out: Collection[str]) -> bool:
        members = self._known_members(group)
        return members is None or any(
            one not in left_out and not self._is_out(UserId(one), guest=False) for one in members
        )

    def _told(self, role: str) -> tuple[str, ...]:
        """As listed; nobody where that cannot be told."""
        try:
            return self.listed(role)
        except RolesUnknown:
            return ()

    def _known_members(self, group: str) -> frozenset[str] | None:
        """The group's members, where they are known without a question."""
        with self._lock:
            known = self._known.get(group)
        return known if isinstance(known, frozenset) else None

    def _everyone(self, role: str) -> tuple[frozenset[UserId], frozenset[UserId]]:
        """Who is named in the role's list, and who is in one of its groups. Raises RolesUnknown."""
        listed = self.listed(role)
        named = frozenset(UserId(one) for one in listed if not is_group(one))
        return named, frozenset(UserId(one) for group in filter(is_group, listed) for one in self._members(group))

    def _ask_about(self, people: Sequence[UserId]) -> None:
        """Looks at some of them side by side, as far as Slack tells of them in time."""
        with suppress(RuntimeError):  # the bot is stopping
            asked = [self._executor.submit(self._look_at, one) for one in people[:MOST_ASKED]]
            for late in wait(asked, PATIENCE).not_done:
                late.cancel()

    def _look_at(self, person: UserId) -> None:
        with suppress(RolesUnknown):
            self._stands(person, guest=True)

    def _is_out(self, person: UserId, *, guest: bool) -> bool:
        """Whether it is known already, without a question, that the person counts nowhere."""
        try:
            return self._profiles.known(person) and not self._stands(person, guest=guest)
        except RolesUnknown:
            return False

    def _stands(self, person: UserId, *, guest: bool) -> bool:
        """Whether Slack knows the person as one of the workspace's own who can act. Raises RolesUnknown."""
        try:
            return excluded(self._profiles.of(person), self._home(), guest=guest) is None
        except SlackApiError as error:
            code = str(error.response.get("error"))
            if code in NOBODY:
                return False
            raise RolesUnknown(
                Phrase("Slack answered “{error}” for {person}", error=answered(error), person=person)
            ) from error
        except (SlackClientError, OSError, KeyError, TypeError) as error:
            log.warning("who %s is could not be read: %s", person, type(error).__name__)
            raise RolesUnknown(Phrase("Slack did not tell who {person} is", person=person)) from error

    def _members(self, group: str) -> frozenset[str]:
        with self._lock:
            known = self._known.get(group)
        if known is None:
            known = self._look_up(group)
            with self._lock:
                self._known[group] = known
        if isinstance(known, RolesUnknown):
            raise known
        return known

    def _look_up(self, group: str) -> frozenset[str] | RolesUnknown:
        try:
            return self._ask(group)
        except RolesUnknown as unknown:
            return unknown

    def _ask(self, group: str) -> frozenset[str]:
        try:
            return self._groups.members(group)
        except SlackApiError as error:
            raise RolesUnknown(
                Phrase(
                    "Slack answered “{error}” for the user group {group}",
                    error=answered(error),
                    group=group,
                )
            ) from error
        except (SlackClientError, OSError, KeyError, TypeError) as error:
            log.warning("the user group %s could not be read: %s", group, type(error).__name__)
            raise RolesUnknown(Phrase("Slack did not answer for the user group {group}", group=group)) from error


def _known_until(_group: str, members: frozenset[str] | RolesUnknown, now: float) -> float:
    return now + (UNKNOWN_FOR if isinstance(members, RolesUnknown) else FRESH_FOR)


class Excluded(Enum):
    """What keeps somebody from holding a role, whatever list they stand in."""

    STRANGER = auto()
    """Of another workspace."""
    DEACTIVATED = auto()
    BOT = auto()
    GUEST = auto()
    """Named by a user group alone: a guest's own id has to be listed."""


def excluded(user: Mapping[str, Any], home: Workspace, *, guest: bool) -> Excluded | None:
    """What keeps somebody whom `users.info` tells of from holding a role; None where they can hold one.

    With `guest`, a guest can, as where their own id is listed.
    Raises KeyError where Slack does not tell.
    """
    if user.get("is_stranger"):
        return Excluded.STRANGER
    if user["deleted"]:
        return Excluded.DEACTIVATED
    if user["is_bot"]:
        return Excluded.BOT
    if not home.is_home_of(user):
        return Excluded.STRANGER
    if not guest and (user.get("is_restricted") or user.get("is_ultra_restricted")):
        return Excluded.GUEST
    return None
