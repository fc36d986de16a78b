"""Block Kit's limits on messages, modals and Home tabs: what Slack refuses, with the JSON pointer of each problem.

An independent reading of Slack's reference, stricter than slack_sdk's models, which miss about half of it. Newer blocks
that only carry the words of AI apps (cards, plans, context_actions, …) count as unsupported here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.slack.block_kit.elements import EVERYWHERE, MODAL, check_element
from sandbox.slack.block_kit.objects import (
    Check,
    Checker,
    anything,
    boolean,
    one_of,
    plain,
    string,
    text,
)
from sandbox.slack.records import Json

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN_CHARACTERS = 12_000
TABLE_ROWS = 100
TABLE_COLUMNS = 20
RICH_TEXT = frozenset({"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"})
MESSAGE = frozenset({"message"})


def check_message_blocks(blocks: object) -> list[str]:
    """Return what is wrong with a message's blocks, in Slack's words; nothing wrong is an empty list."""
    checker = Checker("message")
    _check_blocks(checker, blocks, "/blocks", MESSAGE_BLOCKS)
    return checker.problems


def check_view(view: object, surface: str) -> list[str]:
    """Return what is wrong with a view for `surface` ("modal" or "home"); nothing wrong is an empty list."""
    checker = Checker(surface)
    optional: dict[str, Check] = {
        "callback_id": string(255),
        "private_metadata": string(3000),
        "external_id": string(255),
    }
    required: dict[str, Check] = {"type": one_of(surface), "blocks": _view_blocks}
    if surface == "modal":
        required["title"] = plain(24)
        optional |= {"close": plain(24), "submit": plain(24), "clear_on_close": boolean, "notify_on_close": boolean}
    if checker.shape(view, "/view", required, optional) and isinstance(view, dict):
        _check_view_as_a_whole(checker, view)
    return checker.problems


def _view_blocks(checker: Checker, value: object, at: str) -> None:
    _check_blocks(checker, value, at, VIEW_BLOCKS)


def _check_view_as_a_whole(checker: Checker, view: Json) -> None:
    blocks = [b for b in view["blocks"] if isinstance(b, dict)] if isinstance(view.get("blocks"), list) else []
    inputs = [block for block in blocks if block.get("type") == "input"]
    if checker.surface == "modal" and inputs and view.get("submit") is None:
        checker.add("submit is required when an input block is present", "/view/submit")
    focused = [b for b in inputs if isinstance(b.get("element"), dict) and b["element"].get("focus_on_load") is True]
    if len(focused) > 1:
        checker.add("only one element can have focus_on_load set to true", "/view/blocks")


def _check_blocks(checker: Checker, value: object, at: str, most: int) -> None:
    blocks = checker.items(value, at, most, 0)
    taken: set[str] = set()
    for index, block in enumerate(blocks):
        here = f"{at}/{index}"
        _check_block(checker, block, here)
        block_id = block.get("block_id") if isinstance(block, dict) else None
        if block_id is not None and str(block_id) in taken:
            checker.add(f'`block_id` "{block_id}" already exists', f"{here}/block_id")
        taken.add(str(block_id))
    _check_totals(checker, [block for block in blocks if isinstance(block, dict)], at)


def _check_totals(checker: Checker, blocks: list[Json], at: str) -> None:
    markdown = sum(len(str(block.get("text", ""))) for block in blocks if block.get("type") == "markdown")
    if markdown > MARKDOWN_CHARACTERS:
        checker.add(f"markdown blocks must be less than {MARKDOWN_CHARACTERS + 1} characters in all", at)
    if sum(block.get("type") == "table" for block in blocks) > 1:
        checker.add("only one table allowed", at)


def _check_block(checker: Checker, value: object, at: str) -> None:
    kind = value.get("type") if isinstance(value, dict) else None
    rule = _BLOCKS.get(str(kind))
    if not isinstance(value, dict) or kind is None:
        checker.shape(value, at, {"type": anything}, {})
    elif rule is None or checker.surface not in rule.surfaces:
        checker.add(f"unsupported type: {kind}", f"{at}/type")
    else:
        checker.shape(value, at, rule.required, {"type": anything, "block_id": string(255, 1), **rule.optional})
        if rule.more:
            rule.more(checker, value, at)


def _elements(parent: str, most: int) -> Check:
    def check(checker: Checker, value: object, at: str) -> None:
        taken: set[str] = set()
        for index, element in enumerate(checker.items(value, at, most)):
            here = f"{at}/{index}"
            if (
                parent == "context"
                and isinstance(element, dict)
                and str(element.get("type")) in {"plain_text", "mrkdwn"}
            ):
                text(3000)(checker, element, here)
                continue
            check_element(checker, element, here, parent)
            action_id = element.get("action_id") if isinstance(element, dict) else None
            if action_id is not None and str(action_id) in taken:
                checker.add(f'`action_id` "{action_id}" already exists', f"{here}/action_id")
            taken.add(str(action_id))

    return check


def _element(parent: str) -> Check:
    def check(checker: Checker, value: object, at: str) -> None:
        check_element(checker, value, at, parent)

    return check


def _fields(checker: Checker, value: object, at: str) -> None:
    for index, item in enumerate(checker.items(value, at, 10)):
        text(2000)(checker, item, f"{at}/{index}")


def _text_or_fields(checker: Checker, value: Json, at: str) -> None:
    if not value.get("text") and not value.get("fields"):
        checker.add("missing required field: text", at)


def _one_source(checker: Checker, value: Json, at: str) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        checker.add("must provide exactly one of: image_url, slack_file", at)


def _rich_text(checker: Checker, value: object, at: str) -> None:
    for index, item in enumerate(checker.items(value, at, 1000, 0)):
        kind = item.get("type") if isinstance(item, dict) else None
        if not isinstance(item, dict) or str(kind) not in RICH_TEXT:
            checker.add(f"unsupported type: {kind}", f"{at}/{index}/type")
        elif not isinstance(item.get("elements"), list):
            checker.add("missing required field: elements", f"{at}/{index}")


def _rows(checker: Checker, value: object, at: str) -> None:
    for index, row in enumerate(checker.items(value, at, TABLE_ROWS)):
        for column, cell in enumerate(checker.items(row, f"{at}/{index}", TABLE_COLUMNS)):
            _cell(checker, cell, f"{at}/{index}/{column}")


def _cell(checker: Checker, value: object, at: str) -> None:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "raw_text":
        checker.shape(value, at, {"type": anything, "text": string(3000, 1)}, {})
    elif kind == "rich_text":
        checker.shape(value, at, {"type": anything, "elements": _rich_text}, {"block_id": string(255)})
    else:
        checker.add(f"unsupported type: {kind}", f"{at}/type")


def _column_settings(checker: Checker, value: object, at: str) -> None:
    for index, column in enumerate(checker.items(value, at, TABLE_COLUMNS, 0)):
        if column is not None:
            optional: dict[str, Check] = {"align": one_of("left", "center", "right"), "is_wrapped": boolean}
            checker.shape(column, f"{at}/{index}", {}, optional)


@dataclass(frozen=True)
class _Block:
    required: dict[str, Check] = field(default_factory=dict)
    optional: dict[str, Check] = field(default_factory=dict)
    surfaces: frozenset[str] = EVERYWHERE
    more: Callable[[Checker, Json, str], None] | None = None


_BLOCKS: dict[str, _Block] = {
    "actions": _Block({"elements": _elements("actions", 25)}),
    "alert": _Block(
        {"text": text(3000)}, {"level": one_of("default", "info", "warning", "error", "success")}, surfaces=MODAL
    ),
    "context": _Block({"elements": _elements("context", 10)}),
    "divider": _Block(),
    "header": _Block({"text": plain(150)}),
    "image": _Block(
        {"alt_text": string(2000, 1)},
        {"image_url": string(3000, 1), "slack_file": anything, "title": plain(2000)},
        more=_one_source,
    ),
    "input": _Block(
        {"label": plain(2000), "element": _element("input")},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "markdown": _Block({"text": string(MARKDOWN_CHARACTERS, 1)}, surfaces=MESSAGE),
    "rich_text": _Block({"elements": _rich_text}),
    "section": _Block(
        {},
        {"text": text(3000), "fields": _fields, "accessory": _element("section"), "expand": boolean},
        more=_text_or_fields,
    ),
    "table": _Block({"rows": _rows}, {"column_settings": _column_settings}, surfaces=MESSAGE),
}
