"""Views as the JSON that Slack takes.

The SDK's own `to_dict` looks for validators on every part at every call, which takes longer than all the rest of
opening a modal. What they check is checked for every view by the tests.
"""

from functools import cache
from typing import Any

from slack_sdk.models import JsonObject
from slack_sdk.models.blocks import Option


def plain(part: JsonObject) -> dict[str, Any]:
    """The part as `to_dict` gives it."""
    if isinstance(part, Option):
        return _option(part)
    kind = type(part)
    if kind.to_dict is not JsonObject.to_dict:
        # A few small parts are written otherwise than by their attributes.
        own: dict[str, Any] = part.to_dict()
        return own
    written = {}
    for name in _names(kind):
        value = getattr(part, name, None)
        if value is not None and not (isinstance(value, str | list | tuple | dict) and not value):
            written[name] = _value(value)
    return written


def _value(value: object) -> object:
    if isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple):
        return [_value(one) for one in value]
    return plain(value) if isinstance(value, JsonObject) else value


def _option(option: Option) -> dict[str, Any]:
    """An option as `bot.slack.views.blocks.option` makes it; a form has more of them than of anything else."""
    written: dict[str, Any] = {
        "text": {"type": "plain_text", "text": option.text, "emoji": False},
        "value": option.value,
    }
    if option.description:
        written["description"] = {"type": "plain_text", "text": option.description}
    return written


@cache
def _names(kind: type[JsonObject]) -> tuple[str, ...]:
    """The names of what a part of that kind is written with: putting them together takes longer than writing it."""
    names: Any = kind.attributes
    if isinstance(names, property) and names.fget:
        # It looks at nothing but the class, and can be asked without a whole part.
        names = names.fget(object.__new__(kind))
    return tuple(sorted(names))
