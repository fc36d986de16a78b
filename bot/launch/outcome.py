"""What became of one activation call, in the words of the outcome table."""

from dataclasses import dataclass
from typing import TypeAlias

from bot.phrase import Phrase


@dataclass(frozen=True)
class Accepted:
    """The platform answered `error: 0`. With `duplicate`, an earlier try of the same request had been taken."""

    duplicate: bool = False


@dataclass(frozen=True)
class RefusedByPlatform:
    """The platform answered with an error: nothing runs, and the request id is used up."""

    code: int
    text: str


@dataclass(frozen=True)
class NotSent:
    """The request never left: trying again is safe. `cause` is a clause for people."""

    cause: Phrase


@dataclass(frozen=True)
class Unknown:
    """The request may have been taken. `cause` is a clause for people: never send it again blindly.

    `mention` is who is pinged to settle it, once it is on record: user ids and user-group ids.
    """

    cause: Phrase
    mention: tuple[str, ...] = ()


Outcome: TypeAlias = Accepted | RefusedByPlatform | NotSent | Unknown
