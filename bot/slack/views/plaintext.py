"""Sentences written for Slack, as plain text for a terminal or a file."""

import re
from datetime import UTC, datetime, tzinfo

_DATE = re.compile(r"<!date\^([0-9]+)\^[^|>]*\|[^>]*>")
_GROUP = re.compile(r"<!subteam\^([A-Z0-9]+)(?:\|[^>]*)?>")
_MENTION = re.compile(r"<[@#]([A-Z0-9]+)(?:\|[^>]*)?>")
_LINK = re.compile(r"<https?:[^|>]*\|([^>]*)>")
_MARK = re.compile(r"^:[a-z0-9_+-]+: ", re.MULTILINE)
_LABEL = re.compile(r"^\*([^*\n]+:)\*", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def as_plain(text: str, zone: tzinfo | None) -> str:
    """The text without Slack's notation: people and groups as ids, moments on the zone's clocks (None: this machine's).

    What would move a terminal's cursor, or turn the text around, is taken out: names and reasons come from people.
    """
    for found in (_GROUP, _MENTION, _LINK, _LABEL):
        text = found.sub(r"\1", text)
    text = _DATE.sub(lambda date: on_clocks(datetime.fromtimestamp(int(date[1]), UTC), zone), _MARK.sub("", text))
    for escaped, plain in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(escaped, plain)
    return harmless(text)


def harmless(text: str) -> str:
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def on_clocks(moment: datetime, zone: tzinfo | None) -> str:
    """`2026-11-23 13:00:05 CET`."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
