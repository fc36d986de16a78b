"""Values at their longest, made from the types alone: what a view has to bear, whatever happens to be in it."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from types import MappingProxyType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from bot.campaign.request import (
    LARGEST_ID,
    LONGEST_CANARY_WAIT,
    LONGEST_REASON,
    ActivationRequest,
    Canary,
    LaunchId,
    Source,
    SourceKind,
    UserId,
)
from bot.launch.events import ChannelId
from bot.phrase import Phrase

MANY = 40
"""Of whatever there can be several of; more than any list of a view names."""

LONG = "<&>*_~`" * 500
"""Longer than any text of Slack's may be, of characters that each get longer once they are escaped."""

MOMENT = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)

_SOURCE = Source(SourceKind.SEGMENT, LARGEST_ID)

_CANARY = Canary(LARGEST_ID - 1, LONGEST_CANARY_WAIT, auto=True)

REQUEST = ActivationRequest(
    campaign_id=LARGEST_ID,
    run_now=True,
    source=_SOURCE,
    limit=LARGEST_ID,
    at=MOMENT,
    content={f"{number}{LONG}": LONG for number in range(MANY)},
    reason=LONG[:LONGEST_REASON],
    canary=_CANARY,
)

LONGEST_ZONE = ZoneInfo("America/Argentina/ComodRivadavia")
"""No other zone's name is longer."""

_GIVEN: Mapping[Any, object] = MappingProxyType(
    {
        str: LONG,
        Phrase: Phrase.as_it_is(LONG),
        bool: True,
        int: LARGEST_ID,
        float: 1e18,
        datetime: MOMENT,
        date: MOMENT.date(),
        time: MOMENT.time(),
        timedelta: timedelta(days=400, seconds=1),
        ZoneInfo: LONGEST_ZONE,
        UserId: "U" + "0" * 20,
        ChannelId: "C" + "0" * 20,
        LaunchId: "0" * 36,
        Source: _SOURCE,
        Canary: _CANARY,
        ActivationRequest: REQUEST,
    }
)


def filled(kind: Any) -> Any:  # noqa: ANN401 -- a type, and a value of it
    """A value of that type: texts as long as LONG, MANY of what may be many, and nothing left out."""
    if kind in _GIVEN:
        return _GIVEN[kind]
    if isinstance(kind, NewType):
        return filled(kind.__supertype__)
    if get_origin(kind) in {Union, UnionType}:
        return filled(next(one for one in get_args(kind) if one is not type(None)))
    if get_origin(kind) is tuple:
        of = get_args(kind)
        return (filled(of[0]),) * MANY if of[-1] is Ellipsis else tuple(map(filled, of))
    if get_origin(kind) is frozenset:
        return frozenset({filled(get_args(kind)[0])})
    if get_origin(kind) is Mapping:
        keys, values = get_args(kind)
        every = list(keys) if isinstance(keys, type) and issubclass(keys, Enum) else [filled(keys)]
        return {key: filled(values) for key in every}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)[-1]
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{one.name: filled(hints[one.name]) for one in fields(kind) if one.init})  # type: ignore[operator]
    raise TypeError(f"nothing is known to fill {kind} with")
