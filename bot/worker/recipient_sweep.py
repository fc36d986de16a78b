"""Removes the profile ids that were kept as long as they may be."""

from collections.abc import Callable

from bot.journal.fillings import Fillings
from bot.policy.policy import Policy, PolicyUnreadable


class RecipientSweep:
    """`policy` raises PolicyUnreadable."""

    def __init__(self, fillings: Fillings, policy: Callable[[], Policy]) -> None:
        self._fillings = fillings
        self._policy = policy

    def sweep(self) -> bool:
        """Removes what is over the bound; all of it where the policy names no segment, so that nobody needs it. True.

        Where the policy cannot be read, that is put off.
        """
        try:
            rules = self._policy().received
        except PolicyUnreadable:
            return True
        self._fillings.sweep(rules.keep_for if rules else None)
        return True
