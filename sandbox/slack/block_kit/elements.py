"""Block Kit's elements: which fields each has, on which surface it may stand, and in which block."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.slack.block_kit.objects import (
    Check,
    Checker,
    anything,
    boolean,
    confirm,
    conversation_filter,
    dispatch_config,
    integer,
    one_of,
    option,
    option_groups,
    options,
    plain,
    string,
    strings,
)
from sandbox.slack.records import Json

EVERYWHERE = frozenset({"message", "modal", "home"})
MODAL = frozenset({"modal"})
_CHOICES = frozenset({"actions", "input", "section"})
_FIELDS_OF_ALL: dict[str, Check] = {"type": anything, "action_id": string(255, 1)}
_FOCUS: dict[str, Check] = {"focus_on_load": boolean, "placeholder": plain(150)}
_PICK: dict[str, Check] = {**_FOCUS, "confirm": confirm}
_TYPED: dict[str, Check] = {**_FOCUS, "dispatch_action_config": dispatch_config}
_IDS = strings(100, string(255, 1))


@dataclass(frozen=True)
class Element:
    """One element's rules; `more` checks what no single field shows."""

    parents: frozenset[str]
    required: dict[str, Check] = field(default_factory=dict)
    optional: dict[str, Check] = field(default_factory=dict)
    surfaces: frozenset[str] = EVERYWHERE
    more: Callable[[Checker, Json, str], None] | None = None


def check_element(checker: Checker, value: object, at: str, parent: str) -> None:
    """Check an element that stands in a block of type `parent`."""
    kind = value.get("type") if isinstance(value, dict) else None
    rule = ELEMENTS.get(str(kind))
    if not isinstance(value, dict) or kind is None:
        checker.shape(value, at, {"type": anything}, {})
    elif rule is None or parent not in rule.parents or checker.surface not in rule.surfaces:
        checker.add(f"unsupported type: {kind}", f"{at}/type")
    else:
        base = {"type": anything} if kind == "image" else _FIELDS_OF_ALL
        checker.shape(value, at, rule.required, {**base, **rule.optional})
        if rule.more:
            rule.more(checker, value, at)


