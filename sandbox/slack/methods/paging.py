"""Pages of a long answer: a `limit`, and a cursor that leads to the next page."""

import base64
import binascii
from typing import TypeVar

from sandbox.slack.methods.arguments import Arguments
from sandbox.slack.records import SlackError

T = TypeVar("T")
MOST = 1000


def page_of(items: list[T], given: Arguments, default: int) -> tuple[list[T], str]:
    """Return the page that the call asks for and the next page's cursor, empty at the end; raises invalid_cursor."""
    limit = given.number("limit", default, MOST)
    start = _start(given.optional_text("cursor") or "")
    end = start + limit
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], cursor


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (binascii.Error, ValueError) as error:
        raise SlackError("invalid_cursor") from error
