"""The record as the Open Cybersecurity Schema Framework has it, for a SIEM: docs/siem.md says what becomes of what."""

from datetime import UTC, datetime
from enum import IntEnum
from functools import cache
from importlib.metadata import version

from bot.campaign.request import Json
from bot.launch.events import KINDS, Denied
from bot.launch.record import Recorded

SCHEMA = "1.8.0"

_PRODUCT = "campaign-bot"
_CATEGORY = 3
_CLASS = 3004
_OTHER_TYPE = 99

_LONGEST = 65_535
"""Characters of a text."""


class Activity(IntEnum):
    """`activity_id` of Entity Management."""

    CREATE = 1
    READ = 2
    UPDATE = 3
    DELETE = 4
    ACTIVATE = 10
    DEACTIVATE = 11
    OTHER = 99


class Status(IntEnum):
    UNKNOWN = 0
    SUCCESS = 1
    FAILURE = 2


class Severity(IntEnum):
    INFORMATIONAL = 1
    LOW = 2
    MEDIUM = 3


_ACTIVITIES = {
    **dict.fromkeys(("launch:request", "campaign:adopt"), Activity.CREATE),
    **dict.fromkeys(("audit:export", "launch:read"), Activity.READ),
    "record:prune": Activity.DELETE,
    **dict.fromkeys(
        (
            "launch:start",
            "launch:accept",
            "launch:refuse",
            "launch:not_sent",
            "launch:doubt",
            "launch:give_up",
            "run:start",
        ),
        Activity.ACTIVATE,
    ),
    **dict.fromkeys(
        (
            "launch:stop",
            "run:end",
            "run:halt",
            "run:complete",
            "stop:ask",
            "stop:start",
            "stop:done",
            "stop:refuse",
            "stop:not_sent",
            "stop:doubt",
            "stop:give_up",
            "stop:not_seen",
        ),
        Activity.DEACTIVATE,
    ),
}
"""By an event's tag, or by the action that was refused; whatever else this version knows is an update."""

_STATUSES = {
    **dict.fromkeys(
        (
            "launch:deny",
            "launch:hold_back",
            "launch:withhold",
            "launch:refuse",
            "launch:not_sent",
            "launch:give_up",
            "stop:refuse",
            "stop:not_sent",
            "stop:give_up",
            "canary:fail",
        ),
        Status.FAILURE,
    ),
    **dict.fromkeys(("launch:doubt", "stop:doubt", "stop:not_seen", "run:log_unread"), Status.UNKNOWN),
}

_SEVERITIES = {
    "launch:deny": Severity.LOW,
    **dict.fromkeys(
        ("launch:break_glass", "launch:hold_back", "launch:doubt", "stop:doubt", "record:rekey", "record:prune"),
        Severity.MEDIUM,
    ),
}


def ocsf(one: Recorded, message: str) -> dict[str, Json]:
    """The event; `message` tells it in words."""
    denied = one.entry.event if one.entry and isinstance(one.entry.event, Denied) else None
    activity = activity_of(denied.action.value if denied else one.kind)
    status = _STATUSES.get(one.kind, Status.SUCCESS if one.kind in KINDS else Status.UNKNOWN)
    event: dict[str, Json] = {
        "activity_id": activity.value,
        "activity_name": one.kind if activity is Activity.OTHER else activity.name.capitalize(),
        "category_uid": _CATEGORY,
        "class_uid": _CLASS,
        "type_uid": _CLASS * 100 + activity.value,
        "severity_id": _SEVERITIES.get(one.kind, Severity.INFORMATIONAL).value,
        "status_id": status.value,
        "time": _milliseconds(one.at),
        "message": message[:_LONGEST],
        "metadata": {
            "version": SCHEMA,
            "product": {"name": _PRODUCT, "vendor_name": _PRODUCT, "version": _version()},
            "log_name": "audit",
            "uid": f"{one.launch_id}:{one.seq}",
            "correlation_uid": one.launch_id,
            "event_code": one.kind,
            "sequence": one.seq,
            "original_time": one.at,
        },
        "actor": {"user": {"uid": one.actor}} if one.actor else {"app_name": _PRODUCT},
        "entity": _entity(one),
        "unmapped": {
            "campaign_id": one.launch.request.campaign_id if one.launch else None,
            "data": one.data(),
            "previous": one.previous,
            "digest": one.digest,
            "key_id": one.key_id,
        },
    }
    if denied:
        event["status_code"] = denied.reason
    return event


def activity_of(kind: str) -> Activity:
    """What is done, by an event's tag or by an action that was refused."""
    return _ACTIVITIES.get(kind, Activity.UPDATE if kind in KINDS else Activity.OTHER)


def _entity(one: Recorded) -> dict[str, Json]:
    of_record = one.kind.startswith("record:")
    what = "Record" if of_record else "Launch" if one.launch else "Attempt"
    entity: dict[str, Json] = {"uid": one.launch_id, "type_id": _OTHER_TYPE, "type": what}
    if one.launch:
        campaign = one.launch.preview.campaign
        entity["name"] = campaign.name if campaign else f"campaign {one.launch.request.campaign_id}"
    return entity


def _milliseconds(at: str) -> int:
    """Since the epoch; 0 for a moment of a damaged row."""
    return round(datetime.fromisoformat(at).astimezone(UTC).timestamp() * 1000) if at else 0


@cache
def _version() -> str:
    return version("campaign-bot")
