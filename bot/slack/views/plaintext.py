"""Sentences written for Slack, as plain text for a terminal or a file."""

import re
from datetime import UTC, datetime, tzinfo

_DATE = re.compile(r"<!date\^([0-9]+)\^[^|>]*\|[^>]*>")
_NAMED = re.compile(
    r"""<(?:
    (?: !subteam\^ | [@#] ) ([A-Z0-9]+) (?:\|[^>]*)?  # a group, a person, a channel
    | https?:[^|>]*\| ([^>]*)                         # a link with a text
    | (https?:[^|>]*)                                 # a bare one
    )>""",
    re.VERBOSE,
)
_MARK = re.compile(r"^:[a-z0-9_+-]+: ", re.MULTILINE)
_LABEL = re.compile(r"^\*([^*\n]+:)\*", re.MULTILINE)
CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)

LOOKALIKES = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb", ":": "\ua789"}
"""What stands for a mark of Slack's in people's text there: it reads the same, and does nothing."""

_MARKS = {alike: mark for mark, alike in LOOKALIKES.items()}
_ALIKE = re.compile(f"[{''.join(_MARKS)}]")


def as_plain(text: str, zone: tzinfo | None) -> str:
    """The text without Slack's notation: people and groups as ids, moments on the zone's clocks (None: this machine's).

    What would move a terminal's cursor, or turn the text around, is taken out: names and reasons come from people.
    """
    # Of a long record, looking for what is not there is most of the work.
    if "<" in text:
        text = _NAMED.sub(r"\1\2\3", text)
    if "*" in text:
        text = _LABEL.sub(r"\1", text)
    if ":" in text:
        text = _MARK.sub("", text)
    if "<" in text:
        text = _DATE.sub(lambda date: on_clocks(datetime.fromtimestamp(int(date[1]), UTC), zone), text)
    return harmless(unescaped(text))


def unescaped(text: str) -> str:
    """People's text as it was before it was made harmless for Slack."""
    for escaped, plain in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")) if "&" in text else ():
        text = text.replace(escaped, plain)
    return text if text.isascii() else _ALIKE.sub(lambda found: _MARKS[found[0]], text)


def harmless(text: str) -> str:
    """The text without what nobody sees and what turns it around or moves a cursor; a sign shows where it stood."""
    return text if text.isprintable() else CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def one_line(text: str) -> str:
    """The text as a piece of one line: whatever would begin another is a space, the rest as `harmless` leaves it."""
    return harmless(" ".join(text.splitlines()).replace("\t", " "))


def on_clocks(moment: datetime, zone: tzinfo | None) -> str:
    """`2026-11-23 13:00:05 CET`."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
