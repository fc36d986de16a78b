"""Reads a batch of the platform's action hooks: what is counted of each event, and nothing of the person behind it."""

from datetime import datetime
from functools import lru_cache
from typing import Annotated, NamedTuple, TypeAlias

import msgspec

from bot.campaign.request import LARGEST_ID
from bot.results.counts import Kind, kind_of

_ABSENT = msgspec.Raw()
_SEPARATOR = b"\x1f"
"""Stands in no JSON text unescaped, so that parts joined by it cannot be mistaken for others."""

MOST_SHARED = 1000
"""Of campaigns with events, for which that is kept which all identities of theirs have in common."""

_Id: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=LARGEST_ID)]


class _Details(msgspec.Struct, gc=False):
    """`event_data`. What only tells an event from others stays as it came, whatever its type."""

    campaign_id: _Id | None = None
    launch_id: msgspec.Raw = _ABSENT
    message_id: msgspec.Raw = _ABSENT
    send_message_id: msgspec.Raw = _ABSENT
    extra_uid: msgspec.Raw = _ABSENT
    link_url: msgspec.Raw = _ABSENT


class _Wire(msgspec.Struct, gc=False):
    """An event as it comes. Whatever is not named here is passed over unread: it can hold addresses and numbers."""

    event_type: str
    event_date: str
    account_id: _Id
    event_data: _Details | None = None
    is_test: bool = False
    list_id: msgspec.Raw = _ABSENT
    profile_id: msgspec.Raw = _ABSENT
    xxh: msgspec.Raw = msgspec.field(name="_xxh", default=_ABSENT)
    md5: msgspec.Raw = msgspec.field(name="_md5", default=_ABSENT)


_NO_DETAILS = _Details()
_EVENT = msgspec.json.Decoder(_Wire)
_BATCH = msgspec.json.Decoder(list[_Wire])
_PIECES = msgspec.json.Decoder(list[msgspec.Raw])


class NoBatch(ValueError):
    """A body that is no JSON array, or breaks off."""


class HookEvent(msgspec.Struct, frozen=True, gc=False):
    """One event: when it happened and of which campaign, None where of none, such as an import."""

    at: datetime
    campaign_id: int | None
    wire: _Wire

    @property
    def kind(self) -> Kind:
        return kind_of(self.wire.event_type)

    @property
    def is_test(self) -> bool:
        return self.wire.is_test

    @property
    def account_id(self) -> int:
        return self.wire.account_id

    @property
    def written_launch_id(self) -> bytes:
        """The same as it came, in JSON."""
        details = self.wire.event_data
        return bytes(details.launch_id) if details else b""

    @property
    def platform_launch_id(self) -> str:
        """The platform's own id of the run; "" where the event has none."""
        raw = self.written_launch_id
        return raw[1:-1].decode(errors="replace") if raw.startswith(b'"') else ""

    @property
    def identity(self) -> bytes:
        """The same for an event and its repeats, another for any other event. It holds the recipient's ids.

        How often sending was tried is no part of it: the platform's guide does not say what was tried.
        """
        wire = self.wire
        details = wire.event_data or _NO_DETAILS
        shared = _shared_part(wire.account_id, self.campaign_id, wire.is_test)
        return _SEPARATOR.join(
            (
                f"{wire.event_type}\x1f{wire.event_date}\x1f{shared}".encode(),
                wire.list_id,
                wire.profile_id,
                wire.xxh,
                wire.md5,
                details.message_id,
                details.send_message_id,
                details.extra_uid,
                details.link_url,
            )
        )


@lru_cache(MOST_SHARED)
def _shared_part(account_id: int, campaign_id: int | None, is_test: bool) -> str:
    """What the identities of a campaign's events have in common: writing numbers takes longer than all else of them."""
    return f"{account_id}\x1f{campaign_id}\x1f{is_test}"


class Batch(NamedTuple):
    events: tuple[HookEvent, ...]
    unreadable: int
    """How many elements of the array are no event that can be read; the others count all the same."""


def read_batch(body: bytes) -> Batch:
    """The events in the body of one request. Raises NoBatch."""
    try:
        return _readable(_BATCH.decode(body))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        # Some of it is wrong, so each is read by itself.
        return _piece_by_piece(body)


def _piece_by_piece(body: bytes) -> Batch:
    try:
        pieces = _PIECES.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise NoBatch from error
    events: list[HookEvent] = []
    for piece in pieces:
        try:
            events += _readable([_EVENT.decode(piece)]).events
        except (msgspec.MsgspecError, ValueError, RecursionError):
            continue
    return Batch(tuple(events), len(pieces) - len(events))


def _readable(wires: list[_Wire]) -> Batch:
    """Raises ValueError where a date is none, or has no zone."""
    moments = [datetime.fromisoformat(wire.event_date) for wire in wires]
    if any(at.tzinfo is None for at in moments):
        raise ValueError("a moment without a zone is none")
    campaigns = [(wire.event_data or _NO_DETAILS).campaign_id for wire in wires]
    return Batch(tuple(map(HookEvent, moments, campaigns, wires)), 0)