def same_option(one: object, other: object) -> bool:
    """Whether two options are the same to Slack: value and text, whatever defaults were filled in."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    texts = [_words(item) for item in (one, other)]
    return one.get("value") == other.get("value") and texts[0] == texts[1]


def _words(option_object: Json) -> object:
    text = option_object.get("text")
    return text.get("text") if isinstance(text, dict) else None


def _initial_among_options(checker: Checker, value: Json, at: str) -> None:
    groups = [group for group in _listed(value, "option_groups") if isinstance(group, dict)]
    offered = [*_listed(value, "options"), *(one for group in groups for one in _listed(group, "options"))]
    chosen = {f"initial_options/{index}": item for index, item in enumerate(_listed(value, "initial_options"))}
    if value.get("initial_option") is not None:
        chosen["initial_option"] = value["initial_option"]
    for place, item in chosen.items():
        if not any(same_option(item, one) for one in offered):
            checker.add("initial option must match an option", f"{at}/{place}")


def _listed(value: Json, name: str) -> list[object]:
    found = value.get(name)
    return found if isinstance(found, list) else []


def _one_list_of_options(checker: Checker, value: Json, at: str) -> None:
    if ("options" in value) == ("option_groups" in value):
        checker.add("must provide exactly one of: options, option_groups", at)
    _initial_among_options(checker, value, at)


def _lengths_fit(checker: Checker, value: Json, at: str) -> None:
    least, most, initial = value.get("min_length", 0), value.get("max_length", 3000), value.get("initial_value")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        checker.add("min_length must not be greater than max_length", at)
    if isinstance(initial, str) and isinstance(most, int) and len(initial) > most:
        checker.add(f"must be less than {most + 1} characters", f"{at}/initial_value")


def _image_has_source(checker: Checker, value: Json, at: str) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        checker.add("must provide exactly one of: image_url, slack_file", at)


def _pattern(pattern: str, meaning: str) -> Check:
    def check(checker: Checker, value: object, at: str) -> None:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            checker.add(f"must be {meaning}", at)

    return check


_NUMBER = _pattern(r"-?\d+(\.\d+)?", "a number")
_IMAGE: dict[str, Check] = {"image_url": string(3000, 1), "slack_file": anything}
_LISTED: dict[str, Check] = {"options": options(100), "option_groups": option_groups}
_SELECT = frozenset({"actions", "input", "section"})
_MULTI = frozenset({"input", "section"})
_RESPONSE_URL: dict[str, Check] = {"response_url_enabled": boolean}
_CONVERSATIONS: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": conversation_filter}
_MOST: dict[str, Check] = {"max_selected_items": integer(1, 100)}


def _single(optional: dict[str, Check], more: Callable[[Checker, Json, str], None] | None = None) -> Element:
    return Element(_SELECT, {}, {**_PICK, **optional}, more=more)


def _many(optional: dict[str, Check], more: Callable[[Checker, Json, str], None] | None = None) -> Element:
    return Element(_MULTI, {}, {**_PICK, **_MOST, **optional}, more=more)


def _marks(name: str, initial: Check) -> Element:
    more = {"confirm": confirm, "focus_on_load": boolean, name: initial}
    return Element(_CHOICES, {"options": options(10, markdown=True)}, more, more=_initial_among_options)


ELEMENTS: dict[str, Element] = {
    "button": Element(
        frozenset({"actions", "section"}),
        {"text": plain(75)},
        {
            "url": string(3000),
            "value": string(2000),
            "style": one_of("primary", "danger"),
            "confirm": confirm,
            "accessibility_label": string(75),
        },
    ),
    "checkboxes": _marks("initial_options", options(10, markdown=True)),
    "radio_buttons": _marks("initial_option", option(markdown=True)),
    "datepicker": _single({"initial_date": _pattern(r"\d{4}-\d\d-\d\d", "a date as YYYY-MM-DD")}),
    "timepicker": _single({"initial_time": _pattern(r"\d\d:\d\d", "a time as HH:mm"), "timezone": string(100)}),
    "datetimepicker": Element(
        frozenset({"actions", "input"}),
        {},
        {"initial_date_time": integer(10**9, 10**10 - 1), "confirm": confirm, "focus_on_load": boolean},
        frozenset({"message", "modal"}),
    ),
    "email_text_input": Element(frozenset({"input"}), {}, {**_TYPED, "initial_value": string(3000)}, MODAL),
    "url_text_input": Element(frozenset({"input"}), {}, {**_TYPED, "initial_value": string(3000)}, MODAL),
    "number_input": Element(
        frozenset({"input"}),
        {"is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
        MODAL,
    ),
    "file_input": Element(
        frozenset({"input"}), {}, {"filetypes": strings(100, string(50, 1)), "max_files": integer(1, 10)}, MODAL
    ),
    "image": Element(frozenset({"section", "context"}), {"alt_text": string(2000, 1)}, _IMAGE, more=_image_has_source),
    "overflow": Element(frozenset({"actions", "section"}), {"options": options(5, url=True)}, {"confirm": confirm}),
    "plain_text_input": Element(
        frozenset({"input"}),
        {},
        {
            **_TYPED,
            "initial_value": string(3000),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
        more=_lengths_fit,
    ),
    "rich_text_input": Element(frozenset({"input"}), {}, {**_TYPED, "initial_value": anything}),
    "static_select": _single({**_LISTED, "initial_option": option()}, _one_list_of_options),
    "external_select": _single({"initial_option": option(), "min_query_length": integer(0, 100)}),
    "users_select": _single({"initial_user": string(255, 1)}),
    "channels_select": _single({"initial_channel": string(255, 1), **_RESPONSE_URL}),
    "conversations_select": _single({"initial_conversation": string(255, 1), **_RESPONSE_URL, **_CONVERSATIONS}),
    "multi_static_select": _many({**_LISTED, "initial_options": options(100)}, _one_list_of_options),
    "multi_external_select": _many({"initial_options": options(100), "min_query_length": integer(0, 100)}),
    "multi_users_select": _many({"initial_users": _IDS}),
    "multi_channels_select": _many({"initial_channels": _IDS}),
    "multi_conversations_select": _many({"initial_conversations": _IDS, **_CONVERSATIONS}),
}
