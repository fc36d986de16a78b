"""Splits the text after /campaign-activate into words and JSON, with what phones and Slack do to it put right."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.phrase import Phrase
from bot.texts import mark

DOUBLE = '"“”„«»'
"""Double quotes that people's keyboards make. A straight one ends only at a straight one."""

SINGLE = "'`‘’"
"""What people put around JSON that they copy from a shell or a document."""

LONGEST_ECHO = 80

WORD_TOLD = mark("• `{word}` – {does}")
"""A line of help: how a word is written, and what it does."""

CONTENT = "content="
"""How a typed command calls the object, the `field` in what is said of it; a form calls it otherwise."""

DEEPEST = 50
"""How many braces and brackets may stand inside one another in content."""

_OPENING_JSON = "{["
_CLOSING_JSON = "}]"
_INVISIBLE = dict.fromkeys(
    [
        0xAD,
        0x61C,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        *range(0x2066, 0x206A),
        0xFEFF,
    ]
)
"""Marks without width, which come along when an id is copied from a page."""

_AWKWARD = re.compile(r"[&<\x00-\x1f\x7f]")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)


_MARK = re.compile(r"<([^<>]*)>")
_PEOPLE = ("@", "!subteam^")


class CommandError(ValueError):
    """A text that is no command: the word at fault, a sentence for the person, what to write instead or None."""

    def __init__(self, word: str, text: Phrase, suggestion: str | None = None) -> None:
        super().__init__(text)
        self.word = word
        self.text = text
        self.suggestion = suggestion


@dataclass(frozen=True)
class Word:
    """`key` or `key=value`, the key as typed. `value` is None without an equals sign; `bare` if no quotes hold it."""

    key: str
    value: str | None = None
    bare: bool = True

    def __str__(self) -> str:
        if self.value is None:
            return self.key
        return f"{self.key}={self.value}" if self.bare else f'{self.key}="{self.value}"'

    @property
    def shown(self) -> Phrase:
        """The word for a sentence: in quotes, not longer than anybody reads."""
        return Phrase("“{text}”", text=clip(str(self)))


def from_slack(text: str, *, keep_people: bool = False) -> str:
    """The text a person typed, with all that Slack makes of it turned back, whether the app asks for that or not.

    Slack writes `&`, `<` and `>` as entities, once; so whatever stands between angle brackets is a mark of Slack's: a
    link, an address, a person, a group, a channel. With `keep_people`, marks of people and groups stay, for their ids.
    """
    typed = _MARK.sub(lambda mark: mark[0] if keep_people and mark[1].startswith(_PEOPLE) else _typed(mark[1]), text)
    return typed.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _typed(mark: str) -> str:
    """What a person typed where Slack has put this mark."""
    target, bar, label = mark.partition("|")
    sign = target[:1]
    if sign in ("@", "#"):
        return f"{sign}{label or target[1:]}"
    if sign == "!":
        return label if label.startswith("@") else f"@{label or target[1:]}"
    # Slack completes what it takes for a link: a bare domain gets a scheme, a mail address mailto.
    if bar and target in (f"http://{label}", f"https://{label}", f"mailto:{label}"):
        return label
    return mark if bar else mark.removeprefix("mailto:")


def split(text: str) -> Iterator[Word]:
    """The words in order. The value of `content` is JSON text with straight quotes. Raises CommandError."""
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            return
        end = at
        while end < len(text) and not text[end].isspace() and text[end] != "=":
            end += 1
        key = text[at:end].translate(_INVISIBLE)
        if end < len(text) and text[end] == "=":
            start = end + 1
            while start < len(text) and ord(text[start]) in _INVISIBLE:
                start += 1
            value, at = _value(key, text, start)
            yield Word(key, value, bare=text[start : start + 1] not in [*DOUBLE])
        else:
            at = end
            if key:
                yield Word(key)


