"""Splits the text after /campaign-activate into words, with what phones and Slack do to it put right."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

DOUBLE = '"“”„«»'
"""Double quotes that people's keyboards make. A straight one ends only at a straight one."""

_OPENING_JSON = "{["
_CLOSING_JSON = "}]"
_WRAPPERS = "'`‘’"
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"))


class Unreadable(Exception):
    """A word that does not end; `word` is its name, the text says what is missing."""

    def __init__(self, word: str, text: str) -> None:
        super().__init__(text)
        self.word = word
        self.text = text


@dataclass(frozen=True)
class Word:
    """`key` or `key=value`, the key as typed. `value` is None without an equals sign."""

    key: str
    value: str | None = None

    def __str__(self) -> str:
        return self.key if self.value is None else f"{self.key}={self.value}"


def from_slack(text: str) -> str:
    """The text a person typed: Slack writes `&`, `<` and `>` as entities, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def split(text: str) -> Iterator[Word]:
    """The words in order. The value of `content` is JSON text with straight quotes. Raises Unreadable."""
    at = 0
    while True:
        while at < len(text) and _is_space(text[at]):
            at += 1
        if at == len(text):
            return
        end = at
        while end < len(text) and not _is_space(text[end]) and text[end] != "=":
            end += 1
        key = text[at:end].translate(_INVISIBLE)
        if end < len(text) and text[end] == "=":
            value, at = _value(key, text, end + 1)
            yield Word(key, value)
        else:
            at = end
            if key:
                yield Word(key)


def straight_json(text: str) -> str:
    """JSON text as a person typed it, with its quotes made straight. Raises Unreadable."""
    value, end = _json_value(text.strip(), 0)
    return value + text.strip()[end:]


def _is_space(char: str) -> bool:
    return char.isspace() or ord(char) in _INVISIBLE


def _value(key: str, text: str, at: int) -> tuple[str, int]:
    if key.lower() == "content":
        return _json_value(text, at)
    if at < len(text) and text[at] in DOUBLE:
        return _quoted(key, text, at)
    end = at
    while end < len(text) and not _is_space(text[end]):
        end += 1
    return text[at:end], end


def _quoted(key: str, text: str, start: int) -> tuple[str, int]:
    """A quoted value, with JSON's escapes."""
    closing = '"' if text[start] == '"' else DOUBLE
    at = start + 1
    while at < len(text) and text[at] not in closing:
        at += 2 if text[at] == "\\" else 1
    if at >= len(text):
        raise Unreadable(key, f'The quote after {key}= does not end. Close it with ".')
    inner = text[start + 1 : at]
    try:
        return str(json.loads(f'"{_plain(inner)}"', strict=False)), at + 1
    except ValueError:
        return inner, at + 1


def _plain(inner: str) -> str:
    """Straight quotes inside typographic ones are text."""
    return inner.replace('\\"', '"').replace('"', '\\"')


def _json_value(text: str, start: int) -> tuple[str, int]:
    wrapper = text[start] if start < len(text) and text[start] in _WRAPPERS else ""
    at = start + len(wrapper)
    if at >= len(text) or text[at] not in _OPENING_JSON:
        end = at
        while end < len(text) and not _is_space(text[end]):
            end += 1
        return text[start:end], end
    value, end = _balanced(text, at)
    if wrapper and end < len(text) and text[end] in _WRAPPERS:
        end += 1
    return value, end


def _balanced(text: str, start: int) -> tuple[str, int]:
    """JSON text from its opening brace to the brace that closes it, with its quotes made straight."""
    out: list[str] = []
    depth, at = 0, start
    while at < len(text):
        char = text[at]
        if char in DOUBLE:
            string, at = _json_string(text, at)
            out.append(string)
            continue
        depth += (char in _OPENING_JSON) - (char in _CLOSING_JSON)
        out.append(" " if _is_space(char) else char)
        at += 1
        if depth == 0:
            return "".join(out), at
    raise Unreadable("content", "The braces after content= do not close. Each { needs its }.")


def _json_string(text: str, start: int) -> tuple[str, int]:
    closing = '"' if text[start] == '"' else DOUBLE
    at = start + 1
    while at < len(text) and text[at] not in closing:
        at += 2 if text[at] == "\\" else 1
    if at >= len(text):
        raise Unreadable("content", 'A quote inside content= does not end. Close it with ".')
    return f'"{text[start + 1 : at]}"', at + 1
