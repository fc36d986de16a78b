"""Events as JSON values, by way of cattrs, and back, by way of msgspec."""

from collections.abc import Mapping

from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn
from msgspec import MsgspecError

from bot.campaign.encoding import SPELLED, as_spelled, new_converter, parsed, read, reader, written_when_set
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

_APPROVALS = "approvals_required"
"""Under this stood what a launch demands, when it was nothing else."""

ESCAPED = "\\u00"
"""How a letter of a field's name could be written, so that a search for the name does not find it."""


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
    """The event of that kind. Raises KeyError for a kind this version does not know, ValueError for other fields."""
    return read(_raised(fields), events.KINDS[kind])


def decode_text(kind: str, text: str) -> Event:
    """The event whose fields are that JSON text. Raises as `decode`."""
    if not (_APPROVALS in text or SPELLED in text or ESCAPED in text):
        try:
            return _READERS[kind](text)
        except (MsgspecError, UnicodeError):
            pass  # an earlier shape, or a text of which only Python's own reader makes something
    found = parsed(text)
    if not isinstance(found, dict):
        raise ValueError(f"no event's fields: {text!r:.80}")  # noqa: TRY004 -- as for other fields than the event's
    return decode(kind, found)


def _raised(fields: Mapping[str, Json]) -> dict[str, Json]:
    """Fields as earlier versions wrote them, in today's shape."""
    raised = dict(fields)
    if _APPROVALS in raised:
        raised["demands"] = {"approvals": raised.pop(_APPROVALS)}
    if "request" in raised:
        raised["request"] = as_spelled(raised["request"])
    if isinstance(asked := raised.get("asked"), dict):
        raised["asked"] = _raised(asked)
    if isinstance(troubles := raised.get("troubles"), list):
        raised["troubles"] = [{"message": one} if isinstance(one, str) else one for one in troubles]
    return raised


def _make_converter() -> Converter:
    converter = new_converter()
    written_when_set(converter, _LATER)
    _write_bare_troubles_as_texts(converter)
    return converter


def _write_bare_troubles_as_texts(converter: Converter) -> None:
    """Earlier versions wrote a trouble as its message alone. Such a text is written again as it was: digests stay."""
    unstructure = make_dict_unstructure_fn(Trouble, converter)

    def written(trouble: Trouble) -> Json:
        bare = Trouble(trouble.message) == trouble
        fields: Json = trouble.message if bare else unstructure(trouble)
        return fields

    converter.register_unstructure_hook(Trouble, written)


_CONVERTER = _make_converter()
_READERS = {tag: reader(event) for tag, event in events.KINDS.items()}
