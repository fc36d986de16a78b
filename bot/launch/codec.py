"""Events as JSON values and back, by way of cattrs."""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from cachetools import LRUCache, cached
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from bot.campaign.campaign import Preview
from bot.campaign.encoding import new_converter, written_when_set
from bot.campaign.request import Json
from bot.campaign.schedule import Schedule
from bot.launch import events
from bot.launch.events import Event
from bot.launch.outcome import Unknown
from bot.launch.run import ResultsReported, Trouble
from bot.launch.stop import StopAsked, StopGaveUp, StopRefused, StopUnknown
from bot.message.finding import Finding
from bot.message.report import Essentials
from bot.policy.collision import Collision
from bot.policy.demands import Demands
from bot.results.counts import Counts

_LATER: Mapping[type, tuple[str, ...]] = {
    Collision: ("vouched_by",),
    Counts: ("overtaken",),
    Demands: ("message", "checks", "tested", "canary"),
    Essentials: ("sender", "subject", "text", "link", "sms", "fetched_from", "unread"),
    Finding: ("message_id",),
    Schedule: ("by_profile",),
    events.Requested: ("report", "workflow", "belongs_to", "on_original"),
    events.Denied: ("times",),
    events.LaunchStarted: ("size",),
    events.Edited: ("lost", "answers"),
    events.Tightened: ("mention",),
    events.Voided: ("lost", "mention", "notes", "report"),
    events.Reminded: ("doubt", "rest"),
    events.EvidenceFound: ("mention", "by_hook"),
    Unknown: ("mention",),
    StopAsked: ("after_run", "after_test", "brake"),
    StopRefused: ("mention",),
    StopUnknown: ("mention",),
    events.HeldBack: ("distrusted", "mention"),
    StopGaveUp: ("mention", "distrusted"),
    ResultsReported: ("bounces", "first_day"),
}
"""Fields that came later."""

_REMEMBERED = 1_000
"""Demands, and previews, that are kept in memory."""

_TAGS = {event: tag for tag, event in events.KINDS.items()}


def kind_of(event: Event) -> str:
    return _TAGS[type(event)]


def tag_of(kind: type[Event]) -> str:
    """The audit tag under which events of that class are stored."""
    return _TAGS[kind]


def encode(event: Event) -> dict[str, Json]:
    """The event's fields as JSON values."""
    fields: dict[str, Json] = _CONVERTER.unstructure(event)
    return fields


def decode(kind: str, fields: Mapping[str, Json]) -> Event:
    """The event of that kind. Raises KeyError for a kind this version does not know."""
    return _CONVERTER.structure(_raised(dict(fields)), events.KINDS[kind])


def _raised(fields: dict[str, Json]) -> dict[str, Json]:
    """Fields as the first version wrote them, in today's shape."""
    if "approvals_required" in fields:
        fields["demands"] = {"approvals": fields.pop("approvals_required")}
    return fields


def _make_converter() -> Converter:
    converter = new_converter()
    written_when_set(converter, _LATER)
    _read_texts_as_troubles(converter)
    for kind in (Demands, Preview):
        _remember(converter, kind)
    return converter


def _remember(converter: Converter, kind: type) -> None:
    """What many launches have in common is made once: making it is most of what reading a request takes.

    A value's `repr` tells 1, 1.0 and true apart, which are equal.
    """
    structure: Callable[[Any, Any], Any] = make_dict_structure_fn(kind, converter)
    known: LRUCache[str, Any] = LRUCache(_REMEMBERED)
    made = cached(known, key=lambda value, _kind: repr(value), lock=Lock())(structure)
    converter.register_structure_hook(kind, made)


def _read_texts_as_troubles(converter: Converter) -> None:
    """Earlier versions wrote a trouble as its message alone. Such a text is written again as it was: digests stay."""
    structure = make_dict_structure_fn(Trouble, converter)
    unstructure = make_dict_unstructure_fn(Trouble, converter)

    def read(value: str | Mapping[str, Any], kind: type[Trouble]) -> Trouble:
        return Trouble(value) if isinstance(value, str) else structure(value, kind)

    def written(trouble: Trouble) -> Json:
        bare = Trouble(trouble.message) == trouble
        fields: Json = trouble.message if bare else unstructure(trouble)
        return fields

    converter.register_structure_hook(Trouble, read)
    converter.register_unstructure_hook(Trouble, written)


_CONVERTER = _make_converter()
