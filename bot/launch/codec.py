"""Events as JSON values and back, by way of cattrs."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from bot.launch.campaign import Preview
from bot.launch.collision import Collision
from bot.launch.events import KINDS, Edited, Event, EvidenceFound, LaunchStarted, Reminded, Tightened, Voided
from bot.launch.outcome import Unknown
from bot.launch.phrase import Phrase, Value
from bot.launch.request import ActivationRequest, Json
from bot.launch.run import Trouble
from bot.launch.stop import StopGaveUp, StopRefused, StopUnknown

_LATER: Mapping[type, tuple[str, ...]] = {
    Preview: ("missing",),
    Collision: ("vouched_by",),
    LaunchStarted: ("size",),
    Edited: ("lost",),
    Tightened: ("mention",),
    Voided: ("lost", "mention"),
    Reminded: ("doubt",),
    EvidenceFound: ("mention",),
    Unknown: ("mention",),
    StopRefused: ("mention",),
    StopUnknown: ("mention",),
    StopGaveUp: ("mention",),
}
"""Fields that came later. They are written only where there is something in them: what was stored before there were any
is written alike, and so is its digest. What stands in another's fields comes before it."""

_TAGS = {event: tag for tag, event in KINDS.items()}


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
    return _CONVERTER.structure(_raised(dict(fields)), KINDS[kind])


def _raised(fields: dict[str, Json]) -> dict[str, Json]:
    """Fields as the first version wrote them, in today's shape."""
    if "approvals_required" in fields:
        fields["demands"] = {"approvals": fields.pop("approvals_required")}
    return fields


def encode_request(request: ActivationRequest) -> dict[str, Json]:
    fields: dict[str, Json] = _CONVERTER.unstructure(request)
    return fields


def encode_preview(preview: Preview) -> dict[str, Json]:
    fields: dict[str, Json] = _CONVERTER.unstructure(preview)
    return fields


def decode_preview(fields: Mapping[str, Json]) -> Preview:
    return _CONVERTER.structure(dict(fields), Preview)


def canonical(value: Json) -> str:
    """One spelling for equal JSON values: sorted keys, no spaces, UTF-8 kept as it is."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def instant(at: datetime) -> str:
    """A moment as text: UTC, microseconds always written, so that equal moments are equal texts and sort as texts."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _make_converter() -> Converter:
    converter = Converter()
    converter.register_unstructure_hook(datetime, instant)
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    for kind in (date, time):
        converter.register_unstructure_hook(kind, lambda value: value.isoformat())
        converter.register_structure_hook(kind, lambda text, wanted: wanted.fromisoformat(text))
    converter.register_unstructure_hook(timedelta, lambda span: span.total_seconds())
    converter.register_structure_hook(timedelta, lambda seconds, _: timedelta(seconds=seconds))
    converter.register_unstructure_hook(Phrase, _phrase_fields)
    converter.register_structure_hook(Phrase, lambda stored, _: _phrase(stored))
    # `content` is the caller's free-form JSON: it passes through untouched.
    as_it_is = override(unstruct_hook=lambda value: value, struct_hook=lambda value, _: value)
    converter.register_unstructure_hook(
        ActivationRequest, make_dict_unstructure_fn(ActivationRequest, converter, content=as_it_is)
    )
    converter.register_structure_hook(
        ActivationRequest, make_dict_structure_fn(ActivationRequest, converter, content=as_it_is)
    )
    for stored, later in _LATER.items():
        omitted: Any = {name: override(omit_if_default=True) for name in later}
        converter.register_unstructure_hook(stored, make_dict_unstructure_fn(stored, converter, **omitted))
    _read_texts_as_troubles(converter)
    return converter


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


def _phrase_fields(phrase: str) -> Json:
    """A phrase without values is its text: so were all of them stored before there were phrases."""
    return _parts(phrase) if isinstance(phrase, Phrase) and phrase.values else str(phrase)


def _parts(phrase: Phrase) -> Json:
    values = {name: _parts(value) if isinstance(value, Phrase) else value for name, value in phrase.values.items()}
    return {"text": phrase.template, "values": values}


def _phrase(stored: Any) -> Phrase:  # noqa: ANN401 -- whatever JSON holds
    if not isinstance(stored, dict):
        return Phrase(stored)
    template: str = stored["text"]
    values: dict[str, Value] = {
        name: _phrase(value) if isinstance(value, dict) else value for name, value in stored["values"].items()
    }
    return Phrase(template, **values)


_CONVERTER = _make_converter()
