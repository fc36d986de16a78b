"""What Slack adds to blocks when it takes them: ids where the app gave none, and the defaults of text objects."""

import copy

from sandbox.slack.records import Ids, Json

_ACTIONABLE = frozenset(
    {
        "button",
        "checkboxes",
        "datepicker",
        "datetimepicker",
        "email_text_input",
        "file_input",
        "number_input",
        "overflow",
        "plain_text_input",
        "radio_buttons",
        "rich_text_input",
        "timepicker",
        "url_text_input",
    }
)


def filled(blocks: list[Json], ids: Ids) -> list[Json]:
    """Return a copy of valid `blocks` as Slack stores it and gives it back."""
    taken = copy.deepcopy(blocks)
    for block in taken:
        block.setdefault("block_id", ids.short())
        _fill(block, ids)
    return taken


def filled_view(content: Json, ids: Ids) -> Json:
    """Return a copy of a valid view as Slack stores it."""
    taken = {**copy.deepcopy(content), "blocks": filled(content["blocks"], ids)}
    for name in ("title", "submit", "close"):
        _fill(taken.get(name), ids)
    return taken


def elements_of(block: Json) -> list[Json]:
    """Return the elements a person can use: those of an actions block, an input's one, a section's accessory."""
    match block.get("type"):
        case "actions":
            return list(block["elements"])
        case "input":
            return [block["element"]]
        case "section" if "accessory" in block:
            return [block["accessory"]]
        case _:
            return []


def is_actionable(element: Json) -> bool:
    """Whether a person can use the element, so that it has an action id."""
    kind = str(element.get("type", ""))
    return kind in _ACTIONABLE or kind.endswith("_select")


def _fill(value: object, ids: Ids) -> None:
    if isinstance(value, list):
        for item in value:
            _fill(item, ids)
        return
    if not isinstance(value, dict):
        return
    if value.get("type") == "plain_text":
        value.setdefault("emoji", True)
    elif value.get("type") == "mrkdwn":
        value.setdefault("verbatim", False)
    elif is_actionable(value):
        value.setdefault("action_id", ids.short())
    for item in value.values():
        _fill(item, ids)
