"""Whom a run was sent to, as the platform's hooks name them: read, put together, and written down. Pure."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from bot.results.hooks import HookEvent

LONGEST_ID = 128
"""Characters of a profile's id. Its form is not documented; what is longer is none that anybody could look at."""


class Recipient(NamedTuple):
    """A profile, in the database that its event names; None where it names none."""

    profile: str
    database: int | None


@dataclass(frozen=True)
class Chosen:
    """Those who go into a segment of one database: each once, in an order that the same people always have."""

    profiles: tuple[str, ...]
    elsewhere: int
    """How many others are of another database, and cannot be in the segment."""


def recipient_of(event: HookEvent) -> Recipient | None:
    """The profile that the event names; None where it names none, or none that can be read."""
    profile, database = _read(event.wire.profile_id), _read(event.wire.list_id)
    if isinstance(profile, bool) or not isinstance(profile, str | int):
        return None
    written = str(profile).strip()
    if not 0 < len(written) <= LONGEST_ID or not written.isprintable():
        return None
    return Recipient(written, _number(database))


def chosen(recipients: Iterable[Recipient], database: int) -> Chosen:
    """Whoever is of that database, and whoever's event names none."""
    every = frozenset(recipients)
    here = {one.profile for one in every if one.database in {None, database}}
    elsewhere = {(one.profile, one.database) for one in every if one.database not in {None, database}}
    return Chosen(tuple(sorted(here)), len(elsewhere))


def packed(recipients: Iterable[Recipient]) -> bytes:
    return json.dumps([[one.profile, one.database] for one in recipients], separators=(",", ":")).encode()


def unpacked(content: bytes) -> list[Recipient]:
    return [Recipient(profile, database) for profile, database in json.loads(content)]


def packed_profiles(profiles: Sequence[str]) -> bytes:
    return json.dumps(list(profiles), separators=(",", ":")).encode()


def unpacked_profiles(content: bytes) -> tuple[str, ...]:
    return tuple(json.loads(content))


def _number(value: object) -> int | None:
    """The platform's samples write numbers as texts here and there."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _read(raw: msgspec.Raw) -> object:
    try:
        return msgspec.json.decode(raw) if bytes(raw) else None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
