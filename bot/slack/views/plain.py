"""Views as the JSON that Slack takes.

The SDK's own `to_dict` looks for validators on every part at every call, which takes longer than all the rest of
opening a modal. What they check is checked for every view by the tests.
"""

from collections.abc import Sized
from typing import Any

from slack_sdk.models import JsonObject


def plain(part: JsonObject) -> dict[str, Any]:
    """The part as `to_dict` gives it."""
    if type(part).to_dict is not JsonObject.to_dict:
        # A few small parts are written otherwise than by their attributes.
        own: dict[str, Any] = part.to_dict()
        return own
    values = ((key, getattr(part, key, None)) for key in sorted(part.attributes))
    return {key: _value(value) for key, value in values if value is not None and not _is_empty(value)}


def _value(value: object) -> object:
    if isinstance(value, JsonObject):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_value(one) for one in value]
    return value


def _is_empty(value: object) -> bool:
    return isinstance(value, Sized) and len(value) == 0
