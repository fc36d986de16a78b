"""The roles that people hold, and the actions that roles allow."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

from bot.campaign.request import UserId
from bot.phrase import Phrase


class Role(StrEnum):
    REQUESTER = "requester"
    APPROVER = "approver"
    ADMIN = "admin"


class Action(StrEnum):
    """What a person can do; also the `action_id` of its button and the subject of its audit tag."""

    REQUEST = "launch:request"
    EDIT = "launch:edit"
    ASK_CHANGES = "launch:ask_changes"
    APPROVE = "launch:approve"
    BREAK_GLASS = "launch:break_glass"
    REJECT = "launch:reject"
    CANCEL = "launch:cancel"
    LOOK = "launch:look"
    VOUCH = "launch:vouch"
    STOP = "launch:stop"
    EXPORT = "audit:export"
    TEST = "launch:test"
    """Sending a test of it to reviewers."""
    RELEASE = "canary:release"
    """Releasing the rest of a launch after its canary."""
    STOP_HERE = "canary:stop"
    """Ending a launch after its canary."""
    WHO_GOT_IT = "launch:who_got_it"
    """Having those who received it put into a segment."""
    READ = "launch:read"
    """Looking at campaigns and launches. Any role lets a person do it, also one of the policy file's own."""


def is_group(one: str) -> bool:
    """Whether an id of a role's list is a user group's; else it is a person's."""
    return one.startswith("S")


class RolesUnknown(Exception):
    """Who holds which role could not be found out. `cause` is a clause for people."""

    def __init__(self, cause: Phrase) -> None:
        super().__init__(cause)
        self.cause = cause


class Roles(Protocol):
    """Who holds which role now. Each method raises RolesUnknown where that cannot be told."""

    def holds(self, person: UserId, role: str) -> bool:
        """Whether the person holds the role."""

    def held_by(self, person: UserId, role: str) -> str | None:
        """By which id in its list the person holds the role, their own or a user group's; None where they do not."""

    def held(self, person: UserId, among: Iterable[str]) -> frozenset[str]:
        """Which of these roles the person holds."""

    def holders(self, role: str) -> frozenset[UserId]:
        """All who hold the role."""
