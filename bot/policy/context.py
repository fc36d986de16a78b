"""What a launch is held against: the policy, the roles and the other launches, as they are now."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.campaign.campaign import Preview
from bot.campaign.request import ActivationRequest, LaunchId, UserId
from bot.policy.checking import Checking
from bot.policy.collision import Collision
from bot.policy.policy import Case, Policy, PolicyUnreadable
from bot.policy.roles import Roles


class FindCollisions(Protocol):
    """Finds the launches that collide with one."""

    def __call__(
        self, but: LaunchId, request: ActivationRequest, preview: Preview, window: timedelta
    ) -> tuple[Collision, ...]: ...


class PolicyContext:
    """Asks for each as it is at that moment. `policy` raises PolicyUnreadable."""

    def __init__(
        self, policy: Callable[[], Policy], roles: Roles, find_collisions: FindCollisions, checking: Checking
    ) -> None:
        self.policy = policy
        self.roles = roles
        self.messages = checking.messages
        self.read = checking.read
        self._checking = checking
        self._find_collisions = find_collisions

    def zone(self) -> ZoneInfo | None:
        """The policy's time zone, in which quiet hours are; None where the policy cannot be read."""
        try:
            return self.policy().zone
        except PolicyUnreadable:
            return None

    def held(self, preview: Preview) -> Preview:
        """The preview as an event may refer to it now: its messages stay kept, or are said to be kept no more."""
        return replace(preview, messages=tuple(map(self.messages.hold, preview.messages)))

    def case(
        self,
        policy: Policy,
        launch_id: LaunchId,
        person: UserId,
        request: ActivationRequest,
        preview: Preview,
        channel: str,
    ) -> Case:
        """The launch as the policy's rules see it; `person` is its requester. Raises RolesUnknown."""
        alone = Case(
            request=request,
            preview=preview,
            channel=channel,
            requester_roles=self.roles.held(person, policy.roles_of_requesters),
            report=self._checking.report(launch_id, request, preview, policy.message_checks),
        )
        window = policy.ruling(alone).demands.collision_window
        return replace(alone, collisions=self._find_collisions(launch_id, request, preview, window))
