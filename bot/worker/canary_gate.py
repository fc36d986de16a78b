"""The last look before a canary's calls: does it still rest on its launch, and may it go to so many?"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.campaign.campaign import Preview
from bot.journal.journal import Journal
from bot.launch.canarying import rests_on
from bot.launch.events import HeldBack, Postponed
from bot.launch.outcome import NotSent
from bot.launch.state import Launch
from bot.phrase import Phrase
from bot.policy.canary import too_many
from bot.policy.context import PolicyContext
from bot.policy.fingerprint import changes, is_read
from bot.worker.copy_check import CopyCheck

GONE = Phrase("The launch that this canary belongs to is no longer approved as it was when the canary was begun.")
DOUBTED = Phrase("The record of the launch that this canary belongs to is not what the bot has written.")
CHANGED = Phrase("The launch that this canary belongs to would not go out now, or not as it was approved.")
UNREAD = Phrase("Right before the canary, the campaign, its message or the segment's size could not be read.")
OTHER_SEGMENT = Phrase("The canary's segment has changed since the canary was begun.")


@dataclass(frozen=True, eq=False)
class CanaryGate:
    """`of_launch` is what else would keep the launch that a canary belongs to, were it to be sent now."""

    _journal: Journal
    _context: PolicyContext
    _copies: CopyCheck
    _of_launch: Callable[[Launch, Preview], object | None]

    def check(self, canary: Launch, seen: Preview) -> HeldBack | Postponed | NotSent | None:
        """Why the canary does not go out now; None where it does. Raises PolicyUnreadable and RolesUnknown."""
        launch = self._journal.load(canary.belongs_to) if canary.belongs_to else None
        if launch is None or not rests_on(canary, launch):
            return HeldBack((GONE,))
        if self._journal.doubts(launch):
            return HeldBack((DOUBTED,))
        if seen.missing or not is_read(seen):
            return HeldBack((UNREAD,))
        rules = self._context.policy().canary
        grown = too_many(seen.audience, launch.preview.audience, rules.at_most)
        if grown:
            return HeldBack((grown,))
        # Campaign and message as they are now; whom the launch itself goes to is read again before the rest.
        veto = self._of_launch(launch, replace(seen, audience=launch.preview.audience))
        if isinstance(veto, NotSent | Postponed) and canary.copy is None:
            return veto
        if veto:
            # With a copy it must not wait: nobody knows whether that is switched on.
            return HeldBack((CHANGED,))
        if changes(canary.preview, seen, canary.demands.tolerance, switches_count=False):
            return HeldBack((OTHER_SEGMENT,))
        if not canary.is_on_copy:
            return None
        unsafe = self._copies.obstacle(canary, seen.campaign, rules)
        return HeldBack((unsafe,)) if unsafe else None
