"""Views as the JSON that Slack takes.

The SDK's own `to_dict` looks for validators on every part at every call, which takes longer than all the rest of
opening a modal. What they check is checked for every view by the tests.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from slack_sdk.models import JsonObject
from slack_sdk.models.blocks import ConfirmObject, Option, OptionGroup

_LISTS = (list, tuple)
_LEFT_OUT_WHEN_EMPTY = (str, dict, *_LISTS)


def plain(part: JsonObject) -> dict[str, Any]:
    """The part as `to_dict` gives it."""
    kind = type(part)
    if kind in _WRITTEN_BY:
        return _WRITTEN_BY[kind](part)
    if kind.to_dict is not JsonObject.to_dict:
        # A few small parts are written otherwise than by their attributes.
        own: dict[str, Any] = part.to_dict()
        return own
    written = {}
    for name in _names(kind):
        value = getattr(part, name, None)
        if value is not None and (value or not isinstance(value, _LEFT_OUT_WHEN_EMPTY)):
            written[name] = _value(value)
    return written


def _value(value: object) -> object:
    # The most frequent first: whether something is a JsonObject takes an abstract class's search.
    if isinstance(value, str):
        return value
    if isinstance(value, _LISTS):
        return [_value(one) for one in value]
    return plain(value) if isinstance(value, JsonObject) else value


def _group(group: OptionGroup) -> dict[str, Any]:
    return {"label": _text(group.label), "options": [_option(one) for one in group.options or ()]}


def _option(option: Option) -> dict[str, Any]:
    """An option as `bot.slack.views.blocks.option` makes it; of nothing are there more in a form or a select."""
    written = {"text": {**_text(option.text), "emoji": False}, "value": option.value}
    return {**written, "description": _text(option.description)} if option.description else written


def _confirm(dialog: ConfirmObject) -> dict[str, Any]:
    """A dialog as `bot.slack.views.buttons` makes it: its text alone has markup."""
    written = {
        "title": _text(dialog.title),
        "text": {"type": "mrkdwn", "text": dialog.text},
        "confirm": _text(dialog.confirm),
        "deny": _text(dialog.deny),
    }
    return {**written, "style": dialog.style} if dialog.style else written


def _text(words: str | None) -> dict[str, object]:
    return {"type": "plain_text", "text": words}


_WRITTEN_BY: Mapping[type[JsonObject], Callable[[Any], dict[str, Any]]] = {
    Option: _option,
    OptionGroup: _group,
    ConfirmObject: _confirm,
}


@cache
def _names(kind: type[JsonObject]) -> tuple[str, ...]:
    """The names of what a part of that kind is written with: putting them together takes longer than writing it."""
    names: Any = kind.attributes
    if isinstance(names, property) and names.fget:
        # It looks at nothing but the class, and can be asked without a whole part.
        names = names.fget(object.__new__(kind))
    return tuple(sorted(names))
