"""What the policy says of those who received a run's messages: into which segments they may go, and by whose word."""

from dataclasses import dataclass
from datetime import timedelta

from bot.phrase import Phrase
from bot.policy.permissions import NEEDED
from bot.policy.roles import Action

NOWHERE = Phrase("The policy names no segment for those who received a launch. An admin can add a table [received].")


@dataclass(frozen=True, kw_only=True)
class ReceivedRules:
    """Those who received a launch go into one of these static segments, which an admin has made in that database.

    Each is for one launch: it has to be empty.
    """

    segments: tuple[int, ...]
    database: int
    may_ask: tuple[str, ...] = NEEDED[Action.WHO_GOT_IT]
    """The roles of which a person needs one to ask."""
    settle: timedelta = timedelta(minutes=2)
    """For so long no event of the run must have come before the list is closed."""
    keep_for: timedelta = timedelta(days=7)
    """How long profile ids are kept: from a run's call, and again from when they are asked for."""
    at_most: int = 50_000
    """People that a segment is filled with: the platform takes one at a time."""
