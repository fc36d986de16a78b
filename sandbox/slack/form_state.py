"""What stands in a form's fields: `state.values` as Slack sends it, and what its client refuses before it sends."""

import re
from collections.abc import Callable

from sandbox.slack.block_kit.defaults import elements_of
from sandbox.slack.records import Json

REQUIRED = "Please complete this required field."
_VALUE_KEYS = {
    "checkboxes": ("selected_options", "initial_options"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datepicker": ("selected_date", "initial_date"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "email_text_input": ("value", "initial_value"),
    "external_select": ("selected_option", "initial_option"),
    "file_input": ("files", ""),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "number_input": ("value", "initial_value"),
    "plain_text_input": ("value", "initial_value"),
    "radio_buttons": ("selected_option", "initial_option"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "timepicker": ("selected_time", "initial_time"),
    "url_text_input": ("value", "initial_value"),
    "users_select": ("selected_user", "initial_user"),
}


def values_of(blocks: list[Json], given: Json | None, file_of: Callable[[str], Json]) -> Json:
    """Return `state.values`: every field of the blocks, as `given` by the person or as it stood at first.

    Fields that `given` names and the blocks do not have are left out; files given by id become whole file objects.
    """
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element.get("type") not in _VALUE_KEYS:
                continue
            block_id, action_id = str(block["block_id"]), str(element["action_id"])
            typed = ((given or {}).get(block_id) or {}).get(action_id)
            values.setdefault(block_id, {})[action_id] = _value(element, typed, file_of)
    return values


def complaints(blocks: list[Json], values: Json) -> dict[str, str]:
    """Return what Slack's own client says to a person by block id, before the app hears of the submission."""
    found: dict[str, str] = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        key = _VALUE_KEYS[element["type"]][0]
        value = values[block["block_id"]][element["action_id"]][key]
        if value is None or value in ("", []):
            if not block.get("optional", False):
                found[block["block_id"]] = REQUIRED
        elif complaint := _complaint(element, value):
            found[block["block_id"]] = complaint
    return found


def _value(element: Json, typed: Json | None, file_of: Callable[[str], Json]) -> Json:
    kind = element["type"]
    key, initial = _VALUE_KEYS[kind]
    empty: object = [] if key.endswith("s") else None
    value = typed.get(key, empty) if isinstance(typed, dict) else element.get(initial, empty)
    if value == "":
        value = None
    if kind == "file_input":
        value = [file_of(item if isinstance(item, str) else item["id"]) for item in value or []]
    return {"type": kind, key: value}


def _complaint(element: Json, value: object) -> str | None:
    match element["type"]:
        case "plain_text_input":
            return _length_complaint(element, str(value))
        case "number_input":
            return _number_complaint(element, str(value))
        case "email_text_input" if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value)):
            return "Please enter a valid email address."
        case "url_text_input" if not re.fullmatch(r"https?://\S+", str(value)):
            return "Please enter a valid URL."
        case "file_input" if isinstance(value, list) and len(value) > element.get("max_files", 10):
            return f"Please choose no more than {element.get('max_files', 10)} files."
        case "file_input" if isinstance(value, list):
            return _filetype_complaint(element, value)
        case _:
            return None


def _length_complaint(element: Json, value: str) -> str | None:
    if len(value) > element.get("max_length", 3000):
        return f"Please enter no more than {element.get('max_length', 3000)} characters."
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    return None


def _number_complaint(element: Json, value: str) -> str | None:
    if not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return "Please enter a number."
    if "." in value and not element["is_decimal_allowed"]:
        return "Please enter a whole number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def _filetype_complaint(element: Json, files: list[Json]) -> str | None:
    allowed = element.get("filetypes")
    wrong = [item["name"] for item in files if allowed and item["filetype"] not in allowed]
    return f"{wrong[0]} is not one of the file types allowed here." if wrong else None
