"""What a launch is held against: the policy, the roles and the other launches, as they are now."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

from bot.campaign.campaign import Preview
from bot.campaign.request import ActivationRequest, LaunchId, UserId
from bot.policy.checking import Checking
from bot.policy.collision import Collision
from bot.policy.conditions import Case
from bot.policy.fingerprint import message_fingerprint
from bot.policy.policy import Policy, PolicyUnreadable
from bot.policy.roles import Roles
from bot.results.brakes import Brakes


class FindCollisions(Protocol):
    """Finds the launches that collide with one."""

    def __call__(
        self, but: LaunchId, request: ActivationRequest, preview: Preview, window: timedelta
    ) -> tuple[Collision, ...]: ...


WasTested: TypeAlias = Callable[[int, str], bool]
"""Whether a test of that campaign has sent what has that fingerprint."""


class PolicyContext:
    """Asks for each as it is at that moment. `policy` raises PolicyUnreadable."""

    def __init__(
        self,
        policy: Callable[[], Policy],
        roles: Roles,
        find_collisions: FindCollisions,
        checking: Checking,
        was_tested: WasTested = lambda *_: False,
    ) -> None:
        self.policy = policy
        self.roles = roles
        self.messages = checking.messages
        self.read = checking.read
        self._checking = checking
        self._find_collisions = find_collisions
        self._was_tested = was_tested

    def zone(self) -> ZoneInfo | None:
        """The policy's time zone, in which quiet hours are; None where the policy cannot be read."""
        policy = self._readable()
        return policy.zone if policy else None

    def offers_tests(self) -> bool:
        """Whether the policy names where tests may go; no where it cannot be read."""
        policy = self._readable()
        return policy is not None and policy.test is not None

    def brakes(self) -> Brakes | None:
        """The policy's brakes; None where it has none, or cannot be read."""
        policy = self._readable()
        return policy.brakes if policy else None

    def names_receivers(self) -> bool:
        """Whether the policy names where those who received a launch may be put; no where it cannot be read."""
        policy = self._readable()
        return policy is not None and policy.received is not None

    def _readable(self) -> Policy | None:
        try:
            return self.policy()
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
        # A test reaches nobody that a launch would, so neither stands in the other's way. A canary's are its launch's.
        own = request.is_test or request.is_canary
        found = () if own else self._find_collisions(launch_id, request, preview, window)
        received = message_fingerprint(request, preview)
        tested = bool(received) and self._was_tested(request.campaign_id, received)
        return replace(alone, collisions=found, tested=tested)