def as_quoted(text: str) -> str:
    """A text in quotes that Slack's escapes leave as it is."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_AWKWARD.sub(_as_escape, escaped)}"'


def check_writable(key: str, text: str) -> None:
    """Raises CommandError for a text that is no Unicode, for example with half of an emoji."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise CommandError(
            key, Phrase("The {word} holds half a character, which cannot be sent. Type that character again.", word=key)
        ) from error


def without_invisible(text: str) -> str:
    return text.translate(_INVISIBLE)


def clip(text: str) -> str:
    """What of a person's text is repeated to them."""
    text = text.encode(errors="replace").decode()
    return text if len(text) <= LONGEST_ECHO else f"{text[: LONGEST_ECHO - 1]}…"


def _value(key: str, text: str, at: int) -> tuple[str, int]:
    if key.lower() == "content":
        return json_text(text, at)
    if at < len(text) and text[at] in DOUBLE:
        return quoted(key, text, at)
    end = _end_of_bare(text, at)
    return text[at:end].translate(_INVISIBLE), end


def _end_of_bare(text: str, start: int) -> int:
    end = start
    while end < len(text) and not text[end].isspace():
        end += 1
    return end


def quoted(key: str, text: str, start: int) -> tuple[str, int]:
    r"""A quoted value that begins there, and where it ends. Raises CommandError where it does not end.

    `\"`, `\\` and `\u0041` are escapes; before anything else a backslash is a backslash.
    """
    end = _closing_quote(text, start)
    if end is None:
        raise CommandError(key, Phrase('The quote after {word}= does not end. Close it with ".', word=clip(key)))
    inner = _ESCAPE.sub(_unescaped, text[start + 1 : end])
    # Two escapes may be the halves of one character.
    return inner.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass"), end + 1


def _closing_quote(text: str, start: int) -> int | None:
    closing = '"' if text[start] == '"' else DOUBLE
    at = start + 1
    while at < len(text) and text[at] not in closing:
        at += 2 if text[at] == "\\" else 1
    return at if at < len(text) else None


def _as_escape(char: re.Match[str]) -> str:
    return f"\\u{ord(char[0]):04x}"


def _unescaped(escape: re.Match[str]) -> str:
    what = escape[1]
    if what in DOUBLE:  # a phone makes \” of the \" that was typed
        return '"'
    if len(what) > 1:
        return chr(int(what[1:], 16))
    return what if what == "\\" else escape[0]


def json_text(text: str, start: int) -> tuple[str, int]:
    """The JSON that begins there, with straight quotes, and where it ends; no more is looked at than its braces."""
    wrapper = text[start] if start < len(text) and text[start] in SINGLE else ""
    at = start + len(wrapper)
    if at >= len(text) or text[at] not in _OPENING_JSON:
        end = _end_of_bare(text, at)
        return text[start:end], end
    value, end = _balanced(text, at)
    if wrapper and (end == len(text) or text[end] not in SINGLE):
        begins = Phrase("{field} begins with {quote}, which does not end. Take it away.", field=CONTENT, quote=wrapper)
        raise CommandError("content", begins)
    return value, end + len(wrapper)


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
        if depth > DEEPEST:
            deep = Phrase(
                "{field} is nested too deeply: at most {most} levels. Make it flatter.", field=CONTENT, most=DEEPEST
            )
            raise CommandError("content", deep)
        out.append(" " if char.isspace() else char.translate(_INVISIBLE))
        at += 1
        if depth == 0:
            return "".join(out), at
    unclosed = Phrase("The braces in {field} do not close. Each {{ needs its }}, each [ its ].", field=CONTENT)
    raise CommandError("content", unclosed)


def _json_string(text: str, start: int) -> tuple[str, int]:
    end = _closing_quote(text, start)
    if end is None:
        raise CommandError("content", Phrase('A quote in {field} does not end. Close it with ".', field=CONTENT))
    inner = _ESCAPE.sub(lambda escape: '\\"' if escape[1] in DOUBLE else escape[0], text[start + 1 : end])
    return f'"{inner}"', end + 1
